// Package scalar reads and writes the scalars of the schema: GraphQL's own,
// taken strictly, identifiers, instants, JSON and long integers.
//
// Values arrive as Go values: text as string, numbers as int64, float64 or
// json.Number, whether they stood in the query or in its variables.
package scalar

import (
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
)

// MarshalString writes text.
func MarshalString(text string) graphql.Marshaler { return graphql.MarshalString(text) }

// UnmarshalString takes text and nothing else.
func UnmarshalString(v any) (string, error) {
	if text, ok := v.(string); ok {
		return text, nil
	}
	return "", badInput("A String is text, not %s.", kindOf(v))
}

// MarshalBoolean writes true or false.
func MarshalBoolean(b bool) graphql.Marshaler { return graphql.MarshalBoolean(b) }

// UnmarshalBoolean takes true or false and nothing else.
func UnmarshalBoolean(v any) (bool, error) {
	if b, ok := v.(bool); ok {
		return b, nil
	}
	return false, badInput("A Boolean is true or false, not %s.", kindOf(v))
}

// MarshalInt writes a whole number.
func MarshalInt(n int) graphql.Marshaler { return plain(strconv.Itoa(n)) }

// UnmarshalInt takes a whole number of 32 bits.
func UnmarshalInt(v any) (int, error) {
	n, err := UnmarshalInt32(v)
	return int(n), err
}

// MarshalInt32 writes a whole number.
func MarshalInt32(n int32) graphql.Marshaler { return MarshalInt(int(n)) }

// UnmarshalInt32 takes a whole number of 32 bits.
func UnmarshalInt32(v any) (int32, error) {
	text, ok := wholeNumber(v)
	if !ok {
		return 0, badInput("An Int is a whole number, not %s.", kindOf(v))
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, badInput("%.40s does not fit into the 32 bits of an Int.", text)
	}
	return int32(n), nil
}

// MarshalFloat writes the shortest number that reads back the same.
func MarshalFloat(f float64) graphql.Marshaler { return plain(strconv.FormatFloat(f, 'g', -1, 64)) }

// UnmarshalFloat takes any finite number.
func UnmarshalFloat(v any) (float64, error) {
	f, ok := number(v)
	switch {
	case !ok:
		return 0, badInput("A Float is a number, not %s.", kindOf(v))
	case math.IsInf(f, 0) || math.IsNaN(f):
		return 0, badInput("The number is too large for a Float.")
	}
	return f, nil
}

// wholeNumber is the decimal text of a whole number; a fraction or an exponent
// makes it none.
func wholeNumber(v any) (string, bool) {
	switch n := v.(type) {
	case int:
		return strconv.Itoa(n), true
	case int32:
		return strconv.FormatInt(int64(n), 10), true
	case int64:
		return strconv.FormatInt(n, 10), true
	case json.Number:
		return n.String(), !strings.ContainsAny(n.String(), ".eE")
	}
	return "", false
}

func number(v any) (float64, bool) {
	if f, ok := v.(float64); ok {
		return f, true
	}
	if n, ok := v.(json.Number); ok {
		f, _ := n.Float64() // infinite when out of range, which is refused
		return f, true
	}
	if text, ok := wholeNumber(v); ok {
		f, err := strconv.ParseFloat(text, 64)
		return f, err == nil
	}
	return 0, false
}

// kindOf names the kind of value in the words of JSON.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "text"
	case bool:
		return "a boolean"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	case audit.JSON:
		return "JSON"
	default:
		return "a number"
	}
}

func badInput(format string, args ...any) error { return audit.BadInput("", format, args...) }

// plain writes text that is valid JSON as it is.
func plain(text string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, text) })
}

// plainText writes text that needs no escapes.
func plainText(text string) graphql.Marshaler { return plain(`"` + text + `"`) }
