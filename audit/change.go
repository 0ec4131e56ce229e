package audit

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Change is what happened to one property in one event.
type Change struct {
	EventID    EventID
	Ordinal    int // position among the event's changes, from 0
	Property   string
	Operation  ChangeOperation
	Before     JSON // nil when there was no value; Redacted in place of a secret
	After      JSON
	GivenTexts ChangeTexts // display texts as sent
	Redacted   bool
	// Comparison identifies a change between two instants, which is of no one event;
	// empty for a recorded change.
	Comparison string
}

// ChangeTexts are the display texts that came with a change.
type ChangeTexts struct {
	Before *string
	After  *string
}

// ChangeID identifies one change of one event, or one between two instants.
type ChangeID struct {
	Event      EventID
	Ordinal    int
	Comparison string // not empty: of a change between two instants, and all there is
}

// String is the id as the API shows it: "chg_", the event and the ordinal; "cmp_"
// and letters and digits for a change between two instants.
func (id ChangeID) String() string {
	var text [64]byte
	return string(id.append(text[:0]))
}

// append writes the id as String gives it.
func (id ChangeID) append(to []byte) []byte {
	if id.Comparison != "" {
		return append(append(to, "cmp_"...), id.Comparison...)
	}
	return strconv.AppendInt(append(id.Event.append(to, "chg_"), '_'), int64(id.Ordinal), 10)
}

// ID identifies the change.
func (c *Change) ID() ChangeID {
	if c.Comparison != "" {
		return ChangeID{Comparison: c.Comparison}
	}
	return ChangeID{Event: c.EventID, Ordinal: c.Ordinal}
}

// PropertyName is the property as a person reads it.
func (c *Change) PropertyName() string { return DisplayName(c.Property) }

// BeforeText is the short form of the old value: as given, else made from it.
func (c *Change) BeforeText() *string { return displayText(c.GivenTexts.Before, c.Before) }

// AfterText is the short form of the new value: as given, else made from it.
func (c *Change) AfterText() *string { return displayText(c.GivenTexts.After, c.After) }

// changeOperation follows from which side has a value.
func changeOperation(before, after JSON) ChangeOperation {
	switch {
	case before.IsNull() && !after.IsNull():
		return OperationAdded
	case !before.IsNull() && after.IsNull():
		return OperationRemoved
	default:
		return OperationChanged
	}
}

// maxMadeText is how many characters a display text made from a list or an
// object may have; strings are shown whole.
const maxMadeText = 200

func displayText(given *string, value JSON) *string {
	if given != nil || value.IsNull() {
		return given
	}
	if plain := plainText(value); plain != nil {
		text := string(plain)
		return &text
	}
	parsed, err := parseJSON(value)
	if err != nil {
		return nil // cannot be: it was checked when it was recorded
	}
	return shownText(nil, parsed)
}

// plainText is the display text of a value that shows it as it is written, a
// part of the value: a string without escapes, a number, true or false. It is nil
// for any other, and for null.
func plainText(value JSON) []byte {
	if len(value) == 0 {
		return nil
	}
	first, last := value[0], value[len(value)-1]
	switch {
	case first == '"' && last == '"' && bytes.IndexByte(value, '\\') < 0:
		return value[1 : len(value)-1]
	case first > ' ' && last > ' ' && first != '"' && first != '[' && first != '{' && first != 'n':
		return value
	}
	return nil
}

// shownText is the given text, else one made from the value, else none.
func shownText(given *string, value *jsonValue) *string {
	if given != nil || value == nil || value.kind == jsonNull {
		return given
	}
	text := value.displayText()
	return &text
}

// displayText shows strings and scalars as they are, lists of scalars with
// commas between, and anything else as compact JSON.
func (v *jsonValue) displayText() string {
	switch v.kind {
	case jsonArray:
		parts := make([]string, 0, len(v.elems))
		for _, elem := range v.elems {
			if elem.kind == jsonArray || elem.kind == jsonObject {
				return shorten(string(v.compact(nil)))
			}
			parts = append(parts, elem.text)
		}
		return shorten(strings.Join(parts, ", "))
	case jsonObject:
		return shorten(string(v.compact(nil)))
	default:
		return v.text
	}
}

func shorten(text string) string {
	if utf8.RuneCountInString(text) <= maxMadeText {
		return text
	}
	return string([]rune(text)[:maxMadeText-1]) + "…"
}

// DisplayName makes a name for people out of a key: "assigned_users",
// "assignedUsers" and "assigned-users" all become "Assigned Users". A key
// without letters or digits is its own name.
func DisplayName(key string) string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			word[0] = unicode.ToUpper(word[0])
			words = append(words, string(word))
			word = nil
		}
	}
	previous := rune(0)
	for _, r := range key {
		switch {
		case r == '_' || r == '-' || r == '.' || unicode.IsSpace(r):
			flush()
		case unicode.IsUpper(r) && unicode.IsLower(previous):
			flush()
			word = append(word, r)
		default:
			word = append(word, r)
		}
		previous = r
	}
	flush()
	if len(words) == 0 {
		return key
	}
	return strings.Join(words, " ")
}

// DisplayNames remembers what DisplayName makes of the keys it is asked for: a
// page has few, and making a name takes longer than writing it. The zero value is
// ready; it serves one goroutine at a time.
type DisplayNames struct{ known map[string]string }

// Of is [DisplayName] of the key.
func (n *DisplayNames) Of(key string) string {
	name, is := n.known[key]
	if !is {
		name = DisplayName(key)
		if n.known == nil {
			n.known = map[string]string{}
		}
		n.known[key] = name
	}
	return name
}

// Fold puts text into the one case in which names and texts are searched.
func Fold(text string) string { return strings.ToLower(text) }
