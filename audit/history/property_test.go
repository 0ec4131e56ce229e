package history

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"daybook/audit"
)

// drawStory draws the events of an object, in their order. Their values before
// often contradict each other, as in real logs.
func drawStory(t *rapid.T) []audit.ObjectEvent {
	actions := []audit.Action{
		audit.ActionUpdate, audit.ActionUpdate, audit.ActionUpdate, audit.ActionOther, audit.ActionCreate, audit.ActionDelete,
	}
	values := []string{"", "1", "2", `"x"`, `["a","b"]`, `["b"]`, `{"k":[1,2]}`}
	var events []audit.ObjectEvent
	for i := range rapid.IntRange(0, 12).Draw(t, "events") {
		if rapid.IntRange(0, 9).Draw(t, "merged") == 0 {
			events = append(events, merged(10*i, "other"))
			continue
		}
		var changes []audit.Change
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			text := fmt.Sprintf("%s:%s>%s", rapid.SampledFrom([]string{"p", "q", "r"}).Draw(t, "property"),
				rapid.SampledFrom(values).Draw(t, "before"), rapid.SampledFrom(values).Draw(t, "after"))
			if rapid.IntRange(0, 9).Draw(t, "secret") == 0 {
				changes = append(changes, secret(strings.NewReplacer("1", `"[redacted]"`, "2", `"[redacted]"`).Replace(text)))
			} else {
				changes = append(changes, change(text))
			}
		}
		events = append(events, own(10*i, 1, rapid.SampledFrom(actions).Draw(t, "action"), changes...))
	}
	return events
}

// shownValues are the properties that have a value.
func shownValues(s *State) map[string]string {
	values := map[string]string{}
	for i := range s.Properties {
		if p := &s.Properties[i]; p.hasValue() {
			values[p.Key] = fmt.Sprint(string(p.Value), p.Redacted)
		}
	}
	return values
}

// Applying the changes between two instants to the state at the first gives the
// state at the second.
func TestChangesLeadFromOneStateToTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := drawStory(t)
		from := rapid.IntRange(-5, 125).Draw(t, "from")
		to := rapid.IntRange(from, 130).Draw(t, "to")
		before, after := stateAt(minute(from), events), stateAt(minute(to), events)
		if before == nil || after == nil {
			if len(events) > 0 {
				t.Fatal("an object with events has no state")
			}
			return
		}
		values := shownValues(before)
		for _, c := range Compare(before, after).Changes {
			if delete(values, c.Property); c.Operation != audit.OperationRemoved {
				values[c.Property] = fmt.Sprint(string(c.After), shownRedaction(after, c.Property))
			}
		}
		if want := shownValues(after); !maps.Equal(values, want) {
			t.Fatalf("the changes lead to %v, but the state is %v", values, want)
		}
	})
}

func shownRedaction(s *State, property string) bool {
	i := slices.IndexFunc(s.Properties, func(p Property) bool { return p.Key == property })
	return s.Properties[i].Redacted
}

// What happens after an instant never changes what was set by then; it only tells
// of what nothing had told.
func TestLaterEventsOnlyAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := drawStory(t)
		at := rapid.IntRange(-5, 125).Draw(t, "at")
		n := slices.IndexFunc(events, func(e audit.ObjectEvent) bool { return e.ID.OccurredAt().After(minute(at)) })
		if n <= 0 {
			return
		}
		alone, all := stateAt(minute(at), events[:n]), stateAt(minute(at), events)
		if existence(alone.Exists) != existence(all.Exists) || alone.Complete != all.Complete {
			t.Fatalf("%s became %s", shown(alone), shown(all))
		}
		known := map[string]string{}
		for i := range all.Properties {
			known[all.Properties[i].Key] = shownProperty(&all.Properties[i])
		}
		for i := range alone.Properties {
			if p := shownProperty(&alone.Properties[i]); known[alone.Properties[i].Key] != p {
				t.Fatalf("%s became %s", p, known[alone.Properties[i].Key])
			}
		}
	})
}

// A state is that of its last change of each property, since the object was last
// created anew.
func TestStateIsTheLastChangeOfEachProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := drawStory(t)
		if len(events) == 0 {
			return
		}
		last, gone := map[string]string{}, false
		for _, e := range events {
			if e.Own && e.Action == audit.ActionCreate && gone {
				last = map[string]string{}
			}
			gone = (gone || e.Merged || e.Action == audit.ActionDelete) && (e.Merged || e.Action != audit.ActionCreate)
			for _, c := range e.Changes {
				last[c.Property] = string(c.After)
			}
		}
		got := map[string]string{}
		for _, p := range stateAt(minute(200), events).Properties {
			got[p.Key] = string(p.Value)
		}
		if !maps.Equal(got, last) {
			t.Fatalf("the state is %v, want %v", got, last)
		}
	})
}
