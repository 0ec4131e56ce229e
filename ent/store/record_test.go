package store

import (
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"daybook/audit"
)

var lastToken atomic.Int64

// testEntry is a plain event that an agent caused.
func testEntry() *audit.Entry {
	name := "Ann"
	return &audit.Entry{
		Category: audit.CategorySettings, Action: audit.ActionUpdate,
		Performer: audit.EntryActor{Kind: audit.ActorUser, ExternalID: "ann", Name: &name},
		Section:   "shortcut",
		Object:    &audit.Object{Type: "shortcut", ExternalID: "s-1"},
		Changes:   []audit.Change{{Property: "name", Operation: audit.OperationChanged, Before: audit.JSON(`1`), After: audit.JSON(`2`)}},
		Digests:   []audit.PropertyDigest{{Property: "name", Kind: audit.DigestChanged}},
		Details:   &audit.SettingsDetails{Area: audit.AreaShortcuts}, CauseIndex: -1,
	}
}

func testGroup(organization audit.OrganizationID, entries ...*audit.Entry) audit.Group {
	return audit.Group{Organization: organization, Token: lastToken.Add(1), Entries: entries}
}

func newOrganization(tb testing.TB, s *Store) audit.OrganizationID {
	tb.Helper()
	o, err := s.CreateOrganization(tb.Context(), fmt.Sprint("organization ", lastToken.Add(1)), []byte("key"))
	if err != nil {
		tb.Fatal(err)
	}
	return o.ID
}

// appendGroup records a group and stops the test unless it was written.
func appendGroup(tb testing.TB, s *Store, group audit.Group) []audit.Appended {
	tb.Helper()
	outcome := s.Append(tb.Context(), []audit.Group{group})[0]
	if outcome.Err != nil || outcome.Appended == nil {
		tb.Fatalf("not recorded: %+v", outcome)
	}
	return outcome.Appended
}

func expectError(tb testing.TB, err, want error) {
	tb.Helper()
	if !errors.Is(err, want) {
		tb.Errorf("got error %v, want %v", err, want)
	}
}

// count is the number a query gives.
func count(tb testing.TB, s *Store, query string, args ...any) int {
	tb.Helper()
	var n int
	if err := s.reader.QueryRow(query, args...).Scan(&n); err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	return n
}

// TestProfileDigestsTellApart: nothing is not an empty text, and the parts do
// not run into each other.
func TestProfileDigestsTellApart(t *testing.T) {
	texts := []string{"", "a", "b", "ab", "\x00", "\x01"}
	seen := map[[16]byte]string{}
	check := func(name, email *string, label string) {
		digest := profileDigest(name, email)
		if other, ok := seen[digest]; ok {
			t.Errorf("%s and %s are one profile", label, other)
		}
		seen[digest] = label
	}
	check(nil, nil, "nil, nil")
	for _, name := range texts {
		check(&name, nil, strconv.Quote(name)+", nil")
		check(nil, &name, "nil, "+strconv.Quote(name))
		for _, email := range texts {
			check(&name, &email, strconv.Quote(name)+", "+strconv.Quote(email))
		}
	}
}

// TestKnownNamesNeedNoLookUps: after its first commit a name's id is given to
// the engine.
func TestKnownNamesNeedNoLookUps(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		group := testGroup(newOrganization(t, s), testEntry())
		if n := s.known.collect(group); n.actors[0].id != 0 || len(n.pairs) != 1 {
			t.Errorf("a new name is known: %+v", n)
		}
		appendGroup(t, s, group)
		n := s.known.collect(group)
		if n.actors[0].id == 0 || n.profiles[0].id == 0 || n.sections[0].id == 0 || n.properties[0].id == 0 || len(n.pairs) != 0 {
			t.Errorf("a recorded name is not known: %+v", n)
		}
	})
}

// TestNamesAreForgottenWhole keeps the memory of a server with many names
// bounded.
func TestNamesAreForgottenWhole(t *testing.T) {
	var known knownByOrganization
	for i := range 3 * maxKnown / 100 {
		entry := testEntry()
		entry.Performer.ExternalID = strconv.Itoa(i)
		entry.Digests = nil
		for n := range 100 {
			entry.Digests = append(entry.Digests, audit.PropertyDigest{Property: strconv.Itoa(100*i + n)})
		}
		organization := audit.OrganizationID(i%7 + 1)
		group := testGroup(organization, entry)
		known.remember(group, known.collect(group), []audit.Appended{{Sequence: int64(i) + 1}})
		if i%50 > 0 {
			continue
		}
		size := 0
		for _, names := range known.names {
			size += names.size()
		}
		if size != known.size || size > maxKnown+1000 {
			t.Fatalf("%d names are remembered, counted as %d", size, known.size)
		}
	}
}

