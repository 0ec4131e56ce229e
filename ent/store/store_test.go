package store

import (
	"testing"

	"daybook/audit/storetest"
)

func TestConformance(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		storetest.Run(t, func(tb testing.TB) storetest.Store { return openSQLiteStore(tb) })
	})
	t.Run("Postgres", func(t *testing.T) {
		storetest.Run(t, func(tb testing.TB) storetest.Store { return openPostgresStore(tb) })
	})
}
