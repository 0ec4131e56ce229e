package storetest

import (
	"testing"

	"daybook/audit"
)

func recorderCausePromises() []promise {
	return []promise{
		{"ARecordedEventIsNamedByIDOrKey", recordedCause},
		{"AnEarlierEventOfTheCallIsNamedByItsKey", causeInCall},
		{"ADuplicateAndAConflictStandForTheRecordedEvent", causeRecordedBefore},
		{"WhatWasRefusedCausesNothing", refusedCause},
		{"UnknownAndLaterEventsCauseNothing", unknownCause},
		{"EventsOfOthersCauseNothing", foreignCause},
		{"AnUnknownCauseRefusesAnAtomicCall", unknownCauseAtomic},
		{"ALongChainKeepsItsLinks", causeChain},
	}
}

// expectCause expects the event of one result to be caused by that of another.
func (w *workspace) expectCause(t *testing.T, result, cause audit.RecordResult) {
	t.Helper()
	events, err := w.EventsByID(w.ctx, w.org, []audit.EventID{*result.EventID}, audit.Fields{})
	if err != nil || len(events) != 1 {
		t.Fatalf("event %d: %d events, %v", result.Index, len(events), err)
	}
	if !equalPointers(events[0].CausedBy, cause.EventID) {
		t.Errorf("event %d was caused by %s, want %s", result.Index, showPtr(events[0].CausedBy), showPtr(cause.EventID))
	}
}

func recordedCause(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	first := records(t, r, w.org, false, input(withKey("a", "1")))[0]
	results := records(t, r, w.org, false, input(causedByEvent(first.EventID.String())), input(causedByKey("a")), input())
	expectStatuses(t, results, "CREATED CREATED CREATED")
	w.expectCause(t, results[0], first)
	w.expectCause(t, results[1], first)
	w.expectCause(t, results[2], audit.RecordResult{})
	w.expectLog(t, w.org, 4)
}

func causeInCall(t *testing.T, w *workspace) {
	for _, atomic := range []bool{false, true} {
		r := w.recorder(t, w, audit.RecorderOptions{})
		key := map[bool]string{false: "a", true: "b"}[atomic]
		results := records(t, r, w.org, atomic, input(withKey(key, "1")), input(withKey(key, "1")), input(causedByKey(key)))
		expectStatuses(t, results, "CREATED DUPLICATE CREATED")
		w.expectCause(t, results[2], results[0])
	}
	w.expectLog(t, w.org, 4)
}

func causeRecordedBefore(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	first := records(t, r, w.org, false, input(withKey("a", "1")), input(withKey("b", "1")))
	results := records(t, r, w.org, false,
		input(withKey("a", "1")), input(withKey("b", "2")), input(causedByKey("a")), input(causedByKey("b")))
	expectStatuses(t, results, "DUPLICATE CONFLICT CREATED CREATED")
	w.expectCause(t, results[2], first[0])
	w.expectCause(t, results[3], first[1])
	w.expectLog(t, w.org, 4)
}

func refusedCause(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	engine.goWrong(rejectPoison)
	r := w.recorder(t, engine, audit.RecorderOptions{})
	results := records(t, r, w.org, false,
		input(withKey("a", "1"), invalid), input(causedByKey("a")), // refused at once
		input(withKey("b", poison)), input(withKey("c", "1"), causedByKey("b")), input(causedByKey("c")), // refused by the engine
		input(withKey("d", "1"), causedByKey("never")), input(causedByKey("d")), input()) // refused for its cause
	expectStatuses(t, results, "INVALID INVALID INVALID INVALID INVALID INVALID INVALID CREATED")
	for _, i := range []int{1, 3, 4, 5, 6} {
		expectProblem(t, results[i], audit.ProblemUnknownReference, "/causedBy/idempotencyKey")
	}
	w.expectLog(t, w.org, 1)
}

func unknownCause(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	never, err := audit.NewEventID(noon, 77, w.org)
	if err != nil {
		t.Fatal(err)
	}
	results := records(t, r, w.org, false,
		input(causedByKey("later")), input(withKey("later", "1")), input(withKey("self", "1"), causedByKey("self")),
		input(causedByEvent(never.String())), input(causedByEvent("evt_nonsense")))
	expectStatuses(t, results, "INVALID CREATED INVALID INVALID INVALID")
	expectProblem(t, results[0], audit.ProblemUnknownReference, "/causedBy/idempotencyKey")
	expectProblem(t, results[2], audit.ProblemUnknownReference, "/causedBy/idempotencyKey")
	expectProblem(t, results[3], audit.ProblemUnknownReference, "/causedBy/eventId")
	expectProblem(t, results[4], audit.ProblemUnknownReference, "/causedBy/eventId")
	w.expectLog(t, w.org, 1)
}

func foreignCause(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	theirs := records(t, r, w.other, false, input(withKey("a", "1")))[0]
	results := records(t, r, w.org, false, input(causedByEvent(theirs.EventID.String())), input(causedByKey("a")))
	expectStatuses(t, results, "INVALID INVALID")
	w.expectLog(t, w.org, 0)
}

func unknownCauseAtomic(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	results := records(t, r, w.org, true, input(withKey("a", "1")), input(withKey("b", "1"), causedByKey("never")), input(causedByKey("b")))
	expectStatuses(t, results, "SKIPPED INVALID SKIPPED")
	w.expectLog(t, w.org, 0)
}

// causeChain: each event is caused by the one before it, and every other is
// recorded already.
func causeChain(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	chain := make([]audit.EventInput, 100)
	for i := range chain {
		chain[i] = input(withKey(string(rune('a'+i)), "1"))
		if i > 0 {
			causedByKey(string(rune('a' + i - 1)))(&chain[i])
		}
	}
	records(t, r, w.org, false, chain[:1]...)
	results := records(t, r, w.org, true, chain...)
	for i, result := range results[1:] {
		if result.Status != audit.RecordCreated {
			t.Fatalf("event %d: %+v", i+1, result)
		}
		w.expectCause(t, result, results[i])
	}
	w.expectLog(t, w.org, len(chain))
}
