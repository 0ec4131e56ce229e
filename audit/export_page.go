package audit

import "context"

// Sizes of the pages an export reads. Pages begin small, so that the first lines
// come soon, and stay so small that the events of two fit into memory.
const (
	firstExportPage = 100
	leastExportPage = 10
	maxExportPage   = 1000
	exportPageBytes = 4 << 20
)

// exportPage is what came of reading a page.
type exportPage struct {
	events []*Event
	limit  int // how many there could have been
	err    error
}

// exportAhead is a page that is read while the one before is written, so that
// the database and this program work at the same time.
type exportAhead struct {
	page   chan exportPage // gets one
	cancel context.CancelFunc
}

// readAhead begins to read the next page.
func (e *Export) readAhead(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	ahead, query := &exportAhead{make(chan exportPage, 1), cancel}, e.query
	go func() { ahead.page <- e.find(ctx, query) }()
	e.ahead = ahead
}

// page is the next page: the one that was read ahead, if any.
func (e *Export) page(ctx context.Context) exportPage {
	if e.ahead == nil {
		return e.find(ctx, e.query)
	}
	page := <-e.ahead.page
	e.ahead.cancel()
	e.ahead = nil
	return page
}

// Close ends the reading ahead, and returns when it has ended.
func (e *Export) Close() {
	if e.ahead != nil {
		e.ahead.cancel()
		<-e.ahead.page
		e.ahead = nil
	}
}

// find reads a page, and less of it when all would take the database too long or
// be too large.
func (e *Export) find(ctx context.Context, query EventQuery) exportPage {
	for {
		events, err := e.events.FindEvents(ctx, e.organization, query)
		if ErrorCode(err) != CodeQueryTooExpensive || query.Limit <= leastExportPage {
			return exportPage{events, query.Limit, err}
		}
		query.Limit = max(leastExportPage, query.Limit/10)
	}
}

// pass moves the query beyond a page.
func (e *Export) pass(page exportPage) {
	n := len(page.events)
	e.ended = n < page.limit
	if n == 0 {
		return
	}
	last := page.events[n-1]
	e.query.After = &Position{ID: last.ID, Sequence: last.Sequence}
	bytes := 0
	for _, event := range page.events {
		bytes += exportWeight(event)
	}
	fitting := exportPageBytes / (bytes / n)
	e.query.Limit = max(1, min(fitting, maxExportPage, 4*page.limit))
}

// exportWeight is about how much memory an event takes.
func exportWeight(event *Event) int {
	weight := 1024 + len(event.Metadata)
	for i := range event.Changes {
		change := &event.Changes[i]
		weight += 256 + len(change.Before) + len(change.After)
	}
	return weight
}
