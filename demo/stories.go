package demo

import (
	"time"

	"daybook/audit"
)

// planStories plans what has a fixed date.
func (w *world) planStories() {
	w.planSettingStories()
	w.planAccountStories()
	w.planBillingStories()
	w.planDeletions()
	w.planTotals()
}

// planTotals plans supervisors giving agents more or less room.
func (w *world) planTotals() {
	for _, story := range []struct {
		at, by, agent string
		total         int32
	}{
		{"2026-03-16T11:30:00Z", "usr-helena", "usr-amina", 4},
		{"2026-04-27T15:10:00Z", "usr-marcus", "usr-diego", 5},
		{"2026-05-26T09:00:00Z", "usr-helena", "usr-jonas", 7},
		{"2026-07-06T08:45:00Z", "usr-helena", "usr-jonas", 6},
	} {
		w.on(story.at, func() { w.setTotal(w.agent(story.agent), story.total, w.people[story.by].actor()) })
	}
}

// shiftStory says how a fixed story bears on an agent's shift.
type shiftStory int

const (
	noStory       shiftStory = iota
	ordinaryShift            // the agent works that day, by chance like any other
	flappingShift            // the same, and their line is bad
	toldShift                // the whole shift is told, minute by minute
)

// storyOn is the agent's part in a fixed story on a day.
func (a *agent) storyOn(day time.Time) shiftStory {
	switch a.id + " " + day.Format(time.DateOnly) {
	case "usr-priya 2026-03-11":
		return toldShift
	case "usr-amina 2026-03-16":
		return ordinaryShift
	case "usr-diego 2026-04-22":
		return flappingShift
	}
	return noStory
}

// The conversation whose story is told, and its customer.
const (
	wrongSizeNumber   = 42
	wrongSizeCustomer = 7
)

// toldConversation is one conversation of Priya's day: when it is accepted and
// when it is finished.
type toldConversation struct {
	topic, channel  string
	accepted, ended string
}

// planToldShift tells Priya's 11 March, in Denver's morning and afternoon: the
// line drops, she has lunch, she takes one chat more than she has room for, and
// finishing another brings her back under.
func (w *world) planToldShift(a *agent) {
	at := func(clock string, do func()) { w.on("2026-03-11T"+clock+"Z", do) }
	a.told = true
	at("13:57:12", func() { w.signIn(a.person) })
	at("14:00:05", func() { w.beginShift(a, moment("2026-03-11T22:30:00Z")) })
	w.tellConversations(a, at)
	at("16:31:00", func() { w.lapseFor(a, 40*time.Second, audit.CauseConnectionLost) })
	at("17:00:00", func() { w.setStatusFor(a, 30*time.Minute, unavailable("Lunch"), audit.CauseManual, a.actor()) })
	at("19:05:00", func() { w.lapseFor(a, 35*time.Second, audit.CauseUnknown) })
	w.tellMissedOffer(a, at)
	marcus := w.people["usr-marcus"].actor()
	at("21:00:00", func() { w.setStatus(a, unavailable("Coaching"), audit.CauseSupervisor, marcus) })
	at("21:20:00", func() { w.setStatus(a, available(), audit.CauseSupervisor, marcus) })
	at("22:30:00", func() { w.goOffline(a) })
	at("22:30:40", func() {
		w.signOut(a.person)
		a.told = false
	})
}

// tellConversations fills her day. A chat takes two of her ten places.
func (w *world) tellConversations(a *agent, at func(string, func())) {
	for _, told := range []toldConversation{
		{"Where is my order?", "chat", "14:06:18", "16:05:40"},
		{"Discount code does not work", "email", "14:31:02", "18:34:27"},
		{"Parcel arrived damaged", "chat", "15:10:45", "18:19:12"}, // its end brings her back under
		{"Boots: which size fits?", "email", "15:38:30", "19:12:50"},
		{"Refund not received", "chat", "16:12:08", "20:40:16"},
		{"Is this tent waterproof?", "email", "16:44:55", "20:52:33"},
		{"Order cancelled by mistake", "chat", "17:41:21", "21:45:09"}, // nine of ten
	} {
		c := w.toldConversation(told)
		w.tellOffer(a, c, moment("2026-03-11T"+told.accepted+"Z"))
		at(told.ended, func() { w.finish(c) })
	}
	w.tellWrongSize(a, at)
}

func (w *world) toldConversation(told toldConversation) *conversation {
	who := w.customers.active[20+w.numbers.conversation%40]
	who.lastSeen = w.now
	c := w.newConversation(who, topic{name: told.topic}, told.channel)
	c.told, c.queue = true, "Americas"
	return c
}

// tellOffer lets a conversation arrive and be offered to and accepted by the
// agent at an instant.
func (w *world) tellOffer(a *agent, c *conversation, accepted time.Time) {
	w.at(accepted.Add(-4*time.Minute), func() {
		to := w.newChain()
		w.create(to, c)
		to.record(c.routed())
	})
	w.at(accepted.Add(-17*time.Second), func() { w.makeOffer(c, a) })
	w.at(accepted, func() { w.accept(c, a) })
	w.at(accepted.Add(95*time.Second), func() { w.message(w.newChain(), c, a.actor(), "out") })
}

// tellWrongSize is the story of cnv-000042.
func (w *world) tellWrongSize(a *agent, at func(string, func())) {
	customer := w.customers.active[wrongSizeCustomer-1]
	c := &conversation{
		id: conversationID(wrongSizeNumber), name: wrongSize().name, topic: wrongSize(), channel: "chat", weight: 2,
		customer: customer, priority: 3, tags: []string{}, queue: "Americas", told: true,
	}
	w.tellOffer(a, c, moment("2026-03-11T18:02:03Z"))
	at("18:40:37", func() {
		to := w.newChain()
		c.snooze(to, moment("2026-03-12T18:00:00Z"), a.actor())
		a.pause(to, c, a.actor())
	})
	at("19:48:15", func() {
		to := w.newChain()
		w.message(to, c, customer.actor(), "in")
		c.setStatus(to, open, w.rule("rule-reopen"))
		a.resume(to, c, queueRouter())
	})
	at("20:02:44", func() { w.message(w.newChain(), c, a.actor(), "out") })
	at("20:26:30", func() { w.finish(c) })
	at("21:52:19", func() { w.answerSurvey(c, 5, "The right size was here two days later. Thank you, Priya!") })
}

// tellMissedOffer is an offer she does not see; the conversation goes to
// whoever has room.
func (w *world) tellMissedOffer(a *agent, at func(string, func())) {
	c := w.toldConversation(toldConversation{topic: "Gift card balance", channel: "email"})
	at("20:08:20", func() {
		to := w.newChain()
		w.create(to, c)
		to.record(c.routed())
	})
	at("20:09:30", func() { w.makeOffer(c, a) })
	at("20:10:00", func() {
		c.told = false
		w.acceptTimesOut(c, a, 4*time.Minute)
	})
}
