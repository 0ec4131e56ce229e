package store

import (
	"context"
	stdsql "database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// endless is a query that no database finishes while anybody waits.
var endless = map[string]string{
	dialect.SQLite:   `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n`,
	dialect.Postgres: `SELECT pg_sleep(3600)`,
}

func runEndless(ctx context.Context, s *Store) error {
	_, err := reading(ctx, s, "wait", func(ctx context.Context) ([]bool, error) {
		query := sql.Select().FromExpr(sql.Raw("(" + endless[s.dialect] + ") AS forever"))
		return queryRows(ctx, s, query, func(*stdsql.Rows) (bool, error) { return true, nil })
	})
	return err
}

func TestSlowQueriesAreTooExpensive(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		s.options.ReadTimeout = 20 * time.Millisecond
		err := runEndless(t.Context(), s)
		if audit.ErrorCode(err) != audit.CodeQueryTooExpensive {
			t.Fatalf("got %v, want %s", err, audit.CodeQueryTooExpensive)
		}
		for _, word := range []string{"pq", "sql", "statement", "context"} {
			if strings.Contains(strings.ToLower(err.Error()), word) {
				t.Errorf("%q shows what is underneath", err)
			}
		}
	})
}

func TestQueriesEndWithTheirCaller(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		if err := runEndless(ctx, s); !errors.Is(err, context.Canceled) || audit.ErrorCode(err) != audit.CodeInternal {
			t.Errorf("got %v, want what the caller did", err)
		}
	})
}

func TestPagesOfTooMuchTextAreTooExpensive(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		fillBulk(t, s, 200)
		query := audit.EventQuery{Limit: 50}
		page, err := s.FindEvents(t.Context(), 1, query)
		if err != nil || len(page) != 50 {
			t.Fatalf("%d events, %v", len(page), err)
		}
		s.options.PageBytes = 100
		if _, err := s.FindEvents(t.Context(), 1, query); audit.ErrorCode(err) != audit.CodeQueryTooExpensive {
			t.Errorf("got %v, want %s", err, audit.CodeQueryTooExpensive)
		}
		query.Limit = 1
		if _, err := s.FindEvents(t.Context(), 1, query); err != nil {
			t.Errorf("one event: %v", err)
		}
	})
}

func TestHugeFiltersAreTooExpensive(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		ids := make([]string, 1000)
		filter := audit.Filter{CorrelationIDs: ids}
		for range 40 {
			filter.AnyOf = append(filter.AnyOf, audit.Filter{CorrelationIDs: ids})
		}
		_, err := s.CountEvents(t.Context(), 1, &filter, 1)
		if audit.ErrorCode(err) != audit.CodeQueryTooExpensive {
			t.Errorf("got %v, want %s", err, audit.CodeQueryTooExpensive)
		}
	})
}

// TestLongFiltersAreAnswered: lists of any allowed length stay within what the
// engines take, in depth of expressions and number of branches.
func TestLongFiltersAreAnswered(t *testing.T) {
	texts, addresses, objects := make([]string, 1000), make([]string, 1000), make([]audit.ObjectRef, 1000)
	changed := make([]audit.ChangeFilter, 1000)
	for i := range texts {
		texts[i], addresses[i] = "property-1", fmt.Sprintf("10.%d.%d.8/30", i%250, i/250)
		changed[i] = audit.ChangeFilter{Property: "property-1", Added: audit.JSON("1"), Removed: audit.JSON("2"), Before: audit.JSON("3")}
	}
	eachEngine(t, func(t *testing.T, s *Store) {
		fillBulk(t, s, 100)
		s.options.ReadTimeout = time.Hour // how long planning takes is not the question
		for length, field := range map[int]audit.OrderField{maxRoutes: audit.OrderRecordedAt, 1000: audit.OrderOccurredAt} {
			for name, filter := range map[string]audit.Filter{
				"addresses":     {IPAddresses: addresses[:min(length, 500)]},
				"objects":       {Objects: objects[:length]},
				"conversations": {Conversations: texts[:length]},
				"properties":    {Properties: texts[:length]},
				"changed":       {Changed: changed[:min(length, 100)]}, // planning these takes longest
				"all":           {Objects: objects[:length], ObjectTypes: texts[:length], AnyOf: make([]audit.Filter, 100)},
			} {
				query := audit.EventQuery{Filter: &filter, Order: audit.Order{Field: field, Direction: audit.Ascending}, Limit: 10}
				if _, err := s.FindEvents(t.Context(), 1, query); err != nil {
					t.Errorf("%d %s by %s: %v", length, name, field, err)
				}
			}
		}
	})
}

// TestBranchesDoNotMultiplyLongConditions: how long planning takes grows faster
// than a statement, and each branch of one repeats all conditions but its own.
func TestBranchesDoNotMultiplyLongConditions(t *testing.T) {
	blocks, ids := make([]string, 500), make([]string, 29)
	objects, actors := make([]audit.ObjectRef, 29), make([]audit.ActorID, 29)
	for i := range blocks {
		blocks[i] = fmt.Sprintf("10.%d.%d.8/30", i%250, i/250)
	}
	for i := range objects {
		ids[i], actors[i] = fmt.Sprint(i), audit.ActorID(i)
		objects[i] = audit.ObjectRef{Type: "conversation", ExternalID: ids[i]}
	}
	s := openSQLiteStore(t)
	for name, filter := range map[string]audit.Filter{
		"objects":       {IPAddresses: blocks, Objects: objects},
		"conversations": {IPAddresses: blocks, Conversations: ids},
		"actors":        {IPAddresses: blocks, PerformedBy: &audit.ActorFilter{IDs: actors}},
		"nested":        {Objects: objects, AnyOf: []audit.Filter{{Not: &audit.Filter{IPAddresses: blocks}}}},
	} {
		scan, err := s.newScan(t.Context(), 1, &filter, audit.OrderOccurredAt, 10)
		if err != nil {
			t.Fatal(err)
		}
		if _, args := scan.page().Query(); len(args) > maxRepeated {
			t.Errorf("%s: a filter of %d values became a statement with %d", name, len(blocks)+len(ids), len(args))
		}
	}
}
