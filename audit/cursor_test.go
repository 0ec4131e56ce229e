package audit

import (
	"testing"
	"time"
)

func TestCursorNamesItsOrder(t *testing.T) {
	key, other := newCursorKey([]byte("one organization")), newCursorKey([]byte("another organization"))
	id, _ := NewEventID(time.Unix(1_770_000_000, 0), 5, 1)
	event := &Event{ID: id, Sequence: 5}
	orders := []Order{
		{OrderOccurredAt, Descending}, {OrderOccurredAt, Ascending}, {OrderRecordedAt, Descending}, {OrderRecordedAt, Ascending},
	}
	for _, order := range orders {
		cursor := key.event(order, event)
		for _, asked := range orders {
			position, err := key.readEvent(asked, &cursor)
			switch {
			case order == asked && (err != nil || *position != wantPosition(order, event)):
				t.Errorf("%v: %v, %v", order, position, err)
			case order != asked && ErrorCode(err) != CodeBadCursor:
				t.Errorf("a cursor of %v under %v: %v", order, asked, err)
			}
		}
		if _, err := other.readEvent(order, &cursor); ErrorCode(err) != CodeBadCursor {
			t.Errorf("another organization's cursor: %v", err)
		}
		if _, err := key.readActor(&cursor); ErrorCode(err) != CodeBadCursor {
			t.Errorf("an event's cursor for actors: %v", err)
		}
	}
}

func wantPosition(order Order, event *Event) Position {
	if order.Field == OrderRecordedAt {
		return Position{Sequence: event.Sequence}
	}
	return Position{ID: event.ID}
}

func FuzzCursor(f *testing.F) {
	key := newCursorKey([]byte("key"))
	order := Order{OrderOccurredAt, Descending}
	id, _ := NewEventID(time.Unix(1_770_000_000, 0), 5, 1)
	f.Add(key.event(order, &Event{ID: id}))
	f.Add("")
	f.Add("AQ")
	f.Fuzz(func(t *testing.T, cursor string) {
		position, err := key.readEvent(order, &cursor)
		if err == nil && key.event(order, &Event{ID: position.ID}) != cursor {
			t.Errorf("%q was taken for %s", cursor, position.ID)
		}
		if err != nil && ErrorCode(err) != CodeBadCursor {
			t.Errorf("%q: %v", cursor, err)
		}
	})
}
