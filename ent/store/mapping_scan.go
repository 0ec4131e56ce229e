package store

import (
	"bytes"
	"encoding/json"
	"errors"

	"daybook/audit"
)

// errMalformed says that stored text is not what appendChange writes.
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
	s.expect(changeProperty)
	change.Property = s.string()
	s.expect(changeOperation)
	change.Operation = s.operation()
	change.Before = s.value(changeBefore)
	change.After = s.value(changeAfter)
	change.GivenTexts.Before = s.optional(changeBeforeText)
	change.GivenTexts.After = s.optional(changeAfterText)
	change.Redacted = s.skip(changeRedacted)
	s.expect("}")
	return change
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

func (s *changeScanner) operation() audit.ChangeOperation {
	if len(s.rest) == 0 {
		s.err = errMalformed
		return 0
	}
	digit := s.rest[0]
	s.rest = s.rest[1:]
	return audit.ChangeOperation(digit - '0')
}

// value is all that stands between the key and the next key, white space
// included; nil if the key is not there.
func (s *storedScanner) value(key string) audit.JSON {
	if !s.skip(key) {
		return nil
	}
	end := valueEnd(s.rest)
	value := audit.JSON(s.rest[:end:end])
	s.rest = s.rest[end:]
	return value
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

func (s *storedScanner) optional(key string) *string {
	if !s.skip(key) {
		return nil
	}
	text := s.string()
	return &text
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
