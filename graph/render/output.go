package render

import (
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
	"daybook/graph/scalar"
)

// output is the JSON written so far.
type output struct {
	bytes []byte
	// invalid says that a value was missing where the schema allows no null: the
	// bytes are worth nothing then.
	invalid       bool
	propertyNames audit.DisplayNames
}

// Write appends bytes as they are; it never fails.
func (o *output) Write(p []byte) (int, error) {
	o.bytes = append(o.bytes, p...)
	return len(p), nil
}

// raw appends text that is JSON already.
func (o *output) raw(text string) { o.bytes = append(o.bytes, text...) }

func (o *output) null() { o.raw("null") }

// missing is a null where there may be none.
func (o *output) missing() { o.invalid = true }

// text appends a string. What needs escapes is left to gqlgen, so that there is
// one way of writing them.
func (o *output) text(s string) {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' {
			graphql.MarshalString(s).MarshalGQL(o)
			return
		}
	}
	o.bytes = append(o.bytes, '"')
	o.bytes = append(o.bytes, s...)
	o.bytes = append(o.bytes, '"')
}

// propertyName appends the name for people of the property that changed.
func (o *output) propertyName(change *audit.Change) { o.text(o.propertyNames.Of(change.Property)) }

func (o *output) number(n int64) { o.bytes = strconv.AppendInt(o.bytes, n, 10) }

func (o *output) float(f float64) { scalar.MarshalFloat(f).MarshalGQL(o) }

func (o *output) boolean(b bool) { o.bytes = strconv.AppendBool(o.bytes, b) }

func (o *output) instant(t time.Time) {
	o.bytes = append(o.bytes, '"')
	o.bytes = audit.AppendInstant(o.bytes, t)
	o.bytes = append(o.bytes, '"')
}

// json appends a stored value exactly as it was recorded.
func (o *output) json(value audit.JSON) {
	if value == nil {
		o.null()
		return
	}
	o.bytes = append(o.bytes, value...)
}
