package storetest

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"daybook/audit"
)

func orderPromises() []promise {
	return []promise{
		{"EventsOfOneInstantKeepRecordingOrder", oneInstant},
		{"TheTwoClocksAreTwoOrders", twoClocks},
		{"PagesMeetWithoutGapOrOverlap", pagesMeet},
		{"LargePagesKeepTheOrderOfRecording", largePages},
		{"PositionsNeedNotBeThere", positionsOfNothing},
		{"LimitsAreKept", limitsAreKept},
		{"NoEventsAreNoError", noEvents},
	}
}

// orders are both clocks in both directions.
func orders() []audit.Order {
	return []audit.Order{
		byOccurrence, byRecording,
		{Field: audit.OrderOccurredAt, Direction: audit.Descending},
		{Field: audit.OrderRecordedAt, Direction: audit.Descending},
	}
}

func oneInstant(t *testing.T, w *workspace) {
	var entries []*audit.Entry
	for i := range 600 {
		entries = append(entries, entry(called(strconv.Itoa(i))))
	}
	appended := w.recordAll(t, w.org, entries)
	want := eventIDs(appended)
	for _, order := range orders() {
		found := idsOf(w.find(t, w.org, audit.EventQuery{Order: order, Limit: 1000}))
		if order.Direction == audit.Descending {
			slices.Reverse(found)
		}
		if !slices.Equal(found, want) {
			t.Errorf("%s %s does not keep the order in which events of one instant were recorded", order.Field, order.Direction)
		}
	}
}

func twoClocks(t *testing.T, w *workspace) {
	minutes := []int{5, 1, 3, 1, 4, 2, 5, -1, 0}
	byOccurrenceWant := []int64{8, 9, 2, 4, 6, 3, 5, 1, 7}
	for _, minute := range minutes {
		w.record(t, w.org, entry(at(after(time.Duration(minute)*time.Minute))))
	}
	for _, order := range orders() {
		var got []int64
		for _, event := range w.find(t, w.org, audit.EventQuery{Order: order, Limit: 100}) {
			got = append(got, event.Sequence)
		}
		want := []int64{1, 2, 3, 4, 5, 6, 7, 8, 9}
		if order.Field == audit.OrderOccurredAt {
			want = slices.Clone(byOccurrenceWant)
		}
		if order.Direction == audit.Descending {
			slices.Reverse(want)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s %s gave %v, want %v", order.Field, order.Direction, got, want)
		}
	}
}

// largePages walks through events that were recorded as they happened, with late
// ones among them, then two streams by turns, then in no order at all, in pages so
// large that an engine may read them in another way than small ones.
func largePages(t *testing.T, w *workspace) {
	var entries []*audit.Entry
	for i := range 1600 {
		minute := i
		switch {
		case i%40 == 7:
			minute = -i * i // late
		case i >= 1200:
			minute = i * 7919 % 1601
		case i >= 800 && i%2 == 0:
			minute = i - 700
		}
		entries = append(entries, entry(at(after(time.Duration(minute)*time.Minute))))
	}
	recorded := eventIDs(w.recordAll(t, w.org, entries))
	for _, limit := range []int{200, 333, 1000, 2000} {
		for _, direction := range []audit.OrderDirection{audit.Ascending, audit.Descending} {
			want, query := slices.Clone(recorded), audit.EventQuery{Order: audit.Order{Field: audit.OrderRecordedAt, Direction: direction}, Limit: limit}
			if direction == audit.Descending {
				slices.Reverse(want)
			}
			for page := range slices.Chunk(want, limit) {
				if found := idsOf(w.find(t, w.org, query)); !slices.Equal(found, page) {
					t.Fatalf("%s, %d at once: after %v come %d events that are not the next %d", direction, limit, query.After, len(found), len(page))
				}
				last := page[len(page)-1]
				query.After = &audit.Position{ID: last, Sequence: last.Sequence()}
			}
		}
	}
}

// pagesMeet walks in both directions through events with many ties, with and
// without a filter.
func pagesMeet(t *testing.T, w *workspace) {
	var entries []*audit.Entry
	for i := range 90 {
		entries = append(entries, entry(at(after(time.Duration(i*7%10)*time.Second)), doing(audit.Actions()[i%3])))
	}
	reference := newReference(entries, w.read(t, w.org, w.recordAll(t, w.org, entries)))
	for _, filter := range []*audit.Filter{nil, {Actions: audit.Actions()[:2]}} {
		for _, order := range orders() {
			for _, size := range []int{1, 7, 100} {
				for _, fromEnd := range []bool{false, true} {
					query := audit.EventQuery{Filter: filter, Order: order, Limit: size, FromEnd: fromEnd}
					checkWalk(t, w, reference, query)
				}
			}
		}
	}
}

