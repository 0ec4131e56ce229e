package demo

import (
	"fmt"
	"slices"
	"time"

	"daybook/audit"
)

// arrive is a customer turning to the shop.
func (w *world) arrive() {
	to := w.newChain()
	who := w.drawCustomer(to)
	about, channel := w.drawTopic(), w.drawChannel()
	c := w.newConversation(who, about, channel)
	w.create(to, c)
	if about.returning && (len(w.desk.waiting) > crowded || w.percent(12)) || len(w.desk.waiting) > 2*crowded {
		w.answeredByWorkflow(to, c)
		return
	}
	if w.perMille(25) {
		w.sendAgain(c)
	}
	w.route(to, c)
	w.after(25*time.Minute, func() {
		if slices.Contains(w.desk.waiting, c) && w.percent(40) {
			w.overload(c)
		}
	})
}

// create records a new conversation and what rules and workflows make of it.
func (w *world) create(to *chain, c *conversation) {
	c.status = open
	event := c.event(audit.ActionCreate, "conversation.create", c.customer.actor(),
		change("name", nil, c.name), change("status", nil, open), change("channel", nil, c.channel),
		change("priority", nil, c.priority), change("tags", nil, c.tags), change("assigned_users", nil, []string{}),
		shown("customer", nil, "", c.customer.id, c.customer.name))
	if c.channel == "form" {
		event.PerformedBy = shopAPI()
		event.OnBehalfOf = new(c.customer.actor())
		event.Metadata = value(map[string]any{"form": "contact", "order": w.orderNumber(c.customer)})
	}
	to.record(event)
	w.applyRules(to, c)
	if c.topic.returning {
		c.tag(to, returnsWorkflow(), c.topic.tag)
	}
}

func (w *world) orderNumber(who *customer) string {
	return fmt.Sprintf("NW-%06d", 20000+who.number*13+w.now.YearDay())
}

// answeredByWorkflow sends a return label; no agent sees the conversation.
func (w *world) answeredByWorkflow(to *chain, c *conversation) {
	w.message(to, c, returnsWorkflow(), "out")
	w.after(w.span(time.Minute, 3*time.Minute), func() {
		to := w.newChain()
		c.setStatus(to, done, returnsWorkflow())
		w.askForRating(c)
	})
}

// sendAgain is a customer who writes once more through another door; the agent
// merges the two when they come to it.
func (w *world) sendAgain(c *conversation) {
	w.after(w.span(time.Minute, 8*time.Minute), func() {
		if c.status != open {
			return
		}
		again := w.newConversation(c.customer, c.topic, "email")
		w.create(w.newChain(), again)
		c.duplicate = again
	})
}
