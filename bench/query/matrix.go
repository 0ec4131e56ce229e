package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"daybook/audit"
	"daybook/bench/dataset"
	"daybook/bench/load"
)

// patience is how long a filter is drawn in each round, which is then less often than
// it might be.
const patience = 1500 * time.Millisecond

// found is what a filter took on one log.
type found struct {
	p50, p95 []time.Duration // of each round
	buffers  []int64         // of each draw
	names    []int64         // buffers of looking up names, of each draw
	rows     []int64         // events on each page
	stopped  int             // calls that took too long and were stopped
}

// shelf is a log that pages are taken from, in this process.
type shelf struct {
	name    string // of the column
	log     dataset.Log
	pages   *audit.Reader
	explain func(ctx context.Context, call func(*audit.Reader) error) (touched, error) // nil: it cannot
	found   map[string]*found
}

// measureMatrix is (a): every filter on every log.
func (s *stage) measureMatrix(ctx context.Context, r *report) error {
	for _, database := range s.databases {
		one := &shelf{name: fmt.Sprintf("%d", database.Log.Events), log: database.Log, found: map[string]*found{}}
		var err error
		if _, one.pages, err = s.openReader(ctx, database.Address, 1); err != nil {
			return err
		}
		_, explained, err := s.explainer(ctx, database)
		if err != nil {
			return err
		}
		one.explain = explained
		r.shelves = append(r.shelves, one)
	}
	r.cases = append(filterCases(), deepCase)
	return s.measureShelves(ctx, r.shelves, r.cases)
}

// deepCase is a page far from the beginning; its place is given to the page.
var deepCase = filterCase{name: "deep page", kind: deep, draw: newest}

// explainer reads a log with a session that explains what it does.
func (s *stage) explainer(ctx context.Context, database *dataset.Database) (*audit.Reader, func(context.Context, func(*audit.Reader) error) (touched, error), error) {
	_, pages, err := s.openReader(ctx, explaining(database.Address), 1)
	return pages, func(ctx context.Context, call func(*audit.Reader) error) (touched, error) {
		return explained(ctx, s.postgres, func() error { return call(pages) })
	}, err
}

// measureShelves measures each filter on all logs side by side, in rounds.
func (s *stage) measureShelves(ctx context.Context, shelves []*shelf, cases []filterCase) error {
	for round := range s.options.rounds {
		for i := range cases {
			c := &cases[i]
			for _, one := range shelves {
				if err := one.measure(ctx, c, round, s.options.draws); err != nil {
					return fmt.Errorf("%s, %s events: %w", c.name, one.name, err)
				}
			}
			fmt.Fprintf(s.log, "round %d of %d, %d of %d: %s\n", round+1, s.options.rounds, i+1, len(cases), c.name)
		}
	}
	return nil
}

// measure draws a filter again and again and takes the first page each time: once
// to have it in memory, once for the time, and in the first round once explained.
func (s *shelf) measure(ctx context.Context, c *filterCase, round, draws int) error {
	f := s.found[c.name]
	if f == nil {
		f = &found{}
		s.found[c.name] = f
	}
	if f.stopped > 0 { // it takes the time limit, in every round
		return nil
	}
	d := &drawing{rand.New(rand.NewPCG(7, 7)), s.log} //nolint:gosec // the same on every log, nothing secret
	after, err := s.cursor(ctx, c)
	if err != nil {
		return err
	}
	var took []time.Duration
	begun := time.Now()
	for n := 0; n < draws && (n < 3 || time.Since(begun) < patience); n++ {
		request := pageRequest(c, c.draw(d), after)
		one, rows, err := takePage(ctx, s.pages, request)
		if err == nil && rows >= 0 {
			one, rows, err = takePage(ctx, s.pages, request)
		}
		if err != nil {
			return err
		}
		took = append(took, one)
		if rows < 0 {
			f.stopped++
			break
		}
		if round > 0 || s.explain == nil {
			continue
		}
		t, err := s.explain(ctx, func(pages *audit.Reader) error {
			_, _, err := takePage(ctx, pages, request)
			return err
		})
		if err != nil {
			return err
		}
		f.buffers, f.names, f.rows = append(f.buffers, int64(t.events)), append(f.names, int64(t.all-t.events)), append(f.rows, int64(rows))
	}
	f.p50, f.p95 = append(f.p50, load.Median(took)), append(f.p95, load.Percentile(took, 95))
	return nil
}

// cursor is where the page begins: far from the beginning, for the deep one.
func (s *shelf) cursor(ctx context.Context, c *filterCase) (*string, error) {
	if c.kind != deep {
		return nil, nil //nolint:nilnil // no cursor
	}
	at := deepInstant(s.log)
	page, err := s.pages.Events(ctx, audit.Viewer{Organization: reader}, pageRequest(c, &audit.Filter{OccurredAt: &audit.TimeRange{To: &at}}, nil))
	if err != nil {
		return nil, err
	}
	return page.PageInfo.StartCursor, nil
}

func pageRequest(c *filterCase, filter *audit.Filter, after *string) audit.EventPageRequest {
	size, order := 50, audit.Order{Field: audit.OrderOccurredAt, Direction: audit.Descending}
	if c.order != 0 {
		order.Field = c.order
	}
	return audit.EventPageRequest{
		Filter: filter, Order: order, Page: audit.PageRequest{First: &size, After: after},
		Fields: audit.Fields{Actors: true, Sections: true},
	}
}

// takePage takes a page, and says how long it took and how many events it has;
// -1 when it was stopped because it took too long.
func takePage(ctx context.Context, pages *audit.Reader, request audit.EventPageRequest) (time.Duration, int, error) {
	begun := time.Now()
	page, err := pages.Events(ctx, audit.Viewer{Organization: reader}, request)
	took := time.Since(begun)
	if audit.ErrorCode(err) == audit.CodeQueryTooExpensive {
		return took, -1, nil
	} else if err != nil {
		return took, 0, err
	}
	return took, len(page.Edges), nil
}
