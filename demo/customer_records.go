package demo

import (
	"fmt"
	"slices"
	"time"

	"daybook/audit"
)

// shopUpdatesCustomer is the shop telling what a customer is worth by now.
func (w *world) shopUpdatesCustomer() {
	who := pick(w.chance, w.customers.active)
	before := who.lifetimeValue
	who.lifetimeValue += w.between(9, 140)
	event := who.event(audit.ActionUpdate, "customer.update", shopAPI(), change("lifetime_value", before, who.lifetimeValue))
	if tier := tierOf(who.lifetimeValue); tierRank(tier) > tierRank(who.tier) {
		event.Changes = append(event.Changes, change("loyalty_tier", who.tier, tier))
		who.tier = tier
	}
	event.Metadata = value(map[string]string{"order": w.orderNumber(who)})
	w.newChain().record(event)
}

func tierOf(lifetimeValue int) string {
	switch {
	case lifetimeValue >= 1500:
		return "platinum"
	case lifetimeValue >= 700:
		return "gold"
	default:
		return "silver"
	}
}

func tierRank(tier string) int {
	return slices.Index([]string{"none", "silver", "gold", "platinum"}, tier)
}

// customerUpdatesThemselves is a customer changing an e-mail address in the
// shop's account page, which the shop passes on.
func (w *world) customerUpdatesThemselves() {
	who := pick(w.chance, w.customers.active)
	fresh := fmt.Sprintf("customer%d.%d@mail.example.com", who.number, w.below(1000))
	event := who.event(audit.ActionUpdate, "customer.update", who.actor(), who.setEmails([]string{fresh}))
	if w.percent(50) {
		event.PerformedBy, event.OnBehalfOf = shopAPI(), new(who.actor())
	}
	w.newChain().record(event)
}

// mergeTwoCustomers is somebody who ordered as a guest and so has two records,
// until an administrator or a supervisor makes them one.
func (w *world) mergeTwoCustomers() {
	who := pick(w.chance, w.customers.active)
	guest := w.newCustomer()
	guest.name = who.name
	w.newChain().record(guest.created())
	w.after(w.span(time.Hour, 30*time.Hour), func() {
		if !slices.Contains(w.customers.active, who) {
			return
		}
		by := w.people[pick(w.chance, []string{"usr-ana", "usr-helena", "usr-marcus"})]
		event := who.event(audit.ActionMerge, "customer.merge", by.actor(),
			who.setEmails(slices.Concat(who.emails, guest.emails)))
		if !slices.Contains(who.phones, guest.phones[0]) {
			event.Changes = append(event.Changes, who.setPhones(append(slices.Clone(who.phones), guest.phones[0])))
		}
		event.Details.Customer.MergedFrom = []audit.Subject{guest.subject()}
		w.newChain().record(event)
	})
}

// planDeletions plans customers asking for their record to be deleted.
func (w *world) planDeletions() {
	for request, at := range []string{
		"2026-03-03T11:20:15Z", "2026-04-09T10:05:48Z", "2026-05-13T09:55:02Z", "2026-06-09T14:31:37Z", "2026-07-07T10:12:29Z",
	} {
		w.on(at, func() { w.deleteOnRequest(fmt.Sprintf("privacy-%04d", 101+request)) })
	}
}

// deleteOnRequest deletes the customer who has not written for the longest time.
func (w *world) deleteOnRequest(request string) {
	book := &w.customers
	place := wrongSizeCustomer // past those told of
	for i := place; i < len(book.active); i++ {
		if book.active[i].lastSeen.Before(book.active[place].lastSeen) {
			place = i
		}
	}
	who := book.active[place]
	book.active = slices.Delete(book.active, place, place+1)
	event := who.event(audit.ActionDelete, "customer.delete", w.people["usr-ana"].actor(),
		change("name", who.name, nil), change("emails", who.emails, nil), change("phones", who.phones, nil), change("address", who.address, nil))
	event.Metadata = value(map[string]string{"reason": "deletion requested by the customer", "request": request})
	ana := w.people["usr-ana"]
	w.newChain().record(from(event, ana.address, ana.browser))
}
