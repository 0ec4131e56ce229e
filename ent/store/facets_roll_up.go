package store

import (
	"cmp"
	"context"
	"slices"

	"daybook/audit"
)

// rollUpFacets answers categories and actions from event_counts, if it can.
func (s *Store) rollUpFacets(ctx context.Context, organization audit.OrganizationID, query audit.FacetQuery, into *audit.Facets) (done bool, err error) {
	filter, ok := simple(query.Filter)
	if !ok || !query.Kinds.Categories && !query.Kinds.Actions {
		return false, nil
	}
	categories, actions := map[audit.Category]int{}, map[audit.Action]int{}
	done, err = s.countRolledUp(ctx, newRollUp(organization, filter, query.Kinds.Actions),
		func(_ int64, category audit.Category, action audit.Action, n int) {
			categories[category] += n
			actions[action] += n
		})
	if !done || err != nil {
		return false, err
	}
	if query.Kinds.Categories {
		for _, category := range mostFrequent(categories, query.Top) {
			into.Categories = append(into.Categories, audit.CategoryCount{Category: category, Count: categories[category]})
		}
	}
	if query.Kinds.Actions {
		for _, action := range mostFrequent(actions, query.Top) {
			into.Actions = append(into.Actions, audit.ActionCount{Action: action, Count: actions[action]})
		}
	}
	return true, nil
}

// mostFrequent are the values with the highest counts, equal ones by their number.
func mostFrequent[K cmp.Ordered](counts map[K]int, top int) []K {
	values := make([]K, 0, len(counts))
	for value := range counts {
		values = append(values, value)
	}
	slices.SortFunc(values, func(a, b K) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return values[:min(top, len(values))]
}
