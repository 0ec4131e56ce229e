package graph

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonString is a string as sent, without its quotation marks.
type jsonString struct {
	raw     []byte
	escaped bool // has escape sequences
}

// decode gives the text, and whether all of it is valid Unicode. What is not is
// kept: bytes that are not UTF-8 as they are, half of a surrogate pair as the
// three bytes that UTF-8 would give it.
func (s jsonString) decode() (text string, valid bool) {
	if !s.escaped {
		return string(s.raw), utf8.Valid(s.raw)
	}
	decoded := make([]byte, 0, len(s.raw))
	for i := 0; i < len(s.raw); {
		c := s.raw[i]
		if c != '\\' {
			decoded = append(decoded, c)
			i++
			continue
		}
		if s.raw[i+1] != 'u' {
			decoded = append(decoded, unescaped(s.raw[i+1]))
			i += 2
			continue
		}
		unit, size := codePoint(s.raw[i:])
		decoded = appendCodePoint(decoded, unit)
		i += size
	}
	return string(decoded), utf8.Valid(decoded)
}

// unescaped is the character that a backslash and c stand for, c not being u.
func unescaped(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	default:
		return c
	}
}

// hexUnit reads \uXXXX at the start of text.
func hexUnit(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	var unit rune
	for i := 2; i < 6; i++ {
		c := text[i]
		switch {
		case isDigit(c):
			unit = unit<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			unit = unit<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return unit, true
}

// codePoint reads \uXXXX at the start of text, and the second one of a surrogate
// pair with it. It says how many bytes that took; if it is none, the size is 2.
func codePoint(text []byte) (point rune, size int) {
	high, ok := hexUnit(text)
	if !ok {
		return 0, 2
	}
	if utf16.IsSurrogate(high) {
		if low, ok := hexUnit(text[6:]); ok {
			if pair := utf16.DecodeRune(high, low); pair != utf8.RuneError {
				return pair, 12
			}
		}
	}
	return high, 6
}

// appendCodePoint appends the UTF-8 form. Half of a surrogate pair, which has
// none, gets the three bytes it would have had (WTF-8): they are not valid UTF-8
// and so cannot be taken for anything else later.
func appendCodePoint(to []byte, point rune) []byte {
	if utf16.IsSurrogate(point) {
		return append(to, 0xe0|byte(point>>12), 0x80|byte(point>>6)&0x3f, 0x80|byte(point)&0x3f)
	}
	return utf8.AppendRune(to, point)
}

// validText says whether all strings of a JSON value, or of a GraphQL literal,
// are valid Unicode.
func validText(value []byte) bool {
	if !utf8.Valid(value) {
		return false
	}
	// Outside strings there is no backslash.
	for i := bytes.IndexByte(value, '\\'); i >= 0; {
		size := 2
		if value[i+1] == 'u' {
			var point rune
			if point, size = codePoint(value[i:]); utf16.IsSurrogate(point) {
				return false
			}
		}
		next := bytes.IndexByte(value[i+size:], '\\')
		if next < 0 {
			break
		}
		i += size + next
	}
	return true
}

// excerpt is at most the first 40 bytes of text, cut between characters, with
// what is not valid Unicode replaced. Messages echo no more than that.
func excerpt(text []byte) string {
	const most = 40
	if len(text) <= most {
		return string(bytes.ToValidUTF8(text, []byte("\uFFFD")))
	}
	cut := most
	for cut > most-utf8.UTFMax && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return string(bytes.ToValidUTF8(text[:cut], []byte("\uFFFD"))) + "..."
}
