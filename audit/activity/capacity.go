package activity

import (
	"time"

	"daybook/audit"
)

// CrossingDirection says which way the line of full capacity was crossed.
type CrossingDirection int

// The directions.
const (
	Over CrossingDirection = iota + 1
	BackUnder
)

// CapacityCrossing is a moment in which an agent's used capacity rose above the
// total, or fell to the total or below.
type CapacityCrossing struct {
	At           time.Time
	Direction    CrossingDirection
	Capacity     audit.Capacity // after it
	Conversation *audit.Object  // that caused it; nil when the total was changed
	EventID      audit.EventID
	Event        *audit.Event // nil unless it was asked for
}

// crossings compares each capacity with the one before: as the event says, else
// as the log has it. Where neither is known nothing is crossed.
func (w *work) crossings() []CapacityCrossing {
	list := []CapacityCrossing{}
	known := w.knownCapacity()
	for _, e := range w.events {
		change := e.Details.Capacity
		if change == nil {
			continue
		}
		before := known
		if change.Before != nil {
			before = change.Before
		}
		known = &change.After
		if before == nil || isOver(*before) == isOver(*known) {
			continue
		}
		direction := BackUnder
		if isOver(*known) {
			direction = Over
		}
		list = append(list, CapacityCrossing{
			At: e.OccurredAt(), Direction: direction, Capacity: *known, Conversation: e.Details.ConversationObject(), EventID: e.ID,
		})
	}
	return list
}

// knownCapacity is the capacity at the beginning of the range; nil: unknown.
func (w *work) knownCapacity() *audit.Capacity {
	if w.capacity == nil {
		return nil
	}
	return &w.capacity.Details.Capacity.After
}

func isOver(c audit.Capacity) bool { return c.State() == audit.CapacityOver }

// capacitySeconds adds up the time without room, and of it that over capacity.
// What an agent holds while offline keeps nobody waiting, so it does not count.
func (w *work) capacitySeconds() (atOrOver, over int) {
	capacity, away, since := w.knownCapacity(), w.status != nil && offline(w.status.Details.Status), w.From
	count := func(until time.Time) {
		if capacity != nil && !away {
			switch capacity.State() {
			case audit.CapacityOver:
				over += seconds(since, until)
				fallthrough
			case audit.CapacityFull:
				atOrOver += seconds(since, until)
			}
		}
		since = until
	}
	for _, e := range w.events {
		count(e.OccurredAt())
		if e.Details.Capacity != nil {
			capacity = &e.Details.Capacity.After
		}
		if e.Details.Status != nil {
			away = offline(e.Details.Status)
		}
	}
	count(w.To)
	return atOrOver, over
}
