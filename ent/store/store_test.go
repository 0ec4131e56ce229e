package store

import (
	"database/sql"
	neturl "net/url"
	"strings"
	"testing"

	"daybook/audit/storetest"
	"daybook/internal/postgrestest"
)

func TestConformance(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		storetest.Run(t, func(tb testing.TB) storetest.Store { return openSQLiteStore(tb) })
	})
	t.Run("Postgres", func(t *testing.T) {
		storetest.Run(t, func(tb testing.TB) storetest.Store { return openPostgresStore(tb) })
	})
}

func TestPostgresMustKeepEveryText(t *testing.T) {
	url := postgrestest.NewDatabase(t)
	owner, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	const create = `CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`
	if _, err := owner.ExecContext(t.Context(), create); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = owner.Exec(`DROP DATABASE latin`) })
	latin, err := neturl.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	latin.Path = "/latin"
	s, err := Open(t.Context(), latin.String(), Options{Migrate: true})
	if err == nil || !strings.Contains(err.Error(), "UTF8") {
		t.Errorf("a LATIN1 database was taken: %v", err)
	}
	if s != nil {
		s.Close()
	}
}
