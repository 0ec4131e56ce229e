package store

import (
	"errors"
	"testing"
	"time"

	"daybook/audit"
)

// known records an entry once, after which its names are known, and gives the
// organization.
func known(t *testing.T, s *Store, entry *audit.Entry) audit.OrganizationID {
	t.Helper()
	organization := newOrganization(t, s)
	plain := *entry
	plain.KeyHash, plain.Cause = nil, nil
	appendGroup(t, s, testGroup(organization, &plain))
	return organization
}

// loneGroup is a group that must go through daybook_record_one_v1.
func loneGroup(t *testing.T, s *Store, organization audit.OrganizationID, entry *audit.Entry) audit.Group {
	t.Helper()
	group, call := testGroup(organization, entry), newRecordCall()
	if err := call.add(group, s.known.collect(group)); err != nil || !call.lone() {
		t.Fatalf("is not a lone event: %v", err)
	}
	return group
}

// fullEntry has something in every column that a lone event may have.
func fullEntry() *audit.Entry {
	entry, text, agent, at := testEntry(), "text", "Mozilla/5.0", time.UnixMicro(1_700_000_000_123_457)
	other := &audit.EntryActor{Kind: audit.ActorCustomer, ExternalID: "c-1", Name: &text}
	before, after := int64(-7), int64(9)
	entry.OccurredAt, entry.EventName, entry.OnBehalf, entry.About = &at, &text, other, other
	entry.Performer.Email = &text
	entry.SubjectType, entry.SubjectID = "customer", "c-1"
	entry.Digests = append(entry.Digests,
		audit.PropertyDigest{Property: "name", Kind: audit.DigestElementAdded, After: &after},
		audit.PropertyDigest{Property: "color", Change: 1, Kind: audit.DigestRemoved, Before: &before})
	entry.IPAddress, entry.AddressKey, entry.UserAgent, entry.CorrelationID = &text, make([]byte, 16), &agent, &text
	entry.Metadata, entry.SearchText = audit.JSON(`{"b": 1.0, "a": "\u00e9"}`), "folded"
	entry.Cause, entry.KeyHash = &audit.EventID{15: 3}, &[16]byte{1}
	entry.Fingerprint, entry.Seed, entry.ContentRoot = [16]byte{2}, [16]byte{3}, [32]byte{4}
	return entry
}

