package main

import (
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// expensiveEvents are so many that asking each whether it came from one of 500
// blocks of addresses takes seconds.
const expensiveEvents = 50_000

// TestTooExpensiveQueriesAreStopped: the database stops what takes longer than
// --query-timeout. The answer says what to do, and others are answered meanwhile.
func TestTooExpensiveQueriesAreStopped(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("fills two databases")
	}
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, database, "--query-timeout", "500ms")
		event := anEvent("expensive")
		event["correlationId"], event["ipAddress"] = "found quickly", "203.0.113.7"
		s.query(recordOne, map[string]any{"event": event}, &struct{}{})
		multiplyEvents(t, database, expensiveEvents)

		blocks := make([]string, 500)
		for i := range blocks {
			blocks[i] = fmt.Sprintf("172.16.%d.%d/31", i/64, i%64*4) // with gaps between them
		}
		var expensive sync.WaitGroup
		for range 3 {
			expensive.Go(func() {
				a, err := s.post(testKey, `query Q($blocks: [String!]) { auditLog(filter: { ipAddresses: $blocks }) { nodes { id } } }`,
					map[string]any{"blocks": blocks})
				if err != nil || len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "QUERY_TOO_EXPENSIVE" ||
					!strings.Contains(a.Errors[0].Message, "shorter range of time") {
					t.Errorf("the expensive query: %v %+v", err, a)
				}
			})
		}
		stopped := make(chan struct{})
		go func() {
			expensive.Wait()
			close(stopped)
		}()
		if answered := s.answeredUntil(stopped); answered == 0 {
			t.Error("nobody else was answered meanwhile")
		}
	})
}

// answeredUntil asks for one event again and again, and counts the answers that
// came before the end.
func (s *server) answeredUntil(end <-chan struct{}) (answered int) {
	s.t.Helper()
	for {
		var found page
		s.query(`{ auditLog(filter: { correlationIds: ["found quickly"] }, last: 1) { nodes { id } } }`, nil, &found)
		select {
		case <-end:
			return answered
		default:
			answered++
		}
	}
}

// multiplyEvents repeats the only event's row, as no recording could: what the
// copies say does not matter to a query that none of them matches.
func multiplyEvents(t *testing.T, database string, times int) {
	t.Helper()
	driver, source, id := "sqlite", strings.TrimPrefix(database, "sqlite:"), "randomblob(16)"
	columns := `SELECT name FROM pragma_table_info('events')`
	numbers := fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n`, times)
	if strings.HasPrefix(database, "postgres") {
		driver, source, id = "postgres", database, "gen_random_uuid()"
		columns = `SELECT column_name FROM information_schema.columns WHERE table_name = 'events'`
		numbers = fmt.Sprintf(`SELECT generate_series(1, %d)`, times)
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), columns)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	into, values := []string{"id", "correlation_id"}, []string{id, "'copy'"}
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			t.Fatal(err)
		}
		if column != "id" && column != "correlation_id" {
			into, values = append(into, column), append(values, column)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	rows.Close()
	insert := fmt.Sprintf(`INSERT INTO events (%s) SELECT %s FROM events CROSS JOIN (%s) AS copies`,
		strings.Join(into, ", "), strings.Join(values, ", "), numbers)
	if _, err := db.ExecContext(t.Context(), insert); err != nil {
		t.Fatal(err)
	}
}
