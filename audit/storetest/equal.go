package storetest

import (
	"fmt"
	"reflect"
	"testing"

	"daybook/audit"
)

// checkEvent compares an event, read with audit.AllFields, with the entry it
// was recorded from: every string and JSON value byte for byte.
func checkEvent(t *testing.T, e *audit.Entry, event *audit.Event) {
	t.Helper()
	same(t, "category", event.Category, e.Category)
	same(t, "action", event.Action, e.Action)
	same(t, "event name", event.Name, e.EventName)
	same(t, "object", event.Object, e.Object)
	same(t, "address", event.IPAddress, e.IPAddress)
	same(t, "user agent", event.UserAgent, e.UserAgent)
	same(t, "correlation id", event.CorrelationID, e.CorrelationID)
	same(t, "metadata", event.Metadata, e.Metadata)
	checkParticipant(t, "performer", &event.Performer, &e.Performer)
	checkParticipant(t, "on behalf of", event.OnBehalf, e.OnBehalf)
	checkParticipant(t, "about", event.About, e.About)
	if event.Section == nil || event.Section.Key != e.Section || event.Section.ID != event.SectionID {
		t.Errorf("section %+v of number %d, want key %q", event.Section, event.SectionID, e.Section)
	}
	checkChanges(t, event, e.Changes)
	checkDetails(t, event, e.Details)
}

func checkParticipant(t *testing.T, part string, p *audit.Participant, said *audit.EntryActor) {
	t.Helper()
	if p == nil || said == nil {
		if (p == nil) != (said == nil) {
			t.Errorf("%s: %+v, want %+v", part, p, said)
		}
		return
	}
	if p.Actor == nil {
		t.Errorf("%s: no actor although all fields were asked for", part)
		return
	}
	same(t, part+": actor's number", p.Actor.ID, p.ActorID)
	same(t, part+": kind", p.Actor.Kind, said.Kind)
	same(t, part+": external id", p.Actor.ExternalID, said.ExternalID)
	same(t, part+": recorded name", p.RecordedName, said.Name)
}

func checkChanges(t *testing.T, event *audit.Event, said []audit.Change) {
	t.Helper()
	if len(event.Changes) != len(said) {
		t.Errorf("%d changes, want %d", len(event.Changes), len(said))
		return
	}
	for i, change := range event.Changes {
		want := said[i]
		want.EventID, want.Ordinal = event.ID, i
		same(t, fmt.Sprintf("change %d", i), change, want)
	}
}

// checkDetails expects the participant that some details speak of to be the
// event's.
func checkDetails(t *testing.T, event *audit.Event, said audit.Details) {
	t.Helper()
	switch details := said.(type) {
	case *audit.AuthorizationDetails:
		want := *details
		want.About = event.About
		same[audit.Details](t, "details", event.Details, &want)
	case *audit.WorkSessionDetails:
		want := *details
		want.About = event.About
		same[audit.Details](t, "details", event.Details, &want)
	default:
		same(t, "details", event.Details, said)
	}
}

// same compares deeply: pointers by what they point to, nil apart from empty.
func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %s, want %s", what, show(got), show(want))
	}
}

func equalPointers[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}
