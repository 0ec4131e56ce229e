package dataset

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"

	"daybook/audit"
	"daybook/bench/server"
	"daybook/ent/store"
	"daybook/internal/postgrestest"
	"daybook/internal/proxytest"
)

// loadInto makes this test binary load a log into the database that it names, so that
// tests can kill it.
const loadInto = "DAYBOOK_TEST_LOAD_INTO"

// brokenLog is the log whose loading is broken off.
var brokenLog = Log{Events: 2 * ChunkSize}

func TestMain(m *testing.M) {
	if address := os.Getenv(loadInto); address != "" {
		if err := loadForTest(context.Background(), address); err != nil {
			panic(err)
		}
		os.Exit(0)
	}
	postgrestest.Main(m)
}

// loadForTest loads the chunks of the log that are not there yet.
func loadForTest(ctx context.Context, address string) (err error) {
	engine, err := store.Open(ctx, address, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	last, err := audit.VerifyJournal(ctx, engine, 1)
	if err != nil {
		return err
	}
	for n := int(last) / chunkOf(1); n < brokenLog.Chunks(); n++ {
		c, err := brokenLog.Chunk(ctx, n)
		if err != nil {
			return err
		}
		if err := engine.Load(ctx, c.Groups, c.Positions); err != nil {
			return err
		}
	}
	return nil
}

// chunkOf is how many events of an organization each chunk has.
func chunkOf(organization audit.OrganizationID) int {
	return Log{Events: ChunkSize}.EventsOf(organization)
}

// open makes the organizations and gives the engine.
func open(t *testing.T, address string) *store.Store {
	t.Helper()
	if _, err := server.PrepareDatabase(t.Context(), address, Organizations); err != nil {
		t.Fatal(err)
	}
	engine, err := store.Open(t.Context(), address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	return engine
}

// verify expects that the logs of all organizations verify and have so many chunks.
func verify(t *testing.T, engine *store.Store, chunks int) {
	t.Helper()
	for organization := audit.OrganizationID(1); organization <= Organizations; organization++ {
		last, err := audit.VerifyJournal(t.Context(), engine, organization)
		if want := int64(chunks * chunkOf(organization)); err != nil || last != want {
			t.Fatalf("organization %d has %d events, want %d: %v", organization, last, want, err)
		}
	}
}

// TestAKilledLoadLeavesWholeChunks, after which another goes on.
func TestAKilledLoadLeavesWholeChunks(t *testing.T) {
	t.Parallel()
	address := postgrestest.NewDatabase(t)
	engine := open(t, address)
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, kill := range []struct {
		table  string
		chunks int
	}{{"events", 0}, {"journal", 0}, {"property_changes", 1}} {
		slowDown(t, db, kill.table, kill.chunks)
		killLoading(t, db, address, kill.table, int64(kill.chunks*ChunkSize))
		execute(t, db, `DROP FUNCTION wait CASCADE`)
		verify(t, engine, kill.chunks)
	}
	if err := loadForTest(t.Context(), address); err != nil {
		t.Error(err)
	}
	verify(t, engine, brokenLog.Chunks())
}

// slowDown has each row that is written into a table wait, once so many chunks are
// there, so that writing it is seen to be under way.
func slowDown(t *testing.T, db *sql.DB, table string, chunks int) {
	t.Helper()
	execute(t, db, fmt.Sprintf(`CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
			IF (SELECT coalesce(max(sequence), 0) FROM journal WHERE organization = 1) >= %d THEN
				PERFORM pg_sleep(0.001);
			END IF;
			RETURN NEW;
		END $$;
		CREATE TRIGGER wait BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION wait()`, chunks*chunkOf(1), table))
}

func execute(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// killLoading loads in a process of its own, and kills that when so many events are
// there and rows are being copied into a table.
func killLoading(t *testing.T, db *sql.DB, address, table string, events int64) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), loadInto+"="+address+"&application_name=loading")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // it is killed
	}()
	for wait := true; wait; {
		select {
		case <-ended:
			t.Fatalf("loading ended before rows of %s were seen on their way", table)
		default:
		}
		wait = number(t, db, `SELECT count(*) FROM pg_stat_progress_copy WHERE relid = '`+table+`'::regclass AND tuples_processed > 0`) == 0 ||
			number(t, db, `SELECT count(*) FROM events`) < events
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	<-ended
	for number(t, db, `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'loading'`) > 0 {
		continue // Postgres has not noticed yet
	}
}

