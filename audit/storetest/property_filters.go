package storetest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"daybook/audit"
)

// values are those that drawn filters ask for.
type values struct {
	positions                                           []audit.Position
	occurred, recorded                                  []time.Time
	actions                                             []audit.Action
	names, sections, properties, correlations, sessions []string
	objects                                             []audit.ObjectRef
	objectTypes, subjects, addresses, texts             []string
	actorIDs                                            []audit.ActorID
	externalIDs, actorNames                             []string
	changeValues                                        []audit.JSON
}

// valuesOf gathers what the events have, with a little that none of them may
// have, each value once.
func valuesOf(r *reference) *values {
	v := &values{
		names: []string{"unknown"}, sections: []string{"unknown"}, texts: []string{"", "an", "%", "_"},
		addresses:    []string{"10.0.0.0/8", "10.0.0.0/30", "::/0", "2001:db8::/32", "0.0.0.0/0", "10.0.0.1"},
		actorNames:   []string{"", "nn", "100%", "_"},
		changeValues: []audit.JSON{audit.JSON(`null`), audit.JSON(`"b"`), audit.JSON(` 10e-1 `)},
	}
	for _, one := range r.recorded {
		v.add(one.event, one.entry)
	}
	v.actions = distinct(v.actions)
	v.externalIDs, v.actorIDs = distinct(v.externalIDs), distinct(v.actorIDs)
	for _, list := range []*[]string{&v.names, &v.sections, &v.properties, &v.correlations, &v.sessions, &v.objectTypes, &v.subjects, &v.texts, &v.actorNames} {
		*list = distinct(*list)
	}
	return v
}

func distinct[T cmp.Ordered](list []T) []T {
	slices.Sort(list)
	return slices.Compact(list)
}

// partOf is the middle of a text, which other events may have too.
func partOf(text string) string {
	middle := len(text) / 2
	return strings.ToValidUTF8(text[max(0, middle-3):min(len(text), middle+3)], "")
}

func (v *values) add(event *audit.Event, e *audit.Entry) {
	v.positions = append(v.positions, position(event))
	v.occurred, v.recorded = append(v.occurred, event.OccurredAt), append(v.recorded, event.RecordedAt)
	v.texts = append(v.texts, partOf(e.SearchText))
	v.actions = append(v.actions, e.Action)
	v.sections = append(v.sections, e.Section)
	v.subjects = append(v.subjects, e.SubjectID)
	v.names = appendGiven(v.names, e.EventName)
	v.correlations = appendGiven(v.correlations, e.CorrelationID)
	v.addresses = appendGiven(v.addresses, e.IPAddress)
	if e.Object != nil {
		v.objects = append(v.objects, audit.ObjectRef{Type: e.Object.Type, ExternalID: e.Object.ExternalID})
		v.objectTypes = append(v.objectTypes, e.Object.Type)
	}
	if session, ok := e.Details.(*audit.WorkSessionDetails); ok {
		v.sessions = appendGiven(v.sessions, session.WorkSessionExternalID)
	}
	v.addActors(event, e)
	v.addChanges(e.Changes)
}

func (v *values) addActors(event *audit.Event, e *audit.Entry) {
	for _, p := range []*audit.Participant{&event.Performer, event.OnBehalf, event.About} {
		if p != nil {
			v.actorIDs = append(v.actorIDs, p.ActorID)
		}
	}
	for _, actor := range []*audit.EntryActor{&e.Performer, e.OnBehalf, e.About} {
		if actor != nil {
			v.externalIDs = append(v.externalIDs, actor.ExternalID)
			v.actorNames = appendGiven(v.actorNames, actor.Name)
		}
	}
}

func (v *values) addChanges(changes []audit.Change) {
	for i := range changes {
		change := &changes[i]
		v.properties = append(v.properties, change.Property)
		v.texts = appendGiven(v.texts, change.AfterText())
		for _, value := range []audit.JSON{change.Before, change.After} {
			if value != nil {
				v.changeValues = append(v.changeValues, value)
			}
		}
	}
}

func appendGiven(list []string, text *string) []string {
	if text == nil || len(*text) > 100 {
		return list
	}
	return append(list, *text)
}

// drawRange draws its ends from the instants there are, and from just beside
// them.
func drawRange(t *rapid.T, instants []time.Time) *audit.TimeRange {
	end := func(label string) *time.Time {
		if len(instants) == 0 || !rapid.Bool().Draw(t, label+" given") {
			return nil
		}
		nudge := rapid.IntRange(-1, 1).Draw(t, label+" nudge")
		return ptr(rapid.SampledFrom(instants).Draw(t, label).Add(time.Duration(nudge) * time.Microsecond))
	}
	return &audit.TimeRange{From: end("from"), To: end("to")}
}

func drawActorFilter(t *rapid.T, v *values) *audit.ActorFilter {
	kinds := []audit.ActorKind{audit.ActorUser, audit.ActorCustomer, audit.ActorAPI, audit.ActorSystem}
	filter := &audit.ActorFilter{}
	switch rapid.IntRange(0, 4).Draw(t, "actor filter") {
	case 0:
		filter.IDs = some(t, v.actorIDs)
	case 1:
		filter.ExternalIDs = some(t, v.externalIDs)
	case 2:
		filter.Name = ptr(rapid.SampledFrom(v.actorNames).Draw(t, "actor name"))
	case 3:
		filter.ExternalIDs, filter.Kinds = maybe(t, v.externalIDs), some(t, kinds)
	}
	return filter
}

func drawChangeFilter(t *rapid.T, v *values) audit.ChangeFilter {
	value := func(label string) audit.JSON {
		if rapid.IntRange(0, 2).Draw(t, label+" given") != 2 {
			return nil
		}
		return rapid.SampledFrom(v.changeValues).Draw(t, label)
	}
	filter := audit.ChangeFilter{
		Property:   rapid.SampledFrom(append([]string{"unknown"}, v.properties...)).Draw(t, "property"),
		Operations: maybe(t, []audit.ChangeOperation{audit.OperationAdded, audit.OperationChanged, audit.OperationRemoved}),
		Before:     value("before"), After: value("after"),
	}
	if element := value("element"); rapid.Bool().Draw(t, "added") {
		filter.Added = element
	} else {
		filter.Removed = element
	}
	return filter
}

func drawStatusFilter(t *rapid.T) *audit.StatusFilter {
	return &audit.StatusFilter{From: maybe(t, statuses), To: maybe(t, statuses), Causes: maybe(t, causesOf)}
}

func drawCapacityFilter(t *rapid.T) *audit.CapacityFilter {
	states := []audit.CapacityState{audit.CapacityIdle, audit.CapacityWithCapacity, audit.CapacityFull, audit.CapacityOver}
	return &audit.CapacityFilter{From: maybe(t, states), To: maybe(t, states)}
}
