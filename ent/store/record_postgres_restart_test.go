package store

import (
	"errors"
	"sync"
	"testing"

	"entgo.io/ent/dialect"

	"daybook/audit"
	"daybook/internal/postgrestest"
)

// TestAFunctionMadeAnewIsFound: what a connection has prepared, and the numbers of
// the types, are of the function before.
func TestAFunctionMadeAnewIsFound(t *testing.T) {
	s := openPostgresStore(t)
	prepareLane(t, s)
	migrations, err := loadMigrations(migrationFolder[dialect.Postgres])
	if err != nil {
		t.Fatal(err)
	}
	exec(t, s, `DROP FUNCTION daybook_record_v1, daybook_record_one_v1, daybook_settle_v1, daybook_event_id_v1; DROP TABLE abandoned_groups`,
		`DO $$ DECLARE old record; BEGIN
			FOR old IN SELECT typname FROM pg_type WHERE typname LIKE 'daybook\_record\_v1\_%' LOOP
				EXECUTE format('DROP TYPE %I', old.typname);
			END LOOP;
		END $$`, migrations[2].sql)
	organization := newOrganization(t, s)
	for try := 1; ; try++ {
		outcome := s.Append(t.Context(), []audit.Group{testGroup(organization, testEntry())})[0]
		if outcome.Appended != nil {
			break
		}
		if expectError(t, outcome.Err, audit.ErrUnavailable); try == 3 {
			t.Fatalf("not found after %d tries: %v", try, outcome.Err)
		}
	}
	if n := countEvents(t, s, organization); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}

// TestAKilledServerKeepsWhatItAnswered and, once it is back, tells what became
// of the groups it did not answer.
func TestAKilledServerKeepsWhatItAnswered(t *testing.T) {
	cluster := postgrestest.Start(t, postgrestest.Options{})
	s := openStore(t, cluster.NewDatabase(t))
	organization := newOrganization(t, s)
	var callers sync.WaitGroup
	var mutex sync.Mutex
	written := map[audit.EventID]bool{}
	var unknown []audit.Group
	enough := make(chan struct{}, 1)
	for range 4 {
		callers.Go(func() {
			for {
				group := testGroup(organization, testEntry(), testEntry())
				outcome := s.Append(t.Context(), []audit.Group{group})[0]
				mutex.Lock()
				for _, appended := range outcome.Appended {
					written[appended.ID] = true
				}
				if errors.Is(outcome.Err, audit.ErrUnknownOutcome) {
					unknown = append(unknown, group)
				}
				if len(written) > 100 {
					select {
					case enough <- struct{}{}:
					default:
					}
				}
				mutex.Unlock()
				if outcome.Err != nil {
					return
				}
			}
		})
	}
	<-enough
	cluster.Kill(t)
	callers.Wait()
	cluster.Restart(t)
	for _, group := range unknown {
		settled, err := s.Settle(t.Context(), group)
		if err != nil {
			t.Fatal(err)
		}
		for _, appended := range settled {
			written[appended.ID] = true
		}
	}
	for id := range written {
		have, err := s.HaveEvents(t.Context(), organization, []audit.EventID{id})
		if err != nil || !have[id] {
			t.Errorf("%s was answered and is not there (%v)", id, err)
		}
	}
	if n, last := countEntries(t, s), count(t, s, `SELECT max(sequence) FROM journal`); n != len(written) || last != n {
		t.Errorf("%d events up to sequence %d, want %d", n, last, len(written))
	}
}
