package store

import (
	"bytes"
	"context"
	stdsql "database/sql"
	"slices"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// leastStretch is how many events a page of the whole log has at least for it to
// be read as a stretch. Fewer are found as fast one by one.
const leastStretch = 200

// isStretch says whether a scan reads a large page of the whole log in the order
// of recording, as exports do. SQLite finds events one by one as cheaply.
func (s *Store) isStretch(p *scan) bool {
	return s.dialect == dialect.Postgres && p.order == audit.OrderRecordedAt && len(p.conditions) == 0 && p.limit >= leastStretch
}

// stretch reads a page of the whole log in the order of recording.
//
// Most events are recorded in the order in which they happen, so that those of a
// page lie side by side in the log: they are read as one range of ids, at half of
// what Postgres takes to find each by itself. Those that came late lie elsewhere
// and are fetched by their ids. Where too many others lie between, or events that
// the journal names are no longer there, the journal is walked as for any page.
func (s *Store) stretch(ctx context.Context, p *scan) ([]*audit.Event, error) {
	ids, err := s.journalIDs(ctx, p)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	events, err := s.sideBySide(ctx, p, ids)
	if err != nil {
		return nil, err
	}
	late := missing(ids, events)
	if len(late) > len(ids)/4 {
		return s.events(ctx, p, p.page())
	}
	others, err := s.eventsInOrder(ctx, p, late)
	if err != nil {
		return nil, err
	}
	if len(others) < len(late) {
		return s.events(ctx, p, p.page())
	}
	events = append(events, others...)
	slices.SortFunc(events, func(a, b *audit.Event) int { return p.byRecording(a.ID, b.ID) })
	return events, nil
}

// journalIDs are the ids of the events of a page, sorted, as the journal has them.
func (s *Store) journalIDs(ctx context.Context, p *scan) ([]audit.EventID, error) {
	journal := sql.Table("journal")
	where := append(p.sequences.bounds(journal.C("sequence")), sql.EQ(journal.C("organization"), int64(p.organization)))
	page := sql.Select(journal.C("event")).From(journal).Where(allOf(where...)).OrderBy(p.by(journal.C("sequence"))).Limit(p.limit)
	// In one value, which takes less than a row for each.
	together := sql.SelectExpr(sql.Raw("COALESCE(string_agg(uuid_send(event), ''), '')")).From(page.As("page"))
	texts, err := queryRows(ctx, s, together, func(rows *stdsql.Rows) (text []byte, err error) {
		err = rows.Scan(&text)
		return text, err
	})
	if err != nil {
		return nil, err
	}
	ids := make([]audit.EventID, len(texts[0])/len(audit.EventID{}))
	for i := range ids {
		ids[i] = audit.EventID(texts[0][i*len(ids[i]):])
	}
	slices.SortFunc(ids, compareIDs)
	return ids, nil
}

func compareIDs(a, b audit.EventID) int { return bytes.Compare(a[:], b[:]) }

// sideBySide are the events with most of these ids, which are sorted: all that lie
// in one range. There are none if the range has many others.
func (s *Store) sideBySide(ctx context.Context, p *scan, ids []audit.EventID) ([]*audit.Event, error) {
	first, last := together(ids)
	side := idWindow()
	side.from(first)
	side.until(nextID(last))
	within := append(side.bounds(eventColumn("id")), sql.EQ(eventColumn("organization"), int64(p.organization)))
	enough := len(ids) + len(ids)/4
	some := sql.SelectExpr(sql.Raw("1")).From(sql.Table("events")).Where(allOf(within...)).Limit(enough + 1)
	few := sql.P(func(b *sql.Builder) {
		b.Wrap(func(b *sql.Builder) {
			b.Join(sql.Select(sql.Count("*")).From(some.As("some")))
		}).WriteOp(sql.OpLTE).Arg(enough)
	})
	query := selectEventsOf(p.brief).From(sql.Table("events")).Where(allOf(append(within, few)...))
	events, err := s.readEvents(ctx, p.organization, query, p.brief)
	return slices.DeleteFunc(events, func(e *audit.Event) bool {
		_, is := slices.BinarySearchFunc(ids, e.ID, compareIDs)
		return !is
	}), err
}

// together are the ends of the range in which most of these ids lie, which are
// sorted: the middle ones, and those that are no further from them than they are
// from each other.
func together(ids []audit.EventID) (first, last audit.EventID) {
	edge := len(ids) / 20
	low, high := ids[edge].OccurredAt(), ids[len(ids)-1-edge].OccurredAt()
	span := high.Sub(low)
	for first = ids[edge]; edge > 0 && low.Sub(ids[edge-1].OccurredAt()) <= span; edge-- {
		first = ids[edge-1]
	}
	after := len(ids) - len(ids)/20
	for last = ids[after-1]; after < len(ids) && ids[after].OccurredAt().Sub(high) <= span; after++ {
		last = ids[after]
	}
	return first, last
}

// missing are the ids, which are sorted, of which there are no events.
func missing(ids []audit.EventID, events []*audit.Event) []audit.EventID {
	found := make([]bool, len(ids))
	for _, e := range events {
		i, _ := slices.BinarySearchFunc(ids, e.ID, compareIDs)
		found[i] = true
	}
	var list []audit.EventID
	for i, id := range ids {
		if !found[i] {
			list = append(list, id)
		}
	}
	return list
}
