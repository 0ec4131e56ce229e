package storetest

import (
	"context"

	"daybook/audit"
)

func (m *memory) CountEvents(_ context.Context, organization audit.OrganizationID, filter *audit.Filter, limit int) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return min(limit, len((&reference{recorded: m.logs[organization].recorded}).matching(filter))), nil
}

func (m *memory) CountFacets(_ context.Context, organization audit.OrganizationID, query audit.FacetQuery) (*audit.Facets, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return (&reference{recorded: m.logs[organization].recorded}).facets(query), nil
}

func (m *memory) CountBuckets(_ context.Context, organization audit.OrganizationID, query audit.BucketQuery) (*audit.BucketCounts, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return (&reference{recorded: m.logs[organization].recorded}).buckets(query), nil
}
