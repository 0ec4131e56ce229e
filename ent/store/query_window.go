package store

import (
	"bytes"
	"cmp"
	"context"
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

// compared compares something else than a column with the ends, each as an argument.
func (w *window[K]) compared(write func(*sql.Builder) *sql.Builder, argument func(K) any) []*sql.Predicate {
	var list []*sql.Predicate
	compare := func(op sql.Op, end *K) {
		if end != nil {
			list = append(list, sql.P(func(b *sql.Builder) { write(b).WriteOp(op).Arg(argument(*end)) }))
		}
	}
	compare(sql.OpGTE, w.low)
	compare(sql.OpLT, w.high)
	return list
}

// asIs is a key as an argument.
func asIs[K any](key K) any { return key }

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
// later, or the next one to be recorded. The times of the journal never run
// backwards.
func (s *Store) firstSequenceAt(ctx context.Context, organization audit.OrganizationID, t time.Time) (int64, error) {
	sequences, err := queryRows(ctx, s, selectFirstAt(organization, instantArg(s.dialect, t)), scanNumber)
	if err != nil {
		return 0, err
	}
	return sequences[0], nil
}

// selectFirstAt begins at the last mark before t and goes on to the first bundle
// that is not before t, which is at most 64 entries and a bundle away.
func selectFirstAt(organization audit.OrganizationID, t any) *sql.Selector {
	journal := func(column string) *sql.Selector {
		return sql.Select(column).From(sql.Table("journal")).Where(sql.EQ("organization", int64(organization)))
	}
	mark := journal("sequence").Where(sql.And(sql.LT("recorded_at", t), sql.ExprP(isMark))).
		OrderBy(sql.Desc("recorded_at"), sql.Desc("sequence")).Limit(1)
	first := journal("(sequence - length(digests) / 32 + 1)").Where(sql.And(
		sql.GTE("recorded_at", t),
		sql.P(func(b *sql.Builder) {
			b.Ident("sequence").WriteOp(sql.OpGT).WriteString("COALESCE(").Wrap(func(b *sql.Builder) { b.Join(mark) }).WriteString(", 0)")
		}))).OrderBy("sequence").Limit(1)
	return sql.Select().AppendSelectExpr(sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("COALESCE(").Wrap(func(b *sql.Builder) { b.Join(first) }).WriteString(", ")
		b.Wrap(func(b *sql.Builder) { b.Join(journal("max(sequence)")) }).WriteString(" + 1, 1)")
	}))
}

// isMark is the condition of the index journal_marks.
const isMark = "sequence / 64 <> (sequence - length(digests) / 32) / 64"
