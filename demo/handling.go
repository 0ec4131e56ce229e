package demo

import (
	"fmt"
	"slices"
	"time"

	"daybook/audit"
)

// handle plans an agent's next step in a conversation. It is dropped when the
// conversation moved on, and waits while the agent is away.
func (w *world) handle(c *conversation, wait time.Duration, step func()) {
	epoch := c.epoch
	w.after(wait, func() {
		switch {
		case c.epoch != epoch:
		case !c.agent.working():
			w.handle(c, w.span(4*time.Minute, 15*time.Minute), step)
		default:
			step()
		}
	})
}

// effort is a duration of work, shorter the busier the company is.
func (w *world) effort(shortest, longest time.Duration) time.Duration {
	return (w.span(shortest, longest) * 100 / w.pace.hurry()).Truncate(time.Millisecond)
}

// beginWork is an agent turning to a conversation they were assigned.
func (w *world) beginWork(c *conversation) {
	if c.told {
		return
	}
	if c.channel == "phone" && c.agent.available() {
		w.takeCall(c)
		return
	}
	w.handle(c, w.effort(time.Minute, 25*time.Minute), func() {
		w.firstReply(c)
		w.handle(c, w.effort(8*time.Minute, 4*time.Hour), func() { w.resolve(c) })
	})
}

// takeCall keeps the agent busy for the call and its wrap-up.
func (w *world) takeCall(c *conversation) {
	a := c.agent
	w.setStatus(a, busy(), audit.CauseCall, systemUser())
	w.after(w.effort(2*time.Minute, 25*time.Minute), func() {
		w.setStatus(a, wrapUp(), audit.CauseWrapUp, systemUser())
		w.after(w.effort(time.Minute, 5*time.Minute), func() {
			if a.status == wrapUp() {
				w.setStatus(a, available(), audit.CauseWrapUp, systemUser())
			}
			if c.agent == a {
				w.resolve(c)
			}
		})
	})
}

// firstReply is the agent's answer, and what they note down on the way.
func (w *world) firstReply(c *conversation) {
	to, by := w.newChain(), c.agent.actor()
	w.message(to, c, by, "out")
	if w.percent(25) {
		c.tag(to, by, c.topic.tag)
	}
	if w.percent(10) {
		c.tag(w.newChain(), by, pick(w.chance, extraTags()), pick(w.chance, extraTags()))
	}
	if w.percent(8) {
		w.note(c, by)
	}
	if w.percent(7) && c.priority > 1 {
		w.setPriority(c, 2, by)
	}
	if w.percent(9) {
		w.correctContact(c.customer, by)
	}
	if c.topic.returning && w.percent(40) {
		w.printLabel(c, by)
	}
	w.mergeDuplicate(c, by)
}

// printLabel is the agent starting the returns workflow, which then acts for them.
func (w *world) printLabel(c *conversation, by audit.ActorInput) {
	w.numbers.label++
	label := fmt.Sprintf("RL-%06d", w.numbers.label)
	event := c.event(audit.ActionUpdate, "conversation.update", returnsWorkflow(), change("return_label", c.label, label))
	event.OnBehalfOf = new(by)
	w.newChain().record(event)
	c.label = label
}

func (w *world) note(c *conversation, by audit.ActorInput) {
	w.numbers.message++
	event := c.event(audit.ActionCreate, "note.create", by)
	event.Section = "note"
	event.Object = &audit.ObjectInput{Type: "note", ExternalID: fmt.Sprintf("note-%07d", w.numbers.message)}
	w.newChain().record(event)
}

func (w *world) setPriority(c *conversation, priority int, by audit.ActorInput) {
	if c.priority == priority {
		return
	}
	w.newChain().record(c.event(audit.ActionUpdate, "conversation.update", by, change("priority", c.priority, priority)))
	c.priority = priority
}

// resolve is how the agent's turn ends.
func (w *world) resolve(c *conversation) {
	switch w.weighted([]int{60, 27, 4, 6, 2}) {
	case 0:
		w.finish(c)
	case 1:
		w.waitForCustomer(c)
	case 2:
		w.forward(c)
		w.finish(c)
	case 3:
		w.handOver(c)
	case 4:
		w.deleteSpam(c)
	}
}

// finish ends the conversation and with it the agent's work.
func (w *world) finish(c *conversation) {
	to, by := w.newChain(), c.agent.actor()
	w.mergeDuplicate(c, by)
	if slices.Contains(c.tags, "follow-up") {
		c.untag(to, by, "follow-up")
	}
	c.setStatus(to, done, by)
	c.agent.release(to, c, "work_item.complete", by)
	c.epoch++
	w.dispatch()
	w.askForRating(c)
	if !c.told && w.percent(6) {
		w.customerReplies(c, w.span(time.Hour, 60*time.Hour))
	}
}

// forward sends the conversation to somebody outside.
func (w *world) forward(c *conversation) {
	outside := pick(w.chance, []string{"claims@carrier.example.com", "repairs@workshop.example.com", "wholesale@example.com"})
	if c.forwardedTo == outside {
		return
	}
	forwarded := change("forwarded_to", c.forwardedTo, outside)
	w.newChain().record(c.event(audit.ActionForward, "conversation.forward", c.agent.actor(), forwarded))
	c.forwardedTo = outside
}

// handOver gives the conversation to a colleague, whether they have room or not.
func (w *world) handOver(c *conversation) {
	from := c.agent
	weights := make([]int, len(w.agents))
	for i, a := range w.agents {
		if a.available() && a != from && !a.told && !a.offered && w.now.Add(15*time.Minute).Before(a.shiftEnds) {
			weights[i] = a.share
		}
	}
	i := w.weighted(weights)
	if i < 0 {
		w.finish(c)
		return
	}
	by := from.actor()
	if w.percent(50) {
		by = w.supervisor(from).actor()
	}
	to := w.newChain()
	from.release(to, c, "work_item.unassign", by)
	w.assign(to, c, w.agents[i], by)
	w.dispatch()
	w.beginWork(c)
}

func (w *world) deleteSpam(c *conversation) {
	to, by := w.newChain(), c.agent.actor()
	c.agent.release(to, c, "work_item.complete", by)
	event := c.event(audit.ActionDelete, "conversation.delete", by, change("status", c.status, nil))
	event.Metadata = value(map[string]string{"reason": "spam"})
	to.record(event)
	c.status = ""
	c.epoch++
	w.dispatch()
}

// mergeDuplicate makes what the customer sent again part of the conversation.
func (w *world) mergeDuplicate(c *conversation, by audit.ActorInput) {
	if c.duplicate == nil {
		return
	}
	to, again := w.newChain(), c.duplicate
	to.record(c.event(audit.ActionMerge, "conversation.merge", by, change("merged_from", nil, []string{again.id})))
	again.setStatus(to, done, by, change("merged_into", nil, c.id))
	c.duplicate = nil
}
