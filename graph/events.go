package graph

import (
	"context"
	"maps"
	"slices"

	"daybook/audit"
)

// events answers a connection of the events that match a filter.
func (r *Resolver) events(ctx context.Context, filter *audit.Filter, order *audit.Order, page audit.PageRequest) (*audit.EventPage, error) {
	return r.page(ctx, order, page, func(v viewer, request audit.EventPageRequest) (*audit.EventPage, error) {
		request.Filter = filter
		return r.reader.Events(ctx, v.Viewer, request)
	})
}

// page answers a connection of events: what read gives for a request that asks for
// what is selected, and the causes that are.
func (r *Resolver) page(ctx context.Context, order *audit.Order, page audit.PageRequest,
	read func(viewer, audit.EventPageRequest) (*audit.EventPage, error),
) (*audit.EventPage, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	selected := selectedPage(ctx)
	answer, err := read(v, audit.EventPageRequest{
		Order: orderOrDefault(order), Page: page, Fields: selected.events.fields, CountOnly: selected.countsAlone(page),
		SearchedThrough: selected.searchedThrough, Coverage: selected.coverage,
	})
	if err != nil {
		return nil, err
	}
	if !selected.events.related() {
		return answer, nil
	}
	return answer, r.loadRelated(ctx, v, answer.Nodes(), selected.events)
}

// loadRelated puts onto the events the causes and the consequences that are selected
// of them, with one read for each level of either, whatever the number of events. A
// viewer who may not read them gets none; the field itself says why.
func (r *Resolver) loadRelated(ctx context.Context, v viewer, events []*audit.Event, selected eventSelection) error {
	if v.ObjectHistoryOnly || len(events) == 0 {
		return nil
	}
	if selected.cause != nil {
		if err := r.loadCauses(ctx, v, events, *selected.cause); err != nil {
			return err
		}
	}
	for _, page := range selected.consequences {
		if err := r.loadConsequences(ctx, v, events, page); err != nil {
			return err
		}
	}
	return nil
}

// loadCauses puts onto the events what caused them.
func (r *Resolver) loadCauses(ctx context.Context, v viewer, events []*audit.Event, selected eventSelection) error {
	causes, err := r.eventsByID(ctx, v, causeIDs(events), selected.fields)
	if err != nil {
		return err
	}
	for _, event := range events {
		if event.CausedBy != nil {
			event.Cause = causes[*event.CausedBy]
		}
	}
	return r.loadRelated(ctx, v, slices.Collect(maps.Values(causes)), selected)
}

// loadConsequences puts onto the events one page of what they caused.
func (r *Resolver) loadConsequences(ctx context.Context, v viewer, events []*audit.Event, selected consequenceSelection) error {
	err := r.reader.LoadConsequences(ctx, v.Viewer, events, audit.EventPageRequest{
		Page: selected.request, Fields: selected.page.events.fields, CountOnly: selected.page.countsAlone(selected.request),
		Coverage: selected.page.coverage,
	})
	if err != nil {
		return err
	}
	var caused []*audit.Event
	for _, event := range events {
		page, err := event.Consequences(selected.request.First, selected.request.After, selected.request.Last, selected.request.Before)
		if err != nil {
			return err
		}
		caused = append(caused, page.Nodes()...)
	}
	return r.loadRelated(ctx, v, caused, selected.page.events)
}

// loadResultEvents puts onto the results the events they name, with one read for
// all, and one for each level of causedBy and consequences.
func (r *Resolver) loadResultEvents(ctx context.Context, v viewer, results []audit.RecordResult) error {
	selected := selectedResult(ctx)
	if selected == nil || v.ObjectHistoryOnly {
		return nil
	}
	var ids []audit.EventID
	for _, result := range results {
		if result.EventID != nil {
			ids = append(ids, *result.EventID)
		}
	}
	found, err := r.eventsByID(ctx, v, ids, selected.fields)
	if err != nil {
		return err
	}
	events := make([]*audit.Event, 0, len(found))
	for i, result := range results {
		if result.EventID != nil {
			results[i].Event = found[*result.EventID]
		}
	}
	for _, event := range found {
		events = append(events, event)
	}
	return r.loadRelated(ctx, v, events, *selected)
}

// eventsByID reads events in one go; ids may repeat.
func (r *Resolver) eventsByID(ctx context.Context, v viewer, ids []audit.EventID, fields audit.Fields) (map[audit.EventID]*audit.Event, error) {
	found := make(map[audit.EventID]*audit.Event, len(ids))
	distinct := ids[:0:0]
	for _, id := range ids {
		if _, again := found[id]; !again {
			found[id] = nil
			distinct = append(distinct, id)
		}
	}
	events, err := r.reader.EventsByID(ctx, v.Viewer, distinct, fields)
	if err != nil {
		return nil, err
	}
	clear(found)
	for _, event := range events {
		found[event.ID] = event
	}
	return found, nil
}

func causeIDs(events []*audit.Event) []audit.EventID {
	var ids []audit.EventID
	for _, event := range events {
		if event.CausedBy != nil {
			ids = append(ids, *event.CausedBy)
		}
	}
	return ids
}

// orderOrDefault is the order asked for: when nothing is said, when it happened,
// newest first.
func orderOrDefault(order *audit.Order) audit.Order {
	if order == nil {
		return audit.Order{Field: audit.OrderOccurredAt, Direction: audit.Descending}
	}
	return *order
}

func pageRequest(first *int, after *string, last *int, before *string) audit.PageRequest {
	return audit.PageRequest{First: first, After: after, Last: last, Before: before}
}