// storedRows is everything stored of an organization's event as text, without
// what tells organizations and instants apart.
func storedRows(t *testing.T, s *Store, organization audit.OrganizationID, sequence int64) string {
	t.Helper()
	var rows string
	err := s.reader.QueryRow(`SELECT
		(SELECT to_jsonb(e) - '{id,organization,recorded_at,actor,profile,behalf_actor,behalf_profile,about_actor,about_profile,section,event_name,user_agent}'::text[]
			|| jsonb_build_object('actor', p.external_id, 'name', n.name, 'behalf', b.external_id, 'behalf name', m.name, 'about', a.external_id,
				'about profile', e.about_profile = e.behalf_profile, 'section', x.key, 'event name', v.text, 'user agent', u.text, 'changes', e.changes::text, 'metadata', e.metadata::text)
			FROM actors p, actor_profiles n, actors b, actor_profiles m, actors a, sections x, shared_texts v, shared_texts u
			WHERE (p.id, n.id, b.id, m.id, a.id, x.id, v.id, u.id) = (e.actor, e.profile, e.behalf_actor, e.behalf_profile, e.about_actor, e.section, e.event_name, e.user_agent))::text
		|| (SELECT jsonb_agg(to_jsonb(c) - '{event,organization,property}'::text[] || jsonb_build_object('property', p.key) ORDER BY p.key, c.ordinal)
			FROM property_changes c JOIN properties p ON p.id = c.property WHERE c.event = e.id)::text
		|| (SELECT to_jsonb(k) - '{event,organization}'::text[] FROM idempotency_keys k WHERE k.organization = e.organization AND k.event = e.id)::text
		|| (SELECT to_jsonb(j) - '{organization,token,event_ids,digests,recorded_at}'::text[] || jsonb_build_object('same', j.recorded_at = e.recorded_at)
			FROM journal j WHERE j.organization = e.organization AND j.event_ids = uuid_send(e.id))::text
		FROM events e WHERE e.organization = $1 AND uuid_send(e.id) = (SELECT event_ids FROM journal WHERE organization = $1 AND sequence = $2)`, int64(organization), sequence).Scan(&rows)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestALoneEventIsStoredAsAnyOther.
func TestALoneEventIsStoredAsAnyOther(t *testing.T) {
	s := openPostgresStore(t)
	entry := fullEntry()
	alone, among := known(t, s, entry), known(t, s, entry)
	one := appendGroup(t, s, loneGroup(t, s, alone, entry))[0]
	both := s.Append(t.Context(), []audit.Group{testGroup(among, entry), testGroup(newOrganization(t, s), testEntry())})
	if len(both[0].Appended) != 1 {
		t.Fatalf("not recorded: %+v", both[0])
	}
	if got, want := storedRows(t, s, alone, one.Sequence), storedRows(t, s, among, both[0].Appended[0].Sequence); got != want {
		t.Errorf("stored as\n%s\nwant\n%s", got, want)
	}
	var digest []byte
	if err := s.reader.QueryRow(`SELECT digests FROM journal WHERE event_ids = $1`, one.ID[:]).Scan(&digest); err != nil {
		t.Fatal(err)
	}
	if want := audit.Digest(alone, one, entry.Cause, entry.ContentRoot); [32]byte(digest) != want {
		t.Errorf("digest %x, want %x", digest, want)
	}
}

func TestALoneKeyIsFound(t *testing.T) {
	s := openPostgresStore(t)
	organization := known(t, s, testEntry())
	entry := testEntry()
	entry.KeyHash, entry.Fingerprint = &[16]byte{7}, [16]byte{8}
	first := appendGroup(t, s, loneGroup(t, s, organization, entry))[0]
	found := s.Append(t.Context(), []audit.Group{loneGroup(t, s, organization, entry)})[0].Found
	if len(found) != 1 || found[0].ID != first.ID || found[0].Fingerprint != entry.Fingerprint {
		t.Errorf("found %+v, want %s", found, first.ID)
	}
	if n := countEvents(t, s, organization); n != 2 {
		t.Errorf("%d events, want 2", n)
	}
}

// TestALateLoneStatementFindsItselfAbandoned, and leaves a group of another token
// alone.
func TestALateLoneStatementFindsItselfAbandoned(t *testing.T) {
	s, proxy := proxiedStore(t)
	prepareLane(t, s)
	organization := known(t, s, testEntry())
	group := loneGroup(t, s, organization, testEntry())
	proxy.Hold(true)
	expectError(t, s.Append(t.Context(), []audit.Group{group})[0].Err, audit.ErrUnknownOutcome)
	proxy.Hold(false)
	if settled, err := s.Settle(t.Context(), group); err != nil || settled != nil {
		t.Fatalf("settled as %v, %v", settled, err)
	}
	proxy.Deliver(t)
	if n := countEvents(t, s, organization); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
	if again := appendGroup(t, s, loneGroup(t, s, organization, testEntry())); again[0].Sequence != 2 {
		t.Errorf("another attempt got sequence %d", again[0].Sequence)
	}
}

// TestALoneEventOfALostHistory is recorded by names instead of ids.
func TestALoneEventOfALostHistory(t *testing.T) {
	s := openPostgresStore(t)
	entry, name := testEntry(), "shortcut.renamed"
	entry.EventName = &name
	organization := known(t, s, entry)
	exec(t, s, `ALTER TABLE journal DISABLE TRIGGER ALL; UPDATE journal SET token = token + 1; UPDATE actors SET external_id = 'bob';
		ALTER TABLE shared_texts DISABLE TRIGGER ALL; UPDATE shared_texts SET digest = '', text = 'another'`)
	again := appendGroup(t, s, loneGroup(t, s, organization, entry))
	if n := count(t, s, `SELECT count(*) FROM events e JOIN actors a ON a.id = e.actor WHERE a.external_id = 'ann'`); n != 1 {
		t.Errorf("%d events are Ann's, want 1", n)
	}
	events, err := s.EventsByID(t.Context(), organization, []audit.EventID{again[0].ID}, audit.Fields{})
	if err != nil || *events[0].Name != name {
		t.Errorf("is named %v, want %s (%v)", events[0].Name, name, err)
	}
}

func TestALoneEventOfAFullJournalIsRejected(t *testing.T) {
	s := openPostgresStore(t)
	organization := known(t, s, testEntry())
	exec(t, s, `INSERT INTO journal (organization, sequence, recorded_at, token, event_ids, digests)
		SELECT organization, (1::bigint << 40) - 1, recorded_at, 0, event_ids, digests FROM journal`)
	outcome := s.Append(t.Context(), []audit.Group{loneGroup(t, s, organization, testEntry())})[0]
	expectError(t, outcome.Err, audit.ErrRejected)
	if !errors.Is(outcome.Err, errOutOfRange) {
		t.Errorf("refused for another reason: %v", outcome.Err)
	}
}

// TestALoneClockNeverGoesBack: an event is as late as the one before it.
func TestALoneClockNeverGoesBack(t *testing.T) {
	s := openPostgresStore(t)
	organization := known(t, s, testEntry())
	exec(t, s, `ALTER TABLE journal DISABLE TRIGGER ALL; UPDATE journal SET recorded_at = '2100-01-01'`)
	one := appendGroup(t, s, loneGroup(t, s, organization, testEntry()))[0]
	if want := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC); !one.RecordedAt.Equal(want) || one.Sequence != 2 {
		t.Errorf("recorded at %s, want %s", one.RecordedAt, want)
	}
}
