package store

import (
	"context"
	stdsql "database/sql"
	"strconv"
	"time"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// maxTail is how many events that are not counted yet, or that lie in a quarter of
// an hour at an end of the range, are looked at: more than followers stay behind a
// busy recorder, and few enough to be read at once.
const maxTail = 10_000

// counted takes in how many events happened at an instant or in the quarter of an
// hour from it on. The action is 0 where it was not asked for.
type counted func(at int64, category audit.Category, action audit.Action, n int)

// rollUp is one answer from event_counts: the counts of all quarters of an hour
// that lie within the range, the events that were recorded since, and those in the
// rest of the range. One statement reads all of it, and so the same state.
type rollUp struct {
	organization audit.OrganizationID
	filter       simpleFilter
	byAction     bool // actions are to be told apart
	from, to     *time.Time
}

// newRollUp makes the question; nil when the range has no whole quarter of an hour.
func newRollUp(organization audit.OrganizationID, filter simpleFilter, byAction bool) *rollUp {
	r := &rollUp{organization: organization, filter: filter, byAction: byAction}
	if from := filter.occurred.From; from != nil {
		whole := from.UTC().Truncate(quarter)
		if whole.Before(*from) {
			whole = whole.Add(quarter)
		}
		r.from = &whole
	}
	if to := filter.occurred.To; to != nil {
		whole := to.UTC().Truncate(quarter)
		r.to = &whole
	}
	if r.from != nil && r.to != nil && !r.from.Before(*r.to) {
		return nil
	}
	return r
}

// countRolledUp answers from event_counts, if they are there and not too far
// behind.
func (s *Store) countRolledUp(ctx context.Context, r *rollUp, count counted) (done bool, err error) {
	if r == nil {
		return false, nil
	}
	rows, err := queryRows(ctx, s, r.selector(), scanRolledUp)
	if err != nil {
		return false, err
	}
	var parts [partLast + 1]int
	for _, row := range rows {
		parts[row.part]++
	}
	if parts[partPosition] == 0 || parts[partTail] > maxTail || parts[partFirst] > maxTail || parts[partLast] > maxTail {
		return false, nil
	}
	for _, row := range rows {
		if err := r.take(row, count); err != nil {
			return true, err
		}
	}
	return true, nil
}

// The parts of the answer.
const (
	partPosition = iota // how far the counts go in the journal
	partCounts
	partTail  // events recorded since
	partFirst // events before the first whole quarter of an hour
	partLast  // and after the last
)

// rolledUp is a row of the answer: of event_counts, or an event.
type rolledUp struct {
	part             int
	day              int64
	category, action int64
	quarters         []byte
	event            stdsql.Null[audit.EventID]
}

func scanRolledUp(rows *stdsql.Rows) (r rolledUp, err error) {
	err = rows.Scan(&r.part, &r.day, &r.category, &r.action, &r.quarters, &r.event)
	return r, err
}

func (r *rollUp) take(row rolledUp, count counted) error {
	category, action := audit.Category(row.category), audit.Action(row.action)
	switch row.part {
	case partPosition:
		return nil
	case partCounts:
		first := row.day * int64(quartersOfADay)
		return eachQuarter(row.quarters, func(number int, n uint64) {
			if at := (first + int64(number)) * quarter.Microseconds(); r.hasQuarters(at) {
				count(at, category, action, int(n))
			}
		})
	}
	at := row.event.V.OccurredAt().UnixMicro()
	if r.filter.has(category, action) && (row.part != partTail || r.hasQuarters(at)) {
		if !r.byAction {
			action = allActions
		}
		count(at, category, action, 1)
	}
	return nil
}

// hasQuarters says whether an instant lies in the part of the range that is
// counted by quarters.
func (r *rollUp) hasQuarters(at int64) bool {
	return (r.from == nil || at >= r.from.UnixMicro()) && (r.to == nil || at < r.to.UnixMicro())
}

const (
	noQuarters = ", CAST(NULL AS bytea) AS quarters"
	noEvent    = ", CAST(NULL AS uuid) AS event"
)

func (r *rollUp) selector() *sql.Selector {
	organization, all := int64(r.organization), sequenceWindow()
	counted := sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("(SELECT 0 AS part, 0 AS day, 0 AS category, 0 AS action" + noQuarters + noEvent)
		b.WriteString(" FROM journal_followers WHERE organization = ").Arg(organization).WriteString(" AND follower = ").Arg(countsFollower)
		b.WriteString(" UNION ALL SELECT 1, day, category, action, quarters" + noEvent + " FROM event_counts WHERE ").Join(r.rows())
		b.WriteString(" UNION ALL SELECT * FROM (SELECT 2 AS part, 0 AS day, events.category, events.action" + noQuarters + ", events.id AS event")
		b.WriteString(" FROM ").Join(eachEntrysEvent(r.organization)).WriteString(" WHERE ").Join(allOf(entriesWithin(r.organization, &all)...))
		position := func(compared string) {
			b.WriteString(" AND " + compared + " (SELECT sequence FROM journal_followers WHERE organization = ").Arg(organization)
			b.WriteString(" AND follower = ").Arg(countsFollower).WriteString(")")
		}
		position(entrySequence + " >")
		position("journal.sequence >") // this and the next are for the index
		position("journal.sequence <= " + strconv.Itoa(maxTail+1+bundleSize) + " +")
		b.WriteString(" ORDER BY journal.sequence LIMIT ").Arg(maxTail + 1)
		b.WriteString(") AS tail")
		r.writeEdge(b, partFirst, r.filter.occurred.From, r.from)
		r.writeEdge(b, partLast, r.to, r.filter.occurred.To)
		b.WriteString(") AS counted")
	})
	return sql.Select("part", "day", "category", "action", "quarters", "event").FromExpr(counted)
}

// rows are the rows of event_counts that the range has a quarter of.
func (r *rollUp) rows() *sql.Predicate {
	where := []*sql.Predicate{sql.EQ("organization", int64(r.organization))}
	switch {
	case r.filter.actions != nil:
		where = append(where, sql.In("action", anys(numbers(r.filter.actions))...))
	case r.byAction:
		where = append(where, sql.GT("action", allActions))
	default:
		where = append(where, sql.EQ("action", allActions))
	}
	if r.filter.categories != nil {
		where = append(where, sql.In("category", anys(numbers(r.filter.categories))...))
	}
	if r.from != nil {
		day, _ := dayAndQuarter(*r.from)
		where = append(where, sql.GTE("day", day))
	}
	if r.to != nil {
		day, _ := dayAndQuarter(r.to.Add(-1))
		where = append(where, sql.LTE("day", day))
	}
	return allOf(where...)
}

// writeEdge adds the events of less than a quarter of an hour at an end of the
// range.
func (r *rollUp) writeEdge(b *sql.Builder, part int, from, to *time.Time) {
	if from == nil || !from.Before(*to) {
		return
	}
	b.WriteString(" UNION ALL SELECT * FROM (SELECT ").WriteString(strconv.Itoa(part))
	b.WriteString(" AS part, 0 AS day, category, action" + noQuarters + ", id AS event FROM events WHERE ")
	ids := idWindow()
	ids.from(audit.FirstEventIDAt(*from))
	ids.until(audit.FirstEventIDAt(*to))
	b.Join(allOf(append(ids.bounds("id"), sql.EQ("organization", int64(r.organization)))...))
	b.WriteString(" ORDER BY id LIMIT ").Arg(maxTail + 1).WriteString(") AS edge" + strconv.Itoa(part))
}
