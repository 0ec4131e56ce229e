package activity

import (
	"time"

	"daybook/audit"
)

// AgentAssignment is a conversation that an agent was given.
type AgentAssignment struct {
	Conversation *audit.Object
	AssignedAt   *time.Time      // nil: before the range
	UnassignedAt *time.Time      // nil: not in the range
	Capacity     *audit.Capacity // once it was assigned; nil: unknown
	EventID      audit.EventID   // the event that assigned it; zero before the range
	Event        *audit.Event    // the same; nil unless it was asked for
}

// assignments lists what was assigned or taken away in the range. A conversation
// that is assigned again without having been taken away was until then.
func (w *work) assignments() []AgentAssignment {
	list := []AgentAssignment{}
	last := map[string]int{} // index of a conversation's last assignment
	capacity := w.knownCapacity()
	for _, e := range w.events {
		begins, ends := bearing(e, capacity)
		if e.Details.Capacity != nil {
			capacity = &e.Details.Capacity.After
		}
		if !begins && !ends {
			continue
		}
		at := e.OccurredAt()
		conversation := e.Details.ConversationObject()
		i, seen := last[conversation.ExternalID]
		if seen && list[i].UnassignedAt == nil {
			list[i].UnassignedAt = &at
		}
		switch {
		case begins:
			list = append(list, AgentAssignment{Conversation: conversation, AssignedAt: &at, Capacity: capacity, EventID: e.ID})
		case !seen:
			list = append(list, AgentAssignment{Conversation: conversation, UnassignedAt: &at})
		default:
			continue
		}
		last[conversation.ExternalID] = len(list) - 1
	}
	return list
}

// bearing says whether an event assigns its conversation or takes it away. The
// verbs of routing say so themselves: an offer is no assignment yet, and a change
// of capacity alone is work paused or resumed. Of services that record with other
// verbs, the used capacity tells: it grows with an assignment and shrinks after.
// It is compared as [work.crossings] does.
func bearing(e *audit.WorkEvent, before *audit.Capacity) (begins, ends bool) {
	if e.Details.Conversation == nil {
		return false, false
	}
	switch e.Action {
	case audit.ActionAssign:
		return true, false
	case audit.ActionUnassign, audit.ActionRequeue:
		return false, true
	case audit.ActionRoute, audit.ActionOffer, audit.ActionAgentCapacityChange, audit.ActionAgentStatusChange:
		return false, false
	}
	change := e.Details.Capacity
	if change != nil && change.Before != nil {
		before = change.Before
	}
	if change == nil || before == nil {
		return false, false
	}
	return change.After.Used > before.Used, change.After.Used < before.Used
}
