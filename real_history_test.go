package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// objectKey names an object of the real events.
type objectKey struct {
	Type       string `json:"type"`
	ExternalID string `json:"externalId"`
}

// readState is a state as the API answers it.
type readState struct {
	Exists     *bool
	Properties []struct {
		Property string
		Value    json.RawMessage
		Since    *time.Time
		Redacted bool
	}
}

// values are the properties that were set and have a value.
func (s *readState) values(setOnly bool) map[string]string {
	values := map[string]string{}
	for _, p := range s.Properties {
		if string(p.Value) != "null" && (p.Since != nil || !setOnly) {
			values[p.Property] = string(p.Value)
		}
	}
	return values
}

// byObject gives each object its events, in the order in which they happened.
func byObject(events []readEvent) map[objectKey][]readEvent {
	objects := map[objectKey][]readEvent{}
	for _, event := range events {
		if event.Object != nil {
			key := objectKey{event.Object.Type, event.Object.ExternalID}
			objects[key] = append(objects[key], event)
		}
	}
	return objects
}

// replayed are the values that an object's events lead to.
func replayed(events []readEvent, until time.Time) map[string]string {
	values := map[string]string{}
	for _, event := range events {
		if event.OccurredAt.After(until) {
			break
		}
		for _, change := range event.Changes {
			if delete(values, change.Property); len(change.After) > 0 && string(change.After) != "null" {
				values[change.Property] = string(change.After)
			}
		}
	}
	return values
}

// checkStates asks for the state of every object after its last event, and of some
// at two instants with what differs between them.
func checkStates(t *testing.T, s *server, events []readEvent) {
	t.Helper()
	objects := byObject(events)
	keys := slices.SortedFunc(maps.Keys(objects), func(a, b objectKey) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	if len(keys) < 3000 {
		t.Fatalf("only %d objects", len(keys))
	}
	for some := range slices.Chunk(keys, 25) {
		for i, state := range statesAt(s, some, "2100-01-01T00:00:00Z") {
			if want := replayed(objects[some[i]], time.Now().AddDate(1, 0, 0)); !maps.Equal(state.values(true), want) {
				t.Errorf("%v is at last %v, want %v", some[i], state.values(true), want)
			}
		}
	}
	chance := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		key := keys[chance.IntN(len(keys))]
		checkComparison(t, s, chance, key, objects[key])
	}
}

// statesAt asks for many states in one request.
func statesAt(s *server, objects []objectKey, at string) []readState {
	var declared, fields strings.Builder
	variables := map[string]any{"at": at}
	for i, object := range objects {
		fmt.Fprintf(&declared, ", $o%d: ObjectRef!", i)
		fmt.Fprintf(&fields, " s%d: objectAsOf(object: $o%[1]d, at: $at) { exists properties { property value since redacted } }", i)
		variables[fmt.Sprint("o", i)] = object
	}
	var answer map[string]*readState
	s.query("query States($at: DateTime!"+declared.String()+") {"+fields.String()+" }", variables, &answer)
	states := make([]readState, len(objects))
	for i := range objects {
		if state := answer[fmt.Sprint("s", i)]; state != nil {
			states[i] = *state
		}
	}
	return states
}

// checkComparison draws two instants among an object's events, and expects that the
// changes between them lead from the one state to the other.
func checkComparison(t *testing.T, s *server, chance *rand.Rand, key objectKey, events []readEvent) {
	t.Helper()
	draw := func() time.Time {
		return events[chance.IntN(len(events))].OccurredAt.Add(time.Duration(chance.IntN(3)-1) * time.Microsecond)
	}
	from, to := draw(), draw()
	if from.After(to) {
		from, to = to, from
	}
	var answer struct {
		Was, Is *readState
		Between *struct {
			Changes []struct {
				Property, Operation string
				After               json.RawMessage
			}
		}
	}
	s.query(`query Compare($object: ObjectRef!, $from: DateTime!, $to: DateTime!) {
		was: objectAsOf(object: $object, at: $from) { exists properties { property value since redacted } }
		is: objectAsOf(object: $object, at: $to) { exists properties { property value since redacted } }
		between: compareObject(object: $object, from: $from, to: $to) { changes { property operation after } }
	}`, map[string]any{"object": key, "from": from, "to": to}, &answer)
	if want := replayed(events, from); !maps.Equal(answer.Was.values(true), want) {
		t.Errorf("%v is at %s %v, want %v", key, from, answer.Was.values(true), want)
	}
	values := answer.Was.values(false)
	for _, change := range answer.Between.Changes {
		if delete(values, change.Property); change.Operation != "REMOVED" {
			values[change.Property] = string(change.After)
		}
	}
	if want := answer.Is.values(false); !maps.Equal(values, want) {
		t.Errorf("%v from %s to %s leads to %v, want %v", key, from, to, values, want)
	}
}
