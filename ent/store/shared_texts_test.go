package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"daybook/audit"
)

// texted is an entry with an event name and a user agent.
func texted(name, agent string) *audit.Entry {
	entry := testEntry()
	entry.EventName, entry.UserAgent = &name, &agent
	return entry
}

// textsAt reads the event name and user agent of an event.
func textsAt(t *testing.T, s *Store, organization audit.OrganizationID, id audit.EventID) (name, agent string) {
	t.Helper()
	events, err := s.EventsByID(t.Context(), organization, []audit.EventID{id}, audit.Fields{})
	if err != nil || len(events) != 1 {
		t.Fatalf("%d events (%v)", len(events), err)
	}
	return *events[0].Name, *events[0].UserAgent
}

// TestATextIsStoredOnce for each organization, whatever is forgotten meanwhile and
// whichever server records.
func TestATextIsStoredOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, url string) {
		s, other := openStore(t, url), openStore(t, url)
		organization, second := newOrganization(t, s), newOrganization(t, s)
		for i, server := range []*Store{s, s, other, s, other, s} {
			if i == 3 {
				s.known.bytes = maxKnownBytes + 1
			}
			outcomes := server.Append(t.Context(), []audit.Group{
				testGroup(organization, texted("name", "agent"), texted("name", fmt.Sprint("agent ", i))), testGroup(second, texted("name", "name")),
			})
			if outcomes[0].Err != nil || outcomes[1].Err != nil {
				t.Fatal(outcomes)
			}
			name, agent := textsAt(t, s, organization, outcomes[0].Appended[1].ID)
			if want := fmt.Sprint("agent ", i); name != "name" || agent != want {
				t.Errorf("is %q by %q, want name by %s", name, agent, want)
			}
		}
		if n := count(t, s, `SELECT count(*) FROM shared_texts`); n != 2+6+1 {
			t.Errorf("%d texts are stored, want 9", n)
		}
	})
}

// TestKnownTextsNeedNoLookUps, and are known only when they are stored for
// certain.
func TestKnownTextsNeedNoLookUps(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		organization := newOrganization(t, s)
		past := time.Unix(-1, 0)
		bad := testEntry()
		bad.OccurredAt = &past
		group := testGroup(organization, texted("name", "agent"))
		together := []audit.Group{testGroup(organization, texted("name", "agent"), bad), testGroup(newOrganization(t, s), testEntry())}
		expectError(t, s.Append(t.Context(), together)[0].Err, audit.ErrRejected)
		if n := s.known.collect(group); n.texts[0].id != 0 || n.texts[1].id != 0 {
			t.Errorf("texts of a rejected group are known: %+v", n.texts)
		}
		appendGroup(t, s, group)
		if n := s.known.collect(group); n.texts[0].id == 0 || n.texts[1].id == 0 || n.texts[0].id == n.texts[1].id {
			t.Errorf("recorded texts are not known: %+v", n.texts)
		}
	})
}

// TestKnownTextsAreBounded in bytes, and who fills the memory with them takes no
// other names away.
func TestKnownTextsAreBounded(t *testing.T) {
	var known knownByOrganization
	long := strings.Repeat("x", 4000)
	for i := range 3 * maxKnownBytes / len(long) {
		group := testGroup(audit.OrganizationID(i%3+1), texted("name", fmt.Sprint(i, long)))
		known.remember(group, known.collect(group), []audit.Appended{{Sequence: int64(i) + 1}})
		if i%100 > 0 {
			continue
		}
		bytes := 0
		for _, names := range known.names {
			for text := range names.texts.ids {
				bytes += textBytes(text)
			}
		}
		if bytes != known.bytes || bytes > maxKnownBytes+2*len(long) {
			t.Fatalf("%d bytes of texts are remembered, counted as %d", bytes, known.bytes)
		}
	}
	if _, is := known.names[1].sections["shortcut"]; len(known.names) != 3 || !is {
		t.Error("other names were forgotten")
	}
	known.forget(1)
	known.forget(2)
	known.forget(3)
	if known.bytes != 0 || known.size != 0 {
		t.Errorf("%d bytes and %d names of nobody", known.bytes, known.size)
	}
}

