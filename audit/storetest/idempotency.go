package storetest

import (
	"maps"
	"slices"
	"testing"

	"daybook/audit"
)

func idempotencyPromises() []promise {
	return []promise{
		{"AKeyIsRecordedOnce", keyIsRecordedOnce},
		{"AGroupWithAKnownKeyWritesNothing", knownKeyWritesNothing},
		{"KeysAreFreeInAnotherOrganization", keysAreFreeElsewhere},
		{"AnotherGroupOfTheCallIsWritten", otherGroupIsWritten},
		{"FindKeysGivesTheEventsThatHoldThem", findKeys},
		{"HaveEventsKnowsOnlyRecordedIDs", haveEvents},
	}
}

func keyIsRecordedOnce(t *testing.T, w *workspace) {
	first := entry(keyed("a"), called("first"))
	appended := w.record(t, w.org, first)[0]
	for _, again := range []*audit.Entry{first, entry(keyed("a"), called("other content"))} {
		outcome := w.append(t, w.group(w.org, again))
		want := map[int]audit.Existing{0: {ID: appended.ID, Fingerprint: first.Fingerprint}}
		if !maps.Equal(outcome.Found, want) {
			t.Errorf("a key recorded before was answered %+v, want Found %v", outcome, want)
		}
	}
	if found := w.find(t, w.org, oldestFirst(nil)); len(found) != 1 {
		t.Errorf("%d events after repeating a key, want 1", len(found))
	}
}

// knownKeyWritesNothing: not even the actors, sections and properties of the
// group's other entries.
func knownKeyWritesNothing(t *testing.T, w *workspace) {
	known := []*audit.Entry{entry(keyed("a"), by(namedUser("ann", "Ann"))), entry(keyed("b"), by(namedUser("ann", "Ann")))}
	appended := w.record(t, w.org, known...)
	outcome := w.append(t, w.group(w.org,
		entry(by(namedUser("new", "New")), in("new section"), changing(changed("new property", "", "1"))),
		entry(keyed("b"), by(namedUser("ann", "Anna")), conversation("c-1")),
		entry(keyed("c")),
		entry(keyed("a")),
	))
	want := map[int]audit.Existing{
		1: {ID: appended[1].ID, Fingerprint: known[1].Fingerprint},
		3: {ID: appended[0].ID, Fingerprint: known[0].Fingerprint},
	}
	if !maps.Equal(outcome.Found, want) {
		t.Fatalf("Found %v, want %v", outcome.Found, want)
	}
	if found := w.find(t, w.org, oldestFirst(nil)); len(found) != 2 {
		t.Errorf("%d events, want the 2 recorded before", len(found))
	}
	w.expectActors(t, audit.ActorQuery{Limit: 10}, "ann")
	w.expectSections(t, 0, "shortcut")
	w.expectSections(t, audit.CategoryConversation)
	w.expectProperties(t, audit.PropertyQuery{Limit: 10})
	if name := w.actor(t, "ann").Name; !equalPointers(name, ptr("Ann")) {
		t.Errorf("the group that was not written renamed an actor to %s", showPtr(name))
	}
	if next := w.record(t, w.org, entry(keyed("c")))[0].Sequence; next != 3 {
		t.Errorf("the next event has sequence %d, want 3", next)
	}
}

func keysAreFreeElsewhere(t *testing.T, w *workspace) {
	w.record(t, w.org, entry(keyed("a")), entry(keyed("b")))
	w.record(t, w.other, entry(keyed("b")), entry(keyed("a")))
}

func otherGroupIsWritten(t *testing.T, w *workspace) {
	if _, groups := w.Lanes(); groups < 2 {
		t.Skip("this engine takes one group a call")
	}
	w.record(t, w.org, entry(keyed("a")))
	outcomes := w.Append(w.ctx, []audit.Group{
		w.group(w.org, entry(), entry(keyed("a"))),
		w.group(w.other, entry(keyed("a"))),
	})
	if len(outcomes) != 2 || outcomes[0].Found == nil || outcomes[1].Appended == nil {
		t.Fatalf("outcomes %+v, want Found and Appended", outcomes)
	}
	if found := w.find(t, w.org, oldestFirst(nil)); len(found) != 1 {
		t.Errorf("%d events in the organization whose group was not written, want 1", len(found))
	}
	if found := w.find(t, w.other, oldestFirst(nil)); len(found) != 1 {
		t.Errorf("%d events in the organization whose group was written, want 1", len(found))
	}
}

func findKeys(t *testing.T, w *workspace) {
	entries := []*audit.Entry{entry(keyed("a"), called("a")), entry(), entry(keyed("b"), called("b"))}
	appended := w.record(t, w.org, entries...)
	w.record(t, w.other, entry(keyed("c")))
	found, err := w.FindKeys(w.ctx, w.org, [][16]byte{hashOf("b"), hashOf("c"), hashOf("a"), hashOf("never"), {}})
	want := map[[16]byte]audit.Existing{
		hashOf("a"): {ID: appended[0].ID, Fingerprint: entries[0].Fingerprint},
		hashOf("b"): {ID: appended[2].ID, Fingerprint: entries[2].Fingerprint},
	}
	if err != nil || !maps.Equal(found, want) {
		t.Errorf("FindKeys: %v, %v; want %v", found, err, want)
	}
	if found, err := w.FindKeys(w.ctx, w.org, nil); err != nil || len(found) != 0 {
		t.Errorf("FindKeys of none: %v, %v", found, err)
	}
}

func haveEvents(t *testing.T, w *workspace) {
	mine := eventIDs(w.record(t, w.org, entry(), entry()))
	theirs := eventIDs(w.record(t, w.other, entry()))
	never, err := audit.NewEventID(noon, 77, w.org)
	if err != nil {
		t.Fatal(err)
	}
	have, err := w.HaveEvents(w.ctx, w.org, append([]audit.EventID{theirs[0], never, {}}, mine...))
	if err != nil {
		t.Fatalf("HaveEvents: %v", err)
	}
	var yes []audit.EventID
	for id, has := range have {
		if has {
			yes = append(yes, id)
		}
	}
	slices.SortFunc(yes, func(a, b audit.EventID) int {
		return compare(byOccurrence, audit.Position{ID: a}, audit.Position{ID: b})
	})
	if !slices.Equal(yes, mine) {
		t.Errorf("HaveEvents says yes to %v, want %v", yes, mine)
	}
	if have, err := w.HaveEvents(w.ctx, w.org, nil); err != nil || len(have) != 0 {
		t.Errorf("HaveEvents of none: %v, %v", have, err)
	}
}
