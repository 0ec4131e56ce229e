package store

import (
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// TestCoverageIsFoundByIndexes: the ends of a log cost the same however long it is,
// and what is not late is not read, however much was recorded since.
func TestCoverageIsFoundByIndexes(t *testing.T) {
	if testing.Short() {
		t.Skip("fills two databases")
	}
	check := map[string]func(*testing.T, *Store, planQuery, string, []any){dialect.SQLite: checkSQLitePlan, dialect.Postgres: checkPostgresPlan}
	eachEngine(t, func(t *testing.T, s *Store) {
		fillBulk(t, s, planEvents)
		late := audit.LateQuery{Since: 5000, Through: 7000}
		late.Filter = &audit.Filter{Categories: audit.Categories()[2:3]}
		late.Order = audit.Order{Field: audit.OrderOccurredAt, Direction: audit.Descending}
		p, err := s.lateScan(t.Context(), 1, late)
		if err != nil {
			t.Fatal(err)
		}
		for index, query := range map[string]*sql.Selector{
			"events_pkey":               selectCoverage(1),
			"sequence>? AND sequence<?": p.countLate(),
			"journal_marks":             selectFirstAt(1, instantArg(s.dialect, bulkStart.Add(24*time.Hour))),
		} {
			query.SetDialect(s.dialect)
			text, args := query.Query()
			check[s.dialect](t, s, planQuery{index: index}, text, args)
		}
	})
}
