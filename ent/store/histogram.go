package store

import (
	"context"
	stdsql "database/sql"

	"daybook/audit"
)

// CountBuckets implements [audit.EventCounter]: from what is counted beforehand
// if the filter is simple, else by looking at the events.
func (s *Store) CountBuckets(ctx context.Context, organization audit.OrganizationID, query audit.BucketQuery) (*audit.BucketCounts, error) {
	return reading(ctx, s, "count events by time", func(ctx context.Context) (*audit.BucketCounts, error) {
		buckets := newBuckets(query.Edges)
		done, err := s.rollUpBuckets(ctx, organization, query, buckets)
		if err == nil && !done {
			err = s.scanBuckets(ctx, organization, query, buckets)
		}
		return buckets.answer(), err
	})
}

// rollUpBuckets answers from event_counts, if it can.
func (s *Store) rollUpBuckets(ctx context.Context, organization audit.OrganizationID, query audit.BucketQuery, into *buckets) (done bool, err error) {
	filter, ok := simple(query.Filter)
	filter = filter.within(query.Edges[0], query.Edges[len(query.Edges)-1])
	if !ok || !quartersFit(query.Edges, filter.occurred) {
		return false, nil
	}
	return s.countRolledUp(ctx, newRollUp(organization, filter, false), func(at int64, category audit.Category, _ audit.Action, n int) {
		into.add(at, category, n)
	})
}

// scanBuckets looks at the events themselves, the newest first.
func (s *Store) scanBuckets(ctx context.Context, organization audit.OrganizationID, query audit.BucketQuery, into *buckets) error {
	scan, err := s.newScan(ctx, organization, query.Filter, audit.OrderOccurredAt, query.Most)
	if err != nil {
		return err
	}
	first, last := query.Edges[0], query.Edges[len(query.Edges)-1]
	scan.occurred(&audit.TimeRange{From: &first, To: &last})
	if scan.empty() {
		return nil
	}
	events, err := queryRows(ctx, s, scan.page().Select(eventColumn("id"), eventColumn("category")), scanMoment)
	if err != nil {
		return err
	}
	for _, event := range events {
		into.add(event.id.OccurredAt().UnixMicro(), audit.Category(event.category), 1)
	}
	if len(events) == query.Most {
		into.exact = into.last + 1
	}
	return nil
}

// moment is what a histogram takes of an event.
type moment struct {
	id       audit.EventID
	category int64
}

func scanMoment(rows *stdsql.Rows) (m moment, err error) {
	err = rows.Scan(&m.id, &m.category)
	return m, err
}
