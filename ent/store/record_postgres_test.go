package store

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	"pgregory.net/rapid"

	"daybook/audit"
	"daybook/internal/postgrestest"
)

// TestPostgresMakesTheSameIDs compares the function in the database with
// audit.NewEventID, up to the bounds of every part.
func TestPostgresMakesTheSameIDs(t *testing.T) {
	s := openPostgresStore(t)
	rapid.Check(t, func(r *rapid.T) {
		micros := rapid.Int64Range(0, 281474976710655999).Draw(r, "micros")
		sequence := rapid.Int64Range(1, 1<<40-1).Draw(r, "sequence")
		organization := audit.OrganizationID(rapid.Int32Range(1, 1<<22-1).Draw(r, "organization"))
		want, err := audit.NewEventID(time.UnixMicro(micros), sequence, organization)
		if err != nil {
			r.Fatal(err)
		}
		var got audit.EventID
		row := s.reader.QueryRow(`SELECT daybook_event_id_v1($1, $2, $3)`, micros, sequence, int64(organization))
		if err := row.Scan(&got); err != nil || got != want {
			r.Fatalf("got %s, want %s (%v)", got, want, err)
		}
	})
}

// TestDigestsAreThoseOfTheDomain recomputes what the journal has, with causes of
// both sorts.
func TestDigestsAreThoseOfTheDomain(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		organization := newOrganization(t, s)
		first := appendGroup(t, s, testGroup(organization, testEntry()))
		caused, chained, plain := testEntry(), testEntry(), testEntry()
		caused.Cause = &first[0].ID
		chained.CauseIndex = 2
		plain.ContentRoot = [32]byte{0xff, 1}
		appended := appendGroup(t, s, testGroup(organization, caused, chained, plain))
		for i, want := range [][32]byte{
			audit.Digest(organization, appended[0], &first[0].ID, caused.ContentRoot),
			audit.Digest(organization, appended[1], &appended[2].ID, chained.ContentRoot),
			audit.Digest(organization, appended[2], nil, plain.ContentRoot),
		} {
			var got []byte
			row := s.reader.QueryRow(`SELECT `+entryDigest+` FROM `+eachEntry+` WHERE `+hasPlace+` AND `+entrySequence+` = $1`, appended[i].Sequence)
			if err := row.Scan(&got); err != nil || [32]byte(got) != want {
				t.Errorf("entry %d: digest %x, want %x (%v)", i, got, want, err)
			}
		}
	})
}

func TestFailuresAreClassified(t *testing.T) {
	for code, want := range map[pqerror.Code]error{
		"22021": audit.ErrRejected, "23505": audit.ErrRejected, "54000": audit.ErrRejected,
		"08006": audit.ErrUnavailable, "40P01": audit.ErrUnavailable, "53100": audit.ErrUnavailable,
		"55P03": audit.ErrUnavailable, "57014": audit.ErrUnavailable, "25006": audit.ErrUnavailable,
	} {
		if err := sentError(&pq.Error{Code: code}); !errors.Is(err, want) {
			t.Errorf("%s is %v, want %v", code, err, want)
		}
	}
	expectError(t, sentError(io.EOF), audit.ErrUnknownOutcome)
	expectError(t, appendError(io.EOF), audit.ErrUnavailable)
}

func TestPostgresRejectsTextItCannotKeep(t *testing.T) {
	s := openPostgresStore(t)
	entry, organization := testEntry(), newOrganization(t, s)
	text := "a\x00b"
	entry.UserAgent = &text
	expectError(t, s.Append(t.Context(), []audit.Group{testGroup(organization, entry)})[0].Err, audit.ErrRejected)
}

