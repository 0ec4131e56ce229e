package demo

import (
	"fmt"
	"time"

	"daybook/audit"
)

// set gives a property of the account a value and answers with the change.
func (p *person) set(property string, after any) audit.ChangeInput {
	before := p.properties[property]
	p.properties[property] = after
	return change(property, before, after)
}

// accountStory is a fixed change of an account by an administrator.
type accountStory struct {
	at, by, user string
	set          []assignment
}

// assignment is a property and its new value.
type assignment struct {
	property string
	value    any
}

func accountStories() []accountStory {
	return []accountStory{
		{"2026-02-11T10:05:41Z", "usr-ana", "usr-zofia", []assignment{{"phone", "+351 21 555 0944"}}},
		{"2026-03-02T09:12:08Z", "usr-ana", "usr-jonas", []assignment{{"role_group", "Senior agents"}}},
		{"2026-03-17T16:40:22Z", "usr-marcus", "usr-tyrone", []assignment{{"team", "Denver e-mail"}}},
		{"2026-04-07T15:31:19Z", "usr-ana", "usr-priya", []assignment{{"role_group", "Senior agents"}}},
		{"2026-04-14T08:47:30Z", "usr-ana", "usr-jonas", []assignment{{"name", "Jonas Lindqvist"}}},
		{"2026-04-14T08:49:02Z", "usr-ana", "usr-jonas", []assignment{{"email", "jonas.lindqvist@example.com"}}},
		{"2026-04-20T13:22:55Z", "usr-ana", "usr-jonas", []assignment{{"phone", "+351 21 555 0177"}}},
		{"2026-05-06T17:15:44Z", "usr-marcus", "usr-hana", []assignment{{"team", "Denver chat"}, {"phone", "+1 303 555 0612"}}},
		{"2026-05-19T06:31:10Z", "usr-ana", "usr-jonas", []assignment{{"locked", false}}},
		{"2026-05-28T09:30:00Z", "usr-helena", "usr-amina", []assignment{{"role_group", "Senior agents"}}},
		{"2026-06-10T09:03:37Z", "usr-ana", "usr-elif", []assignment{{"two_factor", "security key"}}},
		{"2026-07-08T14:44:01Z", "usr-ana", "usr-saoirse", []assignment{{"email", "saoirse.byrne@example.com"}, {"name", "Saoirse Byrne"}}},
	}
}

// planAccountStories plans what is fixed about accounts.
func (w *world) planAccountStories() {
	for _, story := range accountStories() {
		w.on(story.at, func() { w.changeAccount(w.people[story.by], w.people[story.user], story.set) })
	}
	for _, a := range w.agents {
		if a.starts.After(begin) {
			w.at(a.office.clock(a.starts, 6*time.Hour+30*time.Minute), func() { w.openAccount(a.person) })
		}
		if !a.leaves.IsZero() {
			w.at(a.leaves.Add(15*time.Hour), func() { w.closeAccount(a.person) })
		}
	}
	w.planAttack(w.people["usr-jonas"])
}

// planAttack is the night in which somebody tried passwords on an account until
// it was locked; an administrator opened it in the morning.
func (w *world) planAttack(p *person) {
	const address = "203.0.113.77"
	for _, at := range []string{
		"2026-05-19T02:13:05Z", "2026-05-19T02:13:21Z", "2026-05-19T02:13:52Z", "2026-05-19T02:14:30Z", "2026-05-19T02:15:07Z",
	} {
		w.on(at, func() { w.failToSignIn(p, address, "wrong password") })
	}
	w.on("2026-05-19T02:15:07Z", func() { w.lockOut(p, address) })
}

// changeAccount is an administrator's or supervisor's update of an account.
func (w *world) changeAccount(by, p *person, set []assignment) {
	changes := make([]audit.ChangeInput, 0, len(set))
	actor := by.actor() // as of before the change
	for _, assigned := range set {
		changes = append(changes, p.set(assigned.property, assigned.value))
	}
	event := accountEvent(p, audit.ActionUpdate, "user.update", actor, changes...)
	w.newChain().record(from(event, by.address, by.browser))
}

// openAccount is an administrator adding a user.
func (w *world) openAccount(p *person) {
	changes := []audit.ChangeInput{}
	for _, property := range []string{"name", "email", "phone", "role_group", "team", "two_factor", "locked"} {
		changes = append(changes, change(property, nil, p.properties[property]))
	}
	ana := w.people["usr-ana"]
	event := accountEvent(p, audit.ActionCreate, "user.create", ana.actor(), changes...)
	event.Metadata = value(map[string]string{"invitedBy": ana.email(), "seat": "SEASONAL"})
	w.newChain().record(from(event, ana.address, ana.browser))
}

// closeAccount is an administrator deleting the user of somebody who left; the
// system then ends what they were still signed in with.
func (w *world) closeAccount(p *person) {
	ana, to := w.people["usr-ana"], w.newChain()
	event := accountEvent(p, audit.ActionDelete, "user.delete", ana.actor(), change("role_group", p.properties["role_group"], nil))
	to.record(from(event, ana.address, ana.browser))
	to.record(accountEvent(p, audit.ActionOther, "user_auth.tokens_destroyed", systemUser()))
}

// smallAccountChange is somebody's new phone number or second factor, set by
// themselves or by an administrator for them.
func (w *world) smallAccountChange() {
	a := pick(w.chance, w.agents)
	if w.now.Before(a.starts) || !a.leaves.IsZero() || a.id == "usr-jonas" {
		return
	}
	set := []assignment{{"phone", fmt.Sprintf(a.office.phoneTemplate, 1000+w.below(9000))}}
	if w.percent(40) {
		set = []assignment{{"two_factor", pick(w.chance, []string{"authenticator", "security key", "passkey"})}}
		if a.properties["two_factor"] == set[0].value {
			return
		}
	}
	by := a.person
	if w.percent(40) {
		by = w.people["usr-ana"]
	}
	w.changeAccount(by, a.person, set)
}
