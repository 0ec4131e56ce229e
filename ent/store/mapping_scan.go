package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
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
type changeScanner struct {
	storedScanner
	memory *changeMemory
}

// changeMemory is where the changes of many events are put. The zero value is
// ready; what it gave stays.
type changeMemory struct {
	spare      []audit.Change    // memory for the next changes
	size       int               // as how many spare began
	properties map[string]string // the names of properties, each once
}

// Changes are put into pieces of memory, each twice the one before.
const (
	leastChanges = 4
	mostChanges  = 256
	mostNames    = 1000 // of properties that are kept
)

// decode reads what encodeChanges wrote for the event of that id. The values share
// the memory of data.
func (m *changeMemory) decode(id audit.EventID, data []byte) ([]audit.Change, error) {
	if len(data) == 0 {
		return nil, nil
	}
	scanner := changeScanner{storedScanner{rest: data}, m}
	changes, err := scanner.list(id)
	if err != nil {
		return nil, fmt.Errorf("changes of event %s: %w", id, err)
	}
	return changes, nil
}

// add puts another change behind those of an event, which come last of what was
// put into the memory.
func (m *changeMemory) add(changes []audit.Change, change *audit.Change) []audit.Change {
	n := len(changes)
	if n == len(m.spare) { // no room for another
		m.size = max(min(max(leastChanges, 2*m.size), mostChanges), 2*n)
		m.spare = make([]audit.Change, m.size)
		copy(m.spare, changes)
	}
	m.spare[n] = *change
	return m.spare[: n+1 : n+1]
}

// keep leaves the changes of an event alone from now on.
func (m *changeMemory) keep(changes []audit.Change) { m.spare = m.spare[len(changes):] }

// property is the name of a property, of which the same memory is given each time.
func (m *changeMemory) property(name []byte) string {
	if known, is := m.properties[string(name)]; is {
		return known
	}
	if m.properties == nil || len(m.properties) >= mostNames {
		m.properties = map[string]string{}
	}
	own := string(name)
	m.properties[own] = own
	return own
}

func (s *changeScanner) list(id audit.EventID) ([]audit.Change, error) {
	if !s.skip("[") {
		return nil, errMalformed
	}
	var changes []audit.Change
	for {
		change := s.change()
		change.EventID, change.Ordinal = id, len(changes)
		changes = s.memory.add(changes, &change)
		if s.err == nil && s.skip(",") {
			continue
		}
		if s.err == nil && (!s.skip("]") || len(s.rest) > 0) {
			s.err = errMalformed
		}
		s.memory.keep(changes)
		return changes, s.err
	}
}

func (s *changeScanner) change() audit.Change {
	var change audit.Change
	s.expect("[")
	change.Property = s.property()
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

func (s *changeScanner) property() string {
	quoted, plain := s.quoted()
	if plain {
		return s.memory.property(quoted[1 : len(quoted)-1])
	}
	return s.unquote(quoted)
}

func (s *storedScanner) string() string {
	quoted, plain := s.quoted()
	if plain {
		return string(quoted[1 : len(quoted)-1])
	}
	return s.unquote(quoted)
}

// quoted moves past a JSON string, and says whether it stands as it is.
func (s *storedScanner) quoted() (quoted []byte, plain bool) {
	if len(s.rest) < 2 || s.rest[0] != '"' {
		s.err = errMalformed
		return []byte(`""`), true
	}
	quoted = s.rest[:stringEnd(s.rest)]
	s.rest = s.rest[len(quoted):]
	return quoted, bytes.IndexByte(quoted, '\\') < 0
}

func (s *storedScanner) unquote(quoted []byte) string {
	var text string
	if err := json.Unmarshal(quoted, &text); err != nil {
		s.err = errMalformed
	}
	return text
}
