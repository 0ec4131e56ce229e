package main

import (
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"daybook/internal/postgrestest"
)

const recordOne = `mutation Record($event: EventInput!) { recordEvent(event: $event) { result { status eventId problems { path message } } } }`

// recordAnswer is the answer to recordOne.
type recordAnswer struct {
	RecordEvent struct {
		Result struct {
			Status   string
			EventID  string
			Problems []struct{ Path, Message string }
		}
	}
}

// anEvent is a small valid event with a key.
func anEvent(key string) map[string]any {
	return map[string]any{
		"idempotencyKey": key, "action": "UPDATE", "section": "conversation",
		"performedBy": map[string]any{"user": map[string]any{"externalId": "u-" + key[len(key)-1:], "name": "User " + key[len(key)-1:]}},
		"changes":     []any{map[string]any{"property": "status", "before": "Open", "after": "Done " + key}},
		"details":     map[string]any{"conversation": map[string]any{"conversation": map[string]any{"externalId": "cnv-" + key}}},
	}
}

// TestKilledServerLosesNothingAcknowledged kills the server while many callers
// record, again and again on the same database.
func TestKilledServerLosesNothingAcknowledged(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		acknowledged := map[string]string{} // key to event id
		for round := range 3 {
			s := serveProcess(t, database)
			recordUntilKilled(s, round, acknowledged)
		}
		verifyLog(t, database)
		s := serve(t, database)
		if len(acknowledged) == 0 {
			t.Fatal("nothing was acknowledged before the kill")
		}
		stored := walk(s, wholeEvent, "RECORDED_AT", "ASC", 500, false)
		ids := map[string]bool{}
		for i, event := range stored {
			if event.Sequence != i+1 {
				t.Fatalf("the sequence has %d in place %d", event.Sequence, i+1)
			}
			if ids[event.ID] {
				t.Fatalf("%s is there twice", event.ID)
			}
			ids[event.ID] = true
		}
		for key, id := range acknowledged {
			if !ids[id] {
				t.Errorf("%s was acknowledged as %s and is gone", key, id)
			}
			var again recordAnswer
			if len(acknowledged) < 200 || len(key)%7 == 0 {
				s.query(recordOne, map[string]any{"event": anEvent(key)}, &again)
				if result := again.RecordEvent.Result; result.Status != "DUPLICATE" || result.EventID != id {
					t.Errorf("%s sent again: %+v, want DUPLICATE of %s", key, result, id)
				}
			}
		}
		t.Logf("%d acknowledged, %d stored", len(acknowledged), len(stored))
	})
}

// recordUntilKilled lets eight callers record, kills the server in the midst of
// it, and notes what was answered CREATED.
func recordUntilKilled(s *server, round int, acknowledged map[string]string) {
	var mu sync.Mutex
	var callers sync.WaitGroup
	enough := make(chan struct{})
	for caller := range 8 {
		callers.Go(func() {
			for n := 0; ; n++ {
				key := fmt.Sprintf("r%d-c%d-%d", round, caller, n)
				a, err := s.post(testKey, recordOne, map[string]any{"event": anEvent(key)})
				if err != nil {
					return // killed
				}
				var answer recordAnswer
				if err := decode(a, &answer); err != nil || answer.RecordEvent.Result.Status != "CREATED" {
					s.t.Errorf("%s: %v %+v", key, err, answer)
					return
				}
				mu.Lock()
				acknowledged[key] = answer.RecordEvent.Result.EventID
				if len(acknowledged) == 100*(round+1) {
					close(enough)
				}
				mu.Unlock()
			}
		})
	}
	select {
	case <-enough:
	case <-time.After(30 * time.Second):
		s.t.Error("recording is stuck")
	}
	s.kill()
	callers.Wait()
}

// TestTwoServersRecordToOneOrganization sends the same keys to two servers on
// one database at once.
func TestTwoServersRecordToOneOrganization(t *testing.T) {
	database := postgrestest.NewDatabase(t)
	servers := []*server{serve(t, database)}
	servers = append(servers, serve(t, database))
	const keys = 150
	var mu sync.Mutex
	statuses := map[string][]string{}
	ids := map[string]map[string]bool{}
	var callers sync.WaitGroup
	for _, s := range servers {
		for caller := range 4 {
			callers.Go(func() {
				for n := caller; n < keys; n += 4 {
					key := "k" + strconv.Itoa(n)
					a, err := s.post(testKey, recordOne, map[string]any{"event": anEvent(key)})
					var answer recordAnswer
					if err != nil || decode(a, &answer) != nil {
						t.Errorf("%s: %v %+v", key, err, a)
						return
					}
					mu.Lock()
					statuses[key] = append(statuses[key], answer.RecordEvent.Result.Status)
					if ids[key] == nil {
						ids[key] = map[string]bool{}
					}
					ids[key][answer.RecordEvent.Result.EventID] = true
					mu.Unlock()
				}
			})
		}
	}
	callers.Wait()
	verifyLog(t, database)
	for key, list := range statuses {
		if created := count(list, "CREATED"); created != 1 || count(list, "DUPLICATE") != 1 || len(ids[key]) != 1 {
			t.Errorf("%s: %v as %v", key, list, ids[key])
		}
	}
	stored := walk(servers[0], wholeEvent, "RECORDED_AT", "ASC", 500, false)
	if len(stored) != keys {
		t.Errorf("%d events, want %d", len(stored), keys)
	}
	for i, event := range stored {
		if event.Sequence != i+1 {
			t.Fatalf("the sequence has %d in place %d", event.Sequence, i+1)
		}
	}
}

func count(list []string, what string) int {
	n := 0
	for _, one := range list {
		if one == what {
			n++
		}
	}
	return n
}
