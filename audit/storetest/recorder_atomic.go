package storetest

import (
	"testing"

	"daybook/audit"
)

func recorderAtomicPromises() []promise {
	return []promise{
		{"AllAreRecordedTogether", atomicAll},
		{"AnInvalidEventRefusesAll", atomicInvalid},
		{"AConflictRefusesAll", atomicConflict},
		{"DuplicatesDoNotRefuse", atomicDuplicates},
		{"AKeyTwiceWithOtherContentRefusesAll", atomicKeyTwice},
		{"ACallRepeatedIsAllDuplicates", atomicRepeated},
		{"AConflictWithAConcurrentCallNamesItsEvent", atomicConcurrentConflict},
	}
}

func atomicAll(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	expectStatuses(t, records(t, r, w.org, true, input(), input(withKey("a", "1")), input()), "CREATED CREATED CREATED")
	w.expectLog(t, w.org, 3)
}

func atomicInvalid(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	events := []audit.EventInput{input(), input(withKey("a", "1")), input(invalid), input(invalid)}
	expectStatuses(t, records(t, r, w.org, true, events...), "SKIPPED SKIPPED INVALID INVALID")
	w.expectLog(t, w.org, 0)
	expectStatuses(t, records(t, r, w.org, true, events[:2]...), "CREATED CREATED")
}

func atomicConflict(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	first := records(t, r, w.org, false, input(withKey("a", "1")), input(withKey("b", "1")))
	results := records(t, r, w.org, true, input(), input(withKey("a", "2")), input(withKey("b", "1")), input(withKey("c", "1")))
	expectStatuses(t, results, "SKIPPED CONFLICT DUPLICATE SKIPPED")
	expectProblem(t, results[1], audit.ProblemKeyReused, "/idempotencyKey")
	expectSame(t, first[0], results[1])
	expectSame(t, first[1], results[2])
	w.expectLog(t, w.org, 2)
	expectStatuses(t, records(t, r, w.org, true, input(withKey("c", "2"))), "CREATED")
}

func atomicDuplicates(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	first := records(t, r, w.org, false, input(withKey("a", "1")))
	results := records(t, r, w.org, true, input(withKey("b", "1")), input(withKey("a", "1")), input(withKey("b", "1")), input())
	expectStatuses(t, results, "CREATED DUPLICATE DUPLICATE CREATED")
	expectSame(t, first[0], results[1])
	expectSame(t, results[0], results[2])
	w.expectLog(t, w.org, 3)
}

func atomicKeyTwice(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	results := records(t, r, w.org, true, input(withKey("a", "1")), input(), input(withKey("a", "2")), input(withKey("a", "1")))
	expectStatuses(t, results, "SKIPPED SKIPPED CONFLICT SKIPPED")
	w.expectLog(t, w.org, 0)
	expectStatuses(t, records(t, r, w.org, true, input(withKey("a", "2"))), "CREATED")
}

func atomicRepeated(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	events := []audit.EventInput{input(withKey("a", "1")), input(withKey("b", "1"), causedByKey("a"))}
	first := records(t, r, w.org, true, events...)
	again := records(t, r, w.org, true, events...)
	expectStatuses(t, first, "CREATED CREATED")
	expectStatuses(t, again, "DUPLICATE DUPLICATE")
	for i := range first {
		expectSame(t, first[i], again[i])
	}
	w.expectLog(t, w.org, 2)
}

// atomicConcurrentConflict: the other call is in the same group, and what
// becomes of it decides.
func atomicConcurrentConflict(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{})
	engine.hold()
	start(r, w.org, false, input())
	<-engine.held
	single := start(r, w.org, false, input(withKey("a", "1")))
	conflicting := start(r, w.org, true, input(), input(withKey("a", "2")), input())
	same := start(r, w.org, true, input(withKey("b", "1")), input(withKey("a", "1")))
	engine.release()
	expectStatuses(t, single.results(t), "CREATED")
	expectStatuses(t, conflicting.results(t), "SKIPPED CONFLICT SKIPPED")
	expectStatuses(t, same.results(t), "CREATED DUPLICATE")
	expectSame(t, single.results(t)[0], conflicting.results(t)[1], same.results(t)[1])
	w.expectLog(t, w.org, 3)
}