// TestSharedTextsAreReadOnceAMinute, for their organization alone.
func TestSharedTextsAreReadOnceAMinute(t *testing.T) {
	var shared sharedTexts
	start, text := time.Unix(1_770_000_000, 0), "Mozilla/5.0"
	var into *string
	places := []textPlace{{7, &into}}
	missing, turn := shared.fill(1, places, start)
	if len(missing) != 1 || into != nil {
		t.Fatalf("%v are missing of nothing, %v is found", missing, into)
	}
	shared.put(1, map[int32]*string{7: &text}, turn)
	for what, c := range map[string]struct {
		organization audit.OrganizationID
		at           time.Time
		want         int
	}{"at once": {1, start, 0}, "later": {1, start.Add(sharedFor), 0}, "another's": {2, start, 1}} {
		if missing, _ := shared.fill(c.organization, places, c.at); len(missing) != c.want {
			t.Errorf("%s: %d are missing, want %d", what, len(missing), c.want)
		}
	}
	if into != &text {
		t.Errorf("filled in %v", into)
	}
	if missing, _ := shared.fill(1, places, start.Add(sharedFor+1)); len(missing) != 1 {
		t.Error("a minute later it is still there")
	}
	shared.put(1, map[int32]*string{7: &text}, turn)
	if missing, _ := shared.fill(1, places, start); len(missing) != 1 {
		t.Error("what was read before all was forgotten is remembered")
	}
}

// TestSharedTextsAreBounded in bytes. A page gets its texts even so.
func TestSharedTextsAreBounded(t *testing.T) {
	var shared sharedTexts
	start := time.Unix(1_770_000_000, 0)
	var into *string
	for i := range int32(3 * maxSharedBytes / 4000) {
		text := strings.Repeat("x", 4000)
		_, turn := shared.fill(1, []textPlace{{i, &into}}, start)
		shared.put(1, map[int32]*string{i: &text}, turn)
		if kept := len(shared.texts) * textBytes(text); shared.bytes != kept || kept > maxSharedBytes+2*len(text) {
			t.Fatalf("%d bytes are remembered, counted as %d", kept, shared.bytes)
		}
	}
}

// TestPagesShareTexts: their texts take one statement, and none the next time.
func TestPagesShareTexts(t *testing.T) {
	s := openSQLiteStore(t)
	fillBulk(t, s, 1000)
	counted := countStatements(t, s)
	for _, want := range []int64{2, 1} {
		before := counted.ran.Load()
		events, err := s.FindEvents(t.Context(), 1, audit.EventQuery{Limit: 500})
		if err != nil {
			t.Fatal(err)
		}
		if got := counted.ran.Load() - before; got != want {
			t.Errorf("a page took %d statements, want %d", got, want)
		}
		first := map[string]*string{}
		for _, event := range events {
			if known := first[*event.Name]; known != nil && known != event.Name {
				t.Errorf("%s has two places in memory", *event.Name)
			}
			first[*event.Name] = event.Name
		}
	}
}

// TestALostTextIsAnError, never an event without a name.
func TestALostTextIsAnError(t *testing.T) {
	s := openSQLiteStore(t)
	organization := newOrganization(t, s)
	appendGroup(t, s, testGroup(organization, texted("name", "agent")))
	exec(t, s, `BEGIN; UPDATE maintenance SET open = 1; DELETE FROM shared_texts; UPDATE maintenance SET open = 0; COMMIT`)
	if events, err := s.FindEvents(t.Context(), organization, audit.EventQuery{Limit: 10}); err == nil {
		t.Errorf("found %+v", events)
	}
}
