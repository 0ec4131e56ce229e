package store

import (
	"context"
	"math"
	"strconv"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/lib/pq"

	"daybook/audit"
)

// A row of the journal is a bundle: entries of one group that were recorded at one
// instant, of which each has its bytes in two columns. Its sequence is that of the last.
const (
	bundleSize  = 16 // entries at most
	idBytes     = 16 // of event_ids
	digestBytes = 32 // of digests
)

// A statement that reads from eachEntry has a row for each entry of each bundle.
var eachEntry = "journal CROSS JOIN " + tableOf(bundlePlaces()) + " AS place"

// eachEntrysEvent is eachEntry with the row of the event.
func eachEntrysEvent(organization audit.OrganizationID) sql.Querier {
	return entriesJoin("CROSS", organization)
}

// eachEntryAndEvent is eachEntry with the row of the event, if it is still there.
func eachEntryAndEvent(organization audit.OrganizationID) sql.Querier {
	return entriesJoin("LEFT", organization)
}

// entriesJoin looks for the event of each entry by its key, and never the other way
// around: of an organization that Postgres knows nothing of yet it would take all
// events for one, and read the journal anew for each. SQLite takes such tables in
// the order in which they stand.
func entriesJoin(kind string, organization audit.OrganizationID) sql.Querier {
	return sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString(eachEntry + " " + kind + " JOIN ")
		if b.Dialect() == dialect.SQLite {
			b.WriteString("events ON ").Join(isEntrysEvent(organization))
			return
		}
		b.WriteString("LATERAL (SELECT * FROM events WHERE ").Join(isEntrysEvent(organization)).WriteString(" OFFSET 0) AS events")
		if kind == "LEFT" {
			b.WriteString(" ON TRUE")
		}
	})
}

// bundlePlaces are the places that entries may have in a bundle.
func bundlePlaces() (places []int64) {
	for place := range int64(bundleSize) {
		places = append(places, place+1)
	}
	return places
}

// tableOf is a table of numbers, whose one column both engines call column1.
func tableOf(numbers []int64) string {
	rows := make([]string, len(numbers))
	for i, number := range numbers {
		rows[i] = "(" + strconv.FormatInt(number, 10) + ")"
	}
	return "(VALUES " + strings.Join(rows, ", ") + ")"
}

const (
	entrySequence = "(journal.sequence - length(journal.digests) / 32 + place.column1)"
	hasPlace      = "place.column1 <= length(journal.digests) / 32"
	entryDigest   = "substr(journal.digests, 32 * place.column1 - 31, 32)"
)

// writeEntryID writes the id of an entry's event.
func writeEntryID(b *sql.Builder) *sql.Builder {
	id := "substr(journal.event_ids, 16 * place.column1 - 15, 16)"
	if b.Dialect() == dialect.Postgres {
		id = "CAST(encode(" + id + ", 'hex') AS uuid)"
	}
	return b.WriteString(id)
}

// entryID is the id of an entry's event, to be selected.
func entryID() sql.Querier {
	return sql.ExprFunc(func(b *sql.Builder) { writeEntryID(b) })
}

// isEntrysEvent says whether a row of events is the one of an entry.
func isEntrysEvent(organization audit.OrganizationID) *sql.Predicate {
	return sql.And(sql.EQ(eventColumn("organization"), int64(organization)),
		sql.P(func(b *sql.Builder) { writeEntryID(b.Ident(eventColumn("id")).WriteOp(sql.OpEQ)) }))
}

// entriesWithin are the conditions for the entries of a window. Those on the
// bundles are for the index.
func entriesWithin(organization audit.OrganizationID, w *window[int64]) []*sql.Predicate {
	journal := sql.Table("journal")
	list := []*sql.Predicate{sql.EQ(journal.C("organization"), int64(organization)), sql.ExprP(hasPlace)}
	if w.low != nil {
		list = append(list, sql.GTE(journal.C("sequence"), *w.low))
	}
	if w.high != nil {
		list = append(list, sql.LT(journal.C("sequence"), min(*w.high, math.MaxInt64-bundleSize)+bundleSize-1))
	}
	sequence := func(b *sql.Builder) *sql.Builder { return b.WriteString(entrySequence) }
	return append(list, w.compared(sequence, asIs)...)
}

// entriesBetween is the window of the sequences after one, as far as another.
func entriesBetween(after, through int64) *window[int64] {
	w := sequenceWindow()
	w.from(after + 1)
	w.until(through + 1)
	return &w
}

// inSequence orders entries as they were recorded. It is for windows that are short:
// the order is no index's.
func inSequence(query *sql.Selector) *sql.Selector {
	return query.OrderBy(sql.Table("journal").C("sequence"), sql.Table("place").C("column1"))
}

// eventsAt gives the ids of the events that have these sequences, in any order.
// Those that the journal does not have are left out.
func (s *Store) eventsAt(ctx context.Context, organization audit.OrganizationID, sequences []int64) ([]audit.EventID, error) {
	if s.dialect == dialect.Postgres {
		return queryPrepared(ctx, s, eventsAtPostgres, scanEventID, int64(organization), pq.Int64Array(sequences))
	}
	return queryText(ctx, s, selectEventsAt(tableOf(sequences)+` AS wanted CROSS JOIN journal
		ON journal.organization = $1 AND journal.sequence = (
			SELECT min(sequence) FROM journal WHERE organization = $1 AND sequence >= wanted.column1)`), scanEventID, int64(organization))
}

var eventsAtPostgres = selectEventsAt(`unnest($2::bigint[]) AS wanted (column1) CROSS JOIN LATERAL (
	SELECT * FROM journal WHERE organization = $1 AND sequence >= wanted.column1 ORDER BY sequence LIMIT 1) AS journal`)

// selectEventsAt takes ids out of the first bundles that reach as far as is wanted.
func selectEventsAt(bundles string) string {
	const place = "(wanted.column1 - journal.sequence + length(journal.digests) / 32)"
	return "SELECT substr(journal.event_ids, CAST(16 * " + place + " - 15 AS integer), 16) FROM " + bundles + " WHERE " + place + " > 0"
}
