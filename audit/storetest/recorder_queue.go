package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"daybook/audit"
)

func recorderQueuePromises() []promise {
	return []promise{
		{"ACallerThatGivesUpUndoesNothing", callerGivesUp},
		{"CloseFinishesWhatWasAccepted", closeFinishes},
		{"CloseThatGivesUpAnswersEverybody", closeGivesUp},
		{"AFullQueueIsOverloaded", fullOfEvents},
		{"AQueueFullOfBytesIsOverloaded", fullOfBytes},
		{"ARetryAfterOverloadMakesNoSecondEvent", retryAfterOverload},
		{"ACallLargerThanTheQueueIsTakenAlone", largerThanTheQueue},
		{"ANoisyOrganizationStarvesNobody", noisyOrganization},
		{"AnOrganizationThatIsBusyElsewhereGoesAlone", busyElsewhere},
	}
}

func callerGivesUp(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{})
	gone, giveUp := context.WithCancel(w.ctx)
	giveUp()
	engine.hold()
	for _, atomic := range []bool{false, true} {
		if _, err := r.Record(gone, w.org, repeated(2), atomic); !errors.Is(err, context.Canceled) {
			t.Errorf("the call ended with %v", err)
		}
	}
	engine.release()
	if err := r.Close(w.ctx); err != nil {
		t.Fatal(err)
	}
	w.expectLog(t, w.org, 4)
}

func closeFinishes(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{GroupEvents: 3})
	engine.hold()
	var calls []*call
	for i := range 20 {
		calls = append(calls, start(r, []audit.OrganizationID{w.org, w.other}[i%2], false, repeated(2)...))
	}
	closed := make(chan error)
	go func() { closed <- r.Close(context.Background()) }()
	engine.release()
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
	for _, c := range calls {
		expectStatuses(t, c.results(t), "CREATED CREATED")
	}
	_, err := r.Record(w.ctx, w.org, repeated(1), false)
	expectCode(t, err, audit.CodeOverloaded)
	w.expectLog(t, w.org, 20)
	w.expectLog(t, w.other, 20)
}

// closeGivesUp: nobody waits for ever, and nobody is told CREATED of what is
// not there.
func closeGivesUp(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{GroupEvents: 2})
	engine.hold()
	var calls []*call
	for range 5 {
		calls = append(calls, start(r, w.org, true, repeated(2)...))
	}
	<-engine.held
	ended, end := context.WithCancel(w.ctx)
	end()
	if err := r.Close(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("Close: %v", err)
	}
	created := 0
	for _, c := range calls {
		if <-c.answered; c.err == nil {
			created += len(c.list)
			continue
		}
		expectCode(t, c.err, audit.CodeOverloaded)
	}
	w.expectLog(t, w.org, created)
	engine.release()
}

// fill makes calls until one is refused, and gives the others.
func fill(t *testing.T, r *audit.Recorder, organization audit.OrganizationID, events ...audit.EventInput) []*call {
	t.Helper()
	var calls []*call
	for range 10_000 {
		c := start(r, organization, false, events...)
		select {
		case <-c.answered:
			expectCode(t, c.err, audit.CodeOverloaded)
			return calls
		default:
			calls = append(calls, c)
		}
	}
	t.Fatal("the queue has no bound")
	return nil
}

func fullOfEvents(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{QueueEvents: 100})
	third := w.organization(t, "third")
	engine.hold()
	first := fill(t, r, w.org, repeated(10)...)
	second := fill(t, r, w.other, repeated(5)...)
	none := fill(t, r, third, input())
	if len(first) != 5 || len(second) != 10 || len(none) != 0 {
		t.Errorf("of a queue of 100 events the first organization got %d, the second %d, the third %d", 10*len(first), 5*len(second), len(none))
	}
	engine.release()
	for _, c := range append(first, second...) {
		for _, result := range c.results(t) {
			if result.Status != audit.RecordCreated {
				t.Errorf("an accepted event is %s", result.Status)
			}
		}
	}
	records(t, r, third, false, repeated(50)...)
	w.expectLog(t, w.org, 50)
	w.expectLog(t, w.other, 50)
	w.expectLog(t, third, 50)
}

