package storetest

import (
	"log/slog"
	"reflect"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"daybook/audit"
)

func coveragePromises() []promise {
	return []promise{
		{"AnEmptyLogCoversNothing", emptyLogCovers},
		{"EachClockHasItsOldest", oldestByEachClock},
		{"LateEventsAreCounted", lateEvents},
		{"NewEventsAreNotLate", newEventsAreNotLate},
		{"AnythingLateAgrees", anythingLateAgrees},
		{"ACountOfManyIsAtLeast", manyAreAtLeast},
	}
}

// emptyLogCovers: what others have recorded is not seen.
func emptyLogCovers(t *testing.T, w *workspace) {
	w.record(t, w.other, entry())
	c := w.coverage(t, w.org)
	if !reflect.DeepEqual(c, &audit.Coverage{}) {
		t.Errorf("an empty log covers %s", show(c))
	}
}

func oldestByEachClock(t *testing.T, w *workspace) {
	appended := w.record(t, w.org, entry(at(after(time.Hour))))
	appended = append(appended, w.record(t, w.org, entry(at(after(time.Minute))), entry(at(after(2*time.Hour))))...)
	w.record(t, w.other, entry(at(noon)))
	want := &audit.Coverage{OldestOccurredAt: ptr(after(time.Minute)), OldestRecordedAt: &appended[0].RecordedAt, LastSequence: 3}
	if c := w.coverage(t, w.org); !reflect.DeepEqual(c, want) {
		t.Errorf("the log covers %s, want %s", show(c), show(want))
	}
}

func (w *workspace) coverage(t rapid.TB, organization audit.OrganizationID) *audit.Coverage {
	t.Helper()
	c, err := w.FindCoverage(w.ctx, organization)
	if err != nil {
		t.Fatalf("FindCoverage: %v", err)
	}
	return c
}

// expectLate expects that many late events.
func (w *workspace) expectLate(t rapid.TB, organization audit.OrganizationID, query audit.LateQuery, want int) {
	t.Helper()
	got, err := w.CountLate(w.ctx, organization, query)
	if err != nil || got != want {
		t.Errorf("CountLate(%s): %d, %v; want %d", show(query), got, err, want)
	}
}

// lateEvents: the first three events are known, six came after them.
func lateEvents(t *testing.T, w *workspace) {
	minutes := func(n int) option { return at(after(time.Duration(n) * time.Minute)) }
	events := w.read(t, w.org, w.record(t, w.org, entry(minutes(10)), entry(minutes(20)), entry(minutes(30))))
	w.record(t, w.org, entry(minutes(5)), entry(minutes(15)), entry(minutes(15), in("team")))
	w.record(t, w.org, entry(minutes(25)), entry(minutes(35)), entry(minutes(20)))
	w.record(t, w.other, entry(minutes(15)), entry(minutes(15)), entry(minutes(15)), entry(minutes(15)))
	first, last := ptr(position(events[0])), ptr(position(events[2]))
	descending := audit.Order{Field: audit.OrderOccurredAt, Direction: audit.Descending}
	team := &audit.Filter{Sections: []string{"team"}}
	for _, c := range []struct {
		query audit.LateQuery
		want  int
	}{
		{audit.LateQuery{EventQuery: audit.EventQuery{Order: byOccurrence}, Since: 3, Through: 9}, 6},
		{audit.LateQuery{EventQuery: audit.EventQuery{Order: byOccurrence}, Since: 3, Through: 6}, 3},
		{audit.LateQuery{EventQuery: audit.EventQuery{Order: byOccurrence}, Since: 8, Through: 9}, 1},
		{audit.LateQuery{EventQuery: audit.EventQuery{Order: byOccurrence}, Since: 0, Through: 9}, 9},
		{audit.LateQuery{EventQuery: audit.EventQuery{Order: byOccurrence, Filter: team}, Since: 3, Through: 9}, 1},
		{audit.LateQuery{EventQuery: audit.EventQuery{Order: byOccurrence, After: first, Before: last}, Since: 3, Through: 9}, 4},
		{audit.LateQuery{EventQuery: audit.EventQuery{Order: descending, After: last, Before: first}, Since: 3, Through: 9}, 4},
		{audit.LateQuery{EventQuery: audit.EventQuery{Order: descending, After: last}, Since: 3, Through: 9}, 5},
		{audit.LateQuery{EventQuery: audit.EventQuery{Order: byOccurrence, After: first, Before: last, Filter: team}, Since: 3, Through: 9}, 1},
		{audit.LateQuery{EventQuery: audit.EventQuery{Order: byRecording, After: first}, Since: 3, Through: 9}, 6},
		{audit.LateQuery{EventQuery: audit.EventQuery{Order: byRecording, Before: last}, Since: 3, Through: 9}, 0},
	} {
		w.expectLate(t, w.org, c.query, c.want)
	}
}

