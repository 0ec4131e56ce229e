package activity

import (
	"time"

	"daybook/audit"
)

// Range is the part of time that an activity covers: From is in it, To is not.
type Range struct {
	From, To time.Time
	// Open says that To is the present: a status that lasts until then goes on.
	Open bool
}

// Activity is what one agent did within a range of time.
type Activity struct {
	Agent *audit.Actor
	Range Range
	// LoggedInSeconds are those in any status but an offline one.
	LoggedInSeconds int
	// AtOrOverCapacitySeconds are those with no room left, and OverCapacitySeconds
	// the part of them with more than the total used. Time offline does not count.
	AtOrOverCapacitySeconds, OverCapacitySeconds int
	StatusTotals                                 []StatusTotal
	Timeline                                     []StatusInterval
	Sessions                                     []AgentSession
	Days                                         []AgentDay
	Assignments                                  []AgentAssignment
	CapacityCrossings                            []CapacityCrossing
	Lapses                                       []Lapse
}

// Of computes an agent's activity within a range. The events are the agent's, in
// the order of their ids. Of those before the range only the last that said the
// status and the last that said the capacity matter, and none after it does; they
// may be there or not.
func Of(agent *audit.Actor, events []*audit.WorkEvent, r Range, zone *time.Location) *Activity {
	w := workIn(events, r)
	a := &Activity{
		Agent: agent, Range: r, Timeline: w.timeline(), Assignments: w.assignments(),
		CapacityCrossings: w.crossings(), Lapses: w.lapses(),
	}
	a.AtOrOverCapacitySeconds, a.OverCapacitySeconds = w.capacitySeconds()
	a.Sessions = w.sessions(a.Timeline)
	a.Timeline = withoutEmptyStart(a.Timeline)
	a.StatusTotals = totals(a.Timeline)
	for i := range a.Timeline {
		if a.Timeline[i].loggedIn() {
			a.LoggedInSeconds += a.Timeline[i].Seconds
		}
	}
	a.Days = a.days(zone)
	return a
}

// work is what is known of an agent: the state at the beginning of a range, and
// what happened in it.
type work struct {
	Range
	status   *audit.WorkEvent // the last before the range with a status; nil: unknown
	capacity *audit.WorkEvent // the last before the range with a capacity; nil: unknown
	events   []*audit.WorkEvent
}

func workIn(events []*audit.WorkEvent, r Range) *work {
	w := &work{Range: r}
	for _, e := range events {
		switch at := e.OccurredAt(); {
		case !at.Before(r.To):
		case !at.Before(r.From):
			w.events = append(w.events, e)
		default:
			if e.Details.Status != nil {
				w.status = e
			}
			if e.Details.Capacity != nil {
				w.capacity = e
			}
		}
	}
	return w
}

// changes are the events that set the status: the one before the range, if there
// is one, and those in it.
func (w *work) changes() []*audit.WorkEvent {
	var list []*audit.WorkEvent
	if w.status != nil {
		list = append(list, w.status)
	}
	for _, e := range w.events {
		if e.Details.Status != nil {
			list = append(list, e)
		}
	}
	return list
}

// began says whether an event is in the range, and not only its effect.
func (w *work) began(e *audit.WorkEvent) bool { return !e.OccurredAt().Before(w.From) }

// seconds are the whole seconds of the clock that begin between two instants.
func seconds(from, to time.Time) int { return int(to.Unix() - from.Unix()) }