func number(t *testing.T, db *sql.DB, query string) (n int64) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestALoadThatLosesItsConnectionLeavesAllOrNothing loses the first round trip of a
// load, then the second, and so on.
func TestALoadThatLosesItsConnectionLeavesAllOrNothing(t *testing.T) {
	t.Parallel()
	proxy := proxytest.Start(t, postgrestest.NewDatabase(t))
	engine := open(t, proxy.URL())
	rest, lost := chunk(t, brokenLog, 0), 0
	for _, cut := range []proxytest.Cut{proxytest.Statement, proxytest.Answer} {
		for n, reached := int64(1), true; reached; n++ {
			part := rest.take(6)
			reached = false
			proxy.CutWhere(func(roundTrip int64) proxytest.Cut {
				if roundTrip != n {
					return proxytest.Nothing
				}
				reached = true
				return cut
			})
			err := engine.Load(t.Context(), part.Groups, part.Positions)
			proxy.CutWhere(nil)
			if part.isLoaded(t, engine) {
				continue
			}
			if lost++; err == nil {
				t.Errorf("cut %d of round trip %d: not loaded, and no error", cut, n)
			}
			if err := engine.Load(t.Context(), part.Groups, part.Positions); err != nil {
				t.Fatalf("cut %d of round trip %d: again: %v", cut, n, err)
			}
		}
	}
	if err := engine.Load(t.Context(), rest.Groups, rest.Positions); err != nil {
		t.Fatal(err)
	}
	verify(t, engine, 1)
	t.Logf("%d loads were broken off", lost)
}

// take takes the next entries of a chunk, as many times as organizations have shares.
func (c *Chunk) take(times int) *Chunk {
	part := &Chunk{Groups: slices.Clone(c.Groups), Positions: slices.Clone(c.Positions)}
	for i := range part.Groups {
		n := times * shares[i]
		part.Groups[i].Token = c.Positions[i][0].Sequence
		part.Groups[i].Entries, part.Positions[i] = c.Groups[i].Entries[:n], c.Positions[i][:n]
		c.Groups[i].Entries, c.Positions[i] = c.Groups[i].Entries[n:], c.Positions[i][n:]
	}
	return part
}

// isLoaded says whether a chunk is there. It must be whole, or not there at all.
func (c *Chunk) isLoaded(t *testing.T, engine *store.Store) bool {
	t.Helper()
	var missing, there int
	for i, positions := range c.Positions {
		var ids []audit.EventID
		for _, at := range positions {
			ids = append(ids, at.ID)
		}
		events, err := engine.EventsByID(t.Context(), audit.OrganizationID(i+1), ids, audit.Fields{})
		if err != nil {
			t.Fatal(err)
		}
		journal, _, err := engine.FindJournal(t.Context(), audit.OrganizationID(i+1), positions[0].Sequence-1, len(ids))
		if err != nil || len(journal) != len(events) {
			t.Fatalf("%v: %d events, %d in the journal", err, len(events), len(journal))
		}
		missing, there = missing+len(ids)-len(events), there+len(events)
	}
	if missing > 0 && there > 0 {
		t.Fatalf("%d of %d events are there", there, missing+there)
	}
	return there > 0
}

// TestACrashOfPostgresLeavesWholeLoads: what was loaded last may be gone, because
// loading does not wait for the disk, but nothing of it is left and nothing before it.
func TestACrashOfPostgresLeavesWholeLoads(t *testing.T) {
	t.Parallel()
	postgres := postgrestest.Start(t, postgrestest.Options{})
	address := postgres.NewDatabase(t)
	engine := open(t, address)
	rest := chunk(t, brokenLog, 0)
	var parts []*Chunk
	for range 80 {
		parts = append(parts, rest.take(6))
	}
	loaded := make(chan error, len(parts))
	go func() {
		defer close(loaded)
		for _, part := range parts {
			err := engine.Load(t.Context(), part.Groups, part.Positions)
			if loaded <- err; err != nil {
				return
			}
		}
	}()
	for range 10 {
		if err := <-loaded; err != nil {
			t.Fatal(err)
		}
	}
	postgres.Kill(t)
	for err := range loaded {
		t.Logf("then: %v", err)
	}
	postgres.Restart(t)
	engine = open(t, address)
	there := 0
	for i, part := range parts {
		if !part.isLoaded(t, engine) {
			continue
		}
		if there++; there != i+1 {
			t.Fatalf("the %d-th load is there, and one before it is not", i+1)
		}
	}
	t.Logf("%d of %d loads are there", there, len(parts))
	for _, part := range append(parts[there:], rest) {
		if err := engine.Load(t.Context(), part.Groups, part.Positions); err != nil {
			t.Fatal(err)
		}
	}
	verify(t, engine, 1)
}
