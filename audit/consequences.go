package audit

import (
	"context"
	"errors"
	"fmt"
)

// consequenceOrder is the order of consequences: one follows from the other.
var consequenceOrder = Order{Field: OrderOccurredAt, Direction: Ascending}

// LoadConsequences gives each of the events the page of its consequences that is
// asked for, oldest first, with one read for all of them; [Event.Consequences] then
// answers it. The filter and the order of the request are not looked at. It fails
// as EventsByID does, and as Events does for a page or a cursor.
func (r *Reader) LoadConsequences(ctx context.Context, viewer Viewer, events []*Event, request EventPageRequest) error {
	if err := viewer.mayReadAll(); err != nil {
		return err
	}
	request.Order = consequenceOrder
	w, err := request.Page.window()
	if err != nil {
		return err
	}
	cursors, err := r.cursors(ctx, viewer)
	if err != nil {
		return err
	}
	query := EventQuery{Order: request.Order, FromEnd: w.fromEnd, Limit: w.size + 1, Fields: request.Fields}
	if query.After, err = cursors.readEvent(request.Order, request.Page.After); err != nil {
		return err
	}
	if query.Before, err = cursors.readEvent(request.Order, request.Page.Before); err != nil {
		return err
	}
	var covered *Coverage
	if request.Coverage { // before the events, so that it says no more than they hold
		if covered, err = r.events.FindCoverage(ctx, viewer.Organization); err != nil {
			return err
		}
	}
	var found map[EventID][]*Event
	if !request.CountOnly {
		if found, err = r.findConsequences(ctx, viewer, events, query); err != nil {
			return err
		}
	}
	for _, event := range events {
		page := &EventPage{reader: r, organization: viewer.Organization, filter: &Filter{CausedBy: []EventID{event.ID}}}
		page.Coverage = covered.of(page, query)
		page.fill(found[event.ID], w, request, cursors)
		if event.consequences == nil {
			event.consequences = map[string]*EventPage{}
		}
		event.consequences[request.Page.key()] = page
	}
	return nil
}

// findConsequences gives the consequences of each event.
func (r *Reader) findConsequences(ctx context.Context, viewer Viewer, events []*Event, query EventQuery) (map[EventID][]*Event, error) {
	ids := make([]EventID, len(events))
	for i, event := range events {
		ids[i] = event.ID
	}
	rows, err := r.events.FindConsequences(ctx, viewer.Organization, eventIDs(ids), query)
	if err != nil {
		return nil, err
	}
	found := map[EventID][]*Event{}
	for _, row := range rows {
		found[*row.CausedBy] = append(found[*row.CausedBy], row)
	}
	return found, nil
}

// Consequences is a page of the events that this one caused. It fails unless
// [Reader.LoadConsequences] was asked for that page.
func (e *Event) Consequences(first *int, after *string, last *int, before *string) (*EventPage, error) {
	request := PageRequest{First: first, After: after, Last: last, Before: before}
	page := e.consequences[request.key()]
	if page == nil {
		return nil, errors.New("the consequences of " + e.ID.String() + " were not loaded")
	}
	return page, nil
}

// Equal says whether both ask for the same.
func (p PageRequest) Equal(other PageRequest) bool { return p.key() == other.key() }

// key tells one request from another.
func (p PageRequest) key() string {
	return keyOf(p.First) + keyOf(p.After) + keyOf(p.Last) + keyOf(p.Before)
}

func keyOf[T any](value *T) string {
	if value == nil {
		return "-,"
	}
	return fmt.Sprintf("%q,", fmt.Sprint(*value))
}
