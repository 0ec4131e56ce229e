package storetest

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"daybook/audit"
)

func historyPromises() []promise {
	return []promise{
		{"AHistoryIsPagedBothWaysInBothOrders", historyPages},
		{"EventsAreVisitedInOrder", visitInOrder},
		{"AVisitStopsWhenToldTo", visitStops},
		{"AVisitKeepsToItsOrganization", visitKeepsApart},
		{"WhatIsVisitedIsWhatWasRecorded", visitSaysWhatWasRecorded},
		{"ConsequencesArePagedForAllCausesTogether", consequencesTogether},
	}
}

// merging is the customer that the histories below are about.
var merging = audit.ObjectRef{Type: audit.ObjectCustomer, ExternalID: "c-1"}

// manyParts are events in which a customer has every part there is, many of them at
// one instant and recorded in another order than they happened in.
func manyParts() []*audit.Entry {
	var entries []*audit.Entry
	for i := range 60 {
		when := at(after(time.Duration(i*37%20) * time.Second))
		parts := []option{when, customer("c-2")}
		switch i % 6 {
		case 0:
			parts = []option{when, customer("c-1"), on("customer", "c-1"), changing(changed("tier", "", fmt.Sprint(i)))}
		case 1:
			parts = []option{when, customer("c-1"), on("note", "n-1"), changing(changed("tier", "", `"of the note"`))}
		case 2:
			parts = []option{when, customer("c-2", "c-1"), on("customer", "c-2"), changing(changed("tier", "", `"of c-2"`)), doing(audit.ActionMerge)}
		case 3:
			parts = []option{when, customer("c-2", "c-1"), on("customer", "c-1"), changing(changed("phone", `"1"`, `"2"`)), doing(audit.ActionMerge)}
		case 4:
			parts = []option{when, on("customer", "c-1"), doing(audit.ActionDelete)}
		}
		entries = append(entries, entry(parts...))
	}
	return entries
}

func historyPages(t *testing.T, w *workspace) {
	entries := manyParts()
	reference := newReference(entries, w.read(t, w.org, w.recordAll(t, w.org, entries)))
	filter := &audit.Filter{History: &merging}
	for _, field := range []audit.OrderField{audit.OrderOccurredAt, audit.OrderRecordedAt} {
		for _, direction := range []audit.OrderDirection{audit.Ascending, audit.Descending} {
			order := audit.Order{Field: field, Direction: direction}
			all := reference.find(audit.EventQuery{Filter: filter, Order: order, Limit: len(entries)})
			if len(all) != 50 {
				t.Fatalf("%d events have a part of the customer, want 50", len(all))
			}
			for i := 0; i < len(entries); i += 7 {
				edge := position(reference.recorded[i].event)
				for _, size := range []int{1, 7, 100} {
					for _, fromEnd := range []bool{false, true} {
						checkScan(t, w, w.org, reference, audit.EventQuery{Filter: filter, Order: order, After: &edge, Limit: size, FromEnd: fromEnd, Fields: audit.AllFields})
						checkScan(t, w, w.org, reference, audit.EventQuery{Filter: filter, Order: order, Before: &edge, Limit: size, FromEnd: fromEnd, Fields: audit.AllFields})
					}
				}
			}
		}
	}
}

// visited are the events of a visit.
func (w *workspace) visited(t *testing.T, organization audit.OrganizationID, query audit.ObjectQuery) []audit.ObjectEvent {
	t.Helper()
	var events []audit.ObjectEvent
	err := w.VisitObject(w.ctx, organization, query, func(event *audit.ObjectEvent) bool {
		events = append(events, *event)
		return true
	})
	if err != nil {
		t.Fatalf("VisitObject(%s): %v", show(query), err)
	}
	return events
}

