package store

import (
	"context"
	stdsql "database/sql"
	"slices"
	"time"

	"daybook/audit"
)

// CountBuckets implements [audit.EventCounter].
func (s *Store) CountBuckets(ctx context.Context, organization audit.OrganizationID, query audit.BucketQuery) (*audit.BucketCounts, error) {
	return reading(ctx, s, "count events by time", func(ctx context.Context) (*audit.BucketCounts, error) {
		buckets := newBuckets(query.Edges)
		return &buckets.BucketCounts, s.scanBuckets(ctx, organization, query, buckets)
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
		into.add(event.id.OccurredAt(), audit.Category(event.category), 1)
	}
	if len(events) == query.Most {
		into.Exact = into.of(events[len(events)-1].id.OccurredAt()) + 1
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

// buckets are counts between edges.
type buckets struct {
	audit.BucketCounts

	edges []time.Time
	last  int // to which something was added; what follows is mostly beside it
}

func newBuckets(edges []time.Time) *buckets {
	return &buckets{edges: edges, BucketCounts: audit.BucketCounts{Buckets: make([]map[audit.Category]int, len(edges)-1)}}
}

// of is the number of the bucket of an instant between the first edge and the
// last.
func (b *buckets) of(t time.Time) int {
	if !t.Before(b.edges[b.last]) && t.Before(b.edges[b.last+1]) {
		return b.last
	}
	after, _ := slices.BinarySearchFunc(b.edges, t, func(edge, t time.Time) int {
		if edge.After(t) {
			return 1
		}
		return -1
	})
	b.last = after - 1
	return b.last
}

func (b *buckets) add(t time.Time, category audit.Category, n int) {
	i := b.of(t)
	if b.Buckets[i] == nil {
		b.Buckets[i] = map[audit.Category]int{}
	}
	b.Buckets[i][category] += n
}
