package audit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds of one event. Lengths are in bytes unless said otherwise.
const (
	maxKeyText           = 512 // everything indexed: keys, types, external ids, names of events and properties
	maxSectionCharacters = 128
	maxNameText          = 1024 // names, e-mail addresses, logins
	maxUserAgent         = 4096
	maxDisplayText       = 64 << 10
	maxValue             = 256 << 10 // one JSON value
	maxEventSize         = 1 << 20   // everything in one event
	maxChanges           = 500
	maxDetailsList       = 500  // seats, survey answers, merge sources
	maxDigests           = 5000 // changes and list elements that filters can find
)

// defaultAhead is how far in the future occurredAt may lie.
const defaultAhead = 24 * time.Hour

// problems collects what is wrong with one event.
type problems struct {
	list []Problem
	size int // bytes of text and JSON seen
}

func (p *problems) add(code ProblemCode, path, format string, args ...any) {
	p.list = append(p.list, Problem{Path: path, Code: code, Message: fmt.Sprintf(format, args...)})
}

// text checks text that may be left out or empty. Where it stands comes in two
// parts, which are put together only for a problem.
func (p *problems) text(path, field string, text *string, limit int) {
	if text == nil {
		return
	}
	p.size += len(*text)
	switch {
	case len(*text) > limit:
		p.add(ProblemTooLong, path+field, "has %d bytes; at most %d are kept", len(*text), limit)
	case !utf8.ValidString(*text):
		p.add(ProblemBadText, path+field, "is not valid Unicode text (invalid UTF-8 or half of a surrogate pair)")
	case strings.ContainsRune(*text, 0):
		p.add(ProblemBadText, path+field, "has a NUL character, which cannot be stored")
	}
}

// key checks text that identifies something: never empty.
func (p *problems) key(path, field string, text *string) {
	if text != nil && *text == "" {
		p.add(ProblemRequired, path+field, "must not be empty")
		return
	}
	p.text(path, field, text, maxKeyText)
}

func (p *problems) section(path, key string) {
	if n := utf8.RuneCountInString(key); n > maxSectionCharacters {
		p.add(ProblemTooLong, path, "has %d characters; at most %d are kept", n, maxSectionCharacters)
		return
	}
	p.key(path, "", &key)
}

// value checks a JSON value and gives it parsed, nil when there is none.
func (p *problems) value(path, field string, value JSON) *jsonValue {
	if value == nil {
		return nil
	}
	p.size += len(value)
	if len(value) > maxValue {
		p.add(ProblemTooLong, path+field, "has %d bytes of JSON; at most %d are kept", len(value), maxValue)
		return nil
	}
	parsed, err := parseJSON(value)
	if err == nil {
		return parsed
	}
	code := ProblemBadFormat
	var badText badTextError
	if errors.As(err, &badText) {
		code = ProblemBadText
	}
	p.add(code, path+field, "%s", err)
	return nil
}

func (p *problems) count(path string, n, limit int) bool {
	if n > limit {
		p.add(ProblemTooMany, path, "has %d elements; at most %d are kept", n, limit)
		return false
	}
	return true
}

func (p *problems) notNegative(path string, n *int32) {
	if n != nil && *n < 0 {
		p.add(ProblemOutOfRange, path, "is %d; it must not be negative", *n)
	}
}

// exactlyOne checks the members of a choice, of which one must be given.
func (p *problems) exactlyOne(path, members string, given ...bool) bool {
	n := 0
	for _, is := range given {
		if is {
			n++
		}
	}
	switch n {
	case 1:
		return true
	case 0:
		p.add(ProblemRequired, path, "give one of %s", members)
	default:
		p.add(ProblemContradiction, path, "give only one of %s", members)
	}
	return false
}

// at appends an index to a JSON Pointer.
func at(path string, index int) string { return path + "/" + strconv.Itoa(index) }
