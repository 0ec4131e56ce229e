package event

import (
	"reflect"
	"testing"
)

func TestEventsAreTheSameEachTime(t *testing.T) {
	if !reflect.DeepEqual(Make(500), Make(500)) {
		t.Error("two runs make different events")
	}
}

func TestEventsHaveOneAndAHalfChangesInTheMean(t *testing.T) {
	const count = 20_000
	changes := 0
	for _, e := range Make(count) {
		changes += len(e.Changes)
	}
	if mean := float64(changes) / count; mean < 1.4 || mean > 1.6 {
		t.Errorf("events have %.2f changes in the mean", mean)
	}
}

// What the API refuses would be measured as something else.
func TestTheAPITakesEveryEvent(t *testing.T) {
	events := Make(1200)
	entries, err := Entries(t.Context(), events)
	if err != nil {
		t.Fatal(err)
	}
	for i, entry := range entries {
		if entry.Performer.ExternalID != events[i].ActorID || len(entry.Changes) != len(events[i].Changes) {
			t.Fatalf("entry %d is not that of event %d", i, i)
		}
	}
}
