package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"daybook/audit"
	"daybook/bench/cell"
	"daybook/bench/dataset"
	"daybook/bench/event"
	"daybook/bench/load"
)

// What answers pages.
const (
	daybook         = "Daybook"
	direct          = "by hand, without GraphQL"
	peer            = "PostGraphile 4"
	pgbench         = "the same SQL by pgbench"
	daybookEmbedded = "Daybook on SQLite"
	tutorial        = "gqlgen + ent + entgql, as the tutorial"
)

// reader is the organization whose pages are read: the largest.
const reader = 1

// category is that of the pages: half of all events.
const category = audit.CategoryConversation

// pageQuery is what an audit view asks for.
const pageQuery = `query Page($after: String!) {
  auditLog(filter: {categories: [CONVERSATION]}, first: 50, after: $after) {
    edges { cursor node {
      id occurredAt category action eventName performedBy { id kind name } section { key name }
      object { type externalId name } ipAddress changes { property before after }
    } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

// place is where a page begins: behind an event.
type place struct {
	cursor string // as Daybook has it
	id     audit.EventID
}

// contender is one way to answer pages, running.
type contender struct {
	what     string
	cell     cell.Cell
	host     string
	requests []load.Request                                                              // one for each place
	run      func(context.Context, load.Window, int) (load.Result, time.Duration, error) // instead of requests
	content  func(answer []byte) (page, error)
}

// pageLine is one measurement.
type pageLine struct {
	events, connections int
	what                string
}

// measurePages is (b): requests per second for pages with everything that an
// audit view shows, of all contenders.
func (s *stage) measurePages(ctx context.Context, r *report) error {
	for _, database := range s.databases {
		if database.Log.Events > s.options.largest {
			break
		}
		contenders, err := s.contenders(ctx, database)
		if err != nil {
			return err
		}
		if err := sameContent(ctx, contenders); err != nil {
			return fmt.Errorf("%d events: %w", database.Log.Events, err)
		}
		var cells []cell.Cell
		var lines []pageLine
		for _, count := range s.options.connections {
			for _, c := range contenders {
				one := c.cell
				one.Name = fmt.Sprintf("%s, %d events, %d connections", c.what, database.Log.Events, count)
				if c.requests != nil {
					one.Run = cell.Requesting(c.host, c.requests, count)
				} else {
					one.Run = func(ctx context.Context, window load.Window) (load.Result, time.Duration, error) {
						return c.run(ctx, window, count)
					}
				}
				cells, lines = append(cells, one), append(lines, pageLine{database.Log.Events, count, c.what})
			}
		}
		samples, err := cell.Measure(ctx, cells, s.plan("pages"))
		if err != nil {
			return err
		}
		r.addPages(lines, samples)
	}
	return nil
}

// findPlaces finds the pages' places, all over the log but its last days.
func findPlaces(ctx context.Context, events *audit.Reader, log dataset.Log, places int) ([]place, error) {
	random := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // nothing secret
	list := make([]place, places)
	for i := range list {
		at := dataset.Begin.Add(time.Duration((0.1 + 0.9*random.Float64()) * float64(dataset.End.Sub(dataset.Begin))))
		one := 1
		page, err := events.Events(ctx, audit.Viewer{Organization: reader}, audit.EventPageRequest{
			Filter: &audit.Filter{Categories: []audit.Category{category}, OccurredAt: &audit.TimeRange{To: &at}},
			Order:  audit.Order{Field: audit.OrderOccurredAt, Direction: audit.Descending},
			Page:   audit.PageRequest{First: &one},
		})
		if err != nil {
			return nil, err
		}
		if len(page.Edges) == 0 {
			return nil, fmt.Errorf("a log of %d events has none before %s", log.Events, at)
		}
		list[i] = place{page.Edges[0].Cursor, page.Edges[0].Node.ID}
	}
	return list, nil
}

// daybookRequests ask Daybook for the pages.
func daybookRequests(host, secret string, from []place) []load.Request {
	requests := make([]load.Request, len(from))
	for i, p := range from {
		body := event.Body(pageQuery, map[string]any{"after": p.cursor})
		requests[i] = load.Post(host, secret, body, 1, `"hasNextPage":true`)
	}
	return requests
}

// directRequests ask the program written by hand.
func directRequests(host string, from []place) []load.Request {
	requests := make([]load.Request, len(from))
	for i, p := range from {
		path := fmt.Sprintf("/events?organization=%d&category=%d&after=%s", reader, category, p.id.UUID())
		requests[i] = load.Get(host, "", path, `"hasNextPage":true`)
	}
	return requests
}
