package storetest

import (
	"slices"
	"testing"
	"time"

	"daybook/audit"
)

func recordPromises() []promise {
	return []promise{
		{"SequencesCountFromOneInEveryOrganization", sequencesCountFromOne},
		{"IDsFollowFromTimeSequenceAndOrganization", idsFollow},
		{"RecordedAtNeverRunsBackwards", recordedAtNeverRunsBackwards},
		{"WithoutAnInstantAnEventOccurredWhenRecorded", occurredWhenRecorded},
		{"SeveralGroupsGoInOneCall", severalGroups},
		{"AnEventHasWhatWasSaid", eventHasWhatWasSaid},
		{"AnEventWithoutOptionalPartsHasNone", eventWithoutOptionalParts},
		{"CausesAreRecordedEventsOrOthersOfTheGroup", causes},
		{"ALargeGroupIsOneGroup", largeGroup},
	}
}

func sequencesCountFromOne(t *testing.T, w *workspace) {
	next := map[audit.OrganizationID]int64{}
	for range 3 {
		for _, organization := range []audit.OrganizationID{w.org, w.other} {
			for _, a := range w.record(t, organization, entry(), entry(), entry()) {
				next[organization]++
				if a.Sequence != next[organization] {
					t.Fatalf("organization %d got sequence %d, want %d", organization, a.Sequence, next[organization])
				}
			}
		}
	}
}

func idsFollow(t *testing.T, w *workspace) {
	instants := []time.Time{noon, after(time.Microsecond), after(-20 * 365 * 24 * time.Hour), time.UnixMicro(0).UTC(), noon}
	entries := make([]*audit.Entry, len(instants))
	for i, instant := range instants {
		entries[i] = entry(at(instant))
	}
	appended := w.record(t, w.org, entries...)
	for i, event := range w.read(t, w.org, appended) {
		want, err := audit.NewEventID(instants[i], int64(i)+1, w.org)
		if err != nil {
			t.Fatal(err)
		}
		if event.ID != want || event.Sequence != int64(i)+1 || !event.OccurredAt.Equal(instants[i]) {
			t.Errorf("event %d is %s, sequence %d, at %s; want %s at %s",
				i+1, event.ID, event.Sequence, event.OccurredAt, want, instants[i])
		}
	}
}

func recordedAtNeverRunsBackwards(t *testing.T, w *workspace) {
	before := time.Now().Add(-time.Hour)
	var all []audit.Appended
	for range 5 {
		all = append(all, w.record(t, w.org, entry(), entry())...)
	}
	if !slices.IsSortedFunc(all, func(a, b audit.Appended) int { return a.RecordedAt.Compare(b.RecordedAt) }) {
		t.Errorf("recordedAt runs backwards: %v", all)
	}
	for i, event := range w.read(t, w.org, all) {
		at := all[i].RecordedAt
		if !event.RecordedAt.Equal(at) || event.RecordedAt.Location() != time.UTC {
			t.Errorf("the event says it was recorded at %s, Append said %s", event.RecordedAt, at)
		}
		if !at.Equal(at.Truncate(time.Microsecond)) || at.Before(before) || at.After(time.Now().Add(time.Hour)) {
			t.Errorf("recordedAt %s is not a whole microsecond near now", at)
		}
	}
}

func occurredWhenRecorded(t *testing.T, w *workspace) {
	appended := w.record(t, w.org, entry(whenRecorded), entry(), entry(whenRecorded))
	for i, event := range w.read(t, w.org, appended) {
		if i == 1 {
			continue
		}
		if !event.OccurredAt.Equal(appended[i].RecordedAt) || !event.ID.OccurredAt().Equal(appended[i].RecordedAt) {
			t.Errorf("event occurred at %s and was recorded at %s", event.OccurredAt, appended[i].RecordedAt)
		}
	}
}

func severalGroups(t *testing.T, w *workspace) {
	_, lanes := w.Lanes()
	organizations := []audit.OrganizationID{w.org, w.other, w.organization(t, "third")}
	organizations = organizations[:min(lanes, len(organizations))]
	var groups []audit.Group
	for i, organization := range organizations {
		entries := []*audit.Entry{entry(), entry(), entry(), entry()}[:i+1]
		groups = append(groups, w.group(organization, entries...))
	}
	outcomes := w.Append(w.ctx, groups)
	if len(outcomes) != len(groups) {
		t.Fatalf("%d groups got %d outcomes", len(groups), len(outcomes))
	}
	for i, outcome := range outcomes {
		checkOutcome(t, groups[i], outcome)
		if outcome.Appended == nil {
			t.Fatalf("group %d was not recorded: %+v", i, outcome)
		}
		for n, a := range outcome.Appended {
			if a.Sequence != int64(n)+1 || a.ID.Organization() != organizations[i] {
				t.Errorf("group %d of organization %d: position %d is %+v", i, organizations[i], n, a)
			}
		}
	}
}

func eventHasWhatWasSaid(t *testing.T, w *workspace) {
	for _, e := range fullEntries() {
		t.Run(e.Category.String(), func(t *testing.T) { checkEvent(t, e, w.recordOne(t, e)) })
	}
}

func eventWithoutOptionalParts(t *testing.T, w *workspace) {
	e := entry()
	event := w.recordOne(t, e)
	checkEvent(t, e, event)
	if event.OnBehalf != nil || event.About != nil || event.Object != nil || event.CausedBy != nil || event.Metadata != nil {
		t.Errorf("the event has parts that were not given: %+v", event)
	}
	if len(event.Changes) != 0 {
		t.Errorf("the event has changes that were not given: %v", event.Changes)
	}
}

func causes(t *testing.T, w *workspace) {
	earlier := w.record(t, w.org, entry())[0].ID
	recorded := entry()
	recorded.Cause = &earlier
	inGroup := func(i int) *audit.Entry {
		e := entry()
		e.CauseIndex = i
		return e
	}
	// The third is caused by the second, which occurred later than it.
	second := entry(at(after(time.Hour)))
	appended := w.record(t, w.org, recorded, second, inGroup(1), inGroup(2), inGroup(0))
	want := []*audit.EventID{&earlier, nil, &appended[1].ID, &appended[2].ID, &appended[0].ID}
	for i, event := range w.read(t, w.org, appended) {
		if !equalPointers(event.CausedBy, want[i]) {
			t.Errorf("event %d was caused by %v, want %v", i, showPtr(event.CausedBy), showPtr(want[i]))
		}
	}
}

func largeGroup(t *testing.T, w *workspace) {
	entries := make([]*audit.Entry, 1000)
	for i := range entries {
		entries[i] = entry(at(after(time.Duration(i)*time.Second)), conversation("c-1"), changing(changed("status", `"open"`, `"done"`)))
	}
	appended := w.record(t, w.org, entries...)
	for i, a := range appended {
		if a.Sequence != int64(i)+1 {
			t.Fatalf("position %d has sequence %d", i, a.Sequence)
		}
	}
	found := w.find(t, w.org, oldestFirst(nil))
	if !slices.Equal(idsOf(found), eventIDs(appended)) {
		t.Errorf("of 1000 events recorded as one group, %d were found, or in another order", len(found))
	}
}
