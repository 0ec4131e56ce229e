package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"daybook/audit"
)

func settlePromises() []promise {
	return []promise{
		{"AWrittenGroupIsKnownByItsToken", writtenGroupIsKnown},
		{"AGroupThatWasNotWrittenIsNot", unwrittenGroupIsNot},
		{"TokensOfOtherOrganizationsAreOthers", tokensElsewhere},
		{"ACallThatWasCancelledIsAllOrNothing", cancelledCall},
	}
}

func (w *workspace) settle(t *testing.T, group audit.Group) []audit.Appended {
	t.Helper()
	appended, err := w.Settle(w.ctx, group)
	if err != nil {
		t.Fatalf("Settle: %v", err)
	}
	return appended
}

func writtenGroupIsKnown(t *testing.T, w *workspace) {
	var groups []audit.Group
	var outcomes []audit.Outcome
	entries := []*audit.Entry{entry(whenRecorded), entry(), entry(at(after(-time.Hour)))}
	for _, size := range []int{1, 3, 2, 1, 1, 3} {
		group := w.group(w.org, entries[:size]...)
		groups, outcomes = append(groups, group), append(outcomes, w.append(t, group))
	}
	for i, group := range groups {
		if got := w.settle(t, group); !slices.EqualFunc(got, outcomes[i].Appended, sameAppended) {
			t.Errorf("Settle of group %d: %v, want what Append said: %v", i, got, outcomes[i].Appended)
		}
	}
}

func sameAppended(a, b audit.Appended) bool {
	return a.ID == b.ID && a.Sequence == b.Sequence && a.RecordedAt.Equal(b.RecordedAt)
}

func unwrittenGroupIsNot(t *testing.T, w *workspace) {
	written := w.group(w.org, entry(keyed("a")))
	w.append(t, written)
	never := w.group(w.org, entry())
	if got := w.settle(t, never); got != nil {
		t.Errorf("a group that was never appended was settled as %v", got)
	}
	refused := w.group(w.org, entry(), entry(keyed("a")))
	if outcome := w.append(t, refused); outcome.Found == nil {
		t.Fatalf("a known key was answered %+v", outcome)
	}
	if got := w.settle(t, refused); got != nil {
		t.Errorf("a group with a known key was settled as %v", got)
	}
	again := audit.Group{Organization: written.Organization, Token: w.tokens.Add(1), Entries: written.Entries}
	if got := w.settle(t, again); got != nil {
		t.Errorf("the same entries under another token were settled as %v", got)
	}
}

func tokensElsewhere(t *testing.T, w *workspace) {
	group := w.group(w.org, entry())
	w.append(t, group)
	group.Organization = w.other
	if got := w.settle(t, group); got != nil {
		t.Errorf("a group of one organization was settled in another as %v", got)
	}
}

func cancelledCall(t *testing.T, w *workspace) {
	cancelled, cancel := context.WithCancel(w.ctx)
	cancel()
	group := w.group(w.org, entry(keyed("a")), entry())
	outcomes := w.Append(cancelled, []audit.Group{group})
	if len(outcomes) != 1 {
		t.Fatalf("%d outcomes of 1 group", len(outcomes))
	}
	checkOutcome(t, group, outcomes[0])
	settled := w.settle(t, group)
	if outcomes[0].Appended != nil && settled == nil {
		t.Error("the call said that the group was written, Settle says that it was not")
	}
	found := w.find(t, w.org, oldestFirst(nil))
	if len(found) != len(settled) {
		t.Errorf("Settle says that %d events were written, there are %d", len(settled), len(found))
	}
	if next := w.record(t, w.org, entry())[0].Sequence; next != int64(len(settled))+1 {
		t.Errorf("the next event has sequence %d after %d were written", next, len(settled))
	}
}