// TestALockedOrganizationIsUnavailable: a server that hangs does not hang the
// others.
func TestALockedOrganizationIsUnavailable(t *testing.T) {
	url := postgrestest.NewDatabase(t)
	s := openStore(t, url+"&lock_timeout=50")
	organization := newOrganization(t, s)
	tx, err := s.writer.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.Exec(`SELECT FROM organizations FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	group := testGroup(organization, testEntry())
	expectError(t, s.Append(t.Context(), []audit.Group{group})[0].Err, audit.ErrUnavailable)
	if _, err := s.Settle(t.Context(), group); !errors.Is(err, audit.ErrUnavailable) {
		t.Errorf("settling gave %v", err)
	}
}

// prepareLane records for another organization until the connection is prepared:
// for groups, and for one event.
func prepareLane(t *testing.T, s *Store) {
	t.Helper()
	organization := newOrganization(t, s)
	for range 2 {
		appendGroup(t, s, testGroup(organization, testEntry(), testEntry()))
	}
	appendGroup(t, s, testGroup(organization, testEntry()))
}

func countEvents(t *testing.T, s *Store, organization audit.OrganizationID) int {
	t.Helper()
	return count(t, s, `SELECT count(*) FROM events WHERE organization = `+strconv.Itoa(int(organization)))
}

// TestRecordingTakesOneRoundTrip, with names known and unknown, once a connection
// is prepared.
func TestRecordingTakesOneRoundTrip(t *testing.T) {
	s, proxy := proxiedStore(t)
	prepareLane(t, s)
	organization := newOrganization(t, s)
	for range 3 {
		group := testGroup(organization, testEntry(), testEntry())
		for _, group := range []audit.Group{group, testGroup(organization, testEntry())} {
			before := proxy.RoundTrips()
			appendGroup(t, s, group)
			if trips := proxy.RoundTrips() - before; trips != 1 {
				t.Errorf("a group of %d took %d round trips", len(group.Entries), trips)
			}
		}
	}
}

// TestALostAnswerIsSettled cuts the connection when the server answers: the
// group is there.
func TestALostAnswerIsSettled(t *testing.T) {
	s, proxy := proxiedStore(t)
	prepareLane(t, s)
	group := testGroup(newOrganization(t, s), testEntry(), testEntry())
	proxy.CutWhere(loseAnswers)
	expectError(t, s.Append(t.Context(), []audit.Group{group})[0].Err, audit.ErrUnknownOutcome)
	proxy.CutWhere(nil)
	settled, err := s.Settle(t.Context(), group)
	if err != nil || len(settled) != 2 {
		t.Fatalf("settled as %v, %v", settled, err)
	}
	if n := countEvents(t, s, group.Organization); n != 2 {
		t.Errorf("%d events, want 2: the statement was repeated", n)
	}
}

// TestALateStatementFindsItselfAbandoned keeps a statement back in the network
// until its group has been settled as never written.
// TestAFailedPrepareIsAnError: the connection was good, but prepares no more.
func TestAFailedPrepareIsAnError(t *testing.T) {
	s := openPostgresStore(t)
	appendGroup(t, s, testGroup(newOrganization(t, s), testEntry()))
	if _, err := s.lanes.take(t.Context(), s.writer, "no statement"); err == nil {
		t.Error("a statement that is none was prepared")
	}
	appendGroup(t, s, testGroup(newOrganization(t, s), testEntry()))
}

func TestALateStatementFindsItselfAbandoned(t *testing.T) {
	s, proxy := proxiedStore(t)
	prepareLane(t, s)
	group := testGroup(newOrganization(t, s), testEntry())
	proxy.Hold(true)
	expectError(t, s.Append(t.Context(), []audit.Group{group})[0].Err, audit.ErrUnknownOutcome)
	proxy.Hold(false)
	if settled, err := s.Settle(t.Context(), group); err != nil || settled != nil {
		t.Fatalf("settled as %v, %v", settled, err)
	}
	proxy.Deliver(t)
	if n := countEvents(t, s, group.Organization); n != 0 {
		t.Errorf("%d events were written after all", n)
	}
	if again := appendGroup(t, s, testGroup(group.Organization, group.Entries...)); again[0].Sequence != 1 {
		t.Errorf("another attempt got sequence %d", again[0].Sequence)
	}
}

// TestSettlingLooksOnlyAtWhatCameAfter the statement was sent.
func TestSettlingLooksOnlyAtWhatCameAfter(t *testing.T) {
	s, proxy := proxiedStore(t)
	prepareLane(t, s)
	organization := newOrganization(t, s)
	appendGroup(t, s, testGroup(organization, testEntry(), testEntry()))
	group := testGroup(organization, testEntry())
	proxy.CutWhere(loseAnswers)
	expectError(t, s.Append(t.Context(), []audit.Group{group})[0].Err, audit.ErrUnknownOutcome)
	proxy.CutWhere(nil)
	if after := s.attempts.begun(group); after != 2 {
		t.Errorf("looks after sequence %d, want 2", after)
	}
	if settled, err := s.Settle(t.Context(), group); err != nil || len(settled) != 1 || settled[0].Sequence != 3 {
		t.Errorf("settled as %v, %v", settled, err)
	}
	if len(s.attempts.after) != 0 {
		t.Errorf("attempts are remembered for ever: %v", s.attempts.after)
	}
}

// TestIDsOfALostHistoryAreForgotten: a standby that takes over without the latest
// commits gives their ids to other names.
func TestIDsOfALostHistoryAreForgotten(t *testing.T) {
	s := openPostgresStore(t)
	organization := newOrganization(t, s)
	appendGroup(t, s, testGroup(organization, testEntry()))
	bob := testEntry()
	bob.Performer.ExternalID = "bob"
	exec(t, s, `SET session_replication_role = replica; ALTER TABLE events DISABLE TRIGGER ALL; ALTER TABLE property_changes DISABLE TRIGGER ALL;
		ALTER TABLE journal DISABLE TRIGGER ALL; DELETE FROM events; DELETE FROM journal; DELETE FROM property_changes;
		DELETE FROM actor_profiles; UPDATE actors SET external_id = 'bob'; RESET session_replication_role`)
	appended := appendGroup(t, s, testGroup(organization, testEntry(), bob))
	if appended[0].Sequence != 1 {
		t.Errorf("got sequence %d", appended[0].Sequence)
	}
	rows := `SELECT count(*) FROM events e JOIN actors a ON a.id = e.actor JOIN actor_profiles p ON p.id = e.profile AND p.actor = a.id
		WHERE a.external_id = $1 AND e.id = $2`
	if count(t, s, rows, "ann", appended[0].ID) != 1 || count(t, s, rows, "bob", appended[1].ID) != 1 {
		t.Error("an event is another actor's")
	}
}

// TestAPasswordStaysSecret in whatever goes wrong.
func TestAPasswordStaysSecret(t *testing.T) {
	for _, url := range []string{"postgres://user:secret@h:x/db", "postgres://user:secret@127.0.0.1:1/db", "postgres://user:sec%ret@h/db"} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		s, err := Open(ctx, url, Options{})
		cancel()
		if err == nil {
			s.Close()
			t.Fatalf("%s was opened", url)
		}
		for _, secret := range []string{"secret", "sec%ret"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error shows the password: %v", err)
			}
		}
	}
}

func TestPostgresSettings(t *testing.T) {
	s := openStore(t, postgrestest.NewDatabase(t)+"&synchronous_commit=off&statement_timeout=1234")
	for _, test := range []struct {
		db   *sql.DB
		name string
		want string
	}{
		{s.writer, "synchronous_commit", "on"},
		{s.writer, "default_transaction_isolation", "read committed"},
		{s.writer, "TimeZone", "UTC"},
		{s.writer, "application_name", "daybook"},
		{s.writer, "lock_timeout", "10s"},
		{s.writer, "statement_timeout", "1234ms"},
		{s.reader, "default_transaction_read_only", "on"},
	} {
		var got string
		if err := test.db.QueryRow(`SELECT current_setting($1)`, test.name).Scan(&got); err != nil || got != test.want {
			t.Errorf("%s is %q, want %q (%v)", test.name, got, test.want, err)
		}
	}
	if _, err := s.reader.Exec(`DELETE FROM organizations`); err == nil {
		t.Error("a reader was allowed to write")
	}
}
