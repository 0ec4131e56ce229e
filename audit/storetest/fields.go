package storetest

import (
	"fmt"
	"strings"
	"testing"

	"daybook/audit"
)

func fieldPromises() []promise {
	return []promise{
		{"WhatWasAskedForIsThere", askedForIsThere},
		{"BriefEventsLackNothingElse", briefEvents},
		{"LargePagesHaveWholeEvents", wholeEvents},
		{"PagesOfTooManyBytesAreRefused", bytesOfPages},
		{"EventsOfOthersAreNotGivenByID", eventsOfOthers},
		{"AnEventIsGivenOnce", eventIsGivenOnce},
	}
}

func askedForIsThere(t *testing.T, w *workspace) {
	var entries []*audit.Entry
	for _, e := range fullEntries() {
		entries = append(entries, e, entry(detailed(e.Details)))
	}
	appended := w.record(t, w.org, entries...)
	complete := w.read(t, w.org, appended)
	for i := range 8 {
		fields := audit.Fields{Actors: i&1 > 0, Names: i&2 > 0, Sections: i&4 > 0}
		t.Run(fmt.Sprintf("%+v", fields), func(t *testing.T) {
			query := oldestFirst(nil)
			query.Fields = fields
			scanned := w.find(t, w.org, query)
			byID, err := w.EventsByID(w.ctx, w.org, eventIDs(appended), fields)
			if err != nil || len(byID) != len(complete) || len(scanned) != len(complete) {
				t.Fatalf("%d scanned, %d by id, want %d: %v", len(scanned), len(byID), len(complete), err)
			}
			for _, event := range append(scanned, byID...) {
				same(t, "event", event, cutDown(*complete[event.Sequence-1], fields))
			}
		})
	}
}

// briefEvents compares brief events, on a page so large that engines leave out what
// they may, with whole ones.
func briefEvents(t *testing.T, w *workspace) {
	var entries []*audit.Entry
	for len(entries) < 300 {
		entries = append(entries, fullEntries()...)
	}
	w.record(t, w.org, entries...)
	query := audit.EventQuery{Order: byRecording, Limit: len(entries), Fields: audit.AllFields}
	whole := w.find(t, w.org, query)
	query.Fields.Brief = true
	brief := w.find(t, w.org, query)
	if len(whole) != len(entries) || len(brief) != len(entries) {
		t.Fatalf("%d events and %d brief ones, want %d", len(whole), len(brief), len(entries))
	}
	for i, event := range brief {
		same(t, "event", inBrief(event), inBrief(whole[i]))
	}
}

// wholeEvents: an engine may read large pages of the whole log in a way of their
// own.
func wholeEvents(t *testing.T, w *workspace) {
	var entries []*audit.Entry
	for len(entries) < 600 {
		entries = append(entries, fullEntries()...)
	}
	recorded := w.record(t, w.org, entries...)
	for _, direction := range []audit.OrderDirection{audit.Ascending, audit.Descending} {
		query := audit.EventQuery{
			Order: audit.Order{Field: audit.OrderRecordedAt, Direction: direction}, Limit: len(entries) / 2, Fields: audit.AllFields,
		}
		page := w.find(t, w.org, query)
		if len(page) != query.Limit {
			t.Fatalf("%d events %s, want %d", len(page), direction, query.Limit)
		}
		for i, event := range page {
			if direction == audit.Descending {
				i = len(recorded) - 1 - i
			}
			same(t, "event", event, w.read(t, w.org, recorded[i:i+1])[0])
		}
	}
}

