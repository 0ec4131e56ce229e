package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"daybook/audit"
	"daybook/audit/storetest"
	"daybook/internal/postgrestest"
)

// partitions are months of their own; everything else is in the default one.
var partitions = struct {
	first  time.Time
	months int
}{time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC), 5}

// TestPartitionedConformance: the keys, statements and functions also serve a
// table of events that is partitioned by month, on the id, whose order is that
// of time.
func TestPartitionedConformance(t *testing.T) {
	open := func(tb testing.TB) storetest.Store { return openPartitionedStore(tb) }
	storetest.RunRecording(t, open)
	storetest.RunReading(t, open)
}

// TestPartitionedTableIsAppendOnly: the guards stand on every partition.
func TestPartitionedTableIsAppendOnly(t *testing.T) {
	s := openPartitionedStore(t)
	fillBulk(t, s, 10)
	for _, table := range append(partitionNames(), "events") {
		for _, statement := range []string{`TRUNCATE ` + table, `UPDATE ` + table + ` SET action = 1`, `DELETE FROM ` + table} {
			_, err := s.writer.ExecContext(t.Context(), statement)
			empty := table != "events" && table != "events_rest" && !strings.HasPrefix(statement, "TRUNCATE")
			if !empty && (err == nil || !strings.Contains(err.Error(), "append-only")) {
				t.Errorf("%s: %v", statement, err)
			}
		}
	}
}

// TestPartitionsOutsideTheRangeAreNotRead: a page of one month touches its
// partition alone.
func TestPartitionsOutsideTheRangeAreNotRead(t *testing.T) {
	s := openPartitionedStore(t)
	from := partitions.first.AddDate(0, 1, 0)
	to := from.AddDate(0, 1, 0)
	query := audit.EventQuery{
		Filter: &audit.Filter{OccurredAt: &audit.TimeRange{From: &from, To: &to}},
		Order:  audit.Order{Field: audit.OrderOccurredAt, Direction: audit.Descending}, Limit: planPage,
	}
	text, args := pageStatement(t, s, query)
	plan := explainText(t, s, text, args)
	if !strings.Contains(plan, "events_2024_02") || strings.Contains(plan, "events_2024_03") || strings.Contains(plan, "events_rest") {
		t.Errorf("the plan for February:\n%s", plan)
	}
}

func explainText(t *testing.T, s *Store, text string, args []any) string {
	t.Helper()
	rows, err := s.reader.QueryContext(t.Context(), "EXPLAIN "+text, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&plan, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}

func partitionNames() []string {
	names := []string{"events_rest"}
	for month := range partitions.months {
		names = append(names, partitions.first.AddDate(0, month, 0).Format("events_2006_01"))
	}
	return names
}

// openPartitionedStore opens a migrated database and makes its empty table of
// events anew, partitioned, with the same columns, indexes and triggers.
func openPartitionedStore(tb testing.TB) *Store {
	tb.Helper()
	url := postgrestest.NewDatabase(tb)
	s, err := Open(context.Background(), url, Options{Migrate: true})
	if err != nil {
		tb.Fatal(err)
	}
	statements := append(definitions(tb, s, `SELECT pg_get_indexdef(indexrelid) FROM pg_index
			WHERE indrelid = 'events'::regclass AND NOT indisprimary`),
		definitions(tb, s, `SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'events'::regclass AND NOT tgisinternal`)...)
	exec(tb, s, `ALTER TABLE events RENAME TO flat`, `CREATE TABLE events (LIKE flat INCLUDING DEFAULTS, PRIMARY KEY (organization, id) INCLUDE (category, action)) PARTITION BY RANGE (id)`,
		`DROP TABLE flat`, `CREATE TABLE events_rest PARTITION OF events DEFAULT`)
	for month := range partitions.months {
		from := partitions.first.AddDate(0, month, 0)
		exec(tb, s, fmt.Sprintf(`CREATE TABLE %s PARTITION OF events FOR VALUES FROM ('%s') TO ('%s')`, from.Format("events_2006_01"),
			audit.FirstEventIDAt(from).UUID(), audit.FirstEventIDAt(from.AddDate(0, 1, 0)).UUID()))
	}
	exec(tb, s, statements...)
	for _, partition := range partitionNames() {
		exec(tb, s, `CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON `+partition+` FOR EACH STATEMENT EXECUTE FUNCTION daybook_refuse_change()`)
	}
	exec(tb, s, `ALTER TABLE events ENABLE ALWAYS TRIGGER append_only`, `ALTER TABLE events ENABLE ALWAYS TRIGGER append_only_truncate`)
	if err := s.Close(); err != nil {
		tb.Fatal(err)
	}
	return openStore(tb, url)
}

// definitions are the statements that a query gives.
func definitions(tb testing.TB, s *Store, query string) []string {
	tb.Helper()
	rows, err := s.writer.QueryContext(context.Background(), query)
	if err != nil {
		tb.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var statement string
		if err := rows.Scan(&statement); err != nil {
			tb.Fatal(err)
		}
		list = append(list, statement)
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	return list
}
