package audit

import "context"

// EventCounter is what an engine offers for counting the events that match a
// filter, which has been checked by [Reader]. Implementations MUST look only at
// the organization they are given, and MUST NOT count what was not asked for.
//
// What cannot be told from less is counted by looking at events one by one, the
// newest by occurrence first, until so many were looked at as the query allows.
// The answer is then not exact: what was not looked at is missing from the
// counts, which so are never too high.
type EventCounter interface {
	// CountEvents counts matching events, stopping at limit.
	CountEvents(ctx context.Context, organization OrganizationID, filter *Filter, limit int) (int, error)
	// CountFacets counts matching events by what they have in common.
	CountFacets(ctx context.Context, organization OrganizationID, query FacetQuery) (*Facets, error)
	// CountBuckets counts matching events by when they happened.
	CountBuckets(ctx context.Context, organization OrganizationID, query BucketQuery) (*BucketCounts, error)
}

// maxCounted is how many events the facets or the histogram of a page look at
// one by one at the most: what one read of each may cost, however many match.
const maxCounted = 20_000

// Count is a number of events. Exact false means "at least Value".
type Count struct {
	Value int
	Exact bool
}

// MaxCount is how far a count may be asked to go.
const MaxCount = 1_000_000

// TotalCount counts the events that match the page's filter, up to limit. It
// fails with CodeBadInput for a limit out of bounds.
func (p *EventPage) TotalCount(ctx context.Context, limit int) (*Count, error) {
	if limit < 1 || limit > MaxCount {
		return nil, BadInput("limit", "limit is %d; it must be between 1 and %d.", limit, MaxCount)
	}
	n, err := p.reader.events.CountEvents(ctx, p.organization, p.filter, limit+1)
	if err != nil {
		return nil, err
	}
	return &Count{Value: min(n, limit), Exact: n <= limit}, nil
}
