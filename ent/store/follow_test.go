package store

import (
	"context"
	stdsql "database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"entgo.io/ent/dialect"

	"daybook/audit"
)

// copying is a follower that copies the journal into a table, whose key refuses
// an entry that is taken in twice.
func copying(t *testing.T, s *Store) follower {
	exec(t, s, `CREATE TABLE IF NOT EXISTS journal_copy
		(organization bigint NOT NULL, sequence bigint NOT NULL, PRIMARY KEY (organization, sequence))`)
	return follower{name: "copy", fold: func(ctx context.Context, tx *stdsql.Tx, part stretch) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO journal_copy (organization, sequence)
			SELECT organization, `+entrySequence+` FROM `+eachEntry+` WHERE `+hasPlace+`
			AND organization = $1 AND `+entrySequence+` > $2 AND `+entrySequence+` <= $3`,
			int64(part.organization), part.after, part.through)
		return err
	}}
}

// recordSome records events of an organization in one group.
func recordSome(t *testing.T, s *Store, organization audit.OrganizationID, events int) {
	t.Helper()
	entries := make([]*audit.Entry, events)
	for i := range entries {
		entries[i] = testEntry()
	}
	appendGroup(t, s, testGroup(organization, entries...))
}

func catchUp(t *testing.T, s *Store) {
	t.Helper()
	if err := s.CatchUp(t.Context(), func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
}

// countEntries counts the entries of all journals.
func countEntries(t *testing.T, s *Store) int {
	t.Helper()
	return count(t, s, `SELECT count(*) FROM `+eachEntry+` WHERE `+hasPlace)
}

// expectCopied expects that every entry was taken in, once each.
func expectCopied(t *testing.T, s *Store) {
	t.Helper()
	journal, copied := countEntries(t, s), count(t, s, `SELECT count(*) FROM journal_copy`)
	if journal != copied {
		t.Errorf("%d of %d journal entries are taken in", copied, journal)
	}
	if late := count(t, s, `SELECT count(*) FROM organizations o WHERE
		coalesce((SELECT max(sequence) FROM journal WHERE organization = o.id), 0) <>
		coalesce((SELECT sequence FROM journal_followers WHERE organization = o.id), 0)`); late != 0 {
		t.Errorf("in %d organizations the position is not the journal's end", late)
	}
}

// follow runs Follow until the test's end.
func follow(t *testing.T, s *Store) {
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.Follow(ctx, slog.New(slog.DiscardHandler)) })
	t.Cleanup(func() { stop(); running.Wait() })
}

// waitFor asks again and again until the answer is yes.
func waitFor(t *testing.T, what string, yes func() bool) {
	t.Helper()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for !yes() {
		select {
		case <-t.Context().Done():
			t.Fatalf("waited in vain until %s", what)
		case <-again.C:
		}
	}
}

func caughtUp(t *testing.T, s *Store) func() bool {
	return func() bool {
		behind, _, err := s.allBehind(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return len(behind) == 0
	}
}

func TestFollowersTakeInWhatIsRecorded(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		s.followers = []follower{copying(t, s)}
		first := newOrganization(t, s)
		recordSome(t, s, first, 3) // before anybody follows
		follow(t, s)
		waitFor(t, "the journal is taken in", caughtUp(t, s))
		second := newOrganization(t, s) // made later
		recordSome(t, s, second, 300)
		recordSome(t, s, first, 1)
		waitFor(t, "more is taken in", caughtUp(t, s))
		expectCopied(t, s)
	})
}

// TestFollowersSurviveCrashes breaks off in the middle of stretches, behind what
// a fold has written.
func TestFollowersSurviveCrashes(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		whole, crash, calls := copying(t, s), errors.New("crash"), 0
		s.followers = []follower{{name: whole.name, fold: func(ctx context.Context, tx *stdsql.Tx, part stretch) error {
			err := whole.fold(ctx, tx, part)
			if calls++; calls%3 == 0 {
				err = crash
			}
			return err
		}}}
		organization := newOrganization(t, s)
		recordSome(t, s, organization, 95)
		for left := int64(1); left > 0; {
			var err error
			if left, err = s.foldAll(t.Context(), organization, 10, otherServersFirst); err != nil {
				if !errors.Is(err, crash) {
					t.Fatal(err)
				}
				left = 1
			}
		}
		expectCopied(t, s)
	})
}

func TestServersShareTheFollowing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, url string) {
		one, other := openStore(t, url), openStore(t, url)
		one.followers = []follower{copying(t, one)}
		other.followers = one.followers
		follow(t, one)
		follow(t, other)
		var recording sync.WaitGroup
		for _, s := range []*Store{one, other} {
			for range 3 {
				organization := newOrganization(t, s)
				recording.Go(func() {
					for range 20 {
						recordSome(t, s, organization, 7)
					}
				})
			}
		}
		recording.Go(func() {
			if err := one.CatchUp(t.Context(), func(int64, int64) {}); err != nil {
				t.Error(err)
			}
		})
		recording.Wait()
		waitFor(t, "all is taken in", caughtUp(t, one))
		expectCopied(t, one)
	})
}

// TestFollowersFindEveryOrganization: what other programs recorded is found
// however many organizations there are, a bounded number at a time.
func TestFollowersFindEveryOrganization(t *testing.T) {
	const organizations = 3*lookSize + 7
	numbers := map[string]string{
		dialect.SQLite:   `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 757)`,
		dialect.Postgres: `WITH n (i) AS (SELECT generate_series(1, 757))`,
	}
	eachEngine(t, func(t *testing.T, s *Store) {
		s.followers = []follower{copying(t, s)}
		exec(t, s,
			`INSERT INTO organizations (name, cursor_key, created_at) `+numbers[s.dialect]+` SELECT 'o' || i, '', '2026-01-01' FROM n`,
			`INSERT INTO journal (organization, sequence, recorded_at, token, event_ids, digests)
				SELECT id, 1, '2026-01-01', 1, `+sixteenBytes[s.dialect]+`, `+sixteenBytes[s.dialect]+` || `+sixteenBytes[s.dialect]+` FROM organizations`)
		if n := count(t, s, `SELECT count(*) FROM organizations`); n != organizations {
			t.Fatalf("%d organizations", n)
		}
		f := &following{store: s, pace: followPaces[s.dialect], log: slog.New(slog.DiscardHandler)}
		for range 4 {
			f.look(t.Context())
			if waiting := len(s.advances.queue); waiting > lookSize {
				t.Errorf("one look found %d organizations", waiting)
			}
			f.work(t.Context())
		}
		expectCopied(t, s)
		if f.after != 0 {
			t.Errorf("after a round the next look begins at %s", f.after)
		}
	})
}

var sixteenBytes = map[string]string{dialect.SQLite: `'sixteen bytes...'`, dialect.Postgres: `'sixteen bytes...'::bytea`}

// TestFollowersBuildAnew: to delete what was built, and the positions, is all it
// takes.
func TestFollowersBuildAnew(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		s.followers = []follower{copying(t, s)}
		recordSome(t, s, newOrganization(t, s), 20)
		catchUp(t, s)
		exec(t, s, `DELETE FROM journal_copy`, `DELETE FROM journal_followers`)
		catchUp(t, s)
		expectCopied(t, s)
	})
}

func TestCatchUpSaysHowFarItIs(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		s.followers = []follower{copying(t, s)}
		for range 9 {
			recordSome(t, s, newOrganization(t, s), 250)
		}
		var last, total int64
		if err := s.CatchUp(t.Context(), func(done, of int64) { last, total = done, of }); err != nil {
			t.Fatal(err)
		}
		if last != 9*250 || total != last {
			t.Errorf("ended at %d of %d", last, total)
		}
	})
}

func TestOneFollowerDoesNotHoldUpAnother(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		broken := follower{name: "broken", fold: func(context.Context, *stdsql.Tx, stretch) error { return errors.New("broken") }}
		s.followers = []follower{broken, copying(t, s)}
		organization := newOrganization(t, s)
		recordSome(t, s, organization, 5)
		_, err := s.foldAll(t.Context(), organization, 10, otherServersFirst)
		if err == nil || !strings.Contains(err.Error(), "broken") {
			t.Errorf("got %v", err)
		}
		if n := count(t, s, `SELECT count(*) FROM journal_copy`); n != 5 {
			t.Errorf("%d entries are taken in", n)
		}
	})
}
