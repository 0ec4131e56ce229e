package store

import (
	"bytes"
	"encoding/json"
	"fmt"

	"daybook/audit"
)

// The keys of a stored change, in the order in which they are written. Reading
// relies on that order; it lets a page be decoded without reflection and the
// values be kept byte for byte, which encoding/json would not do.
const (
	changeProperty   = `{"property":`
	changeOperation  = `,"operation":`
	changeBefore     = `,"before":`
	changeAfter      = `,"after":`
	changeBeforeText = `,"beforeText":`
	changeAfterText  = `,"afterText":`
	changeRedacted   = `,"redacted":true`
)

// encodeChanges makes the text of the column "changes": a JSON array in the
// order of the changes, nil when there are none. The values stand in it exactly
// as they were sent; one that is nil is left out, so that it stays apart from
// JSON null.
func encodeChanges(changes []audit.Change) []byte {
	if len(changes) == 0 {
		return nil
	}
	text := []byte{'['}
	for i := range changes {
		if i > 0 {
			text = append(text, ',')
		}
		text = appendChange(text, &changes[i])
	}
	return append(text, ']')
}

func appendChange(text []byte, c *audit.Change) []byte {
	text = appendString(append(text, changeProperty...), c.Property)
	text = append(append(text, changeOperation...), '0'+byte(c.Operation))
	text = appendValue(text, changeBefore, c.Before)
	text = appendValue(text, changeAfter, c.After)
	text = appendOptional(text, changeBeforeText, c.GivenTexts.Before)
	text = appendOptional(text, changeAfterText, c.GivenTexts.After)
	if c.Redacted {
		text = append(text, changeRedacted...)
	}
	return append(text, '}')
}

func appendValue(text []byte, key string, value audit.JSON) []byte {
	if len(value) == 0 {
		return text
	}
	return append(append(text, key...), value...)
}

func appendOptional(text []byte, key string, s *string) []byte {
	if s == nil {
		return text
	}
	return appendString(append(text, key...), *s)
}

// appendString writes s as a JSON string. Most need no escape.
func appendString(text []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			return append(text, marshal(s)...)
		}
	}
	text = append(text, '"')
	text = append(text, s...)
	return append(text, '"')
}

// marshal is json.Marshal without its escapes for HTML. It is given only
// strings, which cannot fail.
func marshal(s string) []byte {
	text, err := marshalJSON(s)
	if err != nil {
		panic(err)
	}
	return text
}

func marshalJSON(v any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte{'\n'}), nil
}

// decodeChanges reads what encodeChanges wrote for the event of that id. The
// values share the memory of data.
func decodeChanges(id audit.EventID, data []byte) ([]audit.Change, error) {
	if len(data) == 0 {
		return nil, nil
	}
	scanner := changeScanner{storedScanner{rest: data}}
	changes, err := scanner.list(id)
	if err != nil {
		return nil, fmt.Errorf("changes of event %s: %w", id, err)
	}
	return changes, nil
}

// seatKindBits is the column "seat_kinds": one bit for each kind, at the place
// of its number.
func seatKindBits(kinds []audit.SeatKind) int16 {
	var bits int16
	for _, kind := range kinds {
		bits |= 1 << kind
	}
	return bits
}