// TestServersKeepNamesRight: another server's renames are not undone or missed
// because of what this one remembers.
func TestServersKeepNamesRight(t *testing.T) {
	eachDatabase(t, func(t *testing.T, url string) {
		first, second := openStore(t, url), openStore(t, url)
		organization := newOrganization(t, first)
		for i, name := range []string{"Ann", "Anna", "Ann", "Anna", "Anna", "Ann"} {
			entry := testEntry()
			entry.Performer.Name = &name
			server := []*Store{first, second}[i%2]
			if i > 3 {
				server = first
			}
			appendGroup(t, server, testGroup(organization, entry))
			var latest string
			if err := first.reader.QueryRow(`SELECT name FROM actors`).Scan(&latest); err != nil || latest != name {
				t.Errorf("step %d: the latest name is %q, want %q (%v)", i, latest, name, err)
			}
		}
	})
}

// TestAnotherServersRenameIsNoticedLate: this server has recorded for somebody
// else since, so that it knows the end of the journal, and not all before.
func TestAnotherServersRenameIsNoticedLate(t *testing.T) {
	eachDatabase(t, func(t *testing.T, url string) {
		first, second := openStore(t, url), openStore(t, url)
		organization := newOrganization(t, first)
		record := func(server *Store, externalID, name string) {
			t.Helper()
			entry := testEntry()
			entry.Performer.ExternalID, entry.Performer.Name = externalID, &name
			appendGroup(t, server, testGroup(organization, entry))
		}
		record(first, "ann", "Ann")
		record(second, "ann", "Anna")
		record(first, "bob", "Bob")
		record(first, "ann", "Ann")
		if n := count(t, first, `SELECT count(*) FROM actors WHERE external_id = 'ann' AND name = 'Ann' AND name_folded = 'ann'`); n != 1 {
			t.Error("the latest name is not what was said last")
		}
	})
}

// TestABadGroupDoesNotTakeOthersDown: events before 1970 have no id.
func TestABadGroupDoesNotTakeOthersDown(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		before := testEntry()
		past := time.Unix(-1, 0)
		before.OccurredAt = &past
		before.Performer.ExternalID = "nobody"
		first, second, third := newOrganization(t, s), newOrganization(t, s), newOrganization(t, s)
		outcomes := s.Append(t.Context(), []audit.Group{
			testGroup(first, testEntry()), testGroup(second, testEntry(), before), testGroup(third, testEntry()),
		})
		if len(outcomes[0].Appended) != 1 || len(outcomes[2].Appended) != 1 {
			t.Errorf("the good groups: %+v, %+v", outcomes[0], outcomes[2])
		}
		expectError(t, outcomes[1].Err, audit.ErrRejected)
		if n := count(t, s, `SELECT count(*) FROM events`); n != 2 {
			t.Errorf("%d events, want 2", n)
		}
		if n := count(t, s, `SELECT count(*) FROM actors WHERE external_id = 'nobody'`); n != 0 {
			t.Error("the bad group left an actor")
		}
	})
}

func TestUnknownOrganizationIsRejected(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		expectError(t, s.Append(t.Context(), []audit.Group{testGroup(7, testEntry())})[0].Err, audit.ErrRejected)
	})
}

// TestSequencesHaveAnEnd: an id holds 40 bits of them.
func TestSequencesHaveAnEnd(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		organization := newOrganization(t, s)
		_, err := s.writer.Exec(`INSERT INTO journal (organization, sequence, recorded_at, token, event_ids, digests)
			VALUES (1, 1099511627774, $1, 0, $2, $3)`, time.Now(), make([]byte, 16), make([]byte, 32))
		if err != nil {
			t.Fatal(err)
		}
		last := appendGroup(t, s, testGroup(organization, testEntry()))
		if last[0].Sequence != 1<<40-1 || last[0].ID.Sequence() != 1<<40-1 {
			t.Fatalf("got %+v", last)
		}
		expectError(t, s.Append(t.Context(), []audit.Group{testGroup(organization, testEntry())})[0].Err, audit.ErrRejected)
	})
}

// TestServersRenameInTurn: what one remembers as the latest name is none once
// another has recorded.
func TestServersRenameInTurn(t *testing.T) {
	eachDatabase(t, func(t *testing.T, url string) {
		s, other := openStore(t, url), openStore(t, url)
		organization := newOrganization(t, s)
		for i, server := range []*Store{s, other, s, other, s, s} {
			entry := testEntry()
			name := fmt.Sprint("Ann ", i%2)
			entry.Performer.Name = &name
			appendGroup(t, server, testGroup(organization, entry))
			if n := count(t, s, `SELECT count(*) FROM actors WHERE name = '`+name+`'`); n != 1 {
				t.Errorf("the latest name is not %q", name)
			}
		}
	})
}
