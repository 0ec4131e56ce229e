package store

import (
	"bytes"
	"cmp"
	"context"
	stdsql "database/sql"
	"fmt"
	"math"
	"time"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// window is a range of the keys of an order: low is in it, high is not; nil is
// open. Everything that bounds a page along its order goes into one window,
// because SQLite takes only one bound at each end to an index and would step
// over the rows outside the others.
type window[K any] struct {
	low, high *K
	compare   func(a, b K) int
}

func idWindow() window[audit.EventID] {
	return window[audit.EventID]{compare: func(a, b audit.EventID) int { return bytes.Compare(a[:], b[:]) }}
}

func sequenceWindow() window[int64] { return window[int64]{compare: cmp.Compare[int64]} }

// from leaves out what is before low.
func (w *window[K]) from(low K) {
	if w.low == nil || w.compare(low, *w.low) > 0 {
		w.low = &low
	}
}

// until leaves out high and what is after it.
func (w *window[K]) until(high K) {
	if w.high == nil || w.compare(high, *w.high) < 0 {
		w.high = &high
	}
}

func (w *window[K]) empty() bool {
	return w.low != nil && w.high != nil && w.compare(*w.low, *w.high) >= 0
}

// has says whether a key is in the window.
func (w *window[K]) has(key K) bool {
	return (w.low == nil || w.compare(key, *w.low) >= 0) && (w.high == nil || w.compare(key, *w.high) < 0)
}

// bounds compares a column with the ends.
func (w *window[K]) bounds(column string) []*sql.Predicate {
	var list []*sql.Predicate
	if w.low != nil {
		list = append(list, sql.GTE(column, *w.low))
	}
	if w.high != nil {
		list = append(list, sql.LT(column, *w.high))
	}
	return list
}

// nextID is the smallest id after id; the greatest is its own successor, which
// no event has.
func nextID(id audit.EventID) audit.EventID {
	greatest := id
	for i := len(id) - 1; i >= 0; i-- {
		if id[i]++; id[i] != 0 {
			return id
		}
	}
	return greatest
}

func nextSequence(sequence int64) int64 {
	if sequence == math.MaxInt64 {
		return sequence
	}
	return sequence + 1
}

// firstSequenceAt is the sequence of the first event that was recorded at t or
// later, or the next one to be recorded. The journal has no gaps and its times
// never run backwards, so halving it takes a few dozen steps, each to one row.
func (s *Store) firstSequenceAt(ctx context.Context, organization audit.OrganizationID, t time.Time) (int64, error) {
	sequences, err := queryRows(ctx, s, bisectJournal(organization, instantArg(s.dialect, t)),
		func(rows *stdsql.Rows) (sequence int64, err error) {
			err = rows.Scan(&sequence)
			return sequence, err
		})
	if err != nil {
		return 0, err
	}
	if len(sequences) != 1 {
		return 0, fmt.Errorf("the journal of %s has a gap", organization)
	}
	return sequences[0], nil
}

// bisectJournal narrows [low, high], in which the answer lies, until one is left.
func bisectJournal(organization audit.OrganizationID, t any) *sql.Selector {
	halving := sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString(`WITH RECURSIVE halving (low, high) AS (
			SELECT CAST(1 AS bigint), COALESCE((SELECT max(sequence) FROM journal WHERE organization = `).Arg(int64(organization))
		b.WriteString(`), 0) + 1
			UNION ALL
			SELECT CASE WHEN middle.recorded_at < `).Arg(t)
		b.WriteString(` THEN middle.sequence + 1 ELSE halving.low END, CASE WHEN middle.recorded_at < `).Arg(t)
		b.WriteString(` THEN halving.high ELSE middle.sequence END
			FROM halving JOIN journal AS middle ON middle.organization = `).Arg(int64(organization))
		b.WriteString(` AND middle.sequence = (halving.low + halving.high) / 2
			WHERE halving.low < halving.high)`)
	})
	return sql.Select("low").From(sql.Table("halving")).Where(sql.ColumnsEQ("low", "high")).Prefix(halving)
}
