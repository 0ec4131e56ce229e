package storetest

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"daybook/audit"
)

func recorderRulePromises() []promise {
	return []promise{{"AnyCallsOverAnyFaultsFollowTheRules", anyCalls}}
}

// anyCalls makes drawn calls over an engine with drawn faults, one after
// another, and compares each with what the rules say.
func anyCalls(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{Patience: time.Hour})
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		rules := &rules{byKey: map[string]ruled{}, causes: map[audit.EventID]*audit.EventID{}}
		organization := w.organization(t, fmt.Sprint("drawn ", n))
		faults := rapid.SliceOfN(rapid.SampledFrom([]fault{goesWell, goesWell, isUnavailable, isLostBefore, isLostAfter}), 0, 4).Draw(t, "faults")
		engine.goWrongInTurn(faults...)
		afterFaults := engine.fault
		engine.goWrong(func(group audit.Group) fault {
			if rejectPoison(group) == isRejected {
				return isRejected
			}
			return afterFaults(group)
		})
		for range rapid.IntRange(1, 3).Draw(t, "calls") {
			events := rapid.SliceOfN(rapid.Custom(drawRuled), 1, 6).Draw(t, "events")
			atomic := rapid.Bool().Draw(t, "atomic")
			rules.check(t, r, organization, events, atomic)
		}
		rules.checkLog(t, w, organization)
	})
}

// ruledEvent is an event as far as the rules are concerned.
type ruledEvent struct {
	key, content, cause string // "" for none
	invalid             bool
}

func drawRuled(t *rapid.T) ruledEvent {
	e := ruledEvent{
		key:     rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "key"),
		content: rapid.SampledFrom([]string{"1", "1", "1", "2", poison}).Draw(t, "content"),
		cause:   rapid.SampledFrom([]string{"", "", "", "a", "b"}).Draw(t, "cause"),
		invalid: rapid.IntRange(0, 9).Draw(t, "invalid") == 9,
	}
	if e.content == poison {
		e.key = "" // or the engine might find the key before it looks at the content
	}
	return e
}

func (e ruledEvent) input() audit.EventInput {
	in := input(named(e.content))
	if e.key != "" {
		in.IdempotencyKey = &e.key
	}
	if e.cause != "" {
		causedByKey(e.cause)(&in)
	}
	if e.invalid {
		invalid(&in)
	}
	return in
}

// same says whether two uses of a key have the same content.
func (e ruledEvent) same(other ruledEvent) bool {
	return e.content == other.content && e.cause == other.cause
}

// rules is what the rules say that is recorded.
type rules struct {
	byKey  map[string]ruled
	causes map[audit.EventID]*audit.EventID // of every event, nil for none
}

// ruled is a recorded use of a key.
type ruled struct {
	ruledEvent
	id audit.EventID
}

// check makes a call and expects the results that follow from the rules. The
// ids of created events are taken from the results.
func (r *rules) check(t *rapid.T, recorder *audit.Recorder, organization audit.OrganizationID, events []ruledEvent, atomic bool) {
	inputs := make([]audit.EventInput, len(events))
	for i, e := range events {
		inputs[i] = e.input()
	}
	results, err := recorder.Record(t.Context(), organization, inputs, atomic)
	expected := r.expect(events, atomic)
	if expected == nil {
		expectCode(t, err, audit.CodeBadInput)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	checkResults(t, results, len(events))
	statuses := ""
	for _, one := range expected {
		statuses += " " + one.status.String()
	}
	expectStatuses(t, results, statuses[1:])
	if t.Failed() {
		t.FailNow()
	}
	r.note(t, events, expected, results)
}

// note takes over what was created, and checks the ids of what was not.
func (r *rules) note(t *rapid.T, events []ruledEvent, expected []expectation, results []audit.RecordResult) {
	for i, one := range expected {
		switch {
		case one.status == audit.RecordCreated:
			id := *results[i].EventID
			r.causes[id] = one.causeID(results)
			if events[i].key != "" {
				r.byKey[events[i].key] = ruled{events[i], id}
			}
		case one.id != nil && !equalPointers(one.id, results[i].EventID):
			t.Errorf("event %d names %s, want %s", i, showPtr(results[i].EventID), showPtr(one.id))
		case one.first >= 0:
			expectSame(t, results[one.first], results[i])
		}
	}
}

// checkLog expects every created event to be in the log once, with its cause,
// and no other.
func (r *rules) checkLog(t *rapid.T, w *workspace, organization audit.OrganizationID) {
	w.expectLog(t, organization, len(r.causes))
	for _, event := range w.find(t, organization, oldestFirst(nil)) {
		cause, created := r.causes[event.ID]
		if !created || !equalPointers(event.CausedBy, cause) {
			t.Errorf("event %s, created %v, was caused by %s, want %s", event.ID, created, showPtr(event.CausedBy), showPtr(cause))
		}
	}
}
