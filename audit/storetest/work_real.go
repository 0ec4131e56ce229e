package storetest

import (
	"slices"
	"testing"
	"time"

	"daybook/audit"
	"daybook/audit/activity"
)

// realOpenItems replays what real agents were given and what was taken from them.
// The real events name no routing verbs and no statuses, only each conversation and
// the number of items an agent has open then: those that were assigned and are not
// taken away must be as many.
func realOpenItems(t *testing.T, w *workspace) {
	work := func(e *realEvent) bool { return e.Details.WorkSession != nil }
	var entries []*audit.Entry
	for _, event := range realEvents(t) {
		if work(&event) {
			entries = append(entries, event.entry())
		}
	}
	all := workEvents(w.read(t, w.org, w.recordAll(t, w.org, entries)))
	from, to := all[0].OccurredAt(), all[len(all)-1].OccurredAt().Add(time.Microsecond)
	found, err := w.FindWork(w.ctx, w.org, audit.WorkQuery{From: from, To: to, Limit: len(all) + 1})
	if err != nil || len(found) != len(all) {
		t.Fatalf("%d events of %d: %v", len(found), len(all), err)
	}
	for _, agent := range agentsOf(all) {
		mine := slices.DeleteFunc(slices.Clone(found), func(e *audit.WorkEvent) bool { return e.Agent != agent })
		for i, e := range mine {
			r := activity.Range{From: from, To: e.OccurredAt().Add(time.Microsecond)}
			if i+1 < len(mine) && mine[i+1].OccurredAt().Equal(e.OccurredAt()) || i%20 != 0 && i != len(mine)-1 {
				continue // another event of that instant follows; or look at every twentieth only
			}
			a := activity.Of(&audit.Actor{ID: agent}, mine[:i+1], r, time.UTC)
			if open, used := openItems(a), int(e.Details.Capacity.After.Used); open != used {
				t.Fatalf("after %s agent %d has %d open items, the events say %d", e.ID, agent, open, used)
			}
		}
	}
}

// openItems counts what was assigned and not taken away.
func openItems(a *activity.Activity) int {
	open := 0
	for _, given := range a.Assignments {
		if given.UnassignedAt == nil {
			open++
		}
	}
	return open
}
