package store

import (
	"reflect"
	"slices"
	"time"

	"daybook/audit"
)

// simpleFilter is a filter that asks for nothing but what events are counted by
// beforehand.
type simpleFilter struct {
	occurred   audit.TimeRange
	categories []audit.Category // nil: all
	actions    []audit.Action   // nil: all
}

// simple says whether a filter is one, and what it asks for.
func simple(f *audit.Filter) (simpleFilter, bool) {
	if f == nil {
		return simpleFilter{}, true
	}
	rest := *f
	rest.OccurredAt, rest.Categories, rest.Actions, rest.AllOf = nil, nil, nil, nil
	if !reflect.DeepEqual(rest, audit.Filter{}) {
		return simpleFilter{}, false
	}
	all := simpleFilter{categories: f.Categories, actions: f.Actions}
	if f.OccurredAt != nil {
		all.occurred = *f.OccurredAt
	}
	for i := range f.AllOf {
		also, ok := simple(&f.AllOf[i])
		if !ok {
			return simpleFilter{}, false
		}
		all.occurred = intersection(all.occurred, also.occurred)
		all.categories = common(all.categories, also.categories)
		all.actions = common(all.actions, also.actions)
	}
	return all, true
}

// common are the values of both lists, of which nil has all.
func common[T comparable](a, b []T) []T {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	both := []T{}
	for _, value := range a {
		if slices.Contains(b, value) {
			both = append(both, value)
		}
	}
	return both
}

// within narrows the filter to a range.
func (f simpleFilter) within(first, last time.Time) simpleFilter {
	f.occurred = intersection(f.occurred, audit.TimeRange{From: &first, To: &last})
	return f
}

// has says whether an event of such an instant, category and action matches.
func (f simpleFilter) has(category audit.Category, action audit.Action) bool {
	return (f.categories == nil || slices.Contains(f.categories, category)) && (f.actions == nil || slices.Contains(f.actions, action))
}
