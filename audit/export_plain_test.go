package audit

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// hostileTexts are of what needs care in JSON, in tables, or next to the bytes
// that do.
func hostileTexts() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{
		"plain", "12", "\x00", "\x1f", " ", "!", `"`, "#", `\`, "]", "\x7f", "é", "\u2028", "𝔘", ",", "\n", "\r", "\t", "=", "'", "＝", "#end", "null", "{", "[",
	})
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "") })
}

func TestJSONStringsAreWrittenAsByteByByte(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := hostileTexts().Draw(t, "text")
		want := []byte{'"'}
		for i := range len(text) {
			if c := text[i]; c < ' ' || c == '"' || c == '\\' {
				want = appendEscaped(want, c)
			} else {
				want = append(want, c)
			}
		}
		got := appendJSONString(nil, text)
		if string(got) != string(want)+`"` {
			t.Fatalf("%q is written as %s, byte by byte as %s", text, got, want)
		}
		var read string
		if err := json.Unmarshal(got, &read); err != nil || read != text {
			t.Fatalf("%v: %q is read as %q", err, text, read)
		}
	})
}

// Short ways that most values take give what the long ones give.
func TestDisplayTextsAreWrittenAsTheyAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := JSON(rapid.OneOf(
			rapid.Map(hostileTexts(), func(s string) string { return string(appendJSONString(nil, s)) }),
			rapid.SampledFrom([]string{"", "null", " null ", "1", " 1", "-1.50e3", "true", "[1, \"a\"]", "{\"a\" : 1}", " \"x\" ", `"\u0041"`}),
		).Draw(t, "value"))
		var given *string
		if rapid.Bool().Draw(t, "given") {
			text := hostileTexts().Draw(t, "text")
			given = &text
		}
		text := displayText(given, value)
		if got := appendDisplayText(nil, given, value); string(got) != textOf(text) {
			t.Errorf("%s is %q in a table, not %q", value, got, textOf(text))
		}
		quick, plain := exportObject{to: []byte{'{'}}, exportObject{to: []byte{'{'}}
		quick.displayText("text", given, value)
		plain.optional("text", text)
		if string(quick.to) != string(plain.to) {
			t.Errorf("%s is written as %s, not %s", value, quick.to, plain.to)
		}
	})
}

func TestRowsOfATableHaveTheirOwnCellsAndThoseOfTheEvent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		event := &Event{Object: &Object{Type: hostileTexts().Draw(t, "type")}}
		for _, property := range rapid.SliceOfN(hostileTexts(), 1, 4).Draw(t, "properties") {
			event.Changes = append(event.Changes, Change{Property: property})
		}
		rows, err := newExportRows([]string{"objectType", "property", "objectExternalId"})
		if err != nil {
			t.Fatal(err)
		}
		var want []byte
		for _, change := range event.Changes {
			want = appendCell(appendCell(want, 0, neutral(event.Object.Type)), 1, neutral(change.Property))
			want = append(want, ",\r\n"...)
		}
		if got, _ := rows.event(nil, event, 0, nil); string(got) != string(want) {
			t.Errorf("the rows are %q, not %q", got, want)
		}
	})
}
