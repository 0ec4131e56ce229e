package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"math/big"
	"slices"
	"strings"
)

// canonical appends the value in the one form all equal values share: keys
// sorted by their UTF-8 bytes, no white space, strings with the fewest escapes,
// numbers as a plain digit string and a power of ten (so 1, 1.0 and 10e-1 are
// equal, and none loses a digit).
func (v *jsonValue) canonical(to []byte) []byte {
	switch v.kind {
	case jsonNumber:
		return appendCanonicalNumber(to, v.text)
	case jsonString:
		return appendJSONString(to, v.text)
	case jsonArray:
		to = append(to, '[')
		for i, elem := range v.elems {
			if i > 0 {
				to = append(to, ',')
			}
			to = elem.canonical(to)
		}
		return append(to, ']')
	case jsonObject:
		order := make([]int, len(v.keys))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return strings.Compare(v.keys[a], v.keys[b]) })
		return v.appendObject(to, order, (*jsonValue).canonical)
	default:
		return append(to, v.text...)
	}
}

// compact appends the value as written, without white space.
func (v *jsonValue) compact(to []byte) []byte {
	switch v.kind {
	case jsonString:
		return appendJSONString(to, v.text)
	case jsonArray:
		to = append(to, '[')
		for i, elem := range v.elems {
			if i > 0 {
				to = append(to, ',')
			}
			to = elem.compact(to)
		}
		return append(to, ']')
	case jsonObject:
		order := make([]int, len(v.keys))
		for i := range order {
			order[i] = i
		}
		return v.appendObject(to, order, (*jsonValue).compact)
	default:
		return append(to, v.text...)
	}
}

func (v *jsonValue) appendObject(to []byte, order []int, elem func(*jsonValue, []byte) []byte) []byte {
	to = append(to, '{')
	for n, i := range order {
		if n > 0 {
			to = append(to, ',')
		}
		to = appendJSONString(to, v.keys[i])
		to = append(to, ':')
		to = elem(v.elems[i], to)
	}
	return append(to, '}')
}

// appendCanonicalNumber writes sign, significant digits and exponent:
// 1.50e3 becomes 15e2, any zero becomes 0.
func appendCanonicalNumber(to []byte, text string) []byte {
	mantissa, exponentText, _ := strings.Cut(strings.ToLower(text), "e")
	exponent := new(big.Int)
	if exponentText != "" {
		exponent.SetString(strings.TrimPrefix(exponentText, "+"), 10)
	}
	sign := ""
	if strings.HasPrefix(mantissa, "-") {
		sign, mantissa = "-", mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	exponent.Sub(exponent, big.NewInt(int64(len(fraction))))
	digits := strings.TrimLeft(whole+fraction, "0")
	trimmed := strings.TrimRight(digits, "0")
	exponent.Add(exponent, big.NewInt(int64(len(digits)-len(trimmed))))
	if trimmed == "" {
		return append(to, '0')
	}
	to = append(append(to, sign...), trimmed...)
	if exponent.Sign() != 0 {
		to = append(append(to, 'e'), exponent.String()...)
	}
	return to
}

const hexDigits = "0123456789abcdef"

// appendJSONString writes valid UTF-8 text as a JSON string with the fewest
// escapes: quotation mark, backslash and control characters only.
func appendJSONString(to []byte, s string) []byte {
	to = append(to, '"')
	for {
		plain := plainLength(s)
		to = append(to, s[:plain]...)
		if plain == len(s) {
			return append(to, '"')
		}
		to = appendEscaped(to, s[plain])
		s = s[plain+1:]
	}
}

// plainLength is how many bytes at the start of s stand in a JSON string as they
// are. It looks at eight at once, as far as there are as many.
func plainLength(s string) int {
	i := 0
	for i+8 <= len(s) && !wordHasEscape(s[i:i+8]) {
		i += 8
	}
	for i < len(s) && s[i] >= 0x20 && s[i] != '"' && s[i] != '\\' {
		i++
	}
	return i
}

// wordHasEscape says whether one of eight bytes needs an escape. What is below a
// bound borrows from the highest bit of its byte when the bound is taken away.
func wordHasEscape(s string) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	word := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	quote, backslash := word^ones*'"', word^ones*'\\'
	control := (word - ones*0x20) &^ word
	return (control|(quote-ones)&^quote|(backslash-ones)&^backslash)&high != 0
}

func appendEscaped(to []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(to, '\\', c)
	case '\n':
		return append(to, '\\', 'n')
	case '\t':
		return append(to, '\\', 't')
	case '\r':
		return append(to, '\\', 'r')
	default:
		return append(to, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
	}
}

// digest is the first 8 bytes of SHA-256 over the canonical form. Values with
// equal digests are taken as equal by filters.
func (v *jsonValue) digest() int64 {
	sum := sha256.Sum256(v.canonical(nil))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// ValueDigest is the digest under which property values are indexed: equal JSON
// values (whatever their white space, key order or number notation) have equal
// digests. It fails for text that is not one JSON value.
func ValueDigest(value JSON) (int64, error) {
	parsed, err := parseJSON(value)
	if err != nil {
		return 0, err
	}
	return parsed.digest(), nil
}
