package store

import (
	"context"
	stdsql "database/sql"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

var _ audit.CoverageFinder = (*Store)(nil)

// FindCoverage implements [audit.CoverageFinder]: one statement, which looks at the
// ends of three indexes.
func (s *Store) FindCoverage(ctx context.Context, organization audit.OrganizationID) (*audit.Coverage, error) {
	return reading(ctx, s, "find coverage", func(ctx context.Context) (*audit.Coverage, error) {
		found, err := queryRows(ctx, s, selectCoverage(organization), scanCoverage)
		if err != nil {
			return nil, err
		}
		return found[0], nil
	})
}

func selectCoverage(organization audit.OrganizationID) *sql.Selector {
	oldest := &scan{organization: organization, order: audit.OrderOccurredAt, limit: 1, ids: idWindow()}
	journal := func(column string) *sql.Selector {
		return sql.Select(column).From(sql.Table("journal")).Where(sql.EQ("organization", int64(organization)))
	}
	query := sql.Select()
	for _, one := range []*sql.Selector{
		oldest.alongEvents(sql.Select(eventColumn("id")), nil),
		journal("recorded_at").OrderBy("sequence").Limit(1),
		journal("COALESCE(max(sequence), 0)"),
	} {
		query.AppendSelectExpr(sql.ExprFunc(func(b *sql.Builder) { b.Wrap(func(b *sql.Builder) { b.Join(one) }) }))
	}
	return query
}

func scanCoverage(rows *stdsql.Rows) (*audit.Coverage, error) {
	var c audit.Coverage
	var oldest *audit.EventID
	var recorded *instant
	if err := rows.Scan(&oldest, &recorded, &c.LastSequence); err != nil {
		return nil, err
	}
	if oldest != nil {
		at := oldest.OccurredAt()
		c.OldestOccurredAt = &at
	}
	c.OldestRecordedAt = (*time.Time)(recorded)
	return &c, nil
}

// CountLate implements [audit.CoverageFinder].
func (s *Store) CountLate(ctx context.Context, organization audit.OrganizationID, query audit.LateQuery) (int, error) {
	return reading(ctx, s, "count late events", func(ctx context.Context) (int, error) {
		p, err := s.lateScan(ctx, organization, query)
		if err != nil || p.empty() || p.ids.empty() {
			return 0, err
		}
		counts, err := queryRows(ctx, s, p.countLate(), scanNumber)
		if err != nil {
			return 0, err
		}
		return int(counts[0]), nil
	})
}

// lateScan is a scan along the journal for what a query calls late: its sequences
// say what was recorded since, its ids what may have happened before.
func (s *Store) lateScan(ctx context.Context, organization audit.OrganizationID, query audit.LateQuery) (*scan, error) {
	p, err := s.newScan(ctx, organization, query.Filter, audit.OrderRecordedAt, int(query.Through-query.Since))
	if err != nil {
		return nil, err
	}
	for _, c := range p.conditions {
		if c.clock == audit.OrderOccurredAt {
			p.occurred(c.instants)
		}
	}
	between := *p
	between.between(query.EventQuery)
	if query.Order.Field == audit.OrderRecordedAt {
		p.sequences = between.sequences
	} else {
		p.ids = between.ids
	}
	p.sequences.from(query.Since + 1)
	p.sequences.until(query.Through + 1)
	if query.Since == 0 {
		return p, nil
	}
	recordedAt, err := s.recordedAt(ctx, organization, query.Since)
	if err != nil {
		return nil, err
	}
	p.ids.until(audit.FirstEventIDAt(recordedAt))
	return p, nil
}

// countLate counts the rows of a lateScan. The ids are compared in the journal, so
// that only events that came late are read.
func (p *scan) countLate() *sql.Selector {
	inTime := condition{holds: allOf(p.ids.compared(writeEntryID, asIs)...)}
	late := *p
	late.conditions = append([]condition{inTime}, p.conditions...)
	return late.overJournal(sql.Select(sql.Count("*")))
}

// recordedAt is when the event with this sequence was recorded.
func (s *Store) recordedAt(ctx context.Context, organization audit.OrganizationID, sequence int64) (time.Time, error) {
	query := sql.Select("recorded_at").From(sql.Table("journal")).
		Where(sql.And(sql.EQ("organization", int64(organization)), sql.GTE("sequence", sequence))).OrderBy("sequence").Limit(1)
	times, err := queryRows(ctx, s, query, func(rows *stdsql.Rows) (at instant, err error) {
		err = rows.Scan(&at)
		return at, err
	})
	if err != nil {
		return time.Time{}, err
	}
	if len(times) == 0 {
		return time.Time{}, fmt.Errorf("the journal of %s has no entry %d", organization, sequence)
	}
	return time.Time(times[0]), nil
}
