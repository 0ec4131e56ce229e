package main

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"daybook/audit"
	"daybook/ent/store"
)

// verifyLog reads everything a database has recorded and recomputes every
// digest: it fails when a sequence has a gap, when recordedAt runs backwards, or
// when anything stored is not what was recorded. It gives the events' ids by
// their correlation ids, which the callers of these tests use once each.
func verifyLog(t *testing.T, database string) map[string]string {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	engine, err := store.Open(ctx, database, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	checkReferences(t, database)
	organizations, err := engine.Organizations(ctx)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	for _, organization := range organizations {
		last, err := audit.VerifyJournal(ctx, engine, organization.ID)
		if err != nil {
			t.Fatalf("the log does not verify: %v", err)
		}
		entries, _, err := engine.FindJournal(ctx, organization.ID, 0, int(last))
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if entry.Event.CorrelationID == nil {
				continue
			}
			correlation := *entry.Event.CorrelationID
			if first := ids[correlation]; first != "" {
				t.Errorf("%s was recorded twice: as %s and %s", correlation, first, entry.ID)
			}
			ids[correlation] = entry.ID.String()
		}
	}
	return ids
}

// checkReferences expects no row without the rows it belongs to: there are no
// foreign keys that would see to it.
func checkReferences(t *testing.T, database string) {
	t.Helper()
	db := openSQL(t, database)
	defer db.Close()
	for _, query := range []string{
		`SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.organization = e.organization AND j.sequence = e.sequence AND j.event = e.id)`,
		`SELECT count(*) FROM property_changes p WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = p.event)`,
		`SELECT count(*) FROM property_changes p WHERE NOT EXISTS (SELECT 1 FROM properties o WHERE o.id = p.property AND o.organization = p.organization)`,
		`SELECT count(*) FROM events e WHERE changes IS NOT NULL AND NOT EXISTS (SELECT 1 FROM property_changes p WHERE p.event = e.id)`,
		`SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM actor_profiles p WHERE p.id = e.profile AND p.actor = e.actor AND p.organization = e.organization)`,
		`SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM actors a WHERE a.id = e.actor AND a.organization = e.organization)`,
		`SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM sections s WHERE s.id = e.section AND s.organization = e.organization)`,
	} {
		var n int
		if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil || n > 0 {
			t.Errorf("%d rows (%v): %s", n, err, query)
		}
	}
}

// openSQL opens a database behind Daybook's back.
func openSQL(t *testing.T, database string) *sql.DB {
	t.Helper()
	driver, source := "postgres", database
	if path, ok := strings.CutPrefix(database, "sqlite:"); ok {
		driver, source = "sqlite", "file:"+path
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	return db
}
