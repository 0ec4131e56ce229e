package history

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"daybook/audit"
)

var (
	rule = audit.ObjectRef{Type: "business_rule", ExternalID: "r-1"}
	zero = time.Date(2024, time.March, 5, 12, 0, 0, 0, time.UTC)
)

// minute is an instant of the tests below.
func minute(n int) time.Time { return zero.Add(time.Duration(n) * time.Minute) }

// own is an event that happened to the object at a minute. Events of one minute
// have to come in the order of their sequences.
func own(at int, sequence int64, action audit.Action, changes ...audit.Change) audit.ObjectEvent {
	id, err := audit.NewEventID(minute(at), sequence, 1)
	if err != nil {
		panic(err)
	}
	for i := range changes {
		changes[i].EventID, changes[i].Ordinal = id, i
	}
	return audit.ObjectEvent{ID: id, Own: true, Action: action, Changes: changes}
}

func created(at int, changes ...audit.Change) audit.ObjectEvent {
	return own(at, 1, audit.ActionCreate, changes...)
}

func updated(at int, changes ...audit.Change) audit.ObjectEvent {
	return own(at, 1, audit.ActionUpdate, changes...)
}

func deleted(at int, changes ...audit.Change) audit.ObjectEvent {
	return own(at, 1, audit.ActionDelete, changes...)
}

// merged is an event of another object, into which this one went.
func merged(at int, into string) audit.ObjectEvent {
	event := own(at, 1, audit.ActionMerge)
	event.Own, event.Merged = false, true
	if into != "" {
		event.MergedInto = &audit.Object{Type: "customer", ExternalID: into}
	}
	return event
}

func called(event audit.ObjectEvent, name string) audit.ObjectEvent {
	event.Name = &name
	return event
}

// change is "property: before > after"; what is empty is no value.
func change(text string) audit.Change {
	property, values, _ := strings.Cut(text, ":")
	before, after, _ := strings.Cut(values, ">")
	c := audit.Change{Property: property, Before: value(before), After: value(after), Operation: audit.OperationChanged}
	switch {
	case c.Before == nil && c.After != nil:
		c.Operation = audit.OperationAdded
	case c.Before != nil && c.After == nil:
		c.Operation = audit.OperationRemoved
	}
	return c
}

func value(text string) audit.JSON {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	return audit.JSON(text)
}

func secret(text string) audit.Change {
	c := change(text)
	c.Redacted = true
	return c
}

func texts(property, before, after string) audit.Change {
	c := audit.Change{Property: property, Operation: audit.OperationChanged}
	if before != "" {
		c.GivenTexts.Before = &before
	}
	if after != "" {
		c.GivenTexts.After = &after
	}
	return c
}

func stateAt(at time.Time, events []audit.ObjectEvent) *State {
	f := newFold(rule, at)
	for i := range events {
		f.add(&events[i])
	}
	return f.state()
}

// shown is a state as the tables below write it.
func shown(s *State) string {
	if s == nil {
		return "nothing"
	}
	words := []string{existence(s.Exists)}
	if s.Complete {
		words = append(words, "complete")
	}
	if s.Object.Name != nil {
		words = append(words, "called "+*s.Object.Name)
	}
	if s.MergedInto != nil {
		words = append(words, "into "+s.MergedInto.ExternalID)
	}
	for i := range s.Properties {
		words = append(words, shownProperty(&s.Properties[i]))
	}
	return strings.Join(words, "; ")
}

func existence(exists *bool) string {
	switch {
	case exists == nil:
		return "unknown"
	case *exists:
		return "exists"
	default:
		return "gone"
	}
}

func shownProperty(p *Property) string {
	text := p.Key + "=" + string(p.Value)
	if p.Value == nil && p.ValueText != nil {
		text += "'" + *p.ValueText + "'"
	}
	if p.Redacted {
		text += " redacted"
	}
	if p.Gap {
		text += " gap"
	}
	if p.Since == nil {
		return text + " from before"
	}
	return text + fmt.Sprintf(" @%d", int(p.Since.Sub(zero).Minutes()))
}

