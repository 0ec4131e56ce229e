package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

// faultRounds is how often a fault test repeats its fault: DAYBOOK_TEST_ROUNDS,
// for a long run, or as often as it says itself.
func faultRounds(t *testing.T, usual int) int {
	t.Helper()
	text := os.Getenv("DAYBOOK_TEST_ROUNDS")
	if text == "" {
		return usual
	}
	rounds, err := strconv.Atoi(text)
	if err != nil || rounds < 1 {
		t.Fatalf("DAYBOOK_TEST_ROUNDS is %q; it must be a number from 1", text)
	}
	return rounds
}

// load is many callers that record while things go wrong, and remember what they
// were answered. Every event has a correlation id of its own.
type load struct {
	t       *testing.T
	padding string // makes each event larger
	callers sync.WaitGroup
	stopped chan struct{}

	mu           sync.Mutex
	changed      *sync.Cond
	acknowledged map[string]string // correlation id to event id
	overloaded   int               // answers that said so
	unanswered   int               // calls whose connection was lost
}

func newLoad(t *testing.T) *load {
	l := &load{t: t, stopped: make(chan struct{}), acknowledged: map[string]string{}}
	l.changed = sync.NewCond(&l.mu)
	t.Cleanup(l.stop)
	return l
}

// on starts callers of a server, which end with it. Half of them send events
// with keys, and again until they are recorded; the others send events without,
// once.
func (l *load) on(s *server, name string, callers int) {
	for caller := range callers {
		l.callers.Go(func() {
			for n, keyed := 0, caller%2 == 0; !l.ended(); n++ {
				outcome := l.record(s, fmt.Sprintf("%s-%d-%d", name, caller, n), keyed)
				for outcome == isOverloaded && keyed && !l.ended() {
					outcome = l.record(s, fmt.Sprintf("%s-%d-%d", name, caller, n), keyed)
				}
				if outcome == isUnanswered {
					return
				}
			}
		})
	}
}

func (l *load) ended() bool {
	select {
	case <-l.stopped:
		return true
	default:
		return false
	}
}

// outcome is what became of a call.
type outcome int

const (
	isAnswered outcome = iota
	isOverloaded
	isUnanswered // the connection to the server was lost
)

const loadMutation = `mutation Load($events: [EventInput!]!) {
  recordEvents(events: $events, atomic: true) { results { status eventId event { correlationId } problems { path message } } }
}`

// loadAnswer is the answer to loadMutation.
type loadAnswer struct {
	RecordEvents *struct {
		Results []struct {
			Status, EventID string
			Event           *struct{ CorrelationID string }
			Problems        []struct{ Path, Message string }
		}
	}
}

// record makes one call of three events.
func (l *load) record(s *server, id string, keyed bool) outcome {
	a, err := s.post(testKey, loadMutation, map[string]any{"events": l.events(id, keyed)})
	if err != nil {
		l.note(func() { l.unanswered++ })
		return isUnanswered
	}
	if a.Status == http.StatusServiceUnavailable && len(a.Errors) == 1 && a.Errors[0].Extensions["code"] == "OVERLOADED" {
		l.note(func() { l.overloaded++ })
		return isOverloaded
	}
	var answer loadAnswer
	if err := json.Unmarshal(a.Data, &answer); err != nil || answer.RecordEvents == nil {
		l.t.Errorf("%s was answered %d: %v", id, a.Status, a.Errors)
		return isAnswered
	}
	l.note(func() {
		for i, result := range answer.RecordEvents.Results {
			one := id + "-" + strconv.Itoa(i)
			if result.Status != "CREATED" && !(keyed && result.Status == "DUPLICATE") {
				l.t.Errorf("%s is %s: %v", one, result.Status, result.Problems)
			}
			// What was recorded is answered also when it cannot be read back.
			if result.Event != nil && result.Event.CorrelationID != one || result.Event == nil && len(a.Errors) == 0 {
				l.t.Errorf("%s was answered with the event %+v and %v", one, result.Event, a.Errors)
			}
			l.acknowledged[one] = result.EventID
		}
	})
	return isAnswered
}

func (l *load) events(id string, keyed bool) []any {
	events := make([]any, 3)
	for i := range events {
		one := id + "-" + strconv.Itoa(i)
		event := anEvent(one)
		event["correlationId"], event["metadata"] = one, l.padding
		if !keyed {
			delete(event, "idempotencyKey")
		}
		events[i] = event
	}
	return events
}

func (l *load) note(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
	l.changed.Broadcast()
}

// until waits until something holds of the answers.
func (l *load) until(what string, holds func() bool) {
	l.t.Helper()
	late := time.AfterFunc(time.Minute, func() { l.note(func() {}) })
	defer late.Stop()
	deadline := time.Now().Add(time.Minute)
	l.mu.Lock()
	defer l.mu.Unlock()
	for !holds() {
		if !time.Now().Before(deadline) {
			l.t.Fatalf("after a minute not yet: %s (%d acknowledged, %d overloaded, %d unanswered)", what, len(l.acknowledged), l.overloaded, l.unanswered)
		}
		l.changed.Wait()
	}
}

// more waits for as many further events to be acknowledged.
func (l *load) more(events int) {
	l.t.Helper()
	l.mu.Lock()
	goal := len(l.acknowledged) + events
	l.mu.Unlock()
	l.until(fmt.Sprint(goal, " events acknowledged"), func() bool { return len(l.acknowledged) >= goal })
}

// stop ends the callers, each after its call.
func (l *load) stop() {
	if !l.ended() {
		close(l.stopped)
	}
	l.callers.Wait()
}

// verify stops the callers, verifies the log and expects everything
// acknowledged to be in it, once and as the event that was named.
func (l *load) verify(database string) {
	l.t.Helper()
	l.stop()
	stored := verifyLog(l.t, database)
	missing := 0
	for correlation, id := range l.acknowledged {
		if stored[correlation] != id {
			missing++
			l.t.Logf("%s was acknowledged as %s and is %q", correlation, id, stored[correlation])
		}
	}
	if missing > 0 {
		l.t.Errorf("%d of %d acknowledged events are missing", missing, len(l.acknowledged))
	}
	l.t.Logf("%d acknowledged, %d stored, %d times overloaded, %d times no answer", len(l.acknowledged), len(stored), l.overloaded, l.unanswered)
}

// untilOverloaded waits for as many further answers that say so.
func (l *load) untilOverloaded(answers int) {
	l.t.Helper()
	l.mu.Lock()
	goal := l.overloaded + answers
	l.mu.Unlock()
	l.until("overloaded", func() bool { return l.overloaded >= goal })
}
