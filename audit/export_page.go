package audit

import "context"

// Sizes of the pages an export reads. Pages begin small, so that the first lines
// come soon, and stay so small that the events of three take little memory: about
// exportPageBytes, as far as the page before tells. Of larger events than those fewer
// are read, so that none has more than maxExportBytes, which is a few of the largest.
const (
	firstExportPage = 100
	maxExportPage   = 2000
	exportPageBytes = 2 << 20
	maxExportBytes  = 4 << 20
)

// exportPage is what came of reading a page.
type exportPage struct {
	events []*Event
	limit  int // how many there could have been
	err    error
}

// pagesAhead is how many pages are read at most while the one before is written, so
// that the database and this program work at the same time. While pages still grow
// it is one: who looks at the beginning and leaves shall not cost more.
const pagesAhead = 2

// exportAhead is a page that is being read.
type exportAhead struct {
	query  EventQuery
	page   chan exportPage // gets one
	cancel context.CancelFunc
}

// readAhead begins to read the next pages: the next one, and those after it whose
// place is known beforehand.
func (e *Export) readAhead(ctx context.Context) {
	for query, known := e.nextQuery(); known && len(e.ahead) < pagesAhead; query, known = e.nextQuery() {
		ctx, cancel := context.WithCancel(ctx)
		ahead := &exportAhead{query, make(chan exportPage, 1), cancel}
		go func() { ahead.page <- e.find(ctx, ahead.query) }()
		e.ahead = append(e.ahead, ahead)
	}
}

// nextQuery asks for the page after all that are being read. In the order of
// recording, which has no gaps, a page of the whole log ends where it must.
func (e *Export) nextQuery() (query EventQuery, known bool) {
	if len(e.ahead) == 0 {
		return e.query, true
	}
	query = e.ahead[len(e.ahead)-1].query
	if !e.whole || !e.grown || query.After == nil {
		return query, false
	}
	query.After = &Position{Sequence: query.After.Sequence + int64(query.Limit)}
	query.Limit = e.query.Limit
	return query, true
}

// nextPage is the next page.
func (e *Export) nextPage(ctx context.Context) exportPage {
	if len(e.ahead) == 0 {
		return e.find(ctx, e.query)
	}
	next := e.ahead[0]
	e.ahead = e.ahead[1:]
	page := <-next.page
	next.cancel()
	return page
}

// Close ends the reading ahead, and returns when it has ended.
func (e *Export) Close() {
	for _, ahead := range e.ahead {
		ahead.cancel()
		<-ahead.page
	}
	e.ahead = nil
}

// find reads a page, and less of it when all would take the database too long or
// be too large.
func (e *Export) find(ctx context.Context, query EventQuery) exportPage {
	for {
		events, err := e.events.FindEvents(ctx, e.organization, query)
		if ErrorCode(err) != CodeQueryTooExpensive || query.Limit <= 1 {
			return exportPage{events, query.Limit, err}
		}
		query.Limit = max(1, query.Limit/10)
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
		bytes += exportWeight(event, e.query.Fields.Brief)
	}
	fitting := exportPageBytes / (bytes / n)
	e.query.Limit = max(1, min(fitting, maxExportPage, 4*page.limit))
	e.grown = e.query.Limit <= page.limit
	if len(e.ahead) > 0 && e.ahead[0].query.After.Sequence != last.Sequence {
		e.Close() // the page ended elsewhere than was thought
	}
}

// exportWeight is about how much memory an event takes, whole or brief.
func exportWeight(event *Event, brief bool) int {
	weight := 1024 + len(event.Metadata)
	if brief {
		weight = 512
	}
	for i := range event.Changes {
		change := &event.Changes[i]
		weight += 256 + len(change.Before) + len(change.After)
	}
	return weight
}
