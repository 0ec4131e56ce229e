package store

import (
	"encoding/binary"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
)

// The keys that a walk puts events in order by. The sequence has no column: it
// stands in the second half of the id, before the organization's number, and an
// organization's events sort by that half as they were recorded.
const (
	keyID       = "id"
	keySequence = "sequence"
)

// keyColumns are what is read of an event to find it and put it in order.
func keyColumns(key string) []string {
	if key == keyID {
		return []string{keyID}
	}
	return []string{keyID, key}
}

// selectKey selects the keyColumns of events.
func selectKey(key string) *sql.Selector {
	query := sql.Select(eventColumn("id"))
	if key == keySequence {
		query.AppendSelectExprAs(sql.ExprFunc(func(b *sql.Builder) { writeRecorded(b) }), keySequence)
	}
	return query
}

// writeRecorded writes the half of an event's id that has its sequence.
func writeRecorded(b *sql.Builder) *sql.Builder {
	b.WriteString("substr(")
	if b.Dialect() == dialect.Postgres {
		b.WriteString("uuid_send(").Ident(eventColumn("id")).WriteByte(')')
	} else {
		b.Ident(eventColumn("id"))
	}
	return b.WriteString(", 9)")
}

// recordedWithin compares the sequences of events with the ends of a window.
func recordedWithin(w *window[int64]) []*sql.Predicate {
	return w.compared(writeRecorded, func(sequence int64) any { return halfID(sequence) })
}

// halfID is the least that the second half of an id can be with that sequence or a
// later one. Beyond the numbers that ids have, it is before or behind them all.
func halfID(sequence int64) []byte {
	const variant, last = 2 << 62, 1 << 40
	return binary.BigEndian.AppendUint64(nil, variant|uint64(min(max(sequence, 0), last))<<22)
}
