package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
	"daybook/audit/activity"
)

// eventsPerRead is how many events that activities refer to one read brings.
const eventsPerRead = 10_000

// completeActivities puts onto the rows of activities the events they refer to,
// as far as they are selected, with one read for all. Before that it refuses an
// answer that would have more fields than any may.
func (r *Resolver) completeActivities(ctx context.Context, v viewer, answers []*activity.Activity) error {
	selected := selectedActivity(ctx)
	fields := 0
	for _, answer := range answers {
		fields += selected.fieldsOf(answer)
	}
	if fields > defaultCost {
		return tooExpensive(defaultCost, "The answer has more than %d fields. Ask for a shorter range, or for fewer agents or fields.")
	}
	if selected.event == nil {
		return nil
	}
	var wanted []eventSlot
	for _, answer := range answers {
		wanted = append(wanted, selected.slotsOf(answer)...)
	}
	return r.fillEvents(ctx, v, wanted, *selected.event)
}

// eventSlot is a place for an event in an answer.
type eventSlot struct {
	id   audit.EventID
	into **audit.Event
}

func (r *Resolver) fillEvents(ctx context.Context, v viewer, slots []eventSlot, selected eventSelection) error {
	var events []*audit.Event
	for part := range slices.Chunk(slots, eventsPerRead) {
		ids := make([]audit.EventID, len(part))
		for i, slot := range part {
			ids[i] = slot.id
		}
		found, err := r.eventsByID(ctx, v, ids, selected.fields)
		if err != nil {
			return err
		}
		for _, slot := range part {
			*slot.into = found[slot.id]
		}
		for _, event := range found {
			events = append(events, event)
		}
	}
	return r.loadRelated(ctx, v, events, selected)
}

// activitySelection is what a query asks of activities.
type activitySelection struct {
	event *eventSelection // of all events they refer to; nil when none is asked for
	lists map[string]listSelection
}

// listSelection is what is asked of each row of one list.
type listSelection struct {
	fields int
	event  bool
}

// selectedActivity looks at what is selected of the activities that ctx resolves.
func selectedActivity(ctx context.Context) activitySelection {
	selected := activitySelection{lists: map[string]listSelection{}}
	look := lookAhead{graphql.GetOperationContext(ctx)}
	meter := costMeter{variables: look.operation.Variables}
	for _, field := range look.under(ctx, "AgentActivity") {
		list := selected.lists[field.Name]
		list.fields += int(meter.selections(field.Selections).rows(1))
		for _, row := range look.fields(field.Selections, "StatusInterval", "AgentAssignment", "CapacityCrossing", "Lapse") {
			if row.Name == "event" {
				list.event = true
				selected.event = orNew(selected.event)
				look.events(row.Selections, selected.event)
			}
		}
		selected.lists[field.Name] = list
	}
	return selected
}

// fieldsOf is how many fields the lists of an activity have, as selected.
func (s *activitySelection) fieldsOf(a *activity.Activity) int {
	return len(a.StatusTotals)*s.lists["statusTotals"].fields + len(a.Timeline)*s.lists["timeline"].fields +
		len(a.Sessions)*s.lists["sessions"].fields + len(a.Days)*s.lists["days"].fields +
		len(a.Assignments)*s.lists["assignments"].fields + len(a.CapacityCrossings)*s.lists["capacityCrossings"].fields +
		len(a.Lapses)*s.lists["lapses"].fields
}

// slotsOf are the places for the selected events of an activity. An assignment
// from before the range has no event.
func (s *activitySelection) slotsOf(a *activity.Activity) []eventSlot {
	var slots []eventSlot
	add := func(list string, count int, at func(i int) eventSlot) {
		for i := 0; s.lists[list].event && i < count; i++ {
			if slot := at(i); !slot.id.IsZero() {
				slots = append(slots, slot)
			}
		}
	}
	add("timeline", len(a.Timeline), func(i int) eventSlot { return eventSlot{a.Timeline[i].EventID, &a.Timeline[i].Event} })
	add("assignments", len(a.Assignments), func(i int) eventSlot { return eventSlot{a.Assignments[i].EventID, &a.Assignments[i].Event} })
	add("capacityCrossings", len(a.CapacityCrossings), func(i int) eventSlot {
		return eventSlot{a.CapacityCrossings[i].EventID, &a.CapacityCrossings[i].Event}
	})
	add("lapses", len(a.Lapses), func(i int) eventSlot { return eventSlot{a.Lapses[i].EventID, &a.Lapses[i].Event} })
	return slots
}
