package storetest

import (
	"slices"
	"testing"
	"time"

	"daybook/audit"
)

func actorPromises() []promise {
	return []promise{
		{"AnIdentityIsOneActor", identityIsOneActor},
		{"KindsTellActorsApart", kindsTellActorsApart},
		{"TheLatestNameFollowsRecordingOrder", latestName},
		{"SayingNoNameTakesNoneAway", noNameTakesNoneAway},
		{"RecordedNamesStay", recordedNamesStay},
		{"NoNameIsNotAnEmptyName", noNameIsNotEmpty},
		{"ActorsAreListedByID", actorsListedByID},
		{"ActorFiltersSelectActors", actorFilters},
		{"EventsAreFoundByTheirActorsIDs", eventsByActorID},
		{"ActorsOfOthersAreNotSeen", actorsOfOthers},
	}
}

// actor is the organization's only actor of that external id.
func (w *workspace) actor(t *testing.T, externalID string) *audit.Actor {
	t.Helper()
	actors := w.findActors(t, audit.ActorQuery{Filter: &audit.ActorFilter{ExternalIDs: []string{externalID}}, Limit: 10})
	if len(actors) != 1 {
		t.Fatalf("%d actors with the external id %q, want 1", len(actors), externalID)
	}
	return actors[0]
}

func (w *workspace) findActors(t *testing.T, query audit.ActorQuery) []*audit.Actor {
	t.Helper()
	actors, err := w.FindActors(w.ctx, w.org, query)
	if err != nil {
		t.Fatalf("FindActors(%s): %v", show(query), err)
	}
	return actors
}

func (w *workspace) expectActors(t *testing.T, query audit.ActorQuery, externalIDs ...string) {
	t.Helper()
	var got []string
	for _, actor := range w.findActors(t, query) {
		got = append(got, actor.ExternalID)
	}
	if !slices.Equal(got, externalIDs) {
		t.Errorf("FindActors(%s) gave %q, want %q", show(query), got, externalIDs)
	}
}

func identityIsOneActor(t *testing.T, w *workspace) {
	e := full(detailed(&audit.AuthorizationDetails{Outcome: audit.OutcomeSuccess}))
	e.OnBehalf, e.About = &e.Performer, &e.Performer
	first := w.recordOne(t, e)
	second := w.recordOne(t, entry(by(e.Performer)))
	for _, p := range []*audit.Participant{first.OnBehalf, first.About, &second.Performer} {
		if p.ActorID != first.Performer.ActorID || p.ProfileID != first.Performer.ProfileID {
			t.Errorf("one identity and name got actor %d, profile %d and actor %d, profile %d",
				first.Performer.ActorID, first.Performer.ProfileID, p.ActorID, p.ProfileID)
		}
	}
	want := audit.Actor{ID: first.Performer.ActorID, Kind: audit.ActorUser, ExternalID: "ann", Name: ptr("Ann"), Email: ptr("ann@example.com")}
	same(t, "actor", w.actor(t, "ann"), &want)
	same(t, "actor of the event", second.Performer.Actor, &want)
}

func kindsTellActorsApart(t *testing.T, w *workspace) {
	kinds := []audit.ActorKind{
		audit.ActorUser, audit.ActorCustomer, audit.ActorWorkflow, audit.ActorBusinessRule, audit.ActorQueueRouter,
		audit.ActorAPI, audit.ActorSystem,
	}
	seen := map[audit.ActorID]audit.ActorKind{}
	for _, kind := range kinds {
		event := w.recordOne(t, entry(by(automation(kind, "same"))))
		if earlier, ok := seen[event.Performer.ActorID]; ok {
			t.Errorf("%s and %s with one external id are one actor", earlier, kind)
		}
		seen[event.Performer.ActorID] = kind
		same(t, "kind", event.Performer.Actor.Kind, kind)
	}
}

func latestName(t *testing.T, w *workspace) {
	steps := []struct {
		occurred time.Time
		names    []string // of one group
		want     string
	}{
		{after(time.Hour), []string{"Ann"}, "Ann"},
		{after(0), []string{"Anna"}, "Anna"}, // recorded later, occurred earlier
		{after(2 * time.Hour), []string{"Ann"}, "Ann"},
		{after(time.Hour), []string{"Ann", "Annie", "Anne"}, "Anne"},
		{after(time.Hour), []string{"Anna", "Anne", "Anna"}, "Anna"},
	}
	for _, step := range steps {
		var entries []*audit.Entry
		for _, name := range step.names {
			entries = append(entries, entry(at(step.occurred), by(namedUser("ann", name))))
		}
		w.record(t, w.org, entries...)
		if name := w.actor(t, "ann").Name; !equalPointers(name, &step.want) {
			t.Errorf("after %q the latest name is %s, want %q", step.names, showPtr(name), step.want)
		}
	}
	for _, event := range w.find(t, w.org, oldestFirst(nil)) {
		if name := event.Performer.Actor.Name; !equalPointers(name, ptr("Anna")) {
			t.Errorf("an event's actor is called %s, want the latest name", showPtr(name))
		}
	}
}

