package activity

import (
	"time"

	"daybook/audit"
)

// AgentSession is one shift: from the first routing status until offline.
type AgentSession struct {
	ExternalID  *string    // nil when no event of it said so
	SignedInAt  *time.Time // nil: before the range
	SignedOutAt *time.Time // nil: not in the range
	Seconds     int
}

// sessions finds the shifts in a timeline. One ends with an offline status. Where
// the log has none, it ends when a status is set in a session of another name.
func (w *work) sessions(timeline []StatusInterval) []AgentSession {
	list := []AgentSession{}
	var current *AgentSession
	end := func(at time.Time) {
		if current != nil && !(current.SignedInAt == nil && at.Equal(w.From)) {
			current.SignedOutAt = &at
			list = append(list, *current)
		}
		current = nil
	}
	for i := range timeline {
		interval := &timeline[i]
		if !interval.loggedIn() || current != nil && differ(current.ExternalID, interval.session) {
			end(interval.From)
		}
		if !interval.loggedIn() {
			continue
		}
		if current == nil {
			current = &AgentSession{}
			if !interval.carried {
				current.SignedInAt = &interval.From
			}
		}
		if current.ExternalID == nil {
			current.ExternalID = interval.session
		}
		current.Seconds += interval.Seconds
	}
	if current != nil && w.From.Before(w.To) {
		list = append(list, *current)
	}
	return list
}

// differ says whether both are known and not the same.
func differ(a, b *string) bool { return a != nil && b != nil && *a != *b }

// offline says whether a status says that the agent is not there.
func offline(status *audit.StatusChange) bool { return status.After.Type == audit.StatusOffline }
