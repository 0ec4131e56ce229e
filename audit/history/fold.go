package history

import (
	"bytes"
	"maps"
	"slices"
	"time"

	"daybook/audit"
)

// fold adds up what events say about an object, in their order, into its state at
// an instant. It keeps no more than that state.
type fold struct {
	object audit.ObjectRef
	at     time.Time
	end    audit.EventID // the first id of an event after the instant

	told       bool // some event said something
	name       *string
	life       life
	created    bool // the log has the creation that began the present life
	mergedInto *audit.Object
	facts      map[string]fact
	unborn     bool // the creation comes after the instant
}

// life is what is known of an object's existence.
type life int

const (
	unknown life = iota
	alive
	ended
	contradictory // something changed it after its end
)

// fact is what is known of one property.
type fact struct {
	change *audit.Change
	before bool // the change tells it by its value before
	gap    bool
}

func newFold(object audit.ObjectRef, at time.Time) *fold {
	at = at.UTC().Truncate(time.Microsecond)
	return &fold{object: object, at: at, end: firstAfter(at), facts: map[string]fact{}}
}

// firstAfter is the smallest id of an event that happened after an instant.
func firstAfter(at time.Time) audit.EventID {
	return audit.FirstEventIDAt(at.Truncate(time.Microsecond).Add(time.Microsecond))
}

// add takes the next event into account: for what it did, or, if it happened after
// the instant, for what it says was there before.
func (f *fold) add(event *audit.ObjectEvent) {
	if bytes.Compare(event.ID[:], f.end[:]) >= 0 {
		f.lookBack(event)
		return
	}
	f.told = true
	if event.Name != nil {
		f.name = event.Name
	}
	f.live(event)
	for i := range event.Changes {
		f.change(&event.Changes[i])
	}
}

// live takes into account what an event says of the object's existence.
func (f *fold) live(event *audit.ObjectEvent) {
	gone := f.life == ended || f.life == contradictory
	switch {
	case event.Merged:
		f.life, f.mergedInto = ended, event.MergedInto
	case event.Action == audit.ActionDelete:
		f.life = ended
	case event.Action == audit.ActionCreate:
		if gone {
			clear(f.facts)
		}
		f.life, f.created, f.mergedInto = alive, true, nil
	case len(event.Changes) == 0:
	case gone:
		f.life = contradictory
	default:
		f.life = alive
	}
}

// change sets a property. It is a gap in the log when another value was there
// before than the one that is known.
func (f *fold) change(c *audit.Change) {
	known := f.facts[c.Property]
	value := known.value()
	gap := value != nil && c.Before != nil && !known.change.Redacted && !c.Redacted && !value.Equal(c.Before)
	f.facts[c.Property] = fact{change: c, gap: gap}
}

// lookBack learns from an event after the instant what no event up to it told.
// A creation shows that nothing was there before.
func (f *fold) lookBack(event *audit.ObjectEvent) {
	if f.unborn {
		return
	}
	if f.name == nil {
		f.name = event.Name
	}
	if event.Own && event.Action == audit.ActionCreate {
		f.unborn = true
		if !f.told {
			f.told, f.life, f.created = true, ended, true
		}
		return
	}
	f.told = true
	for i := range event.Changes {
		c := &event.Changes[i]
		if _, known := f.facts[c.Property]; !known {
			f.facts[c.Property] = fact{change: c, before: true}
		}
	}
}

// state is what was found out; nil when no event said anything.
func (f *fold) state() *State {
	if !f.told {
		return nil
	}
	state := &State{
		Object: audit.Object{Type: f.object.Type, ExternalID: f.object.ExternalID, Name: f.name},
		At:     f.at, Complete: f.created, MergedInto: f.mergedInto,
	}
	if f.life == alive || f.life == ended {
		exists := f.life == alive
		state.Exists = &exists
	}
	for _, key := range slices.Sorted(maps.Keys(f.facts)) {
		if property := f.facts[key].property(); property.Since != nil || property.hasValue() {
			state.Properties = append(state.Properties, property)
		}
	}
	return state
}