// noNameTakesNoneAway: the latest name and e-mail are each the latest that was
// said, be it in one group or in several.
func noNameTakesNoneAway(t *testing.T, w *workspace) {
	ann := func(name, email *string) *audit.Entry {
		return entry(by(audit.EntryActor{Kind: audit.ActorUser, ExternalID: "ann", Name: name, Email: email}))
	}
	steps := [][]*audit.Entry{
		{ann(ptr("Ann"), nil)},
		{ann(nil, nil)},
		{ann(nil, ptr("a@example.com"))},
		{ann(ptr("Anna"), nil), ann(nil, nil), ann(nil, ptr("b@example.com")), ann(nil, nil)},
		{ann(ptr(""), nil)},
	}
	want := []struct{ name, email *string }{
		{ptr("Ann"), nil},
		{ptr("Ann"), nil},
		{ptr("Ann"), ptr("a@example.com")},
		{ptr("Anna"), ptr("b@example.com")},
		{ptr(""), ptr("b@example.com")},
	}
	for i, group := range steps {
		appended := w.record(t, w.org, group...)
		actor := w.actor(t, "ann")
		if !equalPointers(actor.Name, want[i].name) || !equalPointers(actor.Email, want[i].email) {
			t.Errorf("after step %d the actor is %s, want %s and %s", i+1, show(actor), showPtr(want[i].name), showPtr(want[i].email))
		}
		for n, event := range w.read(t, w.org, appended) {
			same(t, "recorded name", event.Performer.RecordedName, group[n].Performer.Name)
		}
	}
}

func recordedNamesStay(t *testing.T, w *workspace) {
	names := []string{"Ann", "Anna", "Ann", "Ännchen", "ANN"}
	var entries []*audit.Entry
	for _, name := range names {
		entries = append(entries, entry(by(namedUser("ann", name))))
	}
	appended := w.record(t, w.org, entries[:3]...)
	appended = append(appended, w.record(t, w.org, entries[3:]...)...)
	events := w.read(t, w.org, appended)
	for i, event := range events {
		if !equalPointers(event.Performer.RecordedName, &names[i]) {
			t.Errorf("event %d was recorded with the name %q, reads %s", i, names[i], showPtr(event.Performer.RecordedName))
		}
	}
	if events[0].Performer.ProfileID != events[2].Performer.ProfileID {
		t.Error("one name of one actor has two profiles")
	}
	if events[0].Performer.ProfileID == events[4].Performer.ProfileID {
		t.Error("two names of one actor share a profile")
	}
}

func noNameIsNotEmpty(t *testing.T, w *workspace) {
	texts := []*string{nil, ptr(""), ptr("x"), ptr("xx")}
	var entries []*audit.Entry
	for _, name := range texts {
		for _, email := range texts {
			entries = append(entries, entry(by(audit.EntryActor{Kind: audit.ActorUser, ExternalID: "ann", Name: name, Email: email})))
		}
	}
	profiles := map[int32]int{}
	for i, event := range w.read(t, w.org, w.record(t, w.org, entries...)) {
		same(t, "recorded name", event.Performer.RecordedName, entries[i].Performer.Name)
		if earlier, ok := profiles[event.Performer.ProfileID]; ok {
			t.Errorf("%s and %s share a profile", show(entries[earlier].Performer), show(entries[i].Performer))
		}
		profiles[event.Performer.ProfileID] = i
	}
}

func actorsListedByID(t *testing.T, w *workspace) {
	externalIDs := []string{"d", "b", "a", "c", "e"}
	for _, externalID := range externalIDs {
		w.record(t, w.org, entry(by(user(externalID))))
	}
	all := w.findActors(t, audit.ActorQuery{Limit: 10})
	if len(all) != 5 || !slices.IsSortedFunc(all, func(a, b *audit.Actor) int { return int(a.ID - b.ID) }) {
		t.Fatalf("FindActors gave %s", show(all))
	}
	w.expectActors(t, audit.ActorQuery{Limit: 10}, externalIDs...)
	w.expectActors(t, audit.ActorQuery{Limit: 2}, "d", "b")
	w.expectActors(t, audit.ActorQuery{Limit: 0})
	w.expectActors(t, audit.ActorQuery{Limit: 2, FromEnd: true}, "c", "e")
	w.expectActors(t, audit.ActorQuery{Limit: 2, After: all[1].ID}, "a", "c")
	w.expectActors(t, audit.ActorQuery{Limit: 2, Before: all[3].ID, FromEnd: true}, "b", "a")
	w.expectActors(t, audit.ActorQuery{Limit: 9, After: all[0].ID, Before: all[2].ID}, "b")
	w.expectActors(t, audit.ActorQuery{Limit: 9, After: all[4].ID})
}

