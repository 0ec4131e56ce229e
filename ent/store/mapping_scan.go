package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"

	"daybook/audit"
)

// errMalformed says that stored text is not what the store writes.
var errMalformed = errors.New("stored text is malformed")

// storedScanner reads text that the store wrote, from front to back: what comes
// when is known, so nothing is looked up and nothing reformatted.
type storedScanner struct {
	rest []byte
	err  error
}

// changeScanner reads the text that encodeChanges writes.
type changeScanner struct{ storedScanner }

func (s *changeScanner) list(id audit.EventID) ([]audit.Change, error) {
	if !s.skip("[") {
		return nil, errMalformed
	}
	var changes []audit.Change
	for {
		change := s.change()
		change.EventID, change.Ordinal = id, len(changes)
		changes = append(changes, change)
		if s.err == nil && s.skip(",") {
			continue
		}
		if s.err == nil && (!s.skip("]") || len(s.rest) > 0) {
			s.err = errMalformed
		}
		return changes, s.err
	}
}

func (s *changeScanner) change() audit.Change {
	var change audit.Change
	s.expect("[")
	change.Property = s.string()
	s.expect(",")
	content := int(s.number(7))
	change.Operation = audit.ChangeOperation(content / operations)
	if change.Operation == 0 {
		change.Operation = usualOperation(content)
	}
	if content&hasBefore != 0 {
		change.Before = s.value()
	}
	if content&hasAfter != 0 {
		change.After = s.value()
	}
	if content&hasBeforeText != 0 {
		change.GivenTexts.Before = s.text()
	}
	if content&hasAfterText != 0 {
		change.GivenTexts.After = s.text()
	}
	change.Redacted = content&isRedacted != 0
	s.expect("]")
	return change
}

// value is all that stands between a comma and the next, white space included.
func (s *changeScanner) value() audit.JSON {
	s.expect(",")
	end := valueEnd(s.rest)
	value := audit.JSON(s.rest[:end:end])
	s.rest = s.rest[end:]
	return value
}

// text reads the string behind a comma.
func (s *changeScanner) text() *string {
	s.expect(",")
	text := s.string()
	return &text
}

// skip moves past text if it comes next, and says whether it did.
func (s *storedScanner) skip(text string) bool {
	if len(s.rest) < len(text) || string(s.rest[:len(text)]) != text {
		return false
	}
	s.rest = s.rest[len(text):]
	return true
}

func (s *storedScanner) expect(text string) bool {
	if s.skip(text) {
		return true
	}
	s.err = errMalformed
	return false
}

// number reads a whole number of at most so many bits, without a sign.
func (s *storedScanner) number(bits int) uint64 {
	number, err := strconv.ParseUint(s.literal(), 10, bits)
	if err != nil {
		s.err = errMalformed
	}
	return number
}

// literal reads a number as it is written.
func (s *storedScanner) literal() string {
	end := valueEnd(s.rest)
	text := string(s.rest[:end])
	s.rest = s.rest[end:]
	return text
}

// valueEnd is where the JSON value at the start of text ends: at the first
// comma or closing bracket that is not inside it.
func valueEnd(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i += stringEnd(text[i:]) - 1
		case '[', '{':
			depth++
		case ']', '}':
			if depth == 0 {
				return i
			}
			depth--
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return len(text)
}

// stringEnd is the length of the JSON string at the start of text, with its
// quotation marks.
func stringEnd(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

func (s *storedScanner) string() string {
	if len(s.rest) < 2 || s.rest[0] != '"' {
		s.err = errMalformed
		return ""
	}
	quoted := s.rest[:stringEnd(s.rest)]
	s.rest = s.rest[len(quoted):]
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1])
	}
	var text string
	if err := json.Unmarshal(quoted, &text); err != nil {
		s.err = errMalformed
	}
	return text
}
