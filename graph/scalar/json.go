package scalar

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
)

// MarshalJSON writes the value exactly as it was recorded.
func MarshalJSON(value audit.JSON) graphql.Marshaler {
	if value == nil {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(value) })
}

// UnmarshalJSON takes any value. One that came in variables arrives as the text
// the caller sent and is kept as it is; one that stood in the query is written
// as JSON with sorted keys. null is no value.
func UnmarshalJSON(v any) (audit.JSON, error) {
	if v == nil {
		return nil, nil
	}
	if value, ok := v.(audit.JSON); ok {
		if value.IsNull() {
			return nil, nil
		}
		return value, nil
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, badInput("This is not a JSON value.")
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}
