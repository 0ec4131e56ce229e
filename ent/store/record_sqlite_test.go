package store

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"daybook/audit"
)

// TestProgramsShareAFile: each reads the journal's end anew, behind the lock.
func TestProgramsShareAFile(t *testing.T) {
	url := newSQLite(t)
	programs := []*Store{openStore(t, url), openStore(t, url), openStore(t, url)}
	organization := newOrganization(t, programs[0])
	const calls = 20
	var all sync.WaitGroup
	var mutex sync.Mutex
	var sequences []int64
	for _, program := range programs {
		all.Go(func() {
			for range calls {
				outcome := program.Append(t.Context(), []audit.Group{testGroup(organization, testEntry(), testEntry())})[0]
				if outcome.Err != nil {
					t.Errorf("not recorded: %v", outcome.Err)
					return
				}
				mutex.Lock()
				for _, appended := range outcome.Appended {
					sequences = append(sequences, appended.Sequence)
				}
				mutex.Unlock()
			}
		})
	}
	all.Wait()
	slices.Sort(sequences)
	for i, sequence := range sequences {
		if sequence != int64(i)+1 {
			t.Fatalf("place %d has sequence %d", i+1, sequence)
		}
	}
	if len(sequences) != 2*calls*len(programs) {
		t.Errorf("%d events", len(sequences))
	}
}

// TestAFullDiskIsUnavailable, leaves nothing behind and passes when there is
// room again.
func TestAFullDiskIsUnavailable(t *testing.T) {
	s := openSQLiteStore(t)
	first, second := newOrganization(t, s), newOrganization(t, s)
	appendGroup(t, s, testGroup(first, testEntry()))
	exec(t, s, fmt.Sprintf(`PRAGMA max_page_count = %d`, count(t, s, `PRAGMA page_count`)+2))
	var many []*audit.Entry
	for range 1000 {
		many = append(many, testEntry())
	}
	full := []audit.Group{testGroup(first, many...), testGroup(second, testEntry())}
	for _, outcome := range s.Append(t.Context(), full) {
		expectError(t, outcome.Err, audit.ErrUnavailable)
	}
	if n := count(t, s, `SELECT count(*) FROM events`); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
	for _, group := range full {
		if settled, err := s.Settle(t.Context(), group); err != nil || settled != nil {
			t.Errorf("settled as %v, %v", settled, err)
		}
	}
	exec(t, s, `PRAGMA max_page_count = 1000000`)
	for _, outcome := range s.Append(t.Context(), full) {
		if outcome.Err != nil {
			t.Error(outcome.Err)
		}
	}
}

// TestABusyFileIsUnavailable when another program keeps its lock too long.
func TestABusyFileIsUnavailable(t *testing.T) {
	url := newSQLite(t)
	s, other := openStore(t, url), openStore(t, url)
	organization := newOrganization(t, s)
	exec(t, s, `PRAGMA busy_timeout = 10`)
	exec(t, other, `BEGIN IMMEDIATE`)
	group := testGroup(organization, testEntry())
	expectError(t, s.Append(t.Context(), []audit.Group{group})[0].Err, audit.ErrUnavailable)
	if _, err := s.Settle(t.Context(), group); err == nil {
		t.Error("settled without the lock")
	}
	exec(t, other, `ROLLBACK`)
	appendGroup(t, s, group)
}

// TestInstantsAreMicroseconds, as numbers that other programs can compare.
func TestInstantsAreMicroseconds(t *testing.T) {
	s := openSQLiteStore(t)
	appended := appendGroup(t, s, testGroup(newOrganization(t, s), testEntry()))[0]
	var kind string
	var micros int64
	row := s.reader.QueryRow(`SELECT typeof(recorded_at), recorded_at + 0 FROM journal`)
	if err := row.Scan(&kind, &micros); err != nil || kind != "integer" || micros != appended.RecordedAt.UnixMicro() {
		t.Errorf("recorded_at is the %s %d, want %d (%v)", kind, micros, appended.RecordedAt.UnixMicro(), err)
	}
}
