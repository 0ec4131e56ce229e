package limit

import (
	"context"
	"database/sql"
	"testing"

	"daybook/audit"
	"daybook/bench/event"
	"daybook/ent/store"
	"daybook/internal/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

// recordedEvents makes a database in which the first of two organizations has
// recorded that many events.
func recordedEvents(t *testing.T, count int) *sql.DB {
	t.Helper()
	address := postgrestest.NewDatabase(t)
	engine, err := store.Open(t.Context(), address, store.Options{Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	for _, name := range []string{"first", "second"} {
		if _, err := engine.CreateOrganization(t.Context(), name, make([]byte, 32)); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := event.Entries(t.Context(), event.Make(count))
	if err != nil {
		t.Fatal(err)
	}
	if events, err := Append(engine, 1, entries, 0, count)(t.Context()); err != nil || events != count {
		t.Fatalf("%d events were recorded: %v", events, err)
	}
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func countRows(t *testing.T, db *sql.DB, table, event string, organization audit.OrganizationID) (count int) {
	t.Helper()
	err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table+" WHERE "+event+ofOrganization, int64(organization)).Scan(&count)
	if err != nil {
		t.Fatal(err)
	}
	return count
}

// Were it to write less than Daybook does, it would be no limit.
func TestInsertsWriteEveryRowThatDaybookWrites(t *testing.T) {
	const count = 60
	db := recordedEvents(t, count)
	rows, err := ReadRows(t.Context(), db, 1)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	inserter, err := NewInserter(t.Context(), conn, rows, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1, count - 1} {
		if events, err := inserter.Batch(size)(context.Background()); err != nil || events != size {
			t.Fatalf("%d of %d events were inserted: %v", events, size, err)
		}
	}
	bundles := func(organization audit.OrganizationID) (entries, rows int) {
		row := db.QueryRowContext(t.Context(), "SELECT sum(length(event_ids) / 16 + length(digests) / 32), count(*) FROM journal WHERE organization = $1", int64(organization))
		if err := row.Scan(&entries, &rows); err != nil {
			t.Fatal(err)
		}
		return entries, rows
	}
	wantEntries, wantRows := bundles(1)
	if entries, rows := bundles(2); entries != wantEntries || rows != wantRows+1 { // the first batch has a row of its own
		t.Errorf("the journal has %d entries in %d rows where Daybook has written %d in %d", entries, rows, wantEntries, wantRows)
	}
	for _, table := range tables {
		if want, got := countRows(t, db, table.name, table.event, 1), countRows(t, db, table.name, table.event, 2); got != want || want == 0 {
			t.Errorf("%s has %d rows where Daybook has written %d", table.name, got, want)
		}
	}
}

func TestScriptsStandForAllEvents(t *testing.T) {
	const count = 400
	rows, err := ReadRows(t.Context(), recordedEvents(t, count), 1)
	if err != nil {
		t.Fatal(err)
	}
	weight, changes := 0, 0
	for _, s := range rows.scripts(1, 1) {
		weight += s.weight
		changes += s.weight * s.changes
	}
	if mean := float64(changes) / float64(weight); weight != count || mean < 1.3 || mean > 1.7 {
		t.Errorf("the scripts stand for %d events with %.2f changes in the mean", weight, mean)
	}
}
