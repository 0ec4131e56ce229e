package store

import (
	"context"
	stdsql "database/sql"
	"database/sql/driver"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"entgo.io/ent/dialect"
	"modernc.org/sqlite"

	"daybook/audit"
	"daybook/internal/postgrestest"
)

// manyTexts are as many shared texts as the log of a sender has whose events have
// user agents of their own.
var manyTexts = map[string]string{
	dialect.SQLite: `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
		INSERT INTO shared_texts (id, organization, digest, text) SELECT 10000 + i, 1 + i % 2, randomblob(32), 'Mozilla/5.0 (made up) ' || i FROM n`,
	dialect.Postgres: `SELECT setval('shared_texts_id_seq', 10000); INSERT INTO shared_texts (organization, digest, text)
		SELECT 1 + i % 2, sha256(i::text::bytea), 'Mozilla/5.0 (made up) ' || i FROM generate_series(1, 100000) AS i`,
}

// textLookUps are all that look for shared texts.
var textLookUps = []struct {
	name string
	run  func(t *testing.T, s *Store)
}{
	{"recording many new texts", func(t *testing.T, s *Store) { appendTexts(t, s, 500, "many") }},
	{"recording many known texts", func(t *testing.T, s *Store) { appendTexts(t, s, 500, "many") }},
	{"recording an event with new texts", func(t *testing.T, s *Store) { appendTexts(t, s, 1, "lone") }},
	{"recording an event with known texts", func(t *testing.T, s *Store) { appendTexts(t, s, 1, "lone") }},
	{"reading a page", func(t *testing.T, s *Store) { findTexts(t, s, audit.EventQuery{Limit: 51}) }},
	{"reading many rows", func(t *testing.T, s *Store) { findTexts(t, s, audit.EventQuery{Limit: 1000}) }},
	{"filtering by a name", func(t *testing.T, s *Store) {
		findTexts(t, s, audit.EventQuery{Filter: &audit.Filter{EventNames: []string{"event.7"}}, Limit: 51})
	}},
	{"filtering by many names", func(t *testing.T, s *Store) {
		filter := &audit.Filter{}
		for i := range 1000 {
			filter.EventNames = append(filter.EventNames, fmt.Sprint("event.", i))
		}
		findTexts(t, s, audit.EventQuery{Filter: filter, Limit: 51})
	}},
	{"counting names", func(t *testing.T, s *Store) {
		_, err := s.CountFacets(t.Context(), 1, audit.FacetQuery{Filter: &audit.Filter{}, Kinds: audit.FacetKinds{EventNames: true}, Top: 20, Most: 20_000})
		if err != nil {
			t.Fatal(err)
		}
	}},
}

func appendTexts(t *testing.T, s *Store, events int, name string) {
	t.Helper()
	var entries []*audit.Entry
	for i := range events {
		entries = append(entries, texted(fmt.Sprint(name, i), fmt.Sprint("agent of ", name, i)))
	}
	appendGroup(t, s, testGroup(1, entries...))
}

func findTexts(t *testing.T, s *Store, query audit.EventQuery) {
	t.Helper()
	if events, err := s.FindEvents(t.Context(), 1, query); err != nil || len(events) < min(query.Limit, 10) {
		t.Fatalf("%d events, %v", len(events), err)
	}
}

// TestLookUpsOfTextsScanNothingOnPostgres, within functions neither: Postgres itself
// says how often it has begun to read the table from end to end.
func TestLookUpsOfTextsScanNothingOnPostgres(t *testing.T) {
	url := postgrestest.NewDatabase(t)
	fillTexts(t, url, "ANALYZE shared_texts")
	db, err := stdsql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	before := scansOfTexts(t, db)
	for _, one := range textLookUps {
		s := openStore(t, url) // which knows no text
		one.run(t, s)
		if err := s.Close(); err != nil { // sessions tell what they did when they end
			t.Fatal(err)
		}
		after := scansOfTexts(t, db)
		if after.tables > before.tables || after.indexes == before.indexes {
			t.Errorf("%s: %+v, and before %+v", one.name, after, before)
		}
		before = after
	}
}