func fullOfBytes(t *testing.T, w *workspace) {
	const size = 10_000
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{QueueBytes: 20 * size})
	large := input(func(in *audit.EventInput) { in.Metadata = audit.JSON(`"` + strings.Repeat("x", size) + `"`) })
	engine.hold()
	first := fill(t, r, w.org, large)
	second := fill(t, r, w.other, large)
	if len(first) < 8 || len(first) > 9 || len(first)+len(second) < 16 || len(first)+len(second) > 19 {
		t.Errorf("of room for 20 events of 10 kB less their overhead the first organization got %d, the second %d", len(first), len(second))
	}
	engine.release()
	for _, c := range append(first, second...) {
		expectStatuses(t, c.results(t), "CREATED")
	}
	w.expectLog(t, w.org, len(first))
	w.expectLog(t, w.other, len(second))
}

func retryAfterOverload(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{QueueEvents: 4})
	engine.hold()
	accepted := start(r, w.org, false, input(withKey("a", "1")), input(withKey("b", "1")))
	refused := start(r, w.org, false, input(withKey("b", "1")), input(withKey("c", "1")))
	<-refused.answered
	expectCode(t, refused.err, audit.CodeOverloaded)
	engine.release()
	expectStatuses(t, accepted.results(t), "CREATED CREATED")
	expectStatuses(t, records(t, r, w.org, false, input(withKey("b", "1")), input(withKey("c", "1"))), "DUPLICATE CREATED")
	expectStatuses(t, records(t, r, w.org, false, input(withKey("b", "1")), input(withKey("c", "1"))), "DUPLICATE DUPLICATE")
	w.expectLog(t, w.org, 3)
}

// largerThanTheQueue: trying again would never help it.
func largerThanTheQueue(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{QueueEvents: 10, QueueBytes: 100})
	engine.hold()
	large := start(r, w.org, true, repeated(20)...)
	another := start(r, w.other, false, input())
	<-another.answered
	expectCode(t, another.err, audit.CodeOverloaded)
	engine.release()
	if results := large.results(t); results[19].Status != audit.RecordCreated {
		t.Errorf("%+v", results[19])
	}
	w.expectLog(t, w.org, 20)
}

// noisyOrganization: behind many groups of one organization, another waits for
// the one that is under way and for one more at most.
func noisyOrganization(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	r := w.recorder(t, engine, audit.RecorderOptions{GroupEvents: 10})
	engine.hold()
	var noisy []*call
	for range 30 {
		noisy = append(noisy, start(r, w.org, false, repeated(10)...))
	}
	<-engine.held
	quiet := start(r, w.other, false, input())
	if writers, _ := engine.Lanes(); writers > 1 {
		<-engine.held // another writer has taken it
	}
	engine.release()
	expectStatuses(t, quiet.results(t), "CREATED")
	for _, c := range noisy {
		c.results(t)
	}
	before := 0
	for engine.groups[before] != w.other {
		before++
	}
	if before > 2 {
		t.Errorf("the quiet organization waited for %d groups of the noisy one", before)
	}
	w.expectLog(t, w.org, 300)
	w.expectLog(t, w.other, 1)
}

// busyElsewhere: another server records for the organization, behind which
// nobody but its own callers waits.
func busyElsewhere(t *testing.T, w *workspace) {
	engine := newFaulty(w)
	engine.goWrong(func(group audit.Group) fault {
		if group.Organization == w.org {
			return isBusy
		}
		return goesWell
	})
	r := w.recorder(t, engine, audit.RecorderOptions{})
	writers, _ := w.Lanes()
	engine.hold()
	var calls []*call
	for i := range writers { // each has something to do
		calls = append(calls, start(r, w.organization(t, fmt.Sprint("writer ", i)), false, input()))
		<-engine.held
	}
	calls = append(calls, start(r, w.other, false, input()), start(r, w.org, false, input()), start(r, w.org, true, repeated(3)...))
	engine.release()
	for _, c := range calls {
		for _, result := range c.results(t) {
			if result.Status != audit.RecordCreated {
				t.Errorf("an event is %s", result.Status)
			}
		}
	}
	w.expectLog(t, w.other, 1)
	w.expectLog(t, w.org, 4)
}
