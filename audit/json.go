package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
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

// parseJSON reads one value. It refuses what could not be returned exactly or
// compared: invalid UTF-8, NUL, lone surrogates, repeated keys, excessive depth.
func parseJSON(text JSON) (*jsonValue, error) {
	if err := checkJSONText(text); err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	value, err := readJSON(decoder, 0)
	if err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("has more than one JSON value")
	}
	return value, nil
}

// checkJSONText looks for text that encoding/json would quietly replace.
func checkJSONText(text []byte) error {
	if !utf8.Valid(text) {
		return badTextError("is not valid UTF-8")
	}
	for i := bytes.IndexByte(text, '\\'); i >= 0 && i+1 < len(text); {
		step := 2
		if text[i+1] == 'u' {
			unit, ok := hexUnit(text[i:])
			switch {
			case !ok:
				return errors.New("is not valid JSON")
			case unit == 0:
				return badTextError("has a NUL character, which cannot be stored")
			case unit >= 0xdc00 && unit <= 0xdfff:
				return badTextError("has half of a surrogate pair")
			case unit >= 0xd800 && unit <= 0xdbff:
				low, ok := hexUnit(text[i+6:])
				if !ok || low < 0xdc00 || low > 0xdfff {
					return badTextError("has half of a surrogate pair")
				}
				step = 12
			default:
				step = 6
			}
		}
		next := bytes.IndexByte(text[i+step:], '\\')
		if next < 0 {
			break
		}
		i += step + next
	}
	return nil
}

// hexUnit reads \uXXXX at the start of text.
func hexUnit(text []byte) (uint16, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	var unit uint16
	for _, c := range text[2:6] {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		if digit < 0 || (c < '0' || c > '9') && c < 'A' {
			return 0, false
		}
		unit = unit<<4 | uint16(digit)
	}
	return unit, true
}

func readJSON(decoder *json.Decoder, depth int) (*jsonValue, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, errors.New("is not valid JSON")
	}
	switch t := token.(type) {
	case json.Delim:
		if depth == maxJSONDepth {
			return nil, fmt.Errorf("nests deeper than %d levels", maxJSONDepth)
		}
		if t == '[' {
			return readJSONArray(decoder, depth+1)
		}
		return readJSONObject(decoder, depth+1)
	case json.Number:
		return &jsonValue{kind: jsonNumber, text: t.String()}, nil
	case string:
		return &jsonValue{kind: jsonString, text: t}, nil
	case bool:
		return &jsonValue{kind: jsonBool, text: fmt.Sprint(t)}, nil
	default:
		return &jsonValue{kind: jsonNull, text: "null"}, nil
	}
}

func readJSONArray(decoder *json.Decoder, depth int) (*jsonValue, error) {
	array := &jsonValue{kind: jsonArray}
	for decoder.More() {
		elem, err := readJSON(decoder, depth)
		if err != nil {
			return nil, err
		}
		array.elems = append(array.elems, elem)
	}
	return array, closeJSON(decoder)
}

func readJSONObject(decoder *json.Decoder, depth int) (*jsonValue, error) {
	object := &jsonValue{kind: jsonObject}
	seen := map[string]bool{}
	for decoder.More() {
		token, err := decoder.Token()
		key, ok := token.(string)
		if err != nil || !ok {
			return nil, errors.New("is not valid JSON")
		}
		if seen[key] {
			return nil, fmt.Errorf("has the key %.40q twice", key)
		}
		seen[key] = true
		elem, err := readJSON(decoder, depth)
		if err != nil {
			return nil, err
		}
		object.keys = append(object.keys, key)
		object.elems = append(object.elems, elem)
	}
	return object, closeJSON(decoder)
}

func closeJSON(decoder *json.Decoder) error {
	if _, err := decoder.Token(); err != nil {
		return errors.New("is not valid JSON")
	}
	return nil
}

// field is an object's value under key, nil if it has none.
func (v *jsonValue) field(key string) *jsonValue {
	if i := slices.Index(v.keys, key); i >= 0 {
		return v.elems[i]
	}
	return nil
}
