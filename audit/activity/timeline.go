package activity

import (
	"cmp"
	"slices"
	"time"

	"daybook/audit"
)

// StatusInterval is a time that an agent spent in one status.
type StatusInterval struct {
	Status  audit.RoutingStatus
	From    time.Time  // the beginning of the range, when it was set before
	To      *time.Time // nil: it goes on
	Seconds int
	SetBy   *audit.Actor
	Cause   audit.StatusCause
	EventID audit.EventID // the event that set it
	Event   *audit.Event  // the same; nil unless it was asked for

	until   time.Time // To, or the present
	carried bool      // set before the range
	session *string   // external id of the work session it was set in
}

func (s *StatusInterval) loggedIn() bool { return s.Status.Type != audit.StatusOffline }

// StatusTotal is the time an agent spent in one status altogether.
type StatusTotal struct {
	Status  audit.RoutingStatus
	Seconds int
	// Times is how many separate times that was.
	Times int
}

// timeline lays the statuses end to end. The one from before the range may have
// no length, where another was set at its very beginning.
func (w *work) timeline() []StatusInterval {
	changes := w.changes()
	list := make([]StatusInterval, len(changes))
	for i, e := range changes {
		interval := &list[i]
		*interval = StatusInterval{
			Status: e.Details.Status.After, From: e.OccurredAt(), SetBy: e.Performer, Cause: e.Details.Status.Cause,
			EventID: e.ID, carried: !w.began(e), session: e.Details.WorkSessionExternalID,
		}
		if interval.carried {
			interval.From = w.From
		}
		interval.until = w.To
		if i+1 < len(changes) {
			interval.until = changes[i+1].OccurredAt()
		}
		if i+1 < len(changes) || !w.Open {
			interval.To = &interval.until
		}
		interval.Seconds = seconds(interval.From, interval.until)
	}
	return list
}

// withoutEmptyStart drops a status from before the range that ended as it began.
func withoutEmptyStart(timeline []StatusInterval) []StatusInterval {
	if len(timeline) > 0 && timeline[0].carried && timeline[0].until.Equal(timeline[0].From) {
		return timeline[1:]
	}
	return timeline
}

// totals adds up by status, the longest first.
func totals(timeline []StatusInterval) []StatusTotal {
	list := []StatusTotal{}
	for i := range timeline {
		status := timeline[i].Status
		at := slices.IndexFunc(list, func(t StatusTotal) bool { return t.Status == status })
		if at < 0 {
			at = len(list)
			list = append(list, StatusTotal{Status: status})
		}
		list[at].Seconds += timeline[i].Seconds
		if i == 0 || timeline[i-1].Status != status {
			list[at].Times++
		}
	}
	slices.SortStableFunc(list, func(a, b StatusTotal) int { return cmp.Compare(b.Seconds, a.Seconds) })
	return list
}
