package store

import (
	"context"
	"path/filepath"
	"testing"

	"daybook/internal/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

// eachEngine runs a test on a new, migrated database of every engine.
func eachEngine(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Run("SQLite", func(t *testing.T) { test(t, openSQLiteStore(t)) })
	t.Run("Postgres", func(t *testing.T) { test(t, openPostgresStore(t)) })
}

// eachDatabase runs a test with the URL of an empty database of every engine.
func eachDatabase(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("SQLite", func(t *testing.T) { test(t, newSQLite(t)) })
	t.Run("Postgres", func(t *testing.T) { test(t, postgrestest.NewDatabase(t)) })
}

func openSQLiteStore(tb testing.TB) *Store {
	tb.Helper()
	return openStore(tb, newSQLite(tb))
}

func openPostgresStore(tb testing.TB) *Store {
	tb.Helper()
	return openStore(tb, postgrestest.NewDatabase(tb))
}

func newSQLite(tb testing.TB) string {
	tb.Helper()
	return "sqlite:" + filepath.Join(tb.TempDir(), "daybook.db")
}

// openStore opens a database, migrates it and closes it with the test.
func openStore(tb testing.TB, url string) *Store {
	tb.Helper()
	s, err := Open(context.Background(), url, Options{Migrate: true})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// exec runs statements through the writer and stops the test if one fails.
func exec(tb testing.TB, s *Store, statements ...string) {
	tb.Helper()
	for _, statement := range statements {
		if _, err := s.writer.Exec(statement); err != nil {
			tb.Fatalf("%s: %v", statement, err)
		}
	}
}
