package store

import (
	"errors"
	"fmt"
	"testing"

	"daybook/audit"
	"daybook/internal/postgrestest"
)

// TestOrganizationsTogetherTakeOneRoundTrip.
func TestOrganizationsTogetherTakeOneRoundTrip(t *testing.T) {
	s, proxy := proxiedStore(t)
	prepareLane(t, s)
	var groups []audit.Group
	for range groupsTogether {
		groups = append(groups, testGroup(newOrganization(t, s), testEntry(), testEntry()))
	}
	before := proxy.RoundTrips()
	outcomes := s.Append(t.Context(), groups)
	if trips := proxy.RoundTrips() - before; trips != 1 {
		t.Errorf("%d organizations took %d round trips", groupsTogether, trips)
	}
	for i, outcome := range outcomes {
		if len(outcome.Appended) != 2 || outcome.Appended[0].Sequence != 1 || outcome.Appended[1].Sequence != 2 {
			t.Errorf("group %d: %+v", i, outcome)
		}
	}
}

// TestABusyOrganizationHoldsNobodyUp: the others are recorded at once.
func TestABusyOrganizationHoldsNobodyUp(t *testing.T) {
	s := openStore(t, postgrestest.NewDatabase(t)+"&lock_timeout=60000")
	busy, free, missing := newOrganization(t, s), newOrganization(t, s), audit.OrganizationID(1000)
	tx, err := s.writer.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(`SELECT FROM organizations WHERE id = $1 FOR NO KEY UPDATE`, int64(busy)); err != nil {
		t.Fatal(err)
	}
	held := testGroup(busy, testEntry())
	held.Entries[0].Performer.ExternalID = "unseen"
	outcomes := s.Append(t.Context(), []audit.Group{testGroup(missing, testEntry()), held, testGroup(free, testEntry())})
	expectError(t, outcomes[0].Err, audit.ErrRejected)
	expectError(t, outcomes[1].Err, audit.ErrBusy)
	if len(outcomes[2].Appended) != 1 {
		t.Errorf("the free organization: %+v", outcomes[2])
	}
	if n := count(t, s, `SELECT count(*) FROM actors`); n != 1 {
		t.Errorf("%d actors, want that of the free organization", n)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if again := appendGroup(t, s, held); again[0].Sequence != 1 {
		t.Errorf("the busy organization's event has sequence %d", again[0].Sequence)
	}
}

// TestOnePoisonedOrganizationOfMany harms no other: its values are refused by the
// database itself.
func TestOnePoisonedOrganizationOfMany(t *testing.T) {
	s := openPostgresStore(t)
	const poisoned = 11
	var groups []audit.Group
	for i := range 20 {
		entry := testEntry()
		if i == poisoned {
			text := "a\x00b"
			entry.UserAgent = &text
		}
		groups = append(groups, testGroup(newOrganization(t, s), testEntry(), entry))
	}
	for i, outcome := range s.Append(t.Context(), groups) {
		if i == poisoned {
			expectError(t, outcome.Err, audit.ErrRejected)
		} else if len(outcome.Appended) != 2 {
			t.Errorf("group %d: %+v", i, outcome)
		}
	}
	if n := countEntries(t, s); n != 38 {
		t.Errorf("%d events, want 38", n)
	}
}

// TestEverybodysOutcomeIsUnknown when the answer about many is lost, and each is
// settled by itself.
func TestEverybodysOutcomeIsUnknown(t *testing.T) {
	s, proxy := proxiedStore(t)
	prepareLane(t, s)
	var groups []audit.Group
	for range 5 {
		groups = append(groups, testGroup(newOrganization(t, s), testEntry()))
	}
	proxy.CutWhere(loseAnswers)
	outcomes := s.Append(t.Context(), groups)
	proxy.CutWhere(nil)
	for i, group := range groups {
		expectError(t, outcomes[i].Err, audit.ErrUnknownOutcome)
		if settled, err := s.Settle(t.Context(), group); err != nil || len(settled) != 1 {
			t.Errorf("settled as %v, %v", settled, err)
		}
	}
}

// TestServersRecordManyOrganizationsAtOnce in opposite orders, which must not
// become a deadlock.
func TestServersRecordManyOrganizationsAtOnce(t *testing.T) {
	url := postgrestest.NewDatabase(t)
	servers := []*Store{openStore(t, url), openStore(t, url)}
	var organizations []audit.OrganizationID
	for range 10 {
		organizations = append(organizations, newOrganization(t, servers[0]))
	}
	const rounds = 10
	done := make(chan error)
	for n, server := range servers {
		go func() {
			for round := range rounds {
				if err := appendAll(t, server, organizations, n, round); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range servers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if gaps := count(t, servers[0], fmt.Sprintf(`SELECT count(*) FROM (
		SELECT organization FROM journal GROUP BY organization HAVING count(*) = %d AND max(sequence) = %d) AS whole`,
		len(servers)*rounds, len(servers)*rounds)); gaps != len(organizations) {
		t.Errorf("only %d logs are whole", gaps)
	}
	if n := count(t, servers[0], `SELECT count(*) FROM actors WHERE name = 'Ann'`); n != 0 {
		t.Errorf("%d actors have a name that is not their latest", n)
	}
}

// appendAll records an event for each organization as one of two servers, with
// its busy ones alone.
func appendAll(t *testing.T, server *Store, organizations []audit.OrganizationID, n, round int) error {
	var groups []audit.Group
	for i := range organizations {
		organization := organizations[i]
		if n == 1 {
			organization = organizations[len(organizations)-1-i]
		}
		entry := testEntry()
		name := fmt.Sprint("Ann ", n, round)
		entry.Performer.Name = &name
		groups = append(groups, testGroup(organization, entry))
	}
	for i, outcome := range server.Append(t.Context(), groups) {
		if errors.Is(outcome.Err, audit.ErrBusy) {
			outcome = server.Append(t.Context(), groups[i:i+1])[0]
		}
		if outcome.Err != nil {
			return outcome.Err
		}
	}
	return nil
}

// TestFoundKeysHoldNobodyUp: a group with a recorded key writes nothing, and
// those beside it are written.
func TestFoundKeysHoldNobodyUp(t *testing.T) {
	s := openPostgresStore(t)
	keyed := func() *audit.Entry {
		entry := testEntry()
		entry.KeyHash = &[16]byte{7}
		return entry
	}
	first, second := newOrganization(t, s), newOrganization(t, s)
	recorded := appendGroup(t, s, testGroup(first, testEntry(), keyed()))
	stranger := testEntry()
	stranger.Performer.ExternalID = "stranger"
	outcomes := s.Append(t.Context(), []audit.Group{testGroup(first, stranger, keyed()), testGroup(second, keyed())})
	if found := outcomes[0].Found; len(found) != 1 || found[1].ID != recorded[1].ID {
		t.Errorf("the recorded key was answered %+v", outcomes[0])
	}
	if len(outcomes[1].Appended) != 1 {
		t.Errorf("another organization's key: %+v", outcomes[1])
	}
	if n := count(t, s, `SELECT count(*) FROM actors WHERE external_id = 'stranger'`); n != 0 {
		t.Error("the group that was not written left an actor")
	}
}

// TestNumbersThatDoNotFitAreRejected instead of being cut.
func TestNumbersThatDoNotFitAreRejected(t *testing.T) {
	s := openPostgresStore(t)
	entry := testEntry()
	entry.Digests[0].Change = 1 << 16
	expectError(t, s.Append(t.Context(), []audit.Group{testGroup(newOrganization(t, s), entry)})[0].Err, audit.ErrRejected)
}
