package storetest

import (
	"cmp"
	"slices"
	"time"

	"daybook/audit"
)

// newest are the matching events that a count looks at, the newest first, and
// whether it knows that they are all.
func (r *reference) newest(filter *audit.Filter, most int) (events []*audit.Event, all bool) {
	events = r.matching(filter)
	order := audit.Order{Field: audit.OrderOccurredAt, Direction: audit.Descending}
	slices.SortFunc(events, func(a, b *audit.Event) int { return compare(order, position(a), position(b)) })
	return events[:min(most, len(events))], len(events) < most
}

// tally is how many events have one value.
type tally[K cmp.Ordered] struct {
	value K
	count int
}

// topOf counts the values that each event has, and gives the most frequent, if
// they are wanted.
func topOf[K cmp.Ordered](events []*audit.Event, wanted bool, top int, of func(*audit.Event) []K) []tally[K] {
	if !wanted {
		return nil
	}
	counts := map[K]int{}
	for _, event := range events {
		for _, value := range distinct(of(event)) {
			counts[value]++
		}
	}
	var list []tally[K]
	for value, count := range counts {
		list = append(list, tally[K]{value, count})
	}
	slices.SortFunc(list, func(a, b tally[K]) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.value, b.value))
	})
	return list[:min(top, len(list))]
}

// facets gives what CountFacets must give that looks at the events one by one.
func (r *reference) facets(query audit.FacetQuery) *audit.Facets {
	facets := &audit.Facets{Exact: true}
	if query.Kinds == (audit.FacetKinds{}) {
		return facets
	}
	var events []*audit.Event
	events, facets.Exact = r.newest(query.Filter, query.Most)
	for _, t := range topOf(events, query.Kinds.Categories, query.Top, func(e *audit.Event) []audit.Category { return list(e.Category) }) {
		facets.Categories = append(facets.Categories, audit.CategoryCount{Category: t.value, Count: t.count})
	}
	for _, t := range topOf(events, query.Kinds.Actions, query.Top, func(e *audit.Event) []audit.Action { return list(e.Action) }) {
		facets.Actions = append(facets.Actions, audit.ActionCount{Action: t.value, Count: t.count})
	}
	for _, t := range topOf(events, query.Kinds.EventNames, query.Top, eventNameOf) {
		facets.EventNames = append(facets.EventNames, audit.EventNameCount{EventName: t.value, Count: t.count})
	}
	for _, t := range topOf(events, query.Kinds.Actors, query.Top, func(e *audit.Event) []audit.ActorID { return list(e.Performer.ActorID) }) {
		facets.Actors = append(facets.Actors, audit.ActorCount{ActorID: t.value, Count: t.count})
	}
	for _, t := range topOf(events, query.Kinds.Sections, query.Top, func(e *audit.Event) []audit.SectionID { return list(e.SectionID) }) {
		facets.Sections = append(facets.Sections, audit.SectionCount{SectionID: t.value, Count: t.count})
	}
	for _, t := range topOf(events, query.Kinds.Properties, query.Top, propertiesOf) {
		property := audit.Property{Key: t.value, Name: audit.DisplayName(t.value)}
		facets.Properties = append(facets.Properties, audit.PropertyCount{Property: property, Count: t.count})
	}
	return facets
}

func list[T any](value T) []T { return []T{value} }

func eventNameOf(e *audit.Event) []string {
	if e.Name == nil {
		return nil
	}
	return list(*e.Name)
}

func propertiesOf(e *audit.Event) []string {
	var keys []string
	for i := range e.Changes {
		keys = append(keys, e.Changes[i].Property)
	}
	return keys
}

// buckets gives what CountBuckets must give that looks at the events one by one.
func (r *reference) buckets(query audit.BucketQuery) *audit.BucketCounts {
	first, last := query.Edges[0], query.Edges[len(query.Edges)-1]
	within := audit.Filter{OccurredAt: &audit.TimeRange{From: &first, To: &last}}
	if query.Filter != nil {
		within.AllOf = []audit.Filter{*query.Filter}
	}
	events, all := r.newest(&within, query.Most)
	counts := &audit.BucketCounts{Buckets: make([]map[audit.Category]int, len(query.Edges)-1)}
	for _, event := range events {
		i := bucketOf(query.Edges, event.OccurredAt)
		if counts.Buckets[i] == nil {
			counts.Buckets[i] = map[audit.Category]int{}
		}
		counts.Buckets[i][event.Category]++
		if !all {
			counts.Exact = i + 1
		}
	}
	return counts
}

func bucketOf(edges []time.Time, t time.Time) int {
	i := 0
	for i+1 < len(edges) && !edges[i+1].After(t) {
		i++
	}
	return i
}
