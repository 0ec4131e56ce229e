package storetest

import (
	"fmt"
	"testing"
	"time"

	"daybook/audit"
)

func recorderFaultPromises() []promise {
	return []promise{
		{"APoisonedEventHarmsNoNeighbour", poisonedEvent},
		{"ManyPoisonedEventsCostFewTries", manyPoisoned},
		{"APoisonedAtomicCallLeavesNothing", poisonedAtomic},
		{"AnUnavailableDatabaseIsTriedAgain", unavailableAWhile},
		{"AnUnavailableDatabaseIsOverloadInTheEnd", unavailableForLong},
		{"ALostAnswerIsSettled", lostAnswers},
		{"AnUnknownOutcomeIsSafeToRepeat", unknownOutcome},
		{"ACommitThatNeverWorksIsOverloadInTheEnd", commitNeverWorks},
		{"OrganizationsFailApart", organizationsFailApart},
	}
}

func poisonedEvent(t *testing.T, w *workspace) {
	const callers = 20
	engine := newFaulty(w)
	engine.goWrong(rejectPoison)
	r := w.recorder(t, engine, audit.RecorderOptions{})
	calls := engine.together(r, w.org, callers, func(i int) []audit.EventInput {
		if i%7 == 3 {
			return []audit.EventInput{input(withKey(fmt.Sprint(i), "1")), input(named(poison)), input(withKey(fmt.Sprint(i), "1"))}
		}
		return repeated(3)
	})
	poisoned := 0
	for i, c := range calls {
		want := "CREATED CREATED CREATED"
		if i%7 == 3 {
			want, poisoned = "CREATED INVALID DUPLICATE", poisoned+1
		}
		expectStatuses(t, c.results(t), want)
	}
	w.expectLog(t, w.org, 1+3*callers-2*poisoned)
}

// manyPoisoned: whoever finds an event that the engine cannot keep must not be
// able to keep it busy.
func manyPoisoned(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	engine.goWrong(rejectPoison)
	r := w.recorder(t, engine, audit.RecorderOptions{})
	events := repeated(256)
	for i := range events {
		if i%3 > 0 {
			named(poison)(&events[i])
		}
	}
	results := records(t, r, w.org, false, events...)
	for i, result := range results {
		if (i%3 > 0) != (result.Status == audit.RecordInvalid) {
			t.Errorf("event %d is %s", i, result.Status)
		}
	}
	if len(engine.groups) > 2*len(events) {
		t.Errorf("%d tries for %d events", len(engine.groups), len(events))
	}
	w.expectLog(t, w.org, 86)
}

func poisonedAtomic(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	engine.goWrong(rejectPoison)
	r := w.recorder(t, engine, audit.RecorderOptions{})
	engine.hold()
	start(r, w.org, false, input())
	<-engine.held
	before := start(r, w.org, true, repeated(3)...)
	poisoned := start(r, w.org, true, input(withKey("a", "1")), input(withKey("a", "1")), input(), input(withKey("b", poison)), input(withKey("b", poison)))
	alone := start(r, w.org, true, input(named(poison)))
	behind := start(r, w.org, true, repeated(3)...)
	engine.release()
	expectStatuses(t, before.results(t), "CREATED CREATED CREATED")
	expectStatuses(t, behind.results(t), "CREATED CREATED CREATED")
	expectStatuses(t, alone.results(t), "INVALID")
	<-poisoned.answered
	expectCode(t, poisoned.err, audit.CodeBadInput)
	w.expectLog(t, w.org, 7)
	expectStatuses(t, records(t, r, w.org, true, input(withKey("a", "1"))), "CREATED")
}

func unavailableAWhile(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	engine.goWrongInTurn(isUnavailable, isUnavailable, isUnavailable)
	r := w.recorder(t, engine, audit.RecorderOptions{Patience: time.Hour})
	expectStatuses(t, records(t, r, w.org, true, input(), input(withKey("a", "1")), input(withKey("a", "1"))), "CREATED CREATED DUPLICATE")
	w.expectLog(t, w.org, 2)
}

