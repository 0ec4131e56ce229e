package storetest

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"daybook/audit"
)

// workspace is a store with two organizations in it, and short words for what
// most promises do with them. Its methods end the test on any error.
type workspace struct {
	audit.Appender
	audit.EventFinder
	audit.Catalogue
	audit.KeyStore
	audit.JournalFinder
	audit.WorkFinder

	ctx    context.Context
	org    audit.OrganizationID
	other  audit.OrganizationID // never disturbed by what org does
	tokens atomic.Int64
}

func newWorkspace(t *testing.T, store Store) *workspace {
	t.Helper()
	w := &workspace{
		Appender: store, EventFinder: store, Catalogue: store, KeyStore: store, JournalFinder: store, WorkFinder: store, ctx: t.Context(),
	}
	w.org = w.organization(t, "first")
	w.other = w.organization(t, "second")
	return w
}

func (w *workspace) organization(t rapid.TB, name string) audit.OrganizationID {
	t.Helper()
	organization, err := w.CreateOrganization(w.ctx, name, []byte("cursor key of "+name))
	if err != nil {
		t.Fatalf("CreateOrganization(%q): %v", name, err)
	}
	return organization.ID
}

// group has a token that no other group of the workspace has.
func (w *workspace) group(organization audit.OrganizationID, entries ...*audit.Entry) audit.Group {
	return audit.Group{Organization: organization, Token: w.tokens.Add(1), Entries: entries}
}

// append is one Append of one group.
func (w *workspace) append(t rapid.TB, group audit.Group) audit.Outcome {
	t.Helper()
	outcomes := w.Append(w.ctx, []audit.Group{group})
	if len(outcomes) != 1 {
		t.Fatalf("Append of 1 group gave %d outcomes", len(outcomes))
	}
	checkOutcome(t, group, outcomes[0])
	return outcomes[0]
}

// checkOutcome checks what holds for every outcome.
func checkOutcome(t rapid.TB, group audit.Group, outcome audit.Outcome) {
	t.Helper()
	set := 0
	for _, is := range []bool{outcome.Appended != nil, outcome.Found != nil, outcome.Err != nil} {
		if is {
			set++
		}
	}
	if set != 1 {
		t.Fatalf("an outcome has %d of its fields set, want exactly one: %+v", set, outcome)
	}
	if outcome.Appended != nil && len(outcome.Appended) != len(group.Entries) {
		t.Fatalf("%d entries got %d positions", len(group.Entries), len(outcome.Appended))
	}
}

// record appends the entries as one group and expects that they are written.
func (w *workspace) record(t rapid.TB, organization audit.OrganizationID, entries ...*audit.Entry) []audit.Appended {
	t.Helper()
	outcome := w.append(t, w.group(organization, entries...))
	if outcome.Appended == nil {
		t.Fatalf("%d entries were not recorded: found %v, error %v", len(entries), outcome.Found, outcome.Err)
	}
	return outcome.Appended
}

// recordAll appends any number of entries in groups of a usual size.
func (w *workspace) recordAll(t rapid.TB, organization audit.OrganizationID, entries []*audit.Entry) []audit.Appended {
	t.Helper()
	const size = 250
	var all []audit.Appended
	for len(entries) > 0 {
		n := min(size, len(entries))
		all = append(all, w.record(t, organization, entries[:n]...)...)
		entries = entries[n:]
	}
	return all
}

// read gives the events that were recorded, in the order of appended.
func (w *workspace) read(t rapid.TB, organization audit.OrganizationID, appended []audit.Appended) []*audit.Event {
	t.Helper()
	found, err := w.EventsByID(w.ctx, organization, eventIDs(appended), audit.AllFields)
	if err != nil {
		t.Fatalf("EventsByID: %v", err)
	}
	byID := map[audit.EventID]*audit.Event{}
	for _, event := range found {
		byID[event.ID] = event
	}
	if len(found) != len(appended) || len(byID) != len(appended) {
		t.Fatalf("EventsByID of %d ids gave %d events, %d distinct", len(appended), len(found), len(byID))
	}
	events := make([]*audit.Event, len(appended))
	for i, a := range appended {
		if events[i] = byID[a.ID]; events[i] == nil {
			t.Fatalf("EventsByID did not give event %s", a.ID)
		}
	}
	return events
}

// recordOne records one entry and reads it back.
func (w *workspace) recordOne(t rapid.TB, entry *audit.Entry) *audit.Event {
	t.Helper()
	return w.read(t, w.org, w.record(t, w.org, entry))[0]
}

// find runs a scan of the organization.
func (w *workspace) find(t rapid.TB, organization audit.OrganizationID, query audit.EventQuery) []*audit.Event {
	t.Helper()
	events, err := w.FindEvents(w.ctx, organization, query)
	if err != nil {
		t.Fatalf("FindEvents(%s): %v", show(query), err)
	}
	return events
}

// oldestFirst is a scan by occurrence that is long enough for most promises.
func oldestFirst(filter *audit.Filter) audit.EventQuery {
	return audit.EventQuery{Filter: filter, Order: byOccurrence, Limit: 10_000, Fields: audit.AllFields}
}

var (
	byOccurrence = audit.Order{Field: audit.OrderOccurredAt, Direction: audit.Ascending}
	byRecording  = audit.Order{Field: audit.OrderRecordedAt, Direction: audit.Ascending}
)

func eventIDs(appended []audit.Appended) []audit.EventID {
	ids := make([]audit.EventID, len(appended))
	for i, a := range appended {
		ids[i] = a.ID
	}
	return ids
}

func idsOf(events []*audit.Event) []audit.EventID {
	ids := make([]audit.EventID, len(events))
	for i, event := range events {
		ids[i] = event.ID
	}
	return ids
}

// noon is where the time of most tests begins.
var noon = time.Date(2024, time.March, 5, 12, 0, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return noon.Add(d) }

func ptr[T any](v T) *T { return &v }
