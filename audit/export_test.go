package audit

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// readCells reads one line of a table as RFC 4180 has it.
func readCells(line string) (cells []string) {
	line, _ = strings.CutSuffix(line, "\r\n")
	for {
		cell, rest, more := "", "", false
		if quoted, ok := strings.CutPrefix(line, `"`); ok {
			at := 0
			for at < len(quoted) && (quoted[at] != '"' || strings.HasPrefix(quoted[at:], `""`)) {
				if quoted[at] == '"' {
					at++
				}
				at++
			}
			cell = strings.ReplaceAll(quoted[:at], `""`, `"`)
			rest, more = strings.CutPrefix(quoted[at+1:], ",")
		} else {
			cell, rest, more = strings.Cut(line, ",")
		}
		cells = append(cells, cell)
		if !more {
			return cells
		}
		line = rest
	}
}

func TestCellsGiveTheirValuesBack(t *testing.T) {
	cell := rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"", "=", "+", "-", "@", "\t", "\r", "\n", "'", "#end", "＝", `"`, ","}).Draw(t, "lead") +
			rapid.StringOf(rapid.RuneFrom([]rune("a=',\"\r\n ＝é"))).Draw(t, "rest")
	})
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(cell, 1, 4).Draw(t, "values")
		var line []byte
		for i, value := range values {
			line = appendCell(line, i, neutral(value))
		}
		cells := readCells(string(append(line, '\r', '\n')))
		if len(cells) != len(values) {
			t.Fatalf("%q has %d cells of %d", line, len(cells), len(values))
		}
		for i, got := range cells {
			if got != "" && strings.ContainsAny(got[:1], "=+-@\t\r\n") || strings.HasPrefix(got, endMark) {
				t.Errorf("the cell %q is not neutral", got)
			}
			if strings.TrimPrefix(got, "'") != values[i] {
				t.Errorf("%q came back of %q", got, values[i])
			}
		}
	})
}

func TestDefaultColumnsExist(t *testing.T) {
	if _, err := newExportRows(DefaultExportColumns()); err != nil {
		t.Error(err)
	}
	if _, err := newExportRows(ExportColumns()); err != nil {
		t.Error(err)
	}
}

// TestSafeCellsNeedNoQuotes: what is not looked at must be harmless.
func TestSafeCellsNeedNoQuotes(t *testing.T) {
	id, err := NewEventID(time.Unix(1_770_000_000, 1000), 1<<39, 7)
	if err != nil {
		t.Fatal(err)
	}
	change := Change{EventID: id, Ordinal: 499}
	row := exportRow{event: &Event{ID: id, Sequence: 1 << 39, OccurredAt: id.OccurredAt(), RecordedAt: id.OccurredAt(), OnBehalf: &Participant{}}, change: &change}
	for number := range int16(40) {
		actor := &Actor{Kind: ActorKind(number%4 + 1)}
		row.event.Category, row.event.Action = Category(number%6+1), Action(number%int16(len(Actions()))+1)
		row.event.Performer.Actor, row.event.OnBehalf.Actor = actor, actor
		change.Operation, change.Redacted = ChangeOperation(number%3+1), number%2 > 0
		for _, column := range exportColumns {
			if !column.safe {
				continue
			}
			if cell := column.write(nil, &row); len(cell) == 0 || !isHarmless(cell) {
				t.Errorf("%s writes %q", column.name, cell)
			}
		}
	}
}

// TestColumnsOfBriefEvents: those that do not ask for more show of a brief event what
// they show of the whole.
func TestColumnsOfBriefEvents(t *testing.T) {
	id, err := NewEventID(time.Unix(1_770_000_000, 1000), 5, 7)
	if err != nil {
		t.Fatal(err)
	}
	text := "text"
	somebody := Participant{ActorID: 1, ProfileID: 1, Actor: &Actor{ID: 1, Kind: 1, ExternalID: "u", Name: &text, Email: &text}, RecordedName: &text}
	whole := &Event{
		ID: id, Sequence: 5, Category: CategorySettings, Action: ActionUpdate, Name: &text, OccurredAt: id.OccurredAt(), RecordedAt: id.OccurredAt(),
		Performer: somebody, OnBehalf: &somebody, About: &somebody, SectionID: 1, Section: &Section{ID: 1, Key: "key", Name: "Name"},
		Object: &Object{Type: "type", ExternalID: "o", Name: &text}, Changes: []Change{{EventID: id, Property: "property", Operation: OperationChanged, Before: JSON("1"), After: JSON("2")}},
		IPAddress: &text, UserAgent: &text, CorrelationID: &text, CausedBy: &id, Metadata: JSON("{}"), Details: &SettingsDetails{},
	}
	brief := &Event{
		ID: id, Sequence: 5, OccurredAt: whole.OccurredAt, Action: whole.Action, Performer: somebody, SectionID: 1, Section: whole.Section,
		Object: &Object{Type: "type", ExternalID: "o"}, Changes: whole.Changes,
	}
	for _, column := range exportColumns {
		cell := func(event *Event) string {
			cursors := &exportCursors{newCursorKey(nil), DefaultExportOrder()}
			return string(column.write(nil, &exportRow{event: event, change: &event.Changes[0], cursors: cursors, names: &DisplayNames{}, repeated: &repeatedObjects{}}))
		}
		if all, some := cell(whole), cell(brief); all == "" || (all != some) != column.more {
			t.Errorf("%s is %q of an event, %q of a brief one", column.name, all, some)
		}
	}
}

// A page is small when its events are large, so that memory stays bounded.
func TestPagesOfLargeEventsAreSmall(t *testing.T) {
	page := func(events, bytes int) []*Event {
		list := make([]*Event, events)
		for i := range list {
			list[i] = &Event{Metadata: make(JSON, bytes)}
		}
		return list
	}
	for _, test := range []struct{ limit, bytes, next int }{
		{100, 0, 400}, {400, 0, 1600}, {1600, 0, maxExportPage}, {maxExportPage, 0, maxExportPage}, {100, 256 << 10, 7}, {2000, 16 << 10, 120}, {3, 8 << 20, 1}, {1, 0, 4},
	} {
		e := &Export{}
		if e.pass(exportPage{events: page(test.limit, test.bytes), limit: test.limit}); e.query.Limit != test.next || e.ended {
			t.Errorf("after %d events of %d bytes come %d, want %d", test.limit, test.bytes, e.query.Limit, test.next)
		}
	}
	changed := page(400, 0)
	for _, event := range changed {
		event.Changes = make([]Change, 4)
	}
	for brief, next := range map[bool]int{false: 1024, true: 1365} {
		e := &Export{query: EventQuery{Fields: Fields{Brief: brief}}}
		if e.pass(exportPage{events: changed, limit: len(changed)}); e.query.Limit != next {
			t.Errorf("after events with 4 changes (brief: %v) come %d, want %d", brief, e.query.Limit, next)
		}
	}
}