// bytesOfPages reads pages of events of a thousand bytes each, within a bound and
// beyond it, in each of the ways in which engines may read them.
func bytesOfPages(t *testing.T, w *workspace) {
	var entries []*audit.Entry
	for i := range 40 {
		text := changed("text", "", `"`+strings.Repeat("x", 1000)+`"`)
		entries = append(entries, entry(on("large", fmt.Sprint(i)), changing(text)))
	}
	w.record(t, w.org, entries...)
	for _, order := range []audit.Order{byRecording, {Field: audit.OrderOccurredAt, Direction: audit.Descending}} {
		for _, filter := range []*audit.Filter{nil, {ObjectTypes: []string{"large"}}} {
			for _, brief := range []bool{false, true} {
				query := audit.EventQuery{Filter: filter, Order: order, Limit: 30, Fields: audit.Fields{Brief: brief}, Bytes: 60_000}
				if found := w.find(t, w.org, query); len(found) != query.Limit {
					t.Errorf("%+v: %d events within the bound", query, len(found))
				}
				query.Bytes = 20_000
				if _, err := w.FindEvents(w.ctx, w.org, query); audit.ErrorCode(err) != audit.CodeQueryTooExpensive {
					t.Errorf("%+v: beyond the bound: %v", query, err)
				}
				query.Limit = 10
				if found := w.find(t, w.org, query); len(found) != query.Limit {
					t.Errorf("%+v: %d events within the bound", query, len(found))
				}
			}
		}
	}
}

// inBrief is of an event what a brief one has.
func inBrief(e *audit.Event) *audit.Event {
	brief := &audit.Event{
		ID: e.ID, Sequence: e.Sequence, OccurredAt: e.OccurredAt, Action: e.Action,
		Performer: e.Performer, SectionID: e.SectionID, Section: e.Section, Changes: e.Changes,
	}
	if e.Object != nil {
		brief.Object = &audit.Object{Type: e.Object.Type, ExternalID: e.Object.ExternalID}
	}
	return brief
}

// cutDown leaves of a complete event what was asked for.
func cutDown(event audit.Event, fields audit.Fields) *audit.Event {
	event.Performer = *cutDownParticipant(&event.Performer, fields)
	event.OnBehalf = cutDownParticipant(event.OnBehalf, fields)
	event.About = cutDownParticipant(event.About, fields)
	if !fields.Sections {
		event.Section = nil
	}
	switch details := event.Details.(type) {
	case *audit.AuthorizationDetails:
		event.Details = &audit.AuthorizationDetails{
			About: event.About, Outcome: details.Outcome, AttemptedLogin: details.AttemptedLogin,
		}
	case *audit.WorkSessionDetails:
		cut := *details
		cut.About = event.About
		event.Details = &cut
	}
	return &event
}

func cutDownParticipant(p *audit.Participant, fields audit.Fields) *audit.Participant {
	if p == nil {
		return nil
	}
	cut := *p
	if !fields.Actors {
		cut.Actor = nil
	}
	if !fields.Names {
		cut.RecordedName = nil
	}
	return &cut
}

func eventsOfOthers(t *testing.T, w *workspace) {
	mine := w.record(t, w.org, entry())[0].ID
	theirs := w.record(t, w.other, entry())[0].ID
	never, err := audit.NewEventID(noon, 99, w.org)
	if err != nil {
		t.Fatal(err)
	}
	events, err := w.EventsByID(w.ctx, w.org, []audit.EventID{theirs, mine, never, {}}, audit.AllFields)
	if err != nil || len(events) != 1 || events[0].ID != mine {
		t.Errorf("EventsByID gave %s, %v; want only the organization's own", showIDs(idsOf(events)), err)
	}
}

func eventIsGivenOnce(t *testing.T, w *workspace) {
	id := w.record(t, w.org, entry())[0].ID
	events, err := w.EventsByID(w.ctx, w.org, []audit.EventID{id, id}, audit.AllFields)
	if err != nil || len(events) != 1 {
		t.Errorf("EventsByID of one id twice gave %s, %v", showIDs(idsOf(events)), err)
	}
	if events, err := w.EventsByID(w.ctx, w.org, nil, audit.AllFields); err != nil || len(events) != 0 {
		t.Errorf("EventsByID of none gave %s, %v", showIDs(idsOf(events)), err)
	}
}