// saidOf is what a visit must give of these events.
func saidOf(events []*audit.Event, query audit.ObjectQuery) []audit.ObjectEvent {
	var all []audit.ObjectEvent
	for _, event := range events {
		said, about := audit.ObjectEventOf(event, query.Object)
		within := bytes.Compare(said.ID[:], query.From[:]) >= 0 && (query.Before.IsZero() || bytes.Compare(said.ID[:], query.Before[:]) < 0)
		if about && within {
			all = append(all, said)
		}
	}
	slices.SortFunc(all, func(a, b audit.ObjectEvent) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return all[:min(len(all), query.Limit)]
}

func visitInOrder(t *testing.T, w *workspace) {
	entries := manyParts()
	events := w.read(t, w.org, w.recordAll(t, w.org, entries))
	first, last := events[7].ID, events[40].ID
	if bytes.Compare(first[:], last[:]) > 0 {
		first, last = last, first
	}
	customers := []audit.Category{audit.CategoryCustomer}
	for _, query := range []audit.ObjectQuery{
		{Limit: 1000},
		{Limit: 1},
		{Limit: 13},
		{Limit: 1000, From: first},
		{Limit: 1000, Before: last},
		{Limit: 1000, From: first, Before: last},
		{Limit: 3, From: first, Before: last},
		{Limit: 1000, From: last, Before: first},
		{Limit: 1000, Categories: customers},
		{Limit: 5, From: first, Categories: customers},
	} {
		for _, object := range []audit.ObjectRef{
			merging, {Type: "customer", ExternalID: "c-2"}, {Type: "note", ExternalID: "n-1"}, {Type: "customer", ExternalID: "nobody"}, {Type: "rule", ExternalID: "c-1"},
		} {
			query.Object = object
			seen := events
			if query.Categories != nil {
				seen = slices.DeleteFunc(slices.Clone(events), func(e *audit.Event) bool { return e.Category != audit.CategoryCustomer })
			}
			same(t, show(query), w.visited(t, w.org, query), saidOf(seen, query))
		}
	}
}

func visitStops(t *testing.T, w *workspace) {
	w.recordAll(t, w.org, manyParts())
	for want := 1; want < 40; want += 6 {
		n := 0
		err := w.VisitObject(w.ctx, w.org, audit.ObjectQuery{Object: merging, Limit: 1000}, func(*audit.ObjectEvent) bool {
			n++
			return n < want
		})
		if err != nil || n != want {
			t.Errorf("%d events were visited, want %d: %v", n, want, err)
		}
	}
	if n := len(w.visited(t, w.org, audit.ObjectQuery{Object: merging})); n != 0 {
		t.Errorf("a limit of 0 visited %d events", n)
	}
}

func visitKeepsApart(t *testing.T, w *workspace) {
	w.recordAll(t, w.other, manyParts())
	if n := len(w.visited(t, w.org, audit.ObjectQuery{Object: merging, Limit: 1000})); n != 0 {
		t.Errorf("%d events of another organization were visited", n)
	}
}

// visitSaysWhatWasRecorded: values come as they were sent, redacted ones as they
// were kept.
func visitSaysWhatWasRecorded(t *testing.T, w *workspace) {
	hidden := redacted("token", audit.OperationChanged)
	shown := changed("criteria", `{"a": 1.0 }`, `[ "x", null ]`)
	shown.GivenTexts = audit.ChangeTexts{Before: ptr("one"), After: ptr("")}
	event := w.recordOne(t, entry(on("rule", "r"), changing(shown, hidden, changed("gone", `"\u00e9"`, "")), doing(audit.ActionCreate), func(e *audit.Entry) {
		e.Object.Name = ptr("Élan")
	}))
	got := w.visited(t, w.org, audit.ObjectQuery{Object: audit.ObjectRef{Type: "rule", ExternalID: "r"}, Limit: 1})
	same(t, "visited", got, []audit.ObjectEvent{
		{ID: event.ID, Own: true, Action: audit.ActionCreate, Name: ptr("Élan"), Changes: event.Changes},
	})
}
