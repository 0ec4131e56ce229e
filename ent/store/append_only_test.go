package store

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"daybook/audit"
	"daybook/internal/postgrestest"
)

// recordedStore has one event with rows in every guarded table.
func recordedStore(t *testing.T, s *Store) {
	t.Helper()
	entry := testEntry()
	entry.MergedFrom = []string{"customer"}
	entry.KeyHash, entry.EventName = &[16]byte{1}, entry.Performer.Name
	appendGroup(t, s, testGroup(newOrganization(t, s), entry))
}

var guardedTables = []string{"events", "shared_texts", "property_changes", "merge_sources", "journal", "idempotency_keys"}

// keyColumn is a number in the key of each guarded table.
var keyColumn = map[string]string{
	"events": "organization", "shared_texts": "organization", "property_changes": "property", "merge_sources": "organization", "journal": "organization",
	"idempotency_keys": "organization",
}

// contents are all guarded rows as text.
func contents(t *testing.T, s *Store) string {
	t.Helper()
	var all []string
	for _, table := range guardedTables {
		rows, err := s.reader.Query(`SELECT * FROM ` + table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for ; rows.Next(); n++ {
			values := make([][]byte, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			for _, value := range values {
				all = append(all, string(value))
			}
		}
		if err := rows.Close(); err != nil || rows.Err() != nil || n != 1 {
			t.Fatalf("%s has %d rows, want 1 (%v)", table, n, rows.Err())
		}
	}
	return strings.Join(all, "|")
}

// attack runs statements on a connection of their own and expects the last to be
// refused, and nothing to have changed.
func attack(t *testing.T, s *Store, statements ...string) {
	t.Helper()
	before := contents(t, s)
	conn, err := s.writer.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for i, statement := range statements {
		_, err := conn.ExecContext(context.Background(), statement)
		last := i == len(statements)-1
		if last && (err == nil || !strings.Contains(err.Error(), "append-only")) {
			t.Errorf("%s was not refused: %v", statement, err)
		}
		if !last && err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if after := contents(t, s); after != before {
		t.Errorf("%s changed what was recorded", statements[len(statements)-1])
	}
}

func TestRecordedRowsCannotBeChanged(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		recordedStore(t, s)
		for _, table := range guardedTables {
			attack(t, s, `UPDATE `+table+` SET `+keyColumn[table]+` = 2`)
			attack(t, s, `DELETE FROM `+table)
		}
		attack(t, s, `INSERT INTO journal SELECT * FROM journal WHERE true
			ON CONFLICT (organization, sequence) DO UPDATE SET token = 0`)
		attack(t, s, `INSERT INTO idempotency_keys SELECT * FROM idempotency_keys WHERE true
			ON CONFLICT (organization, key_hash) DO UPDATE SET fingerprint = ''`)
		attack(t, s, `INSERT INTO merge_sources SELECT * FROM merge_sources WHERE true
			ON CONFLICT (organization, object_key, event) DO UPDATE SET object_key = 0`)
	})
}

func TestPostgresRefusesTheOwner(t *testing.T) {
	s := openPostgresStore(t)
	recordedStore(t, s)
	for _, table := range guardedTables {
		attack(t, s, `TRUNCATE `+table)
		// As a replica's or a restore's session, in which ordinary triggers rest.
		attack(t, s, `SET LOCAL session_replication_role = replica; DELETE FROM `+table)
	}
	attack(t, s, `TRUNCATE organizations, journal CASCADE`)
	if count(t, s, `SELECT current_setting('server_version_num')::int`) >= 150000 {
		attack(t, s, `MERGE INTO journal USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE`)
	}
}

// TestPostgresOpensOneDoor: only the role of retention may change what was
// recorded, which is superuser's to give.
func TestPostgresOpensOneDoor(t *testing.T) {
	s := openPostgresStore(t)
	recordedStore(t, s)
	exec(t, s, `CREATE ROLE daybook_retention`, `GRANT SELECT, UPDATE, DELETE, TRUNCATE ON events, journal TO daybook_retention`)
	t.Cleanup(func() { exec(t, s, `DROP OWNED BY daybook_retention; DROP ROLE daybook_retention`) })
	exec(t, s, `BEGIN; SET LOCAL ROLE daybook_retention; UPDATE events SET user_agent = NULL; COMMIT`)
	exec(t, s, `BEGIN; SET LOCAL ROLE daybook_retention; DELETE FROM events; COMMIT`)
	exec(t, s, `BEGIN; SET LOCAL ROLE daybook_retention; TRUNCATE journal; COMMIT`)
	if n := count(t, s, `SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM journal)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

// TestSQLiteRefusesReplace: REPLACE deletes without firing the trigger on a
// connection without recursive_triggers, as any other program has.
func TestSQLiteRefusesReplace(t *testing.T) {
	s := openSQLiteStore(t)
	recordedStore(t, s)
	for _, setting := range []string{"1", "0"} {
		pragma := `PRAGMA recursive_triggers = ` + setting
		for _, table := range guardedTables {
			attack(t, s, pragma, `REPLACE INTO `+table+` SELECT * FROM `+table)
			attack(t, s, pragma, `UPDATE OR REPLACE `+table+` SET `+keyColumn[table]+` = `+keyColumn[table])
		}
		columns := slices.Concat([]string{"recorded_at", "actor", "profile", "section", "organization"}, entryColumns)
		list := strings.Join(columns, ", ")
		attack(t, s, pragma, `INSERT OR REPLACE INTO events (rowid, id, `+list+`) SELECT rowid, x'00', `+list+` FROM events`)
		attack(t, s, pragma, `INSERT OR REPLACE INTO shared_texts SELECT id, organization, x'00', 'other' FROM shared_texts`)
		attack(t, s, pragma, `INSERT OR REPLACE INTO shared_texts SELECT 9, organization, digest, 'other' FROM shared_texts`)
		attack(t, s, pragma, `INSERT OR REPLACE INTO journal SELECT organization, sequence, 0, token, event_ids, digests FROM journal`)
		attack(t, s, pragma, `INSERT OR REPLACE INTO idempotency_keys SELECT organization, key_hash, x'00', event FROM idempotency_keys`)
	}
}

func TestSQLiteOpensOneDoor(t *testing.T) {
	s := openSQLiteStore(t)
	recordedStore(t, s)
	exec(t, s, `BEGIN; UPDATE maintenance SET open = 1; DELETE FROM events; UPDATE maintenance SET open = 0; COMMIT`)
	if n := count(t, s, `SELECT count(*) FROM events`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if _, err := s.writer.Exec(`DELETE FROM journal`); err == nil {
		t.Error("the door stayed open")
	}
}

// runtimeStore opens a database as a role that was granted the rights of a
// server, beside its owner.
func runtimeStore(t *testing.T) (owner, server *Store) {
	t.Helper()
	url := postgrestest.NewDatabase(t)
	owner = openStore(t, url)
	exec(t, owner, `CREATE ROLE "daybook ""run""" LOGIN`)
	t.Cleanup(func() { exec(t, owner, `DROP OWNED BY "daybook ""run"""; DROP ROLE "daybook ""run"""`) })
	if err := owner.Grant(t.Context(), `daybook "run"`); err != nil {
		t.Fatal(err)
	}
	return owner, openStore(t, strings.Replace(url, "postgres://daybook_test@", `postgres://daybook%20%22run%22@`, 1))
}

// TestARuntimeRoleCanDoItsWork includes starting, which looks for migrations.
func TestARuntimeRoleCanDoItsWork(t *testing.T) {
	_, s := runtimeStore(t)
	organization := newOrganization(t, s)
	group := testGroup(organization, testEntry())
	appended := appendGroup(t, s, group)
	if settled, err := s.Settle(t.Context(), group); err != nil || len(settled) != 1 || settled[0].ID != appended[0].ID {
		t.Errorf("settled as %v, %v", settled, err)
	}
	if settled, err := s.Settle(t.Context(), testGroup(organization)); err != nil || settled != nil {
		t.Errorf("settled as %v, %v", settled, err)
	}
	if have, err := s.HaveEvents(t.Context(), organization, []audit.EventID{appended[0].ID}); err != nil || !have[appended[0].ID] {
		t.Errorf("its event is not there: %v", err)
	}
	key, err := s.CreateKey(t.Context(), organization, audit.NewAPIKey{Name: "key"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.RevokeKey(t.Context(), organization, key.ID); err != nil {
		t.Error(err)
	}
	if err := s.TouchKeys(t.Context(), time.Now().Truncate(time.Minute), []audit.APIKeyID{key.ID}); err != nil {
		t.Error(err)
	}
}

// TestARuntimeRoleCannotGetRoundTheGuards, not even by what an owner may do.
func TestARuntimeRoleCannotGetRoundTheGuards(t *testing.T) {
	owner, s := runtimeStore(t)
	recordedStore(t, s)
	before := contents(t, owner)
	for _, statement := range []string{
		`INSERT INTO journal (organization, sequence, recorded_at, token, event_ids, digests) SELECT organization, 2, recorded_at, token, event_ids, digests FROM journal`,
		`DELETE FROM idempotency_keys`,
		`INSERT INTO events SELECT * FROM events`,
		`INSERT INTO shared_texts (organization, digest, text) SELECT organization, '', text FROM shared_texts`,
		`UPDATE shared_texts SET text = ''`,
		`UPDATE actors SET name = 'x'`,
		`UPDATE api_keys SET scopes = 0`,
		`UPDATE daybook_migrations SET sha256 = ''`,
		`DELETE FROM events`,
		`TRUNCATE events`,
		`ALTER TABLE events DISABLE TRIGGER ALL`,
		`DROP TABLE events`,
		`DROP TRIGGER append_only ON events`,
		`SET session_replication_role = replica`,
		`SET ROLE daybook_test`,
		`CREATE OR REPLACE FUNCTION daybook_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
	} {
		if _, err := s.writer.Exec(statement); err == nil {
			t.Errorf("%s was allowed", statement)
		}
	}
	if after := contents(t, owner); after != before {
		t.Error("what was recorded has changed")
	}
}

// TestRecordingIgnoresTemporaryTables, which anybody may create and which come
// first in a search path that does not say otherwise.
func TestRecordingIgnoresTemporaryTables(t *testing.T) {
	_, s := runtimeStore(t)
	organization := newOrganization(t, s)
	s.writer.SetMaxOpenConns(1)
	exec(t, s, `CREATE TEMPORARY TABLE journal (LIKE public.journal)`, `CREATE TEMPORARY TABLE events (LIKE public.events)`)
	appendGroup(t, s, testGroup(organization, testEntry()))
	if n := count(t, s, `SELECT count(*) FROM public.journal`); n != 1 {
		t.Errorf("%d rows in the journal", n)
	}
}

func TestAPendingMigrationIsExplainedToARuntimeRole(t *testing.T) {
	owner, s := runtimeStore(t)
	exec(t, owner, `DELETE FROM daybook_migrations WHERE version > 2`)
	if err := s.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "let the owner of the database migrate it") {
		t.Errorf("got %v", err)
	}
}
