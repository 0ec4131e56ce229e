package audit

import (
	"context"
	"time"
)

// MaxBuckets is how many buckets a histogram has at the most.
const MaxBuckets = 2000

// Histogram is how many events happened in each of the intervals of a range.
type Histogram struct {
	// Exact is false when more events may match than were looked at. The newest were,
	// so that it is the older buckets that may count too few.
	Exact   bool
	Buckets []HistogramBucket // oldest first, without a gap
}

// HistogramBucket is how many events happened from Start on and before End.
type HistogramBucket struct {
	Start, End time.Time
	Exact      bool // false: at least Count
	Count      int
	Categories []CategoryCount // those that occur, by their number
}

// BucketQuery asks how many of the matching events happened between each two of
// the edges.
type BucketQuery struct {
	Filter *Filter
	Edges  []time.Time // ascending; the first is in the first bucket, the last in none
	Most   int         // events that may be looked at one by one
}

// BucketCounts answers a BucketQuery.
type BucketCounts struct {
	Buckets []map[Category]int // one fewer than edges; a category that does not occur is left out
	// Exact is the number of the first bucket that was counted to its end, as were
	// all after it; those before it count at least so many.
	Exact int
}

// Histogram counts the events that match the page's filter by intervals of the
// calendar in a time zone of the IANA database. Its range is the filter's
// OccurredAt, to which the first and last buckets are cut, and at an open end the
// interval of the first or last matching event. It is empty when nothing matches
// that would tell.
//
// It fails with CodeBadInput for an unknown time zone, and with
// CodeQueryTooExpensive for more than MaxBuckets intervals.
func (p *EventPage) Histogram(ctx context.Context, interval Interval, timeZone string) (*Histogram, error) {
	zone, err := TimeZone("timeZone", timeZone)
	if err != nil {
		return nil, err
	}
	span, err := p.histogramSpan(ctx)
	if err != nil {
		return nil, err
	}
	edges, err := span.edges(interval, zone)
	if err != nil {
		return nil, err
	}
	if len(edges) == 0 {
		return &Histogram{Exact: true}, nil
	}
	query := BucketQuery{Filter: p.filter, Edges: edges, Most: maxCounted}
	counts, err := p.reader.events.CountBuckets(ctx, p.organization, query)
	if err != nil {
		return nil, err
	}
	return newHistogram(edges, counts), nil
}

func newHistogram(edges []time.Time, counts *BucketCounts) *Histogram {
	h := &Histogram{Exact: counts.Exact == 0, Buckets: make([]HistogramBucket, len(counts.Buckets))}
	for i, of := range counts.Buckets {
		bucket := HistogramBucket{Start: edges[i], End: edges[i+1], Exact: i >= counts.Exact}
		for _, category := range Categories() {
			if n := of[category]; n > 0 {
				bucket.Count += n
				bucket.Categories = append(bucket.Categories, CategoryCount{Category: category, Count: n})
			}
		}
		h.Buckets[i] = bucket
	}
	return h
}

// histogramSpan is the range that a histogram of the page has, empty if nothing
// matches that would tell.
func (p *EventPage) histogramSpan(ctx context.Context) (histogramSpan, error) {
	given := p.filter.occurred()
	span := histogramSpan{cutFirst: given.From != nil, cutLast: given.To != nil}
	for _, end := range []struct {
		given     *time.Time
		direction OrderDirection
		into      *time.Time
	}{{given.From, Ascending, &span.from}, {given.To, Descending, &span.to}} {
		if end.given != nil {
			*end.into = *end.given
			continue
		}
		order := Order{Field: OrderOccurredAt, Direction: end.direction}
		events, err := p.reader.events.FindEvents(ctx, p.organization, EventQuery{Filter: p.filter, Order: order, Limit: 1})
		if err != nil || len(events) == 0 {
			return histogramSpan{}, err
		}
		*end.into = events[0].OccurredAt
	}
	if !span.cutLast {
		span.to = span.to.Add(time.Microsecond)
	}
	return span, nil
}

// occurred is the range outside of which no event can match.
func (f *Filter) occurred() TimeRange {
	if f == nil {
		return TimeRange{}
	}
	var within TimeRange
	if f.OccurredAt != nil {
		within = *f.OccurredAt
	}
	for i := range f.AllOf {
		also := f.AllOf[i].occurred()
		if within.From == nil || also.From != nil && also.From.After(*within.From) {
			within.From = also.From
		}
		if within.To == nil || also.To != nil && also.To.Before(*within.To) {
			within.To = also.To
		}
	}
	return within
}

// histogramSpan is a range of instants, to not in it, and whether the buckets at
// its ends are cut to it.
type histogramSpan struct {
	from, to          time.Time
	cutFirst, cutLast bool
}

// edges are those of the buckets; none for an empty range.
func (s histogramSpan) edges(interval Interval, zone *time.Location) ([]time.Time, error) {
	if !s.from.Before(s.to) {
		return nil, nil
	}
	edge := interval.start(s.from, zone)
	edges := []time.Time{edge}
	for edge.Before(s.to) {
		if len(edges) > MaxBuckets {
			err := Errorf(CodeQueryTooExpensive, "The histogram would have more than %d buckets of interval %s. "+
				"Choose a longer interval, or a shorter range of occurredAt.", MaxBuckets, interval)
			err.Limit = MaxBuckets
			return nil, err
		}
		edge = interval.next(edge, zone)
		edges = append(edges, edge)
	}
	if s.cutFirst {
		edges[0] = s.from
	}
	if s.cutLast {
		edges[len(edges)-1] = s.to
	}
	return edges, nil
}
