package store

import (
	"context"
	stdsql "database/sql"
	"slices"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

var _ audit.EventFinder = (*Store)(nil)

// FindEvents implements [audit.EventFinder].
//
// It runs one statement for the events, at most one for each of shared texts,
// actors, names and sections, and before them what the filter calls for: one for
// each of the sections, properties, actors and event names it names, one for each
// part of a person's name and each list of kinds, and in the order of recording
// one for each end of a range of recordedAt and up to three to find the shortest
// way; a page of the whole log in that order takes up to six. A search for a
// text that is not frequent takes a few more, in the number of the log's events
// divided by a million.
func (s *Store) FindEvents(ctx context.Context, organization audit.OrganizationID, query audit.EventQuery) ([]*audit.Event, error) {
	return reading(ctx, s, "find events", func(ctx context.Context) ([]*audit.Event, error) {
		if query.Limit <= 0 {
			return nil, nil
		}
		scan, err := s.newScan(ctx, organization, query.Filter, query.Order.Field, query.Limit)
		if err != nil {
			return nil, err
		}
		scan.between(query)
		scan.brief, scan.bytes = query.Fields.Brief, query.Bytes
		if scan.empty() {
			return nil, nil
		}
		events, err := s.rows(ctx, scan)
		if err != nil {
			return nil, err
		}
		if query.FromEnd {
			slices.Reverse(events)
		}
		return events, s.complete(ctx, organization, events, query.Fields)
	})
}

func (s *Store) page(ctx context.Context, p *scan) ([]*audit.Event, error) {
	if p.order == audit.OrderRecordedAt {
		return s.pageByRecording(ctx, p)
	}
	return s.events(ctx, p, p.page())
}

// events runs a selection of rows of a scan.
func (s *Store) events(ctx context.Context, p *scan, query *sql.Selector) ([]*audit.Event, error) {
	return s.readEvents(ctx, p.organization, query, s.pageBytes(p))
}

// pageBytes is how much recorded JSON the rows of a scan may have.
func (s *Store) pageBytes(p *scan) int {
	if p.bytes > 0 {
		return min(p.bytes, s.options.PageBytes)
	}
	return s.options.PageBytes
}

// EventsByID implements [audit.EventFinder].
func (s *Store) EventsByID(ctx context.Context, organization audit.OrganizationID, ids []audit.EventID, fields audit.Fields) ([]*audit.Event, error) {
	return reading(ctx, s, "fetch events", func(ctx context.Context) ([]*audit.Event, error) {
		if len(ids) == 0 {
			return nil, nil
		}
		events, err := s.readEvents(ctx, organization, selectByID(organization, ids), s.options.PageBytes)
		if err != nil {
			return nil, err
		}
		return events, s.complete(ctx, organization, events, fields)
	})
}

func selectByID(organization audit.OrganizationID, ids []audit.EventID) *sql.Selector {
	return selectEvents().From(sql.Table("events")).Where(sql.And(
		sql.EQ(eventColumn("organization"), int64(organization)),
		sql.In(eventColumn("id"), anys(ids)...),
	))
}

func scanNumber(rows *stdsql.Rows) (n int64, err error) {
	err = rows.Scan(&n)
	return n, err
}
