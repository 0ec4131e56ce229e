package audit

import (
	"context"
	"time"
)

// Coverage says what an organization's log holds, so that a reader of a page knows
// what the page cannot show.
type Coverage struct {
	OldestOccurredAt *time.Time // of the event that happened first; nil in an empty log
	OldestRecordedAt *time.Time // of the event that was recorded first; nil in an empty log
	LastSequence     int64      // of the event that was recorded last; 0 in an empty log

	reader       *Reader
	organization OrganizationID
	list         EventQuery // what the page is a page of
}

// LateQuery asks how many events came late: of those that match Filter and lie
// between After and Before in Order, as [EventFinder] finds them, those that were
// recorded after the event numbered Since, up to the one numbered Through, but
// happened before the event numbered Since was recorded. Where Since is 0, any
// event counts that was recorded. The rest of the EventQuery is not looked at.
type LateQuery struct {
	EventQuery
	Since, Through int64
}

// CoverageFinder is what an engine offers for saying what a log holds.
// Implementations MUST look only at the organization they are given.
type CoverageFinder interface {
	// FindCoverage reads the exported fields of a Coverage, all of one instant.
	FindCoverage(ctx context.Context, organization OrganizationID) (*Coverage, error)
	// CountLate looks at the journal from Since to Through alone, both of which it has.
	CountLate(ctx context.Context, organization OrganizationID, query LateQuery) (int, error)
}

// MaxLate is how many entries of the journal are looked at for late events.
const MaxLate = 10_000

// of is the coverage beside a page of the list that query walks; nil of nil.
func (c *Coverage) of(page *EventPage, query EventQuery) *Coverage {
	if c == nil {
		return nil
	}
	beside := *c
	beside.reader, beside.organization = page.reader, page.organization
	beside.list, beside.list.Filter = query, page.filter
	return &beside
}

// Late counts the events that came late into the page's list, those between the
// cursors that it was asked for, whatever its size: recorded after the event
// numbered since, up to LastSequence, but having happened before that event was
// recorded. It is "at least" where more than MaxLate events were recorded since. It
// fails with CodeBadInput for a number that the log has not reached.
func (c *Coverage) Late(ctx context.Context, since int64) (*Count, error) {
	if since < 0 || since > c.LastSequence {
		return nil, BadInput("since", "since is %d; it must be between 0 and %d, the last sequence.", since, c.LastSequence)
	}
	through := min(c.LastSequence, since+MaxLate)
	if through == since {
		return &Count{Exact: true}, nil
	}
	n, err := c.reader.events.CountLate(ctx, c.organization, LateQuery{EventQuery: c.list, Since: since, Through: through})
	if err != nil {
		return nil, err
	}
	return &Count{Value: n, Exact: through == c.LastSequence}, nil
}

// readAhead reads what is asked for besides the rows and must be read before them,
// so that it says no more than they hold.
func (p *EventPage) readAhead(ctx context.Context, request EventPageRequest, query EventQuery) error {
	var err error
	if request.SearchedThrough {
		if p.SearchedThrough, err = p.reader.events.SearchedThrough(ctx, p.organization, p.filter); err != nil {
			return err
		}
	}
	if !request.Coverage {
		return nil
	}
	covered, err := p.reader.events.FindCoverage(ctx, p.organization)
	p.Coverage = covered.of(p, query)
	return err
}
