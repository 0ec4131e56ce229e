package scalar_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
	"daybook/graph/scalar"
)

func marshalled(m graphql.Marshaler) string {
	var text strings.Builder
	m.MarshalGQL(&text)
	return text.String()
}

func TestJSONFromVariablesIsKeptAsSent(t *testing.T) {
	for _, sent := range []string{`{"b":1,"a":1.50}`, `[1, 2]`, `"a\u0062c"`, `12345678901234567890`, `"<&>"`} {
		value, err := scalar.UnmarshalJSON(audit.JSON(sent))
		if err != nil || marshalled(scalar.MarshalJSON(value)) != sent {
			t.Errorf("%s came back as %s, %v", sent, value, err)
		}
	}
}

func TestJSONInTheQueryIsWrittenOneWay(t *testing.T) {
	for want, literal := range map[string]any{
		`{"a":[true,"<b>",1.5],"z":9007199254740993}`: map[string]any{"z": int64(9007199254740993), "a": []any{true, "<b>", 1.5}},
		`"text"`:           "text",
		`123456789012345`:  json.Number("123456789012345"),
		`{"sent":{"b":1}}`: map[string]any{"sent": audit.JSON(`{"b":1}`)},
	} {
		value, err := scalar.UnmarshalJSON(literal)
		if err != nil || string(value) != want {
			t.Errorf("%v is written as %s, %v; want %s", literal, value, err, want)
		}
	}
}

func TestNullIsNoValue(t *testing.T) {
	for _, null := range []any{nil, audit.JSON("null"), audit.JSON(" null ")} {
		if value, err := scalar.UnmarshalJSON(null); value != nil || err != nil {
			t.Errorf("%q: %s, %v", null, value, err)
		}
	}
	if got := marshalled(scalar.MarshalJSON(nil)); got != "null" {
		t.Errorf("no value is answered as %s", got)
	}
}

func TestBuiltInScalarsTakeTheirOwnKindOnly(t *testing.T) {
	unmarshal := map[string]func(any) (any, error){
		"String":  func(v any) (any, error) { return scalar.UnmarshalString(v) },
		"Boolean": func(v any) (any, error) { return scalar.UnmarshalBoolean(v) },
		"Int":     func(v any) (any, error) { return scalar.UnmarshalInt(v) },
		"Float":   func(v any) (any, error) { return scalar.UnmarshalFloat(v) },
		"ID":      func(v any) (any, error) { return scalar.UnmarshalID(v) },
		"Long":    func(v any) (any, error) { return scalar.UnmarshalLong(v) },
	}
	taken := map[string]map[any]any{
		"String":  {"": "", "a": "a"},
		"Boolean": {true: true, false: false},
		"Int":     {int64(7): 7, json.Number("-7"): -7, int64(math.MaxInt32): math.MaxInt32},
		"Float":   {int64(7): 7.0, 1.5: 1.5, json.Number("2e3"): 2000.0},
		"ID":      {"x": "x", int64(7): "7", json.Number("12345678901234567890"): "12345678901234567890"},
		"Long":    {int64(1<<53 - 1): int64(1<<53 - 1), json.Number("0"): int64(0)},
	}
	values := []any{
		"", "a", "x", true, false, int64(7), 1.5, nil, json.Number("-7"), json.Number("2e3"), json.Number("0"), int64(math.MaxInt32),
		int64(math.MaxInt32 + 1), int64(1<<53 - 1), int64(1 << 53), json.Number("12345678901234567890"), json.Number("1e999"), math.Inf(1),
	}
	for name, read := range unmarshal {
		for given, want := range taken[name] {
			if got, err := read(given); err != nil || got != want {
				t.Errorf("%s of %v is %v, %v; want %v", name, given, got, err, want)
			}
		}
		for _, given := range values {
			if got, err := read(given); err == nil && !kindFits(name, given) {
				t.Errorf("%s takes %#v as %#v", name, given, got)
			}
		}
	}
}

// kindFits says which of the values above each scalar may take.
func kindFits(name string, v any) bool {
	switch v := v.(type) {
	case string:
		return name == "String" || name == "ID"
	case bool:
		return name == "Boolean"
	case float64:
		return name == "Float" && !math.IsInf(v, 0)
	case int64:
		return name == "Float" || name == "ID" || name == "Int" && v <= math.MaxInt32 || name == "Long" && v < 1<<53
	case json.Number:
		whole := !strings.ContainsAny(v.String(), ".eE")
		small := len(v) < 3
		return name == "Float" && v != "1e999" || name == "ID" && whole || name == "Int" && whole && small || name == "Long" && v == "0"
	default:
		return false
	}
}

func TestIDsAreTyped(t *testing.T) {
	actor := audit.ActorID(77)
	text := strings.Trim(marshalled(scalar.MarshalActorID(actor)), `"`)
	if back, err := scalar.UnmarshalActorID(text); err != nil || back != actor {
		t.Errorf("%s came back as %s, %v", text, back, err)
	}
	if _, err := scalar.UnmarshalSectionID(text); audit.ErrorCode(err) != audit.CodeBadInput {
		t.Errorf("an actor's id is taken for a section's: %v", err)
	}
}

func TestFloatsReadBackTheSame(t *testing.T) {
	for _, f := range []float64{0, 1, -1.5, 0.1, 1e21, 5e-324, math.MaxFloat64} {
		var back float64
		if err := json.Unmarshal([]byte(marshalled(scalar.MarshalFloat(f))), &back); err != nil || back != f {
			t.Errorf("%v came back as %v, %v", f, back, err)
		}
	}
}
