package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"daybook/audit"
)

func countPromises() []promise {
	return []promise{
		{"CountsOfAnyEventsAgree", anyCountsAgree},
		{"CountsOfRealEventsAgree", countsOfRealEventsAgree},
		{"TheNewestAreCountedWhereNotAllMayBeLookedAt", newestAreCounted},
		{"APropertyCountsOnceForEachEvent", propertiesCountOnce},
		{"EqualCountsStandInOrder", equalCountsStandInOrder},
		{"NothingIsCountedOfOtherOrganizations", othersAreNotCounted},
	}
}

var allKinds = audit.FacetKinds{Categories: true, Actions: true, EventNames: true, Actors: true, Sections: true, Properties: true}

// enough is more events than any promise records.
const enough = 100_000

func anyCountsAgree(t *testing.T, w *workspace) {
	const queries = 6
	draw := 0
	rapid.Check(t, func(t *rapid.T) {
		draw++
		organization := w.organization(t, "counted "+strconv.Itoa(draw))
		entries := rapid.SliceOfN(rapid.Custom(drawEntry), 0, 20).Draw(t, "entries")
		reference := w.recordDrawn(t, organization, entries)
		values := valuesOf(reference)
		for range queries {
			checkDrawnCounts(t, w, organization, reference, values)
		}
	})
}

func countsOfRealEventsAgree(t *testing.T, w *workspace) {
	const events = 2000
	entries := realEntries(t, events)
	reference := newReference(entries, w.read(t, w.org, w.recordAll(t, w.org, entries)))
	values := valuesOf(reference)
	rapid.Check(t, func(t *rapid.T) { checkDrawnCounts(t, w, w.org, reference, values) })
}

func checkDrawnCounts(t *rapid.T, w *workspace, organization audit.OrganizationID, r *reference, v *values) {
	var filter *audit.Filter
	switch rapid.IntRange(0, 2).Draw(t, "filtered") {
	case 1:
		filter = ptr(drawFilter(t, v, 2))
	case 2:
		filter = ptr(drawSimpleFilter(t, v, 1))
	}
	most := rapid.SampledFrom([]int{enough, 1, 3, 10}).Draw(t, "most")
	kinds := audit.FacetKinds{}
	for _, kind := range []*bool{&kinds.Categories, &kinds.Actions, &kinds.EventNames, &kinds.Actors, &kinds.Sections, &kinds.Properties} {
		*kind = rapid.Bool().Draw(t, "wanted")
	}
	top := rapid.SampledFrom([]int{100, 1, 2}).Draw(t, "top")
	checkFacets(t, w, organization, r, audit.FacetQuery{Filter: filter, Kinds: kinds, Top: top, Most: most})
	checkBuckets(t, w, organization, r, audit.BucketQuery{Filter: filter, Edges: drawEdges(t, v), Most: most})
}

// drawSimpleFilter draws what engines may have counted beforehand.
func drawSimpleFilter(t *rapid.T, v *values, depth int) audit.Filter {
	filter := audit.Filter{Categories: maybe(t, audit.Categories()), Actions: maybe(t, v.actions)}
	if rapid.Bool().Draw(t, "ranged") {
		filter.OccurredAt = drawRange(t, v.occurred)
	}
	if depth > 0 && rapid.Bool().Draw(t, "within") {
		filter.AllOf = []audit.Filter{drawSimpleFilter(t, v, depth-1)}
	}
	return filter
}

// drawEdges draws edges on and beside the instants of the events, and at full
// days, hours and quarters of hours around them.
func drawEdges(t *rapid.T, v *values) []time.Time {
	instants := append([]time.Time{noon}, v.occurred...)
	edge := rapid.Custom(func(t *rapid.T) time.Time {
		step := rapid.SampledFrom([]time.Duration{24 * time.Hour, time.Hour, 15 * time.Minute, time.Microsecond}).Draw(t, "step")
		return rapid.SampledFrom(instants).Draw(t, "beside").Truncate(step).Add(time.Duration(rapid.IntRange(-2, 2).Draw(t, "steps")) * step)
	})
	edges := rapid.SliceOfN(edge, 1, 12).Draw(t, "edges")
	slices.SortFunc(edges, time.Time.Compare)
	edges = slices.CompactFunc(edges, time.Time.Equal)
	return append(edges, edges[len(edges)-1].Add(time.Hour))
}

