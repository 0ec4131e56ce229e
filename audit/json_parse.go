package audit

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

var (
	errNotJSON   = errors.New("is not valid JSON")
	errMoreJSON  = errors.New("has more than one JSON value")
	errDeepJSON  = fmt.Errorf("nests deeper than %d levels", maxJSONDepth)
	errHalfPair  = badTextError("has half of a surrogate pair")
	errNUL       = badTextError("has a NUL character, which cannot be stored")
	errNotUTF8   = badTextError("is not valid UTF-8")
	literalTrue  = []byte("true")
	literalFalse = []byte("false")
	literalNull  = []byte("null")
)

// parseJSON reads one value (RFC 8259). It refuses what could not be returned
// exactly or compared: invalid UTF-8, NUL, lone surrogates, repeated keys,
// excessive depth.
//
// It is our own because recording parses every value of every event, and what
// encoding/json offers takes four times as long, replaces bad text without a
// word, and forgets the order of keys.
func parseJSON(text JSON) (*jsonValue, error) {
	if !utf8.Valid(text) {
		return nil, errNotUTF8
	}
	p := jsonParser{text: text}
	p.space()
	value, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.space(); p.at < len(text) {
		return nil, errMoreJSON
	}
	return value, nil
}

// jsonParser reads a value from text that is valid UTF-8.
type jsonParser struct {
	text []byte
	at   int
	slab []jsonValue // values not yet given out
}

// newValue gives a value of its own, many from one allocation.
func (p *jsonParser) newValue(kind jsonKind, text string) *jsonValue {
	if len(p.slab) == 0 {
		p.slab = make([]jsonValue, min(1+len(p.text)/8, 64))
	}
	value := &p.slab[0]
	p.slab = p.slab[1:]
	value.kind, value.text = kind, text
	return value
}

func (p *jsonParser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// take skips a character if it is next.
func (p *jsonParser) take(c byte) bool {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *jsonParser) value(depth int) (*jsonValue, error) {
	if p.at == len(p.text) {
		return nil, errNotJSON
	}
	switch c := p.text[p.at]; {
	case c == '"':
		text, err := p.string()
		if err != nil {
			return nil, err
		}
		return p.newValue(jsonString, text), nil
	case c == '{' || c == '[':
		if depth == maxJSONDepth {
			return nil, errDeepJSON
		}
		p.at++
		if c == '{' {
			return p.object(depth + 1)
		}
		return p.array(depth + 1)
	case c == '-' || c >= '0' && c <= '9':
		text, err := p.number()
		if err != nil {
			return nil, err
		}
		return p.newValue(jsonNumber, text), nil
	default:
		return p.literal()
	}
}

func (p *jsonParser) literal() (*jsonValue, error) {
	rest := p.text[p.at:]
	for _, literal := range [][]byte{literalTrue, literalFalse, literalNull} {
		if bytes.HasPrefix(rest, literal) {
			p.at += len(literal)
			kind := jsonBool
			if literal[0] == 'n' {
				kind = jsonNull
			}
			return p.newValue(kind, string(literal)), nil
		}
	}
	return nil, errNotJSON
}

func (p *jsonParser) array(depth int) (*jsonValue, error) {
	array := p.newValue(jsonArray, "")
	if p.space(); p.take(']') {
		return array, nil
	}
	for {
		elem, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		array.elems = append(array.elems, elem)
		if p.space(); p.take(']') {
			return array, nil
		}
		if !p.take(',') {
			return nil, errNotJSON
		}
		p.space()
	}
}

func (p *jsonParser) object(depth int) (*jsonValue, error) {
	object := p.newValue(jsonObject, "")
	if p.space(); p.take('}') {
		return object, nil
	}
	keys := keySet{}
	for {
		if p.at == len(p.text) || p.text[p.at] != '"' {
			return nil, errNotJSON
		}
		key, err := p.string()
		if err != nil {
			return nil, err
		}
		if !keys.add(object.keys, key) {
			return nil, fmt.Errorf("has the key %.40q twice", key)
		}
		if p.space(); !p.take(':') {
			return nil, errNotJSON
		}
		p.space()
		elem, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		object.keys, object.elems = append(object.keys, key), append(object.elems, elem)
		if p.space(); p.take('}') {
			return object, nil
		}
		if !p.take(',') {
			return nil, errNotJSON
		}
		p.space()
	}
}

// keySet knows the keys of an object: few are compared one by one, many are
// looked up.
type keySet map[string]bool

// add says whether the key is new; keys are those before it.
func (s *keySet) add(keys []string, key string) bool {
	if len(keys) < 16 {
		for _, known := range keys {
			if known == key {
				return false
			}
		}
		return true
	}
	if len(*s) == 0 {
		for _, known := range keys {
			(*s)[known] = true
		}
	}
	known := (*s)[key]
	(*s)[key] = true
	return !known
}

// number reads a number and gives it as it is written.
func (p *jsonParser) number() (string, error) {
	start := p.at
	p.take('-')
	if !p.take('0') && !p.digits() {
		return "", errNotJSON
	}
	if p.take('.') && !p.digits() {
		return "", errNotJSON
	}
	if p.take('e') || p.take('E') {
		if !p.take('+') {
			p.take('-')
		}
		if !p.digits() {
			return "", errNotJSON
		}
	}
	return string(p.text[start:p.at]), nil
}

func (p *jsonParser) digits() bool {
	start := p.at
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
	}
	return p.at > start
}

// string reads a string, decoded.
func (p *jsonParser) string() (string, error) {
	p.at++
	start := p.at
	var decoded []byte
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			part := p.text[start:p.at]
			p.at++
			if decoded == nil {
				return string(part), nil
			}
			return string(append(decoded, part...)), nil
		case c < ' ':
			return "", errNotJSON
		case c == '\\':
			decoded = append(decoded, p.text[start:p.at]...)
			var err error
			if decoded, err = p.escape(decoded); err != nil {
				return "", err
			}
			start = p.at
		default:
			p.at++
		}
	}
	return "", errNotJSON
}

// escapes are the characters that one letter after a backslash stands for.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads an escape and appends what it stands for.
func (p *jsonParser) escape(to []byte) ([]byte, error) {
	if p.at+1 == len(p.text) {
		return nil, errNotJSON
	}
	if c := escapes[p.text[p.at+1]]; c != 0 {
		p.at += 2
		return append(to, c), nil
	}
	unit, ok := hexUnit(p.text[p.at:])
	switch {
	case !ok:
		return nil, errNotJSON
	case unit == 0:
		return nil, errNUL
	case !utf16.IsSurrogate(rune(unit)):
		p.at += 6
		return utf8.AppendRune(to, rune(unit)), nil
	}
	low, _ := hexUnit(p.text[p.at+6:])
	pair := utf16.DecodeRune(rune(unit), rune(low))
	if pair == utf8.RuneError {
		return nil, errHalfPair
	}
	p.at += 12
	return utf8.AppendRune(to, pair), nil
}

// hexUnit reads \uXXXX at the start of text.
func hexUnit(text []byte) (uint16, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	var unit uint16
	for _, c := range text[2:6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		unit = unit<<4 | uint16(c)
	}
	return unit, true
}
