package storetest

import (
	"fmt"
	"strings"
	"testing"

	"daybook/audit"
)

// textPromises are about texts that many events share, which an engine may keep
// once.
func textPromises() []promise {
	return []promise{
		{"OrganizationsMayShareTexts", organizationsShareTexts},
		{"EachEventMayHaveTextsOfItsOwn", textsOfTheirOwn},
		{"OneTextMayBeNameAndUserAgent", nameAndUserAgent},
		{"WhatWasNotWrittenIsWrittenLater", textsWrittenLater},
		{"ANameThatNoEventHasFindsNothing", unknownNames},
	}
}

func using(userAgent string) option { return func(e *audit.Entry) { e.UserAgent = &userAgent } }

// checkRecorded reads the events of entries back and compares them.
func (w *workspace) checkRecorded(t *testing.T, organization audit.OrganizationID, entries []*audit.Entry, appended []audit.Appended) {
	t.Helper()
	for i, event := range w.read(t, organization, appended) {
		checkEvent(t, entries[i], event)
	}
}

func organizationsShareTexts(t *testing.T, w *workspace) {
	both := []*audit.Entry{entry(called("both"), using("agent")), entry(called("both"), using("another"))}
	own := []*audit.Entry{entry(called("own"), using("both"))}
	for range 2 {
		groups := []audit.Group{w.group(w.org, both...), w.group(w.other, append(own, both...)...)}
		outcomes := w.Append(w.ctx, groups)
		for i, group := range groups {
			if outcomes[i].Appended == nil {
				t.Fatalf("group %d was not recorded: %+v", i, outcomes[i])
			}
			w.checkRecorded(t, group.Organization, group.Entries, outcomes[i].Appended)
		}
	}
	for _, c := range []struct {
		organization audit.OrganizationID
		name         string
		want         int
	}{{w.org, "both", 4}, {w.other, "both", 4}, {w.org, "own", 0}, {w.other, "own", 2}} {
		found := w.find(t, c.organization, oldestFirst(&audit.Filter{EventNames: []string{c.name}}))
		if len(found) != c.want {
			t.Errorf("%d events of organization %d are named %q, want %d", len(found), c.organization, c.name, c.want)
		}
	}
	facets, err := w.CountFacets(w.ctx, w.org, audit.FacetQuery{Kinds: audit.FacetKinds{EventNames: true}, Top: 10, Most: enough})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "names counted", facets.EventNames, []audit.EventNameCount{{EventName: "both", Count: 4}})
}

// textsOfTheirOwn is what a hostile sender does: user agents as long as may be,
// each in one event.
func textsOfTheirOwn(t *testing.T, w *workspace) {
	const events, length = 500, 4096
	entries := make([]*audit.Entry, events)
	for i := range entries {
		agent := fmt.Sprint("agent ", i, " ")
		entries[i] = entry(called(fmt.Sprint("name ", i)), using(agent+strings.Repeat("é", (length-len(agent))/2)))
	}
	for range 2 {
		w.checkRecorded(t, w.org, entries, w.recordAll(t, w.org, entries))
	}
	found := w.find(t, w.org, oldestFirst(&audit.Filter{EventNames: []string{"name 7", "name 499", "name 500"}}))
	if len(found) != 4 {
		t.Errorf("%d events have one of two names, want 4", len(found))
	}
}

func nameAndUserAgent(t *testing.T, w *workspace) {
	entries := []*audit.Entry{entry(called("x"), using("x")), entry(using("x")), entry(called("")), entry(using(""))}
	for range 2 {
		w.checkRecorded(t, w.org, entries, w.record(t, w.org, entries...))
	}
	if found := w.find(t, w.org, oldestFirst(&audit.Filter{EventNames: []string{"x"}})); len(found) != 2 {
		t.Errorf("%d events are named x, want 2", len(found))
	}
}

// textsWrittenLater: texts are known only when they are committed.
func textsWrittenLater(t *testing.T, w *workspace) {
	w.record(t, w.org, entry(keyed("a")))
	entries := []*audit.Entry{entry(called("later"), using("later still")), entry(keyed("a"))}
	if outcome := w.append(t, w.group(w.org, entries...)); outcome.Found == nil {
		t.Fatalf("a known key was answered %+v", outcome)
	}
	w.checkRecorded(t, w.other, entries, w.record(t, w.other, entries...))
	w.checkRecorded(t, w.org, entries[:1], w.record(t, w.org, entries[0]))
}

func unknownNames(t *testing.T, w *workspace) {
	w.record(t, w.org, entry(called("known")), entry(using("agent")))
	w.record(t, w.other, entry(called("theirs")))
	unknown := audit.Filter{EventNames: []string{"unknown", "agent", "theirs", "Known", "known "}}
	for _, c := range []struct {
		filter audit.Filter
		want   int
	}{
		{unknown, 0},
		{audit.Filter{Not: &unknown}, 2},
		{audit.Filter{AnyOf: []audit.Filter{unknown, {EventNames: []string{"known"}}}}, 1},
		{audit.Filter{AnyOf: []audit.Filter{unknown, unknown}}, 0},
		{audit.Filter{AllOf: []audit.Filter{{EventNames: []string{"known"}}, unknown}}, 0},
	} {
		if found := w.find(t, w.org, oldestFirst(&c.filter)); len(found) != c.want {
			t.Errorf("%s finds %d events, want %d", show(c.filter), len(found), c.want)
		}
	}
}
