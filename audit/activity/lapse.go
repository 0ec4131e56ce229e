package activity

import (
	"time"

	"daybook/audit"
)

// QuickReturn is the longest lapse that is still taken for a lost connection when
// the service did not say why. A line is back within minutes; an agent who stays
// away longer more probably left.
const QuickReturn = 30 * time.Minute

// Lapse is a change from available to unavailable that the agent did not ask for.
type Lapse struct {
	From    time.Time
	To      *time.Time // nil: not over within the range
	Seconds *int       // nil: not over within the range
	Cause   audit.StatusCause
	// LikelyConnection says that the agent's connection was probably lost: the
	// service said so, or it did not say why, the system did it, and it lasted no
	// longer than QuickReturn (so far, if it is not over).
	LikelyConnection bool
	EventID          audit.EventID
	Event            *audit.Event // nil unless it was asked for
}

// lapses lists those that began in the range. Each ends when another status is
// set, so that a line that comes and goes shows as several.
func (w *work) lapses() []Lapse {
	list := []Lapse{}
	changes := w.changes()
	for i, e := range changes {
		if !w.began(e) || typeBefore(changes, i) != audit.StatusAvailable || !lapsed(e) {
			continue
		}
		lapse := Lapse{From: e.OccurredAt(), Cause: e.Details.Status.Cause, EventID: e.ID}
		until := w.To
		if next := nextStatus(changes[i:]); next != nil {
			until = next.OccurredAt()
			lapse.To, lapse.Seconds = &until, new(seconds(lapse.From, until))
		}
		lapse.LikelyConnection = lapse.Cause == audit.CauseConnectionLost ||
			lapse.Cause == audit.CauseUnknown && until.Sub(lapse.From) <= QuickReturn
		list = append(list, lapse)
	}
	return list
}

// typeBefore is the type of the status before a change: as the event says, else
// as the log has it; 0: unknown.
func typeBefore(changes []*audit.WorkEvent, i int) audit.StatusType {
	switch before := changes[i].Details.Status.Before; {
	case before != nil:
		return before.Type
	case i > 0:
		return changes[i-1].Details.Status.After.Type
	default:
		return 0
	}
}

// nextStatus is the change that ended the status that the first one set; nil: none.
func nextStatus(changes []*audit.WorkEvent) *audit.WorkEvent {
	for _, e := range changes[1:] {
		if e.Details.Status.After != changes[0].Details.Status.After {
			return e
		}
	}
	return nil
}

// lapsed says whether a change made the agent unavailable without being asked for
// by them. Where the cause is not known, only the system's own doing is taken for
// it, unless it acted for the agent.
func lapsed(e *audit.WorkEvent) bool {
	if e.Details.Status.After.Type != audit.StatusUnavailable {
		return false
	}
	switch e.Details.Status.Cause {
	case audit.CauseManual, audit.CauseSignIn, audit.CauseSignOut:
		return false
	case audit.CauseUnknown:
		return e.Performer != nil && e.Performer.Kind == audit.ActorSystem && e.OnBehalf != e.Agent
	default:
		return true
	}
}
