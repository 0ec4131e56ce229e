package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"daybook/internal/postgrestest"
	"daybook/internal/proxytest"
)

// TestPostgresKilledUnderLoad kills Postgres while many record, again and again
// under one server, which must find back by itself.
func TestPostgresKilledUnderLoad(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.Start(t, postgrestest.Options{})
	database := cluster.NewDatabase(t)
	l := newLoad(t)
	l.on(serve(t, database), "load", 8)
	for range faultRounds(t, 2) {
		l.more(100)
		cluster.Kill(t)
		cluster.Restart(t)
	}
	l.more(100)
	l.verify(database)
}

// TestSynchronousStandbyTakesOver: the primary dies while many record, and its
// standby takes its place under the same server.
func TestSynchronousStandbyTakesOver(t *testing.T) {
	t.Parallel()
	for range faultRounds(t, 1) {
		primary := postgrestest.Start(t, postgrestest.Options{TCP: true})
		database := primary.NewDatabase(t)
		standby := primary.StartStandby(t)
		address, err := url.Parse(database)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(address.Path, "/")
		l := newLoad(t)
		l.on(serve(t, postgrestest.PrimaryURL(name, primary, standby)), "load", 8)
		l.more(100)
		primary.Kill(t)
		standby.Promote(t)
		l.more(100)
		l.verify(standby.URL(name))
	}
}

// TestPostgresRestartedUnderLoad stops Postgres in good order, which ends
// sessions with a message instead of a broken connection.
func TestPostgresRestartedUnderLoad(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.Start(t, postgrestest.Options{})
	database := cluster.NewDatabase(t)
	l := newLoad(t)
	l.on(serve(t, database), "load", 8)
	for range faultRounds(t, 2) {
		l.more(100)
		cluster.Stop(t)
		cluster.Restart(t)
	}
	l.more(100)
	l.verify(database)
}

// TestServersTogetherWhileOneIsKilled: two servers append to one organization,
// and one of them dies each time.
func TestServersTogetherWhileOneIsKilled(t *testing.T) {
	t.Parallel()
	database := postgrestest.NewDatabase(t)
	l := newLoad(t)
	l.on(serve(t, database), "steady", 4)
	for round := range faultRounds(t, 2) {
		dying := serveProcess(t, database)
		mortal := newLoad(t)
		mortal.on(dying, fmt.Sprint("mortal-", round), 4)
		mortal.more(50)
		l.more(50)
		dying.kill()
		l.more(50)
		mortal.verify(database)
	}
	l.verify(database)
}

// TestConnectionsCutAtEachStatement loses, of a fixed course of calls, the first
// round trip to the database, then the second, and so on: once before it is
// executed and once after.
func TestConnectionsCutAtEachStatement(t *testing.T) {
	t.Parallel()
	database := postgrestest.NewDatabase(t)
	proxy := proxytest.Start(t, database)
	s := serve(t, proxy.URL())
	l := newLoad(t)
	course := func(name string) {
		for n := range 3 {
			id := fmt.Sprintf("%s-%d", name, n)
			for keyed := n < 2; l.record(s, id, keyed) == isOverloaded && keyed; {
				continue
			}
		}
	}
	course("none")
	for _, lost := range []proxytest.Cut{proxytest.Statement, proxytest.Answer} {
		for n, reached := int64(1), true; reached; n++ {
			reached = false
			proxy.CutWhere(func(roundTrip int64) proxytest.Cut {
				if roundTrip == n {
					reached = true
					return lost
				}
				return proxytest.Nothing
			})
			course(fmt.Sprintf("cut-%d-%d", lost, n))
			proxy.CutWhere(nil)
		}
	}
	l.verify(database)
}

// TestConnectionsCutUnderLoad loses one of every so many round trips of many
// callers, by chance: at regular intervals it might always be the same one.
func TestConnectionsCutUnderLoad(t *testing.T) {
	t.Parallel()
	database := postgrestest.NewDatabase(t)
	proxy := proxytest.Start(t, database)
	s := serve(t, proxy.URL())
	l := newLoad(t)
	l.on(s, "load", 8)
	for _, every := range []int{31, 7, 5} {
		for round := range faultRounds(t, 1) {
			chance := rand.New(rand.NewPCG(uint64(every), uint64(round)))
			proxy.CutWhere(func(int64) proxytest.Cut {
				if chance.IntN(every) > 0 {
					return proxytest.Nothing
				}
				return proxytest.Statement + proxytest.Cut(chance.IntN(2))
			})
			l.more(200)
		}
	}
	proxy.CutWhere(nil)
	l.more(50)
	l.verify(database)
}

// TestClockGoingBack: recordedAt never runs backwards, whatever the database's
// clock does.
func TestClockGoingBack(t *testing.T) {
	t.Parallel()
	database := postgrestest.NewDatabase(t)
	l := newLoad(t)
	s := serve(t, database)
	db := openSQL(t, database)
	defer db.Close()
	execSQL := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	execSQL(`CREATE SCHEMA test_clock; CREATE TABLE test_clock.shift (by interval); INSERT INTO test_clock.shift VALUES ('0');
		CREATE FUNCTION test_clock.clock_timestamp() RETURNS timestamptz VOLATILE LANGUAGE sql
			AS 'SELECT pg_catalog.clock_timestamp() + by FROM test_clock.shift';
		ALTER FUNCTION daybook_record_v1 SET search_path = test_clock, pg_catalog, public, pg_temp;
		ALTER FUNCTION daybook_record_one_v1 SET search_path = test_clock, pg_catalog, public, pg_temp`)
	l.on(s, "load", 4)
	for _, shift := range []string{"1 hour", "30 minutes", "-1 day", "2 hours", "0"} {
		l.more(30)
		execSQL(`UPDATE test_clock.shift SET by = '` + shift + `'`)
	}
	l.more(30)
	l.verify(database)
	var ahead bool
	row := db.QueryRowContext(t.Context(), `SELECT max(recorded_at) > now() + interval '110 minutes' FROM journal`)
	if err := row.Scan(&ahead); err != nil || !ahead {
		t.Errorf("the clock was not looked at: %v", err)
	}
}

// TestSQLiteJournalAheadOfTheClock is the same for a file that another clock
// wrote to.
func TestSQLiteJournalAheadOfTheClock(t *testing.T) {
	t.Parallel()
	database := "sqlite:" + filepath.Join(t.TempDir(), "daybook.db")
	s := serve(t, database)
	db := openSQL(t, database)
	defer db.Close()
	ahead := time.Now().Add(time.Hour).Truncate(time.Microsecond)
	_, err := db.ExecContext(t.Context(), `INSERT INTO journal (organization, sequence, recorded_at, token, event_ids, digests)
		VALUES (1, 1, ?, 0, zeroblob(16), zeroblob(32))`, ahead.UnixMicro())
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		var answer struct {
			RecordEvent struct {
				Result struct {
					Event struct {
						Sequence               int
						RecordedAt, OccurredAt time.Time
					}
				}
			}
		}
		s.query(`mutation M($event: EventInput!) { recordEvent(event: $event) { result { event { sequence recordedAt occurredAt } } } }`,
			map[string]any{"event": anEvent(fmt.Sprint("k", n))}, &answer)
		event := answer.RecordEvent.Result.Event
		if event.Sequence != n+2 || !event.RecordedAt.Equal(ahead) || !event.OccurredAt.Equal(ahead) {
			t.Errorf("%+v, want sequence %d at %s", event, n+2, ahead)
		}
	}
}