// scans are how often a table was read from end to end, and how often by an index.
type scans struct{ tables, indexes int }

func scansOfTexts(t *testing.T, db *stdsql.DB) (of scans) {
	t.Helper()
	for sessions := 1; sessions > 0; {
		row := db.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'daybook'`)
		if err := row.Scan(&sessions); err != nil {
			t.Fatal(err)
		}
	}
	row := db.QueryRowContext(t.Context(), `SELECT seq_scan, idx_scan FROM pg_stat_user_tables WHERE relname = 'shared_texts'`)
	if err := row.Scan(&of.tables, &of.indexes); err != nil {
		t.Fatal(err)
	}
	return of
}

// fillTexts makes a database with a log and many texts.
func fillTexts(t *testing.T, url, settle string) {
	t.Helper()
	s := openStore(t, url)
	fillBulk(t, s, 2000)
	exec(t, s, manyTexts[s.dialect], settle)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestLookUpsOfTextsScanNothingOnSQLite: none of the statements does.
func TestLookUpsOfTextsScanNothingOnSQLite(t *testing.T) {
	url := newSQLite(t)
	fillTexts(t, url, "PRAGMA wal_checkpoint")
	for _, one := range textLookUps {
		s, seen := openStore(t, url), &seenStatements{texts: map[string]int{}}
		seen.watch(t, url, &s.writer, sqliteWriterSettings)
		seen.watch(t, url, &s.reader, sqliteReaderSettings)
		one.run(t, s)
		found := false
		for text, arguments := range maps.Clone(seen.texts) {
			plan := sqlitePlan(t, s, text, arguments)
			if found = found || strings.Contains(plan, "SEARCH shared_texts"); strings.Contains(plan, "SCAN shared_texts") {
				t.Errorf("%s: %s\n%s", one.name, text, plan)
			}
		}
		if !found {
			t.Errorf("%s looks for no texts", one.name)
		}
	}
}

func sqlitePlan(t *testing.T, s *Store, text string, arguments int) string {
	t.Helper()
	rows, err := queryText(t.Context(), s, "EXPLAIN QUERY PLAN "+text, func(rows *stdsql.Rows) (step string, err error) {
		var number int
		err = rows.Scan(&number, &number, &number, &step)
		return step, err
	}, make([]any, arguments)...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return strings.Join(rows, "\n")
}

// seenStatements opens connections and notes the statements that run on them, with
// their number of arguments.
type seenStatements struct {
	mutex sync.Mutex
	texts map[string]int
}

// watch opens a pool of connections anew.
func (s *seenStatements) watch(t *testing.T, url string, into **stdsql.DB, settings []string) {
	t.Helper()
	uri, err := sqliteURI(strings.TrimPrefix(url, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	connector, err := sqlite.NewConnector(uri + "?" + strings.Join(slices.Concat(sqliteSettings, settings), "&"))
	if err != nil {
		t.Fatal(err)
	}
	if err := (*into).Close(); err != nil {
		t.Fatal(err)
	}
	*into = pool(stdsql.OpenDB(sqliteConnector{&seenConnector{connector, s}}), 1)
}

type seenConnector struct {
	driver.Connector
	seen *seenStatements
}

func (c *seenConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &seenConn{conn.(driverConn), c.seen}, nil
}

type seenConn struct {
	driverConn
	seen *seenStatements
}

func (c *seenConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	statement, err := c.driverConn.PrepareContext(ctx, text)
	if err == nil {
		c.seen.note(text, strings.Count(text, "?"))
	}
	return statement, err
}

func (c *seenConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	c.seen.note(text, len(args))
	return c.driverConn.QueryContext(ctx, text, args)
}

func (s *seenStatements) note(text string, arguments int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if strings.Contains(text, "shared_texts") {
		s.texts[text] = arguments
	}
}
