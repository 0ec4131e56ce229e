package store

import (
	"bytes"
	"encoding/json"
	"strconv"

	"daybook/audit"
)

// A stored change is an array: the property, a number that says what follows, and
// that, each in its place. What most changes have takes one digit:
//
//	["status",3,"open","closed"]
//
// Reading relies on the order; it lets a page be decoded without reflection and the
// values be kept byte for byte, which encoding/json would not do. Before the bits of
// the number stands the operation, where another than the usual was recorded.
const (
	hasBefore = 1 << iota // as for the next three, it is the next in the array
	hasAfter
	hasBeforeText
	hasAfterText
	isRedacted
	operations // from here on
)

// usualOperation follows from which values there are.
func usualOperation(has int) audit.ChangeOperation {
	switch has & (hasBefore | hasAfter) {
	case hasAfter:
		return audit.OperationAdded
	case hasBefore:
		return audit.OperationRemoved
	default:
		return audit.OperationChanged
	}
}

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
	text = appendString(append(text, '['), c.Property)
	text = strconv.AppendInt(append(text, ','), int64(contentOf(c)), 10)
	for _, value := range []audit.JSON{c.Before, c.After} {
		if len(value) > 0 {
			text = append(append(text, ','), value...)
		}
	}
	for _, given := range []*string{c.GivenTexts.Before, c.GivenTexts.After} {
		if given != nil {
			text = appendString(append(text, ','), *given)
		}
	}
	return append(text, ']')
}

// contentOf is the number in a stored change.
func contentOf(c *audit.Change) int {
	content := 0
	for i, is := range [...]bool{
		len(c.Before) > 0, len(c.After) > 0, c.GivenTexts.Before != nil, c.GivenTexts.After != nil, c.Redacted,
	} {
		if is {
			content |= 1 << i
		}
	}
	if c.Operation != usualOperation(content) {
		content |= int(c.Operation) * operations
	}
	return content
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

// seatKindBits is the column "seat_kinds": one bit for each kind, at the place
// of its number.
func seatKindBits(kinds []audit.SeatKind) int16 {
	var bits int16
	for _, kind := range kinds {
		bits |= 1 << kind
	}
	return bits
}