// checkWalk reads page after page, from the end towards the beginning when
// query.FromEnd, and expects every event once.
func checkWalk(t *testing.T, w *workspace, r *reference, query audit.EventQuery) {
	t.Helper()
	want := r.find(audit.EventQuery{Filter: query.Filter, Order: query.Order, Limit: len(r.recorded)})
	var got []audit.EventID
	for range len(want) + 1 {
		page := w.find(t, w.org, query)
		if len(page) == 0 {
			break
		}
		if query.FromEnd {
			got = append(idsOf(page), got...)
			query.Before = ptr(position(page[0]))
		} else {
			got = append(got, idsOf(page)...)
			query.After = ptr(position(page[len(page)-1]))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages of %s gave %s, want %s", show(query), showIDs(got), showIDs(want))
	}
}

// positionsOfNothing are those between, before and after the events, and those
// of another organization's events.
func positionsOfNothing(t *testing.T, w *workspace) {
	var entries []*audit.Entry
	for i := range 5 {
		entries = append(entries, entry(at(after(time.Duration(2*i)*time.Second))))
	}
	reference := newReference(entries, w.read(t, w.org, w.record(t, w.org, entries...)))
	theirs := w.record(t, w.other, entry(at(after(3*time.Second))), entry(at(after(4*time.Second))))
	places := []*audit.Position{
		{ID: audit.EventID{}, Sequence: 0},
		{ID: audit.FirstEventIDAt(after(3 * time.Second)), Sequence: 3},
		{ID: audit.FirstEventIDAt(after(time.Hour)), Sequence: 1 << 39},
		{ID: theirs[0].ID, Sequence: theirs[0].Sequence},
		{ID: theirs[1].ID, Sequence: theirs[1].Sequence},
	}
	for _, order := range orders() {
		for _, place := range places {
			for _, fromEnd := range []bool{false, true} {
				query := audit.EventQuery{Order: order, Limit: 3, FromEnd: fromEnd}
				query.After = place
				checkScan(t, w, w.org, reference, query)
				query.After, query.Before = nil, place
				checkScan(t, w, w.org, reference, query)
				query.After = places[1]
				checkScan(t, w, w.org, reference, query)
			}
		}
	}
}

func limitsAreKept(t *testing.T, w *workspace) {
	entries := []*audit.Entry{entry(), entry(), entry(), entry()}
	reference := newReference(entries, w.read(t, w.org, w.record(t, w.org, entries...)))
	for _, order := range orders() {
		for limit := range 6 {
			checkScan(t, w, w.org, reference, audit.EventQuery{Order: order, Limit: limit})
			checkScan(t, w, w.org, reference, audit.EventQuery{Order: order, Limit: limit, FromEnd: true})
		}
	}
	for limit := range 6 {
		n, err := w.CountEvents(w.ctx, w.org, nil, limit)
		if err != nil || n != min(limit, 4) {
			t.Errorf("CountEvents of 4 events with the limit %d: %d, %v", limit, n, err)
		}
	}
}

func noEvents(t *testing.T, w *workspace) {
	for _, order := range orders() {
		if found := w.find(t, w.org, audit.EventQuery{Order: order, Limit: 10, Fields: audit.AllFields}); len(found) != 0 {
			t.Errorf("an empty organization has %s", show(found))
		}
	}
	if n, err := w.CountEvents(w.ctx, w.org, &audit.Filter{}, 10); n != 0 || err != nil {
		t.Errorf("CountEvents of nothing: %d, %v", n, err)
	}
}

// checkScan expects the engine to answer as the reference does, and its count
// to agree where the query has no bounds.
func checkScan(t rapid.TB, w *workspace, organization audit.OrganizationID, r *reference, query audit.EventQuery) {
	t.Helper()
	events, err := w.FindEvents(w.ctx, organization, query)
	if err != nil {
		t.Errorf("FindEvents(%s): %v", show(query), err)
		return
	}
	if got, want := idsOf(events), r.find(query); !slices.Equal(got, want) {
		t.Errorf("FindEvents(%s) gave %s, want %s", show(query), showIDs(got), showIDs(want))
	}
	want := min(query.Limit, len(r.matching(query.Filter)))
	n, err := w.CountEvents(w.ctx, organization, query.Filter, query.Limit)
	if err != nil || n != want {
		t.Errorf("CountEvents(%s) gave %d, %v; want %d", show(query), n, err, want)
	}
}
