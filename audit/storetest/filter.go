package storetest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"daybook/audit"
)

// interview is some events and what filters must find among them.
type interview struct {
	name      string
	entries   []*audit.Entry
	questions []question
}

// question is a filter and the labels of the events it must find.
type question struct {
	filter audit.Filter
	want   string // labels with spaces between, oldest first
}

// labelled gives an entry a name by which questions speak of it. No filter
// looks at it.
func labelled(label string, options ...option) *audit.Entry {
	return entry(append(options, func(e *audit.Entry) { e.UserAgent = &label })...)
}

func filterPromises() []promise {
	promises := []promise{
		{"EveryFieldOfTheFilterIsAsked", everyFieldIsAsked},
		{"AnEmptyListMatchesNothing", emptyLists},
		{"RecordedAtSelectsByTheRecordingClock", recordedAtRange},
		{"NoFilterIsEverything", noFilter},
		{"AFilterMayBeLong", longFilter},
	}
	for _, i := range interviews() {
		promises = append(promises, promise{i.name, func(t *testing.T, w *workspace) { i.hold(t, w) }})
	}
	return promises
}

// hold asks each question as it is, within each combinator, and of another
// organization that has recorded the same.
func (i interview) hold(t *testing.T, w *workspace) {
	empty := w.organization(t, "empty")
	references := map[audit.OrganizationID]*reference{empty: {}}
	for _, organization := range []audit.OrganizationID{w.other, w.org} {
		appended := w.record(t, organization, i.entries...)
		references[organization] = newReference(i.entries, w.read(t, organization, appended))
	}
	for _, q := range i.questions {
		filter := q.filter
		t.Run(shorten(show(given(filter))), func(t *testing.T) {
			w.expectLabels(t, filter, q.want)
			w.expectLabels(t, audit.Filter{Not: &filter}, i.allBut(q.want))
			w.expectLabels(t, audit.Filter{Not: &audit.Filter{Not: &filter}}, q.want)
			w.expectLabels(t, audit.Filter{AllOf: []audit.Filter{filter, {}}}, q.want)
			w.expectLabels(t, audit.Filter{AnyOf: []audit.Filter{filter, {AnyOf: []audit.Filter{}}}}, q.want)
			for organization, reference := range references {
				checkScan(t, w, organization, reference, oldestFirst(&filter))
			}
		})
	}
}

func (w *workspace) expectLabels(t *testing.T, filter audit.Filter, want string) {
	t.Helper()
	var labels []string
	for _, event := range w.find(t, w.org, oldestFirst(&filter)) {
		labels = append(labels, *event.UserAgent)
	}
	if got := strings.Join(labels, " "); got != want {
		t.Errorf("filter %s found %q, want %q", show(given(filter)), got, want)
	}
}

// allBut are the labels of all entries that are not among those given.
func (i interview) allBut(labels string) string {
	without := strings.Fields(labels)
	var rest []string
	for _, e := range i.entries {
		if !slices.Contains(without, *e.UserAgent) {
			rest = append(rest, *e.UserAgent)
		}
	}
	return strings.Join(rest, " ")
}

func noFilter(t *testing.T, w *workspace) {
	appended := w.record(t, w.org, fullEntries()...)
	for _, filter := range []*audit.Filter{
		nil,
		{},
		{OccurredAt: &audit.TimeRange{}},
		{RecordedAt: &audit.TimeRange{}},
		{PerformedBy: &audit.ActorFilter{}},
		{AllOf: []audit.Filter{}},
		{AllOf: []audit.Filter{{}, {}}},
		{AnyOf: []audit.Filter{{}}},
	} {
		if found := w.find(t, w.org, oldestFirst(filter)); !slices.Equal(idsOf(found), eventIDs(appended)) {
			t.Errorf("filter %s found %d of %d events", show(filter), len(found), len(appended))
		}
	}
}

func recordedAtRange(t *testing.T, w *workspace) {
	var entries []*audit.Entry
	var appended []audit.Appended
	for i := range 6 { // occurred in the opposite order
		e := entry(at(after(-time.Duration(i) * time.Hour)))
		entries, appended = append(entries, e), append(appended, w.record(t, w.org, e)...)
	}
	reference := newReference(entries, w.read(t, w.org, appended))
	for _, from := range appended {
		for _, to := range appended {
			for _, nudge := range []time.Duration{-time.Microsecond, -1, 0, 1, time.Microsecond} {
				start, end := from.RecordedAt.Add(nudge), to.RecordedAt.Add(nudge)
				for _, r := range []audit.TimeRange{{From: &start, To: &end}, {From: &start}, {To: &end}} {
					checkScan(t, w, w.org, reference, oldestFirst(&audit.Filter{RecordedAt: &r}))
				}
			}
		}
	}
}

// longFilter has as many values and as much nesting as the Reader lets through.
func longFilter(t *testing.T, w *workspace) {
	w.record(t, w.org, labelled("hit", called("name 999"), on("t", "999"), from("10.0.3.231")), labelled("miss"))
	var names, addresses []string
	var objects []audit.ObjectRef
	for i := range 1000 {
		number := strconv.Itoa(i)
		names = append(names, "name "+number)
		objects = append(objects, audit.ObjectRef{Type: "t", ExternalID: number})
		addresses = append(addresses, fmt.Sprintf("10.0.%d.%d", i/256, i%256))
	}
	w.expectLabels(t, audit.Filter{EventNames: names}, "hit")
	w.expectLabels(t, audit.Filter{Objects: objects}, "hit")
	w.expectLabels(t, audit.Filter{IPAddresses: addresses}, "hit")
	deep := audit.Filter{EventNames: names[999:]}
	for range 4 {
		deep = audit.Filter{AllOf: []audit.Filter{{AnyOf: []audit.Filter{deep, {EventNames: names[:1]}}}}}
	}
	w.expectLabels(t, deep, "hit")
	var many []audit.Filter
	for _, name := range names[801:] {
		many = append(many, audit.Filter{EventNames: []string{name}})
	}
	w.expectLabels(t, audit.Filter{AnyOf: many}, "hit")
}
