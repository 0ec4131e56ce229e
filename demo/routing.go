package demo

import (
	"slices"
	"time"

	"daybook/audit"
)

// desk is where conversations wait for an agent, the most urgent first and then
// the longest waiting.
type desk struct{ waiting []*conversation }

// crowded is when the returns workflow answers in place of an agent.
const crowded = 200

// enqueue lets a conversation wait for an agent.
func (w *world) enqueue(c *conversation) {
	place, _ := slices.BinarySearchFunc(w.desk.waiting, c.priority, func(waiting *conversation, priority int) int {
		if waiting.priority > priority {
			return 1
		}
		return -1 // behind those of the same priority
	})
	w.desk.waiting = slices.Insert(w.desk.waiting, place, c)
	w.dispatch()
}

// route puts a conversation into the queue of its part of the world.
func (w *world) route(to *chain, c *conversation) {
	to.record(c.routed())
	w.enqueue(c)
}

func (c *conversation) routed() audit.EventInput {
	return c.routingEvent(audit.ActionRoute, "conversation.route", queueRouter(), change("queue", nil, c.queue))
}

// requeue returns a conversation to its queue.
func (w *world) requeue(to *chain, c *conversation, by audit.ActorInput, reason string) {
	event := c.routingEvent(audit.ActionRequeue, "conversation.requeue", by)
	if a := c.offeredTo; a != nil {
		event.Changes = append(event.Changes, shown("offered_to", a.id, a.name(), nil, ""))
		c.offeredTo, a.offered = nil, false
	}
	event.Metadata = value(map[string]string{"reason": reason, "queue": c.queue})
	to.record(event)
	w.enqueue(c)
}

// dispatch offers what waits to agents who have room.
func (w *world) dispatch() {
	for len(w.desk.waiting) > 0 {
		c := w.desk.waiting[0]
		a := w.chooseAgent(c)
		if a == nil {
			return
		}
		w.desk.waiting = slices.Delete(w.desk.waiting, 0, 1)
		a.offered = true
		w.after(w.span(time.Second, 6*time.Second), func() { w.offer(c, a) })
	}
}

// chooseAgent draws among those with room: the busy ones of the staff list more
// often, and those of the conversation's own office first of all.
func (w *world) chooseAgent(c *conversation) *agent {
	weights := make([]int, len(w.agents))
	for i, a := range w.agents {
		if !a.available() || a.offered || a.told || a.used >= a.total || w.now.Add(15*time.Minute).After(a.shiftEnds) {
			continue
		}
		weights[i] = a.share
		if a.office.queue == c.queue {
			weights[i] *= 8
		}
	}
	if i := w.weighted(weights); i >= 0 {
		return w.agents[i]
	}
	return nil
}

// offer asks the agent to accept the conversation.
func (w *world) offer(c *conversation, a *agent) {
	if !a.available() { // since a moment ago
		a.offered = false
		w.enqueue(c)
		return
	}
	w.makeOffer(c, a)
	if w.perMille(30) {
		w.after(30*time.Second, func() { w.acceptTimesOut(c, a, w.span(time.Minute, 6*time.Minute)) })
		return
	}
	w.after(w.span(3*time.Second, 26*time.Second), func() { w.accept(c, a) })
}

func (w *world) makeOffer(c *conversation, a *agent) {
	a.offered, c.offeredTo = true, a
	event := c.routingEvent(audit.ActionOffer, "conversation.offer", queueRouter(), shown("offered_to", nil, "", a.id, a.name()))
	w.newChain().record(event)
}

// accept is the agent's answer to an offer; the router then assigns.
func (w *world) accept(c *conversation, a *agent) {
	if !a.available() {
		w.requeue(w.newChain(), c, queueRouter(), "agent became unavailable")
		return
	}
	a.offered, c.offeredTo = false, nil
	to := w.newChain()
	to.record(c.routingEvent(audit.ActionAccept, "conversation.accept", a.actor(), shown("offered_to", a.id, a.name(), nil, "")))
	w.assign(to, c, a, queueRouter())
	w.beginWork(c)
}

// acceptTimesOut is what happens when the agent does not answer an offer: the
// system makes them unavailable and the conversation goes to someone else.
func (w *world) acceptTimesOut(c *conversation, a *agent, back time.Duration) {
	if a.available() {
		w.setStatusFor(a, back, unavailable("Unavailable"), audit.CauseAcceptTimeout, systemUser())
	}
	w.requeue(w.newChain(), c, queueRouter(), "not accepted in time")
}

// overload lets a supervisor hand a waiting conversation to an agent who is
// full already.
func (w *world) overload(c *conversation) bool {
	for _, a := range w.agents {
		if a.available() && !a.told && !a.offered && a.office.queue == c.queue && a.used == a.total {
			w.desk.waiting = slices.DeleteFunc(w.desk.waiting, func(waiting *conversation) bool { return waiting == c })
			w.assign(w.newChain(), c, a, w.supervisor(a).actor())
			w.beginWork(c)
			return true
		}
	}
	return false
}

// supervisor is the agent's.
func (w *world) supervisor(a *agent) *person {
	if a.office.name == "Denver" {
		return w.people["usr-marcus"]
	}
	return w.people["usr-helena"]
}
