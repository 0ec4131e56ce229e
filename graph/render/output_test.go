package render

import (
	"bytes"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"pgregory.net/rapid"

	"daybook/audit"
	"daybook/graph/scalar"
)

// sameAs fails unless the output has what gqlgen writes.
func sameAs(t interface{ Errorf(string, ...any) }, what any, out *output, marshaler graphql.Marshaler) {
	var want bytes.Buffer
	marshaler.MarshalGQL(&want)
	if !bytes.Equal(out.bytes, want.Bytes()) {
		t.Errorf("%q is written as %s, and by gqlgen as %s", what, out.bytes, want.Bytes())
	}
}

func TestTextIsWrittenAsGqlgenDoes(t *testing.T) {
	check := func(t interface{ Errorf(string, ...any) }, s string) {
		out := &output{}
		out.text(s)
		sameAs(t, s, out, scalar.MarshalString(s))
	}
	for c := range 256 {
		check(t, string([]byte{byte(c)}))
		check(t, "a"+string(rune(c))+"b")
	}
	rapid.Check(t, func(t *rapid.T) { check(t, rapid.String().Draw(t, "text")) })
	rapid.Check(t, func(t *rapid.T) { check(t, string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))) })
}

func TestValuesAreWrittenAsGqlgenDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Int64().Draw(t, "number")
		out := &output{}
		out.number(number)
		sameAs(t, number, out, scalar.MarshalLong(number))

		float := rapid.Float64().Draw(t, "float")
		out = &output{}
		out.float(float)
		sameAs(t, float, out, scalar.MarshalFloat(float))

		zone := time.FixedZone("", rapid.IntRange(-50000, 50000).Draw(t, "zone"))
		at := time.UnixMicro(rapid.Int64Range(-1<<55, 1<<57).Draw(t, "microseconds")).In(zone)
		out = &output{}
		out.instant(at)
		sameAs(t, at, out, scalar.MarshalDateTime(at))
	})
	for _, value := range []audit.JSON{nil, {}, audit.JSON("null"), audit.JSON(`{"b" :1.50, "a":"<\u0061>"}`)} {
		out := &output{}
		out.json(value)
		sameAs(t, value, out, scalar.MarshalJSON(value))
	}
}