func TestState(t *testing.T) {
	story := []audit.ObjectEvent{
		called(created(10, change(`status: > "Open"`), change(`priority: > 3`)), "first"),
		updated(20, change(`status:"Open" > "Done"`)),
		called(updated(30, change(`priority:3 >`), change(`tags: > ["a"]`)), "second"),
	}
	unborn := []audit.ObjectEvent{
		updated(20, change(`status:"Open" > "Done"`)),
		updated(30, change(`status:"Done" > "Open"`), change(`criteria:{"a":1} > {"a":2}`), change(`tags: > []`)),
	}
	returned := []audit.ObjectEvent{
		created(10, change(`a: > 1`), change(`b: > 2`)), deleted(20), created(30, change(`a: > 3`)),
	}
	for _, c := range []struct {
		name   string
		events []audit.ObjectEvent
		at     int
		want   string
	}{
		{"no event", nil, 10, "nothing"},
		{"before its creation", story, 9, "gone; complete; called first"},
		{"at its creation", story, 10, `exists; complete; called first; priority=3 @10; status="Open" @10`},
		{"between", story, 19, `exists; complete; called first; priority=3 @10; status="Open" @10`},
		{"after a change", story, 20, `exists; complete; called first; priority=3 @10; status="Done" @20`},
		{"after a removal", story, 30, `exists; complete; called second; priority= @30; status="Done" @20; tags=["a"] @30`},
		{"long after", story, 9999, `exists; complete; called second; priority= @30; status="Done" @20; tags=["a"] @30`},

		{"before what is known", unborn, 10, `unknown; criteria={"a":1} from before; status="Open" from before`},
		{"without its creation", unborn, 20, `exists; criteria={"a":1} from before; status="Done" @20`},
		{"all known without its creation", unborn, 30, `exists; criteria={"a":2} @30; status="Open" @30; tags=[] @30`},

		{
			"a property that its creation does not tell",
			[]audit.ObjectEvent{created(10), updated(20, change(`locale:"en" > "de"`))},
			15,
			`exists; complete; locale="en" from before`,
		},
		{
			"the last of several changes in one event",
			[]audit.ObjectEvent{created(10, change(`a: > 1`), change(`a:1 > 2`))},
			10,
			"exists; complete; a=2 @10",
		},
		{"one instant, in the order of recording", []audit.ObjectEvent{
			own(10, 1, audit.ActionCreate, change(`a: > 1`)), own(10, 2, audit.ActionUpdate, change(`a:1 > 2`)), own(10, 3, audit.ActionUpdate, change(`a:2 > 3`)),
		}, 10, "exists; complete; a=3 @10"},

		{"deleted", []audit.ObjectEvent{created(10, change(`a: > 1`)), deleted(20)}, 20, "gone; complete; a=1 @10"},
		{"deleted with what it says", []audit.ObjectEvent{created(10, change(`a: > 1`)), deleted(20, change(`a:1 >`))}, 20, "gone; complete; a= @20"},
		{"deleted without its creation", []audit.ObjectEvent{deleted(20, change(`a:1 >`))}, 25, "gone; a= @20"},
		{"before a deletion that tells all", []audit.ObjectEvent{deleted(20, change(`a:1 >`))}, 15, "unknown; a=1 from before"},
		{"deleted twice", []audit.ObjectEvent{created(10, change(`a: > 1`)), deleted(20), deleted(21)}, 30, "gone; complete; a=1 @10"},
		{"created again", returned, 30, "exists; complete; a=3 @30"},
		{"between two lives", returned, 25, "gone; complete; a=1 @10; b=2 @10"},
		{"created twice", []audit.ObjectEvent{created(10, change(`a: > 1`)), created(20, change(`b: > 2`))}, 20, "exists; complete; a=1 @10; b=2 @20"},
		{"created after it was changed", []audit.ObjectEvent{updated(10, change(`a:0 > 1`)), created(20, change(`b: > 2`))}, 10, "exists; a=1 @10"},
		{"changed after its end", []audit.ObjectEvent{created(10), deleted(20), updated(30, change(`a: > 1`))}, 30, "unknown; complete; a=1 @30"},
		{"looked at after its end", []audit.ObjectEvent{created(10), deleted(20), own(30, 1, audit.ActionOther)}, 30, "gone; complete"},
		{"only ever looked at", []audit.ObjectEvent{own(10, 1, audit.ActionOther)}, 30, "unknown"},

		{"merged", []audit.ObjectEvent{created(10, change(`a: > 1`)), merged(20, "c-2")}, 20, "gone; complete; into c-2; a=1 @10"},
		{"before it is merged", []audit.ObjectEvent{created(10, change(`a: > 1`)), merged(20, "c-2")}, 19, "exists; complete; a=1 @10"},
		{"merged and then deleted", []audit.ObjectEvent{merged(20, "c-2"), deleted(20)}, 20, "gone; into c-2"},
		{"merged into nobody knows what", []audit.ObjectEvent{merged(20, "")}, 20, "gone"},
		{"only ever merged, before that", []audit.ObjectEvent{merged(20, "c-2")}, 10, "unknown"},
		{"merged and created again", []audit.ObjectEvent{merged(20, "c-2"), created(30)}, 30, "exists; complete"},

		{"a gap", []audit.ObjectEvent{created(10, change(`a: > 1`)), updated(20, change(`a:7 > 8`))}, 20, "exists; complete; a=8 gap @20"},
		{"before the gap shows", []audit.ObjectEvent{created(10, change(`a: > 1`)), updated(20, change(`a:7 > 8`))}, 15, "exists; complete; a=1 @10"},
		{"no gap where values are the same as JSON", []audit.ObjectEvent{
			created(10, change(`a: > {"x":1,"y":[2]}`)), updated(20, change(`a:{"y": [2.0], "x":1e0} > 8`)),
		}, 20, "exists; complete; a=8 @20"},
		{"no gap where no value before is named", []audit.ObjectEvent{created(10, change(`a: > 1`)), updated(20, change(`a: > 8`))}, 20, "exists; complete; a=8 @20"},
		{"a gap that a later change closes", []audit.ObjectEvent{
			created(10, change(`a: > 1`)), updated(20, change(`a:7 > 8`)), updated(30, change(`a:8 > 9`)),
		}, 30, "exists; complete; a=9 @30"},

		{"redacted", []audit.ObjectEvent{created(10, secret(`token: > "[redacted]"`))}, 10, `exists; complete; token="[redacted]" redacted @10`},
		{"redacted before", []audit.ObjectEvent{updated(20, secret(`token:"[redacted]" > "[redacted]"`))}, 10, `unknown; token="[redacted]" redacted from before`},
		{"redacted without a value", []audit.ObjectEvent{updated(20, secret(`token: > `))}, 20, "exists; token= redacted @20"},
		{"a removed secret is no secret", []audit.ObjectEvent{updated(20, secret(`token:"[redacted]" > `))}, 20, "exists; token= @20"},
		{"a secret that was not there yet", []audit.ObjectEvent{updated(20, secret(`token: > "[redacted]"`))}, 10, "unknown"},
		{"no gap between secrets", []audit.ObjectEvent{
			updated(10, secret(`token: > "[redacted]"`)), updated(20, change(`token:"x" > "y"`)),
		}, 20, `exists; token="y" @20`},

		{"texts without values", []audit.ObjectEvent{updated(20, texts("owner", "Ann", "Bo"))}, 20, "exists; owner='Bo' @20"},
		{"texts before", []audit.ObjectEvent{updated(20, texts("owner", "Ann", "Bo"))}, 10, "unknown; owner='Ann' from before"},
		{"a text that went away", []audit.ObjectEvent{updated(20, texts("owner", "Ann", ""))}, 20, "exists; owner= @20"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := shown(stateAt(minute(c.at), c.events)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// An instant is taken to the microsecond, as events are, and belongs to the state.
func TestTheInstantIsIncluded(t *testing.T) {
	events := []audit.ObjectEvent{created(10)}
	for d, want := range map[time.Duration]string{
		-1: "gone; complete", 0: "exists; complete", 1: "exists; complete", -time.Microsecond: "gone; complete",
	} {
		state := stateAt(minute(10).Add(d), events)
		if got := shown(state); got != want {
			t.Errorf("%s after the creation: %s, want %s", d, got, want)
		}
	}
	if at := stateAt(minute(10).Add(1999).In(time.FixedZone("east", 3600)), events).At; at != minute(10).Add(time.Microsecond) {
		t.Errorf("the state is at %s", at)
	}
}
