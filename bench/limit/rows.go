// Package limit writes the rows that Daybook writes, without Daybook: as fast as
// its database can be brought to take them, and with fewer promises. Nobody
// waits for a lock, nobody counts without a gap, no key is looked up.
package limit

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"daybook/audit"
)

// tables are those that an event has rows of its own in, and which column of them
// names it. In the journal, which is the last of the tables that are written, it
// shares a row with others.
var tables = []struct{ name, event string }{
	{"events", "id"},
	{"property_changes", "event"},
}

// bundle is how many events share a row of the journal.
const bundle = 16

// ofOrganization says of an event's id that it is one of the organization's.
const ofOrganization = " IN (SELECT id FROM events WHERE organization = $1)"

// column is a column as the database describes it.
type column struct{ name, kind string }

// table is one of the tables.
type table struct {
	name    string
	columns []column
}

// row is a row as text; nil is NULL.
type row []*string

// recorded is what one event has in each of the tables but the journal.
type recorded [][]row

// Rows are the rows of recorded events, to be written again as those of others.
type Rows struct {
	tables []table // the journal is the last
	events []recorded
}

func (r *Rows) journal() table { return r.tables[len(r.tables)-1] }

// ReadRows reads the rows of an organization's events.
func ReadRows(ctx context.Context, db *sql.DB, organization audit.OrganizationID) (*Rows, error) {
	r := &Rows{}
	byEvent := map[string]recorded{}
	var ids []string
	for i, from := range tables {
		columns, err := readColumns(ctx, db, from.name)
		if err != nil {
			return nil, fmt.Errorf("read the columns of %s: %w", from.name, err)
		}
		t := table{from.name, columns}
		r.tables = append(r.tables, t)
		rows, err := readTable(ctx, db, t, from.event, organization)
		if err != nil {
			return nil, fmt.Errorf("read the rows of %s: %w", from.name, err)
		}
		id := t.index(from.event)
		for _, one := range rows {
			event := *one[id]
			if byEvent[event] == nil {
				byEvent[event] = make(recorded, len(tables))
				ids = append(ids, event)
			}
			byEvent[event][i] = append(byEvent[event][i], one)
		}
	}
	columns, err := readColumns(ctx, db, "journal")
	if err != nil {
		return nil, fmt.Errorf("read the columns of the journal: %w", err)
	}
	r.tables = append(r.tables, table{"journal", columns})
	slices.Sort(ids)
	for _, id := range ids {
		r.events = append(r.events, byEvent[id])
	}
	return r, nil
}

func readColumns(ctx context.Context, db *sql.DB, table string) ([]column, error) {
	rows, err := db.QueryContext(ctx, `SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
		WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var columns []column
	for rows.Next() {
		var c column
		if err := rows.Scan(&c.name, &c.kind); err != nil {
			return nil, err
		}
		columns = append(columns, c)
	}
	return columns, rows.Err()
}

func readTable(ctx context.Context, db *sql.DB, t table, event string, organization audit.OrganizationID) ([]row, error) {
	texts := make([]string, len(t.columns))
	for i, c := range t.columns {
		texts[i] = c.name + "::text"
	}
	rows, err := db.QueryContext(ctx, "SELECT "+strings.Join(texts, ", ")+" FROM "+t.name+" WHERE "+event+ofOrganization, int64(organization))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []row
	for rows.Next() {
		one := make(row, len(t.columns))
		into := make([]any, len(one))
		for i := range one {
			into[i] = &one[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

func (t table) index(name string) int {
	return slices.IndexFunc(t.columns, func(c column) bool { return c.name == name })
}

func (t table) names() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}
