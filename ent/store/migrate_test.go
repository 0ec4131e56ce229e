package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"ariga.io/atlas/sql/postgres"
	atlas "ariga.io/atlas/sql/schema"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"

	"daybook/ent/gen"
)

// TestEntHasNothingToChange holds the hand-written tables and ent/schema
// together: on a migrated database, whose events have the key that eventsKey says,
// ent would not add, drop or alter anything.
func TestEntHasNothingToChange(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		client := gen.NewClient(gen.Driver(entsql.OpenDB(s.dialect, s.writer)))
		var plan strings.Builder
		err := client.Schema.WriteTo(t.Context(), &plan, schema.WithDropColumn(true), schema.WithDropIndex(true),
			schema.WithDiffHook(func(next schema.Differ) schema.Differ {
				return schema.DiffFunc(func(current, desired *atlas.Schema) ([]atlas.Change, error) {
					eventsKey(desired, s.dialect)
					return next.Diff(current, desired)
				})
			}))
		if err != nil {
			t.Fatal(err)
		}
		if statements := withoutComments(plan.String()); statements != "" {
			t.Errorf("ent would run:\n%s", statements)
		}
	})
}

// eventsKey gives the table of events the key that it must have, which ent cannot
// describe: to ent a key is one column, or those of an edge.
func eventsKey(desired *atlas.Schema, engine string) {
	events, _ := desired.Table("events")
	columns := func(names ...string) (list []*atlas.Column) {
		for _, name := range names {
			column, _ := events.Column(name)
			list = append(list, column)
		}
		return list
	}
	key := columns("organization", "id")
	checked := columns("category", "action")
	if engine == dialect.SQLite { // which has no INCLUDE
		events.SetPrimaryKey(atlas.NewPrimaryKey(append(key, checked...)...))
		return
	}
	events.SetPrimaryKey(atlas.NewPrimaryKey(key...).AddAttrs(&postgres.IndexInclude{Columns: checked}))
}

func withoutComments(statements string) string {
	var kept []string
	for line := range strings.Lines(statements) {
		if !strings.HasPrefix(line, "--") && strings.TrimSpace(line) != "" && line != "BEGIN;\n" && line != "COMMIT;\n" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// TestBothEnginesHaveTheSameTables compares names of tables and columns, which
// ent does not do for the tables it knows as views.
func TestBothEnginesHaveTheSameTables(t *testing.T) {
	columns := map[string][]string{}
	eachEngine(t, func(t *testing.T, s *Store) {
		query := `SELECT table_name || '.' || column_name FROM information_schema.columns 
			WHERE table_schema = 'public' AND table_name <> 'abandoned_groups'`
		if s.dialect == dialect.SQLite {
			query = `SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
				WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'maintenance'`
		}
		rows, err := s.reader.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var column string
			if err := rows.Scan(&column); err != nil {
				t.Fatal(err)
			}
			columns[s.dialect] = append(columns[s.dialect], column)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(columns[s.dialect])
	})
	if _, ran := columns[dialect.Postgres]; !ran {
		t.Skip("skipped without Postgres")
	}
	if a, b := strings.Join(columns[dialect.SQLite], "\n"), strings.Join(columns[dialect.Postgres], "\n"); a != b || a == "" {
		t.Errorf("SQLite:\n%s\n\nPostgres:\n%s", a, b)
	}
}

func TestMigrationsRunOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		exec(t, s, `INSERT INTO organizations (name, cursor_key, created_at) VALUES ('a', '', '2026-01-01')`)
		if err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		var organizations int
		if err := s.reader.QueryRow(`SELECT count(*) FROM organizations`).Scan(&organizations); err != nil || organizations != 1 {
			t.Errorf("%d organizations are left (%v)", organizations, err)
		}
	})
}

// TestServersMigrateTogether opens an empty database from several servers at
// once, as a rolling deployment does.
func TestServersMigrateTogether(t *testing.T) {
	eachDatabase(t, func(t *testing.T, url string) {
		var servers sync.WaitGroup
		for range 4 {
			servers.Go(func() {
				s, err := Open(context.Background(), url, Options{Migrate: true})
				if err != nil {
					t.Error(err)
					return
				}
				s.Close()
			})
		}
		servers.Wait()
	})
}

func TestMigrateRefusesAStrangeDatabase(t *testing.T) {
	for name, test := range map[string]struct {
		statement string
		want      string
		newer     bool
	}{
		"changed file":   {`UPDATE daybook_migrations SET sha256 = 'x' WHERE version = 1`, "another text of migration 0001_tables", false},
		"newer database": {`INSERT INTO daybook_migrations VALUES (9999, 'later', 'x', '2030-01-01')`, "has migration 9999", true},
		"gap":            {`UPDATE daybook_migrations SET version = 0 WHERE version = 1`, "has migration 0 but not 1", false},
	} {
		t.Run(name, func(t *testing.T) {
			eachEngine(t, func(t *testing.T, s *Store) {
				exec(t, s, test.statement)
				err := s.Migrate(t.Context())
				if err == nil || !strings.Contains(err.Error(), test.want) || errors.Is(err, ErrNewerDatabase) != test.newer {
					t.Errorf("got %v, want %q", err, test.want)
				}
			})
		})
	}
}

// TestAFailedMigrationLeavesNothing breaks the second migration half-way.
func TestAFailedMigrationLeavesNothing(t *testing.T) {
	known, err := readMigrations(fstest.MapFS{
		"m/0001_first.sql":  {Data: []byte(`CREATE TABLE first (a integer)`)},
		"m/0002_second.sql": {Data: []byte(`CREATE TABLE second (a integer); CREATE TABLE first (a integer)`)},
	}, "m")
	if err != nil {
		t.Fatal(err)
	}
	eachDatabase(t, func(t *testing.T, url string) {
		s, err := Open(t.Context(), url, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := s.migrate(t.Context(), known); err == nil || !strings.Contains(err.Error(), "0002_second") {
			t.Fatalf("got %v", err)
		}
		exec(t, s, `SELECT a FROM first`, `CREATE TABLE second (b integer)`)
		var applied int
		if err := s.reader.QueryRow(`SELECT max(version) FROM daybook_migrations`).Scan(&applied); err != nil || applied != 1 {
			t.Errorf("version %d (%v)", applied, err)
		}
	})
}

func TestMigrationFilesAreNumbered(t *testing.T) {
	_, err := readMigrations(fstest.MapFS{"m/0001_a.sql": {}, "m/0003_b.sql": {}}, "m")
	if err == nil {
		t.Error("a gap was accepted")
	}
}
