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
		for after := int64(0); after < last; {
			entries, _, err := engine.FindJournal(ctx, organization.ID, after, 500)
			if err != nil {
				t.Fatal(err)
			}
			for _, entry := range entries {
				noteCorrelation(t, ids, entry.Event)
				if entry.Event.Sequence != entry.Sequence {
					t.Errorf("%s stands at %d in the journal", entry.Event.ID, entry.Sequence)
				}
				after = entry.Sequence
			}
		}
	}
	return ids
}

func noteCorrelation(t *testing.T, ids map[string]string, event *audit.Event) {
	t.Helper()
	if event.CorrelationID == nil {
		return
	}
	correlation := *event.CorrelationID
	if first := ids[correlation]; first != "" {
		t.Errorf("%s was recorded twice: as %s and %s", correlation, first, event.ID)
	}
	ids[correlation] = event.ID.String()
}

// checkReferences expects no row without the rows it belongs to: there are no
// foreign keys that would see to it.
func checkReferences(t *testing.T, database string) {
	t.Helper()
	db := openSQL(t, database)
	defer db.Close()
	for _, query := range []string{
		`SELECT abs((SELECT count(*) FROM events) - (SELECT COALESCE(sum(length(event_ids) / 16), 0) FROM journal))`,
		`SELECT count(*) FROM journal WHERE 2 * length(event_ids) <> length(digests)`,
		`SELECT count(*) FROM idempotency_keys WHERE event NOT IN (SELECT id FROM events)`,
		`SELECT count(*) FROM property_changes WHERE event NOT IN (SELECT id FROM events)`,
		`SELECT count(*) FROM property_changes p JOIN events e ON e.id = p.event WHERE NOT EXISTS (SELECT 1 FROM properties o WHERE o.id = p.property AND o.organization = e.organization)`,
		`SELECT count(*) FROM events WHERE changes IS NOT NULL AND id NOT IN (SELECT event FROM property_changes)`,
		`SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM actor_profiles p WHERE p.id = e.profile AND p.actor = e.actor AND p.organization = e.organization)`,
		`SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM actors a WHERE a.id = e.actor AND a.organization = e.organization)`,
		`SELECT count(*) FROM events e WHERE event_name IS NOT NULL AND NOT EXISTS (SELECT 1 FROM shared_texts x WHERE x.id = e.event_name AND x.organization = e.organization)`,
		`SELECT count(*) FROM events e WHERE user_agent IS NOT NULL AND NOT EXISTS (SELECT 1 FROM shared_texts x WHERE x.id = e.user_agent AND x.organization = e.organization)`,
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
