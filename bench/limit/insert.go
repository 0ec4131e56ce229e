package limit

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	_ "github.com/lib/pq" // the driver "postgres"

	"daybook/audit"
	"daybook/bench/load"
)

// Inserter writes batches of rows with one prepared statement over one
// connection, each batch in a transaction of its own.
type Inserter struct {
	rows         *Rows
	organization audit.OrganizationID
	statement    *sql.Stmt
	sequence     int64
	next         int // of the rows' events
}

// NewInserter prepares the statement. Nobody else may write for the
// organization.
func NewInserter(ctx context.Context, conn *sql.Conn, rows *Rows, organization audit.OrganizationID) (*Inserter, error) {
	statement, err := conn.PrepareContext(ctx, rows.insertStatement())
	if err != nil {
		return nil, fmt.Errorf("prepare the inserts: %w", err)
	}
	return &Inserter{rows: rows, organization: organization, statement: statement}, nil
}

// insertStatement takes an array for each column of each table. The tables but
// the last are written in WITH, so that one round trip does.
func (r *Rows) insertStatement() string {
	var text strings.Builder
	argument, last := 0, len(r.tables)-1
	for i, t := range r.tables {
		switch {
		case i == 0:
			text.WriteString("WITH ")
		case i < last:
			text.WriteString(", ")
		}
		arrays := make([]string, len(t.columns))
		for j, c := range t.columns {
			argument++
			arrays[j] = fmt.Sprintf("$%d::%s[]", argument, c.kind)
		}
		insert := fmt.Sprintf("INSERT INTO %s (%s) SELECT * FROM unnest(%s)", t.name, t.names(), strings.Join(arrays, ", "))
		if i < last {
			insert = fmt.Sprintf("add_%s AS (%s)", t.name, insert)
		}
		text.WriteString(insert + " ")
	}
	return text.String()
}

// Batch is a call that writes that many events.
func (in *Inserter) Batch(events int) load.Call {
	return func(ctx context.Context) (int, error) {
		if _, err := in.statement.ExecContext(ctx, in.arguments(events)...); err != nil {
			return 0, fmt.Errorf("insert %d events: %w", events, err)
		}
		return events, nil
	}
}

// arguments are the arrays of the next events' rows under new ids.
func (in *Inserter) arguments(events int) []any {
	now := time.Now()
	var arrays [][]strings.Builder
	for _, t := range in.rows.tables {
		arrays = append(arrays, make([]strings.Builder, len(t.columns)))
	}
	journal, ids := in.rows.journal(), []byte(nil)
	for n := range events {
		in.sequence++
		id, fresh := in.freshValues(now)
		one := in.rows.events[in.next%len(in.rows.events)]
		in.next++
		for i, rows := range one {
			for _, values := range rows {
				appendRow(arrays[i], in.rows.tables[i], values, fresh)
			}
		}
		ids = append(ids, id[:]...)
		if (n+1)%bundle == 0 || n+1 == events {
			fresh["token"] = fmt.Sprint(in.sequence)
			fresh["event_ids"], fresh["digests"] = fmt.Sprintf(`\x%x`, ids), fmt.Sprintf(`\x%x%x`, ids, ids)
			appendRow(arrays[len(one)], journal, make(row, len(journal.columns)), fresh)
			ids = ids[:0]
		}
	}
	var arguments []any
	for i := range arrays {
		for j := range arrays[i] {
			arguments = append(arguments, "{"+strings.TrimPrefix(arrays[i][j].String(), ",")+"}")
		}
	}
	return arguments
}

// freshValues are the values of columns that tell one event from all others.
func (in *Inserter) freshValues(now time.Time) (audit.EventID, map[string]string) {
	id, err := audit.NewEventID(now, in.sequence, in.organization)
	if err != nil {
		panic(err) // a number of events nobody waits for
	}
	return id, map[string]string{
		"id": id.UUID(), "event": id.UUID(),
		"organization": fmt.Sprint(int64(in.organization)),
		"sequence":     fmt.Sprint(in.sequence),
		"recorded_at":  now.UTC().Format("2006-01-02 15:04:05.999999+00"),
	}
}

func appendRow(arrays []strings.Builder, t table, values row, fresh map[string]string) {
	for i, value := range values {
		arrays[i].WriteByte(',')
		if new, ok := fresh[t.columns[i].name]; ok {
			appendElement(&arrays[i], new)
		} else if value == nil {
			arrays[i].WriteString("NULL")
		} else {
			appendElement(&arrays[i], *value)
		}
	}
}

var arrayEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func appendElement(to *strings.Builder, text string) {
	to.WriteByte('"')
	_, _ = arrayEscapes.WriteString(to, text) // a builder takes everything
	to.WriteByte('"')
}
