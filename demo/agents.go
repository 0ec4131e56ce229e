package demo

import (
	"slices"
	"time"

	"daybook/audit"
)

// agent is a person who takes conversations: their routing status and the work
// they hold.
type agent struct {
	*person
	days, share int       // see hiring
	starts      time.Time // first day of work
	total       int32     // the room they have for work
	used        int32     // by what they hold and is not paused
	held        []*conversation

	status    audit.RoutingStatus
	changes   int    // counts status changes: a plan made under one may find another
	session   string // external id of the shift; empty when offline
	shiftEnds time.Time
	offered   bool // the router waits for them to accept something
	told      bool // a story tells this shift: nothing happens by chance
}

func newAgent(p *person, line hiring) *agent {
	a := &agent{person: p, days: line.days, share: line.share, total: line.total, status: offline(), starts: begin}
	if line.from != "" {
		a.starts = moment(line.from + "T00:00:00Z")
	}
	return a
}

func (w *world) agent(id string) *agent {
	i := slices.IndexFunc(w.agents, func(a *agent) bool { return a.id == id })
	return w.agents[i]
}

func available() audit.RoutingStatus {
	return audit.RoutingStatus{Name: "Available", Type: audit.StatusAvailable}
}
func busy() audit.RoutingStatus { return audit.RoutingStatus{Name: "Busy", Type: audit.StatusBusy} }
func wrapUp() audit.RoutingStatus {
	return audit.RoutingStatus{Name: "Wrap-up", Type: audit.StatusBusy}
}

func offline() audit.RoutingStatus {
	return audit.RoutingStatus{Name: "Offline", Type: audit.StatusOffline}
}

// unavailable is a status that gets no work, under one of its names.
func unavailable(name string) audit.RoutingStatus {
	return audit.RoutingStatus{Name: name, Type: audit.StatusUnavailable}
}

// available says whether the router may offer the agent something.
func (a *agent) available() bool { return a.status.Type == audit.StatusAvailable }

// working says whether the agent is at their conversations.
func (a *agent) working() bool { return a.available() || a.status.Type == audit.StatusBusy }

// workEvent is an event of the agent's shift.
func (a *agent) workEvent(action audit.Action, name string, by audit.ActorInput) audit.EventInput {
	details := &audit.WorkSessionDetailsInput{Agent: *a.input()}
	object := a.object()
	if a.session != "" {
		details.WorkSessionExternalID = new(a.session)
		object = &audit.ObjectInput{Type: "work_session", ExternalID: a.session, Name: new(a.name())}
	}
	return audit.EventInput{
		Action: action, EventName: new(name), PerformedBy: by, Section: "work_session", Object: object,
		Details: audit.DetailsInput{WorkSession: details},
	}
}

// setStatus changes the agent's routing status. It says whether the status is
// another one now.
func (w *world) setStatus(a *agent, after audit.RoutingStatus, cause audit.StatusCause, by audit.ActorInput) bool {
	if a.status == after {
		return false
	}
	event := a.workEvent(audit.ActionAgentStatusChange, "work_session.status_change", by)
	event.Details.WorkSession.Status = &audit.StatusChange{Before: new(a.status), After: after, Cause: cause}
	a.status = after
	a.changes++
	w.newChain().record(event)
	if a.available() {
		w.dispatch()
	}
	return true
}

// setStatusFor changes the status for a while; then the agent makes themselves
// available again, unless something else happened meanwhile.
func (w *world) setStatusFor(a *agent, wait time.Duration, status audit.RoutingStatus, cause audit.StatusCause, by audit.ActorInput) {
	if !w.setStatus(a, status, cause, by) {
		return
	}
	changes := a.changes
	w.after(wait, func() {
		if a.changes == changes {
			w.setStatus(a, available(), audit.CauseManual, a.actor())
		}
	})
}

// takeRoom records that the agent's used capacity grew or shrank by the weight
// of a conversation.
func (a *agent) takeRoom(event *audit.EventInput, c *conversation, weight int32) {
	before := audit.Capacity{Used: a.used, Total: a.total}
	a.used += weight
	event.Details.WorkSession.Capacity = &audit.CapacityChange{
		Before: &before, After: audit.Capacity{Used: a.used, Total: a.total},
	}
	event.Details.WorkSession.Conversation = c.subject()
}

// take gives the agent the work of a conversation.
func (a *agent) take(to *chain, c *conversation, by audit.ActorInput) {
	event := a.workEvent(audit.ActionAssign, "work_item.assign", by)
	a.held = append(a.held, c)
	c.agent, c.paused = a, false
	a.takeRoom(&event, c, c.weight)
	to.record(event)
}

// release ends the agent's work on a conversation. Paused work took no room.
func (a *agent) release(to *chain, c *conversation, name string, by audit.ActorInput) {
	event := a.workEvent(audit.ActionUnassign, name, by)
	event.Details.WorkSession.Conversation = c.subject()
	if !c.paused {
		a.takeRoom(&event, c, -c.weight)
	}
	a.held = slices.DeleteFunc(a.held, func(held *conversation) bool { return held == c })
	c.agent, c.paused = nil, false
	to.record(event)
}

// pause keeps a conversation with the agent but frees the room it takes;
// resume takes it again, whether there is any or not.
func (a *agent) pause(to *chain, c *conversation, by audit.ActorInput) {
	event := a.workEvent(audit.ActionAgentCapacityChange, "work_item.pause", by)
	a.takeRoom(&event, c, -c.weight)
	c.paused = true
	to.record(event)
}

func (a *agent) resume(to *chain, c *conversation, by audit.ActorInput) {
	event := a.workEvent(audit.ActionAgentCapacityChange, "work_item.resume", by)
	a.takeRoom(&event, c, c.weight)
	c.paused = false
	to.record(event)
}

// setTotal gives the agent more or less room.
func (w *world) setTotal(a *agent, total int32, by audit.ActorInput) {
	event := a.workEvent(audit.ActionAgentCapacityChange, "routing_settings.capacity_change", by)
	before := audit.Capacity{Used: a.used, Total: a.total}
	a.total = total
	event.Details.WorkSession.Capacity = &audit.CapacityChange{
		Before: &before, After: audit.Capacity{Used: a.used, Total: a.total},
	}
	w.newChain().record(event)
	w.dispatch()
}
