package storetest

import (
	"fmt"
	"testing"

	"daybook/audit"
)

func recorderResultPromises() []promise {
	return []promise{
		{"ResultsComeInTheOrderOfTheEvents", resultsInOrder},
		{"EveryStatusBesideEveryOther", everyStatus},
		{"AKeyTwiceInACallIsADuplicateOfTheFirst", keyTwiceInACall},
		{"AKeyTwiceWithOtherContentIsAConflict", keyTwiceOtherContent},
		{"AnInvalidEventLeavesItsKeyFree", invalidLeavesKeyFree},
		{"KeysOfConcurrentCallsAreRecordedOnce", keysOfConcurrentCalls},
		{"ConcurrentCallsWithOtherContentConflict", concurrentConflicts},
		{"AnEmptyCallIsAnswered", emptyCall},
		{"ACallOfTooManyIsRefusedWhole", callOfTooMany},
	}
}

func resultsInOrder(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	results := records(t, r, w.org, false, repeated(audit.MaxRecordEvents)...)
	for i, result := range results {
		if result.Status != audit.RecordCreated || result.EventID.Sequence() != int64(i)+1 {
			t.Fatalf("event %d: %+v", i, result)
		}
	}
	w.expectLog(t, w.org, audit.MaxRecordEvents)
}

func everyStatus(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	first := records(t, r, w.org, false, input(withKey("a", "1")), input(withKey("b", "1")))
	results := records(t, r, w.org, false,
		input(invalid), input(withKey("a", "1")), input(), input(withKey("b", "2")), input(invalid, withKey("a", "1")),
		input(withKey("c", "1")), input(withKey("b", "1")), input(withKey("c", "2")), input(withKey("c", "1")))
	expectStatuses(t, results, "INVALID DUPLICATE CREATED CONFLICT INVALID CREATED DUPLICATE CONFLICT DUPLICATE")
	expectProblem(t, results[0], audit.ProblemRequired, "/section")
	expectProblem(t, results[3], audit.ProblemKeyReused, "/idempotencyKey")
	expectProblem(t, results[7], audit.ProblemKeyReused, "/idempotencyKey")
	expectSame(t, first[0], results[1])
	expectSame(t, first[1], results[3], results[6])
	expectSame(t, results[5], results[7], results[8])
	w.expectLog(t, w.org, 4)
}

func keyTwiceInACall(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	results := records(t, r, w.org, false, input(withKey("a", "1")), input(withKey("a", "1")), input(), input(withKey("a", "1")))
	expectStatuses(t, results, "CREATED DUPLICATE CREATED DUPLICATE")
	expectSame(t, results[0], results[1], results[3])
	w.expectLog(t, w.org, 2)
}

func keyTwiceOtherContent(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	results := records(t, r, w.org, false, input(withKey("a", "1")), input(withKey("a", "2")), input(withKey("a", "1")))
	expectStatuses(t, results, "CREATED CONFLICT DUPLICATE")
	expectSame(t, results...)
	w.expectLog(t, w.org, 1)
}

func invalidLeavesKeyFree(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	results := records(t, r, w.org, false, input(withKey("a", "1"), invalid), input(withKey("a", "1")))
	expectStatuses(t, results, "INVALID CREATED")
	expectStatuses(t, records(t, r, w.org, false, input(withKey("a", "1"))), "DUPLICATE")
	w.expectLog(t, w.org, 1)
}

// keysOfConcurrentCalls: the calls go into one group, since the engine is held
// back until all wait.
func keysOfConcurrentCalls(t *testing.T, w *workspace) {
	const callers, keys = 12, 5
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{})
	calls := engine.together(r, w.org, callers, func(i int) []audit.EventInput {
		events := []audit.EventInput{input(named(fmt.Sprint("mine ", i)))}
		for k := range keys {
			events = append(events, input(withKey(fmt.Sprint("key ", k), "same")))
		}
		return events
	})
	created := 0
	first := calls[0].results(t)
	for _, c := range calls {
		results := c.results(t)
		checkResults(t, results, keys+1)
		for k, result := range results[1:] {
			if result.Status == audit.RecordCreated {
				created++
			} else if result.Status != audit.RecordDuplicate {
				t.Errorf("key %d is %s", k, result.Status)
			}
			expectSame(t, first[k+1], result)
		}
	}
	if created != keys {
		t.Errorf("%d keys were CREATED %d times", keys, created)
	}
	w.expectLog(t, w.org, 1+callers+keys)
}

func concurrentConflicts(t *testing.T, w *workspace) {
	const callers = 8
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{})
	calls := engine.together(r, w.org, callers, func(i int) []audit.EventInput {
		return []audit.EventInput{input(withKey("key", fmt.Sprint("content ", i%2)))}
	})
	var all []audit.RecordResult
	counts := map[audit.RecordStatus]int{}
	for _, c := range calls {
		results := c.results(t)
		checkResults(t, results, 1)
		all = append(all, results...)
		counts[results[0].Status]++
	}
	if counts[audit.RecordCreated] != 1 || counts[audit.RecordDuplicate] != callers/2-1 || counts[audit.RecordConflict] != callers/2 {
		t.Errorf("%v: %+v", counts, all)
	}
	expectSame(t, all...)
	w.expectLog(t, w.org, 1+1)
}

func emptyCall(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	for _, atomic := range []bool{false, true} {
		records(t, r, w.org, atomic)
	}
	w.expectLog(t, w.org, 0)
}

func callOfTooMany(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	for _, atomic := range []bool{false, true} {
		_, err := r.Record(w.ctx, w.org, repeated(audit.MaxRecordEvents+1), atomic)
		expectCode(t, err, audit.CodeBadInput)
	}
	w.expectLog(t, w.org, 0)
}