func actorFilters(t *testing.T, w *workspace) {
	w.record(t, w.org,
		entry(by(namedUser("ann", "Ann Ähre"))),
		entry(by(namedUser("bob", "50%_off\\"))),
		entry(by(automation(audit.ActorSystem, "ann"))),
	)
	all := w.findActors(t, audit.ActorQuery{Limit: 10})
	matching := func(f audit.ActorFilter) audit.ActorQuery { return audit.ActorQuery{Filter: &f, Limit: 10} }
	w.expectActors(t, matching(audit.ActorFilter{}), "ann", "bob", "ann")
	w.expectActors(t, matching(audit.ActorFilter{IDs: []audit.ActorID{all[1].ID, 1 << 30}}), "bob")
	w.expectActors(t, matching(audit.ActorFilter{IDs: []audit.ActorID{}}))
	w.expectActors(t, matching(audit.ActorFilter{ExternalIDs: []string{"ann", "x"}}), "ann", "ann")
	w.expectActors(t, matching(audit.ActorFilter{ExternalIDs: []string{"ANN"}}))
	w.expectActors(t, matching(audit.ActorFilter{ExternalIDs: []string{}}))
	w.expectActors(t, matching(audit.ActorFilter{Kinds: []audit.ActorKind{audit.ActorUser}}), "ann", "bob")
	w.expectActors(t, matching(audit.ActorFilter{Kinds: []audit.ActorKind{}}))
	w.expectActors(t, matching(audit.ActorFilter{Name: ptr("nN äH")}), "ann")
	w.expectActors(t, matching(audit.ActorFilter{Name: ptr("%_OFF\\")}), "bob")
	w.expectActors(t, matching(audit.ActorFilter{Name: ptr("%o")}))
	w.expectActors(t, matching(audit.ActorFilter{
		ExternalIDs: []string{"ann"}, Kinds: []audit.ActorKind{audit.ActorSystem, audit.ActorAPI},
	}), "ann")
}

func eventsByActorID(t *testing.T, w *workspace) {
	session := detailed(&audit.WorkSessionDetails{})
	entries := []*audit.Entry{
		labelled("a", by(user("ann"))), labelled("b", by(user("bob")), onBehalfOf(user("ann"))),
		labelled("c", by(user("bob")), about(user("ann")), session),
	}
	theirs := w.read(t, w.other, w.record(t, w.other, entries...))[0].Performer.ActorID
	events := w.read(t, w.org, w.record(t, w.org, entries...))
	ann := &audit.ActorFilter{IDs: []audit.ActorID{theirs, events[0].Performer.ActorID}}
	w.expectLabels(t, audit.Filter{PerformedBy: ann}, "a")
	w.expectLabels(t, audit.Filter{OnBehalfOf: ann}, "b")
	w.expectLabels(t, audit.Filter{About: ann}, "c")
	w.expectLabels(t, audit.Filter{Not: &audit.Filter{About: ann}}, "a b")
	w.expectLabels(t, audit.Filter{PerformedBy: &audit.ActorFilter{IDs: []audit.ActorID{theirs}}}, "")
	both := &audit.ActorFilter{IDs: append(ann.IDs, events[1].Performer.ActorID)}
	w.expectLabels(t, audit.Filter{PerformedBy: both}, "a b c")
}

func actorsOfOthers(t *testing.T, w *workspace) {
	mine := w.recordOne(t, entry(by(namedUser("ann", "Ann"))))
	theirs := w.read(t, w.other, w.record(t, w.other, entry(by(namedUser("ann", "Not Ann")))))[0]
	if mine.Performer.ActorID == theirs.Performer.ActorID || mine.Performer.ProfileID == theirs.Performer.ProfileID {
		t.Error("two organizations share an actor or a profile")
	}
	same(t, "name", w.actor(t, "ann").Name, ptr("Ann"))
	ids := []audit.ActorID{theirs.Performer.ActorID, mine.Performer.ActorID, 1 << 30}
	actors, err := w.ActorsByID(w.ctx, w.org, ids)
	if err != nil || len(actors) != 1 || actors[0].ID != mine.Performer.ActorID {
		t.Errorf("ActorsByID gave %s, %v; want the organization's own", show(actors), err)
	}
	w.expectActors(t, audit.ActorQuery{Filter: &audit.ActorFilter{IDs: ids}, Limit: 10}, "ann")
	if actors, err := w.ActorsByID(w.ctx, w.org, nil); err != nil || len(actors) != 0 {
		t.Errorf("ActorsByID of none: %v, %v", actors, err)
	}
}
