package storetest

import (
	"slices"
	"strconv"
	"sync"
	"testing"

	"daybook/audit"
)

func concurrencyPromises() []promise {
	return []promise{
		{"ManyCallersOfOneOrganizationLeaveNoGap", oneBusyOrganization},
		{"ManyCallersOfManyOrganizationsDoNotMix", manyBusyOrganizations},
		{"OneKeyFromManyCallersIsRecordedOnce", oneKeyManyCallers},
		{"ReadersSeeNoGapWhileOthersRecord", readersWhileRecording},
	}
}

// together runs n tasks on as many goroutines, of which no more than the engine
// has lanes for append at once.
func (w *workspace) together(t *testing.T, n int, task func(i int, append func(audit.Group) audit.Outcome)) {
	t.Helper()
	writers, _ := w.Lanes()
	if writers < 1 {
		t.Fatalf("Lanes says %d writers", writers)
	}
	lanes := make(chan struct{}, writers)
	append := func(group audit.Group) audit.Outcome {
		lanes <- struct{}{}
		defer func() { <-lanes }()
		outcomes := w.Append(w.ctx, []audit.Group{group})
		if len(outcomes) != 1 {
			t.Errorf("%d outcomes of 1 group", len(outcomes))
			return audit.Outcome{}
		}
		return outcomes[0]
	}
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { task(i, append) })
	}
	all.Wait()
}

func oneBusyOrganization(t *testing.T, w *workspace) {
	const callers, calls = 8, 10
	appended := make([][]audit.Appended, callers)
	w.together(t, callers, func(i int, record func(audit.Group) audit.Outcome) {
		for n := range calls {
			// All name the same new actors and sections, in opposite orders.
			one, two := entry(by(user("u"+strconv.Itoa(n))), in("s1")), entry(by(user("u"+strconv.Itoa(n+1))), in("s2"))
			entries := []*audit.Entry{one, two}
			if i%2 == 1 {
				entries = []*audit.Entry{two, one}
			}
			outcome := record(w.group(w.org, entries...))
			if outcome.Err != nil || len(outcome.Appended) != 2 {
				t.Errorf("caller %d: %+v", i, outcome)
				return
			}
			appended[i] = append(appended[i], outcome.Appended...)
		}
	})
	checkGapless(t, slices.Concat(appended...), callers*calls*2)
	for i := range appended {
		for n := 0; n+1 < len(appended[i]); n += 2 {
			if appended[i][n+1].Sequence != appended[i][n].Sequence+1 {
				t.Errorf("a group got the sequences %d and %d", appended[i][n].Sequence, appended[i][n+1].Sequence)
			}
		}
	}
	found := w.find(t, w.org, audit.EventQuery{Order: byRecording, Limit: 10_000})
	checkGapless(t, positions(found), callers*calls*2)
}

// checkGapless expects the sequences 1 to n in any order, and recordedAt in
// theirs.
func checkGapless(t *testing.T, appended []audit.Appended, n int) {
	t.Helper()
	slices.SortFunc(appended, func(a, b audit.Appended) int { return int(a.Sequence - b.Sequence) })
	if len(appended) != n {
		t.Errorf("%d events, want %d", len(appended), n)
	}
	for i, a := range appended {
		if a.Sequence != int64(i)+1 {
			t.Fatalf("a gap or a duplicate: place %d has sequence %d", i+1, a.Sequence)
		}
		if i > 0 && a.RecordedAt.Before(appended[i-1].RecordedAt) {
			t.Fatalf("sequence %d was recorded before its predecessor", a.Sequence)
		}
	}
}

func positions(events []*audit.Event) []audit.Appended {
	appended := make([]audit.Appended, len(events))
	for i, e := range events {
		appended[i] = audit.Appended{ID: e.ID, Sequence: e.Sequence, RecordedAt: e.RecordedAt}
	}
	return appended
}

func manyBusyOrganizations(t *testing.T, w *workspace) {
	const callers, calls = 6, 8
	organizations := []audit.OrganizationID{w.org, w.other, w.organization(t, "third")}
	w.together(t, callers, func(i int, record func(audit.Group) audit.Outcome) {
		for n := range calls {
			organization := organizations[(i+n)%len(organizations)]
			if outcome := record(w.group(organization, entry(), entry())); len(outcome.Appended) != 2 {
				t.Errorf("caller %d: %+v", i, outcome)
			}
		}
	})
	for _, organization := range organizations {
		found := w.find(t, organization, audit.EventQuery{Order: byRecording, Limit: 10_000})
		checkGapless(t, positions(found), callers*calls*2/len(organizations))
	}
}

func oneKeyManyCallers(t *testing.T, w *workspace) {
	const callers = 8
	outcomes := make([]audit.Outcome, callers)
	w.together(t, callers, func(i int, record func(audit.Group) audit.Outcome) {
		outcomes[i] = record(w.group(w.org, entry(), entry(keyed("the key"))))
	})
	found := w.find(t, w.org, oldestFirst(nil))
	if len(found) != 2 {
		t.Fatalf("%d events, want those of one group: 2", len(found))
	}
	written := 0
	for i, outcome := range outcomes {
		switch {
		case outcome.Appended != nil:
			written++
		case outcome.Found == nil || outcome.Found[1].ID != found[1].ID:
			t.Errorf("caller %d was answered %+v, want the event that holds the key", i, outcome)
		}
	}
	if written != 1 {
		t.Errorf("%d callers recorded the key, want 1", written)
	}
}

// readersWhileRecording: whoever sees a sequence sees all before it.
func readersWhileRecording(t *testing.T, w *workspace) {
	const callers, calls = 4, 15
	done := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		for {
			events, err := w.FindEvents(w.ctx, w.org, audit.EventQuery{Order: byRecording, Limit: 1000})
			if err != nil {
				t.Errorf("FindEvents: %v", err)
				return
			}
			for i, event := range events {
				if event.Sequence != int64(i)+1 {
					t.Errorf("a reader saw sequence %d at place %d", event.Sequence, i+1)
					return
				}
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	w.together(t, callers, func(i int, record func(audit.Group) audit.Outcome) {
		for range calls {
			if outcome := record(w.group(w.org, entry(), entry(), entry())); outcome.Appended == nil {
				t.Errorf("caller %d: %+v", i, outcome)
			}
		}
	})
	close(done)
	reader.Wait()
}
