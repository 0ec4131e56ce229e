package store

import (
	"slices"
	"testing"
	"time"

	"daybook/audit"
	"daybook/internal/postgrestest"
)

// TestLoadingWritesWhatRecordingWrites records groups in one database, loads them
// into another, and compares every table.
func TestLoadingWritesWhatRecordingWrites(t *testing.T) {
	recorded, loaded := openPostgresStore(t), openStore(t, postgrestest.NewDatabase(t))
	one, two := newOrganization(t, recorded), newOrganization(t, recorded)
	newOrganization(t, loaded)
	newOrganization(t, loaded)
	for i := range byte(2) {
		together := richGroups(one, two, [16]byte{i})
		var positions [][]audit.Appended
		for _, group := range together {
			positions = append(positions, appendGroup(t, recorded, group))
		}
		if err := loaded.Load(t.Context(), together, positions); err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range tablesOf(t, recorded) {
		if want, got := rowsOf(t, recorded, table), rowsOf(t, loaded, table); !slices.Equal(got, want) {
			t.Errorf("%s has\n%v\nbut after recording\n%v", table, got, want)
		}
	}
}

// richGroups are groups of two organizations whose entries use every column that
// refers to another row.
func richGroups(one, two audit.OrganizationID, key [16]byte) []audit.Group {
	at, email := time.UnixMicro(1_700_000_000_000_001).UTC(), "bea@example.com"
	plain, about, caused, merging := testEntry(), testEntry(), testEntry(), testEntry()
	plain.OccurredAt = &at
	about.Performer.Email, about.Section, about.KeyHash = &email, "user", &key
	about.About = &audit.EntryActor{Kind: audit.ActorUser, ExternalID: "bea"}
	about.OnBehalf = &audit.EntryActor{Kind: audit.ActorCustomer, ExternalID: "bea"}
	caused.CauseIndex, caused.Changes, caused.Digests = 0, nil, nil
	about.EventName, about.UserAgent, caused.EventName, merging.UserAgent = &email, &email, &email, &email
	merging.MergedFrom = []string{"cus-1", "cus-2", "cus-1"}
	merging.IPAddress, merging.AddressKey = &email, make([]byte, 16)
	merging.Metadata = audit.JSON(`{"a":	"\\ tab and line` + "\\n" + `"}`)
	return []audit.Group{testGroup(one, plain, about, caused), testGroup(two, merging, plain)}
}

// tablesOf are the tables that recording may write.
func tablesOf(t *testing.T, s *Store) []string {
	t.Helper()
	return textsOf(t, s, `SELECT relname FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p')
		AND relnamespace = current_schema()::regnamespace AND relname NOT IN ('daybook_migrations', 'organizations') ORDER BY 1`)
}

func rowsOf(t *testing.T, s *Store, table string) []string {
	t.Helper()
	return textsOf(t, s, "SELECT r::text FROM "+table+" AS r ORDER BY 1")
}

func textsOf(t *testing.T, s *Store, query string) []string {
	t.Helper()
	rows, err := s.reader.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		list = append(list, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}