// checkFacets expects that each kind is counted as it is by looking at events one
// by one, at all of them or at as many as may be, and that the answer says so.
func checkFacets(t rapid.TB, w *workspace, organization audit.OrganizationID, r *reference, query audit.FacetQuery) {
	t.Helper()
	got, err := w.CountFacets(w.ctx, organization, query)
	if err != nil {
		t.Errorf("CountFacets(%s): %v", show(query), err)
		return
	}
	some := r.facets(query)
	query.Most = enough
	all := r.facets(query)
	ofGot, ofSome, ofAll := facetLists(got), facetLists(some), facetLists(all)
	for kind := range ofGot {
		exact := reflect.DeepEqual(ofGot[kind], ofAll[kind])
		if !exact && (got.Exact || !reflect.DeepEqual(ofGot[kind], ofSome[kind])) {
			t.Errorf("CountFacets(%s) gave %s as exact %t, want %s or inexactly %s", show(query), show(ofGot[kind]), got.Exact, show(ofAll[kind]), show(ofSome[kind]))
		}
	}
	if some.Exact && !got.Exact {
		t.Errorf("CountFacets(%s) is not exact", show(query))
	}
}

func facetLists(f *audit.Facets) []any {
	return []any{f.Categories, f.Actions, f.EventNames, f.Actors, f.Sections, f.Properties}
}

// checkBuckets expects the counts of all events, or of those that may be looked
// at.
func checkBuckets(t rapid.TB, w *workspace, organization audit.OrganizationID, r *reference, query audit.BucketQuery) {
	t.Helper()
	got, err := w.CountBuckets(w.ctx, organization, query)
	if err != nil {
		t.Errorf("CountBuckets(%s): %v", show(query), err)
		return
	}
	some := r.buckets(query)
	query.Most = enough
	if all := r.buckets(query); !reflect.DeepEqual(got, all) && !reflect.DeepEqual(got, some) {
		t.Errorf("CountBuckets(%s) gave %s, want %s or %s", show(query), show(got), show(all), show(some))
	}
}

func newestAreCounted(t *testing.T, w *workspace) {
	var entries []*audit.Entry
	for i := range 40 {
		entries = append(entries, entry(at(after(time.Duration(i)*time.Hour)), called(fmt.Sprint("name ", i/20)), correlated("one")))
	}
	reference := newReference(entries, w.read(t, w.org, w.recordAll(t, w.org, entries)))
	filter := &audit.Filter{CorrelationIDs: []string{"one"}}
	var edges []time.Time
	for i := range 41 {
		edges = append(edges, after(time.Duration(i)*time.Hour))
	}
	for most := 1; most <= 41; most++ {
		checkFacets(t, w, w.org, reference, audit.FacetQuery{Filter: filter, Kinds: allKinds, Top: 10, Most: most})
		checkBuckets(t, w, w.org, reference, audit.BucketQuery{Filter: filter, Edges: edges, Most: most})
	}
}

func propertiesCountOnce(t *testing.T, w *workspace) {
	twice := entry(changing(changed("tags", `1`, `2`), changed("tags", `2`, `3`), changed("no \"name\"", `1`, `2`)))
	w.record(t, w.org, twice, entry(changing(changed("tags", ``, `1`))), entry())
	facets, err := w.CountFacets(w.ctx, w.org, audit.FacetQuery{Kinds: audit.FacetKinds{Properties: true}, Top: 10, Most: enough})
	if err != nil {
		t.Fatal(err)
	}
	want := []audit.PropertyCount{
		{Property: audit.Property{Key: "tags", Name: audit.DisplayName("tags")}, Count: 2},
		{Property: audit.Property{Key: "no \"name\"", Name: audit.DisplayName("no \"name\"")}, Count: 1},
	}
	if !reflect.DeepEqual(facets, &audit.Facets{Exact: true, Properties: want}) {
		t.Errorf("got %s, want %s", show(facets), show(want))
	}
}

func equalCountsStandInOrder(t *testing.T, w *workspace) {
	var entries []*audit.Entry
	for _, name := range []string{"b", "B", "é", "a", "Z", "ß", "z"} {
		entries = append(entries, entry(called(name), in(name), by(user(name)), changing(changed(name, `1`, `2`))))
	}
	reference := newReference(entries, w.read(t, w.org, w.record(t, w.org, entries...)))
	for top := 1; top <= 8; top++ {
		checkFacets(t, w, w.org, reference, audit.FacetQuery{Kinds: allKinds, Top: top, Most: enough})
	}
}

func othersAreNotCounted(t *testing.T, w *workspace) {
	w.record(t, w.other, entry(changing(changed("tags", `1`, `2`))))
	reference := &reference{}
	checkFacets(t, w, w.org, reference, audit.FacetQuery{Kinds: allKinds, Top: 10, Most: enough})
	checkBuckets(t, w, w.org, reference, audit.BucketQuery{Edges: []time.Time{noon, after(time.Hour)}, Most: enough})
}