// newEventsAreNotLate: what happens after the log was looked at belongs to the
// next look.
func newEventsAreNotLate(t *testing.T, w *workspace) {
	known := w.record(t, w.org, entry(whenRecorded))[0]
	w.record(t, w.org, entry(whenRecorded), entry(at(known.RecordedAt)), entry(at(known.RecordedAt.Add(time.Hour))))
	w.record(t, w.org, entry(at(known.RecordedAt.Add(-time.Microsecond))))
	query := audit.LateQuery{EventQuery: audit.EventQuery{Order: byOccurrence}, Since: 1, Through: 5}
	w.expectLate(t, w.org, query, 1)
}

func anythingLateAgrees(t *testing.T, w *workspace) {
	const queries = 8
	draw := 0
	rapid.Check(t, func(t *rapid.T) {
		draw++
		organization := w.organization(t, "late "+strconv.Itoa(draw))
		entries := rapid.SliceOfN(rapid.Custom(drawEntry), 1, 20).Draw(t, "entries")
		reference := w.recordDrawn(t, organization, entries)
		if c := w.coverage(t, organization); !reflect.DeepEqual(c, reference.coverage()) {
			t.Errorf("the log covers %s, want %s", show(c), show(reference.coverage()))
		}
		values := valuesOf(reference)
		for range queries {
			query := audit.LateQuery{EventQuery: drawQuery(t, values)}
			query.Since = rapid.Int64Range(0, int64(len(entries))-1).Draw(t, "since")
			query.Through = rapid.Int64Range(query.Since+1, int64(len(entries))).Draw(t, "through")
			w.expectLate(t, organization, query, reference.late(query))
		}
	})
}

// manyAreAtLeast: a Reader has MaxLate events looked at, and says whether more were
// recorded.
func manyAreAtLeast(t *testing.T, w *workspace) {
	entries := make([]*audit.Entry, audit.MaxLate+2)
	for i := range entries {
		entries[i] = entry()
	}
	w.recordAll(t, w.org, entries)
	reader := audit.NewReader(w, w, w, audit.NewKeys(w, time.Now, slog.New(slog.DiscardHandler)))
	page, err := reader.Events(w.ctx, audit.Viewer{Organization: w.org}, audit.EventPageRequest{Order: byOccurrence, CountOnly: true, Coverage: true})
	if err != nil {
		t.Fatal(err)
	}
	last := page.Coverage.LastSequence
	for since, want := range map[int64]audit.Count{
		1:        {Value: audit.MaxLate},
		2:        {Value: audit.MaxLate, Exact: true},
		last - 3: {Value: 3, Exact: true},
		last:     {Exact: true},
	} {
		if got, err := page.Coverage.Late(w.ctx, since); err != nil || *got != want {
			t.Errorf("late since %d: %+v, %v; want %+v", since, got, err, want)
		}
	}
	for _, since := range []int64{-1, last + 1} {
		if got, err := page.Coverage.Late(w.ctx, since); err == nil {
			t.Errorf("late since %d, where the log has %d events: %+v", since, last, got)
		}
	}
}