func unavailableForLong(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	engine.goWrong(func(audit.Group) fault { return isUnavailable })
	r := w.recorder(t, engine, audit.RecorderOptions{Patience: time.Millisecond})
	for _, atomic := range []bool{false, true} {
		_, err := r.Record(w.ctx, w.org, []audit.EventInput{input(withKey("a", "1")), input()}, atomic)
		expectCode(t, err, audit.CodeOverloaded)
	}
	w.expectLog(t, w.org, 0)
	engine.goWrong(nil)
	expectStatuses(t, records(t, r, w.org, false, input(withKey("a", "1"))), "CREATED")
	w.expectLog(t, w.org, 1)
}

// lostAnswers: without keys too, nothing is written twice or left out.
func lostAnswers(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{Patience: time.Hour})
	n := 0
	for _, atomic := range []bool{false, true} {
		for settles := range 3 {
			engine.failSettles(settles)
			engine.goWrongInTurn(isLostBefore, isLostAfter)
			expectStatuses(t, records(t, r, w.org, atomic, input(), input(withKey(fmt.Sprint(n), "1")), input()), "CREATED CREATED CREATED")
			n += 3
		}
	}
	engine.goWrongInTurn(isLostAfter)
	expectStatuses(t, records(t, r, w.org, false, input(withKey("0", "1")), input(withKey("0", "2"))), "DUPLICATE CONFLICT")
	w.expectLog(t, w.org, n)
}

// unknownOutcome: the engine does not come back in time to say what became of
// a group.
func unknownOutcome(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{Patience: time.Millisecond})
	for i, lost := range []fault{isLostBefore, isLostAfter} {
		engine.goWrongInTurn(lost)
		engine.failSettles(1000)
		events := []audit.EventInput{input(withKey(fmt.Sprint("a", i), "1")), input(withKey(fmt.Sprint("b", i), "1"))}
		_, err := r.Record(w.ctx, w.org, events, true)
		expectCode(t, err, audit.CodeOverloaded)
		engine.failSettles(0)
		want := []string{"CREATED CREATED", "DUPLICATE DUPLICATE"}[i]
		expectStatuses(t, records(t, r, w.org, true, events...), want)
	}
	w.expectLog(t, w.org, 4)
}

// commitNeverWorks: on a full disk every commit fails, and each time it turns out
// that nothing was written.
func commitNeverWorks(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	engine.goWrong(func(audit.Group) fault { return isLostBefore })
	r := w.recorder(t, engine, audit.RecorderOptions{Patience: time.Millisecond})
	_, err := r.Record(w.ctx, w.org, repeated(2), false)
	expectCode(t, err, audit.CodeOverloaded)
	engine.goWrong(nil)
	expectStatuses(t, records(t, r, w.org, false, input()), "CREATED")
	w.expectLog(t, w.org, 1)
}

// organizationsFailApart: groups that share a transaction share no fault.
func organizationsFailApart(t *testing.T, w *workspace) {
	organizations := []audit.OrganizationID{w.org, w.other, w.organization(t, "third"), w.organization(t, "fourth")}
	faults := map[audit.OrganizationID]fault{w.org: goesWell, w.other: isUnavailable, organizations[2]: isLostAfter, organizations[3]: isRejected}
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{Patience: time.Millisecond})
	engine.hold()
	start(r, w.organization(t, "first of all"), false, input())
	<-engine.held
	engine.goWrong(func(group audit.Group) fault { return faults[group.Organization] })
	var calls []*call
	for _, organization := range organizations {
		calls = append(calls, start(r, organization, false, input()))
	}
	engine.release()
	expectStatuses(t, calls[0].results(t), "CREATED")
	<-calls[1].answered
	expectCode(t, calls[1].err, audit.CodeOverloaded)
	expectStatuses(t, calls[2].results(t), "CREATED")
	expectStatuses(t, calls[3].results(t), "INVALID")
	for i, n := range []int{1, 0, 1, 0} {
		w.expectLog(t, organizations[i], n)
	}
}
