package main

import (
	"net/http"
	"testing"

	"daybook/internal/postgrestest"
)

// TestReadingWhileTheDatabaseIsAway: every answer says that trying again helps,
// and it does as soon as the database is back.
func TestReadingWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.Start(t, postgrestest.Options{})
	s := serve(t, cluster.NewDatabase(t))
	var read page
	s.query(auditLogQuery("id"), nil, &read) // the key is known from now on
	cluster.Stop(t)
	for range 3 {
		a, err := s.post(testKey, auditLogQuery("id"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "OVERLOADED" || a.Errors[0].Extensions["retryAfter"] == nil {
			t.Errorf("while the database is away: %+v", a)
		}
		if a.Status != http.StatusServiceUnavailable {
			t.Errorf("status %d", a.Status)
		}
	}
	cluster.Restart(t)
	s.query(auditLogQuery("id"), nil, &read)
}
