package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"daybook/audit"
)

// The statuses of a conversation.
const (
	open    = "Open"
	snoozed = "Snoozed"
	done    = "Done"
)

// conversation is one matter of one customer, as of now.
type conversation struct {
	id        string
	name      string
	topic     topic
	channel   string
	weight    int32 // the room it takes of an agent's capacity
	customer  *customer
	status    string
	snoozedTo string // until when it is snoozed
	priority  int
	tags      []string
	queue     string
	assigned  []*person // stays when the work is done
	offeredTo *agent

	agent       *agent // who works on it
	forwardedTo any    // the last address outside, nil when there is none
	label       any    // of the parcel that comes back; nil when there is none
	paused      bool   // it waits for the customer and takes no room
	duplicate   *conversation
	epoch       int  // counts what makes earlier plans void
	told        bool // a story tells it: nothing happens by chance
	rated       bool
}

// newConversation numbers a conversation; nothing is recorded yet.
func (w *world) newConversation(who *customer, about topic, channel string) *conversation {
	w.numbers.conversation++
	if w.numbers.conversation == wrongSizeNumber {
		w.numbers.conversation++
	}
	return &conversation{
		id: conversationID(w.numbers.conversation), name: about.name, topic: about, channel: channel,
		weight: weightOf(channel), customer: who, priority: 3, tags: []string{}, queue: who.queue,
	}
}

func conversationID(number int) string { return fmt.Sprintf("cnv-%06d", number) }

func weightOf(channel string) int32 {
	if channel == "chat" || channel == "phone" {
		return 2
	}
	return 1
}

func (c *conversation) subject() *audit.Subject {
	return &audit.Subject{ExternalID: c.id, Name: new(c.name)}
}

// event is something that happens in the conversation.
func (c *conversation) event(action audit.Action, name string, by audit.ActorInput, changes ...audit.ChangeInput) audit.EventInput {
	return audit.EventInput{
		Action: action, EventName: new(name), PerformedBy: by, Section: "conversation",
		Object:  &audit.ObjectInput{Type: audit.ObjectConversation, ExternalID: c.id, Name: new(c.name)},
		Changes: append([]audit.ChangeInput{}, changes...),
		Details: audit.DetailsInput{Conversation: &audit.ConversationDetailsInput{Conversation: *c.subject()}},
	}
}

// routingEvent is something the queues do with the conversation.
func (c *conversation) routingEvent(action audit.Action, name string, by audit.ActorInput, changes ...audit.ChangeInput) audit.EventInput {
	event := c.event(action, name, by, changes...)
	event.Section = "routing"
	return event
}

// setStatus records a change of status, with other changes of the same event.
// A conversation is snoozed until an instant; that ends with the status.
func (c *conversation) setStatus(to *chain, status string, by audit.ActorInput, others ...audit.ChangeInput) {
	changes := append([]audit.ChangeInput{change("status", c.status, status)}, others...)
	if c.status == snoozed {
		changes = append(changes, change("snooze_until", c.snoozedTo, nil))
	}
	c.status = status
	to.record(c.event(audit.ActionUpdate, "conversation.update", by, changes...))
}

// snooze puts the conversation aside until an instant.
func (c *conversation) snooze(to *chain, until time.Time, by audit.ActorInput) {
	c.snoozedTo = until.Format(time.RFC3339)
	c.setStatus(to, snoozed, by, change("snooze_until", nil, c.snoozedTo))
}

// tag adds tags the conversation does not have; the change shows both lists.
func (c *conversation) tag(to *chain, by audit.ActorInput, tags ...string) {
	if tagged, ok := c.tagged(tags...); ok {
		to.record(c.event(audit.ActionUpdate, "conversation.update", by, tagged))
	}
}

func (c *conversation) tagged(tags ...string) (audit.ChangeInput, bool) {
	before, after := c.tags, slices.Clone(c.tags)
	for _, tag := range tags {
		if !slices.Contains(after, tag) {
			after = append(after, tag)
		}
	}
	c.tags = after
	return change("tags", before, after), len(after) > len(before)
}

// untag takes a tag off.
func (c *conversation) untag(to *chain, by audit.ActorInput, tag string) {
	before := c.tags
	after := slices.DeleteFunc(slices.Clone(before), func(t string) bool { return t == tag })
	if len(after) == len(before) {
		return
	}
	c.tags = after
	to.record(c.event(audit.ActionUpdate, "conversation.update", by, change("tags", before, after)))
}

// assign makes the conversation the agent's, and its work theirs.
func (w *world) assign(to *chain, c *conversation, a *agent, by audit.ActorInput) {
	to.record(c.event(audit.ActionAssign, "conversation.assign", by, c.assignment(a.person)))
	a.take(to, c, by)
	c.epoch++
}

// unassign takes the conversation away from whoever had it.
func (w *world) unassign(to *chain, c *conversation, by audit.ActorInput) {
	if a := c.agent; a != nil {
		a.release(to, c, "work_item.unassign", by)
	}
	if len(c.assigned) > 0 {
		to.record(c.event(audit.ActionUnassign, "conversation.unassign", by, c.assignment()))
	}
	c.epoch++
}

// assignment is the change to other assigned users.
func (c *conversation) assignment(users ...*person) audit.ChangeInput {
	before, beforeText := references(c.assigned)
	after, afterText := references(users)
	c.assigned = users
	return shown("assigned_users", before, beforeText, after, afterText)
}

// references are people's ids and, for reading, their names.
func references(people []*person) ([]string, string) {
	ids, shownAs := []string{}, []string{}
	for _, p := range people {
		ids, shownAs = append(ids, p.id), append(shownAs, p.name())
	}
	return ids, strings.Join(shownAs, ", ")
}

// message records a message of the conversation.
func (w *world) message(to *chain, c *conversation, by audit.ActorInput, direction string) {
	w.numbers.message++
	event := c.event(audit.ActionCreate, "message.create", by,
		change("direction", nil, direction), change("channel", nil, c.channel))
	event.Section = "message"
	event.Object = &audit.ObjectInput{Type: "message", ExternalID: fmt.Sprintf("msg-%07d", w.numbers.message)}
	to.record(event)
}
