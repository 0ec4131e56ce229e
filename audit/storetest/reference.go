package storetest

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"daybook/audit"
)

// reference answers queries in the plainest way there is: it looks at every
// event and asks of each whether it matches. Engines must agree with it.
type reference struct {
	recorded []recorded // in recording order
}

// recorded is an event as it was read back, and what it was made from.
type recorded struct {
	event *audit.Event
	entry *audit.Entry
}

// newReference takes the entries and the events that became of them, read with
// audit.AllFields after the last of them was recorded.
func newReference(entries []*audit.Entry, events []*audit.Event) *reference {
	r := &reference{}
	for i := range entries {
		r.recorded = append(r.recorded, recorded{event: events[i], entry: entries[i]})
	}
	return r
}

// find gives the ids that FindEvents must give.
func (r *reference) find(query audit.EventQuery) []audit.EventID {
	events := r.matching(query.Filter)
	slices.SortFunc(events, func(a, b *audit.Event) int { return compare(query.Order, position(a), position(b)) })
	events = slices.DeleteFunc(events, func(e *audit.Event) bool { return !between(query, e) })
	n := min(query.Limit, len(events))
	if query.FromEnd {
		return idsOf(events[len(events)-n:])
	}
	return idsOf(events[:n])
}

// between says whether an event lies between the positions of a query.
func between(query audit.EventQuery, e *audit.Event) bool {
	return (query.After == nil || compare(query.Order, position(e), *query.After) > 0) &&
		(query.Before == nil || compare(query.Order, position(e), *query.Before) < 0)
}

func (r *reference) matching(filter *audit.Filter) []*audit.Event {
	var events []*audit.Event
	for _, one := range r.recorded {
		if one.matches(filter) {
			events = append(events, one.event)
		}
	}
	return events
}

func position(e *audit.Event) audit.Position {
	return audit.Position{ID: e.ID, Sequence: e.Sequence}
}

// compare is negative where a comes before b in the order.
func compare(order audit.Order, a, b audit.Position) int {
	result := bytes.Compare(a.ID[:], b.ID[:])
	if order.Field == audit.OrderRecordedAt {
		result = cmp.Compare(a.Sequence, b.Sequence)
	}
	if order.Direction == audit.Descending {
		return -result
	}
	return result
}

func (r recorded) matches(f *audit.Filter) bool {
	return f == nil ||
		r.matchesEvent(f) && r.matchesActors(f) && r.matchesObjects(f) && r.matchesChanges(f) && r.matchesDetails(f) &&
			r.matchesCombined(f)
}

func (r recorded) matchesEvent(f *audit.Filter) bool {
	return within(f.OccurredAt, r.event.OccurredAt) &&
		within(f.RecordedAt, r.event.RecordedAt) &&
		oneOf(f.Categories, r.entry.Category) &&
		oneOf(f.Actions, r.entry.Action) &&
		oneOfOptional(f.EventNames, r.entry.EventName) &&
		oneOf(f.Sections, r.entry.Section) &&
		oneOfOptional(f.CorrelationIDs, r.entry.CorrelationID) &&
		oneOfOptional(f.CausedBy, r.event.CausedBy) &&
		inAddresses(f.IPAddresses, r.entry.AddressKey) &&
		(f.Text == nil || bytes.Contains([]byte(r.entry.SearchText), []byte(audit.Fold(*f.Text))))
}

func (r recorded) matchesCombined(f *audit.Filter) bool {
	matches := func(f audit.Filter) bool { return r.matches(&f) }
	fails := func(f audit.Filter) bool { return !r.matches(&f) }
	return !slices.ContainsFunc(f.AllOf, fails) &&
		(f.AnyOf == nil || slices.ContainsFunc(f.AnyOf, matches)) &&
		(f.Not == nil || !r.matches(f.Not))
}

// oneOf says whether the list has the value; nil is no condition.
func oneOf[T comparable](list []T, value T) bool { return list == nil || slices.Contains(list, value) }

// oneOfOptional is oneOf for what an event may lack.
func oneOfOptional[T comparable](list []T, value *T) bool {
	return list == nil || value != nil && slices.Contains(list, *value)
}

func within(r *audit.TimeRange, t time.Time) bool {
	return r == nil || (r.From == nil || !t.Before(*r.From)) && (r.To == nil || t.Before(*r.To))
}

func inAddresses(blocks []string, key []byte) bool {
	return blocks == nil || key != nil && slices.ContainsFunc(blocks, func(block string) bool {
		low, high, err := audit.AddressRange(block)
		return err == nil && bytes.Compare(low[:], key) <= 0 && bytes.Compare(key, high[:]) <= 0
	})
}
