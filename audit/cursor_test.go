package audit

import (
	"testing"
	"time"
)

func TestCursorNamesItsOrder(t *testing.T) {
	key, other := []byte("one organization"), []byte("another organization")
	id, _ := NewEventID(time.Unix(1_770_000_000, 0), 5, 1)
	event := &Event{ID: id, Sequence: 5}
	orders := []Order{
		{OrderOccurredAt, Descending}, {OrderOccurredAt, Ascending}, {OrderRecordedAt, Descending}, {OrderRecordedAt, Ascending},
	}
	for _, order := range orders {
		cursor := encodeEventCursor(key, order, event)
		for _, asked := range orders {
			position, err := decodeEventCursor(key, asked, &cursor)
			switch {
			case order == asked && (err != nil || *position != wantPosition(order, event)):
				t.Errorf("%v: %v, %v", order, position, err)
			case order != asked && ErrorCode(err) != CodeBadCursor:
				t.Errorf("a cursor of %v under %v: %v", order, asked, err)
			}
		}
		if _, err := decodeEventCursor(other, order, &cursor); ErrorCode(err) != CodeBadCursor {
			t.Errorf("another organization's cursor: %v", err)
		}
		if _, err := decodeActorCursor(key, &cursor); ErrorCode(err) != CodeBadCursor {
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
	key := []byte("key")
	order := Order{OrderOccurredAt, Descending}
	id, _ := NewEventID(time.Unix(1_770_000_000, 0), 5, 1)
	f.Add(encodeEventCursor(key, order, &Event{ID: id}))
	f.Add("")
	f.Add("AQ")
	f.Fuzz(func(t *testing.T, cursor string) {
		position, err := decodeEventCursor(key, order, &cursor)
		if err == nil && encodeEventCursor(key, order, &Event{ID: position.ID}) != cursor {
			t.Errorf("%q was taken for %s", cursor, position.ID)
		}
		if err != nil && ErrorCode(err) != CodeBadCursor {
			t.Errorf("%q: %v", cursor, err)
		}
	})
}
