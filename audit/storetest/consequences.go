package storetest

import (
	"slices"
	"testing"
	"time"

	"daybook/audit"
)

// chains are many causes: the first has 30 consequences, the next 29, and so on,
// spread over the log and partly at one instant.
func chains(causes int) []*audit.Entry {
	var entries []*audit.Entry
	for range causes {
		entries = append(entries, entry(by(namedUser("ann", "Ann"))))
	}
	for round := range 30 {
		for cause := range min(causes, 30-round) {
			entries = append(entries, entry(at(after(time.Duration(round/3)*time.Minute)), func(e *audit.Entry) { e.CauseIndex = cause }))
		}
	}
	return entries
}

// consequencesTogether asks for the consequences of some events at once and expects
// of each what a filter for it finds.
func consequencesTogether(t *testing.T, w *workspace) {
	entries := chains(250) // more than one statement asks for
	events := w.read(t, w.org, w.record(t, w.org, entries...))
	reference := newReference(entries, events)
	w.record(t, w.other, entries[:251]...)
	causes := idsOf(events[:250])
	middle := events[400]
	for _, query := range []audit.EventQuery{
		{Limit: 1},
		{Limit: 5},
		{Limit: 100},
		{Limit: 5, FromEnd: true},
		{Limit: 0},
		{Limit: 5, After: ptr(position(middle))},
		{Limit: 5, Before: ptr(position(middle))},
		{Limit: 3, After: ptr(position(middle)), FromEnd: true},
	} {
		query.Order, query.Fields = byOccurrence, audit.AllFields
		found, err := w.FindConsequences(w.ctx, w.org, causes, query)
		if err != nil {
			t.Fatalf("FindConsequences(%s): %v", show(query), err)
		}
		of := map[audit.EventID][]audit.EventID{}
		for _, event := range found {
			of[*event.CausedBy] = append(of[*event.CausedBy], event.ID)
			if event.Performer.Actor == nil || event.Section == nil {
				t.Errorf("%s came without what was asked for", event.ID)
			}
		}
		total := 0
		for _, cause := range causes {
			query.Filter = &audit.Filter{CausedBy: []audit.EventID{cause}}
			want := reference.find(query)
			if total += len(want); !slices.Equal(of[cause], want) {
				t.Errorf("%s caused %v, want %v", cause, of[cause], want)
			}
		}
		if len(found) != total {
			t.Errorf("%d events were found, want %d", len(found), total)
		}
	}
	if found, err := w.FindConsequences(w.ctx, w.other, causes, audit.EventQuery{Order: byOccurrence, Limit: 10}); err != nil || len(found) != 0 {
		t.Errorf("another organization sees %d consequences: %v", len(found), err)
	}
}
