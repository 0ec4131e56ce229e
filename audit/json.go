package audit

import (
	"bytes"
	"slices"
)

// JSON is one JSON value exactly as it was sent: key order, number text and
// inner white space are kept. nil means that there is none.
type JSON []byte

// MarshalJSON writes the text as it is.
func (j JSON) MarshalJSON() ([]byte, error) {
	if j == nil {
		return []byte("null"), nil
	}
	return j, nil
}

// UnmarshalJSON keeps the text as it is.
func (j *JSON) UnmarshalJSON(text []byte) error {
	*j = slices.Clone(text)
	return nil
}

// IsNull says whether there is no value or the value is null.
func (j JSON) IsNull() bool { return j == nil || string(bytes.TrimSpace(j)) == "null" }

// Equal says whether two values are the same as JSON: white space, the order of
// keys and the notation of numbers make no difference. nil equals null.
func (j JSON) Equal(other JSON) bool {
	if bytes.Equal(j, other) || j.IsNull() && other.IsNull() {
		return true
	}
	a, err := parseJSON(j)
	if err != nil {
		return false
	}
	b, err := parseJSON(other)
	return err == nil && bytes.Equal(a.canonical(nil), b.canonical(nil))
}

// maxJSONDepth is how deep objects and arrays may nest in a value.
const maxJSONDepth = 64

// badTextError says that text cannot be kept exactly on every engine.
type badTextError string

func (e badTextError) Error() string { return string(e) }

// jsonKind is the kind of a jsonValue.
type jsonKind uint8

const (
	jsonNull jsonKind = iota
	jsonBool
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

// jsonValue is a parsed value that remembers the order of keys.
type jsonValue struct {
	kind  jsonKind
	text  string // bool and number: as written; string: decoded
	keys  []string
	elems []*jsonValue // of an array, or of an object in the order of keys
}

// field is an object's value under key, nil if it has none.
func (v *jsonValue) field(key string) *jsonValue {
	if i := slices.Index(v.keys, key); i >= 0 {
		return v.elems[i]
	}
	return nil
}
