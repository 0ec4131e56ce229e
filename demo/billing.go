package demo

import (
	"fmt"
	"time"

	"daybook/audit"
)

// billing is what the company pays for, as of now.
type billing struct {
	plan    string
	seats   map[audit.SeatKind]int32
	contact string
}

func openingBilling() billing {
	return billing{
		plan: "Professional", contact: "billing@example.com",
		seats: map[audit.SeatKind]int32{audit.SeatFullTime: 20, audit.SeatSeasonal: 0, audit.SeatCollaborator: 5},
	}
}

// planBillingStories plans the upgrade, the new seats, and each month's invoice.
func (w *world) planBillingStories() {
	w.on("2026-02-19T15:20:13Z", w.changeBillingContact)
	w.on("2026-04-01T08:30:00Z", func() {
		to := w.newChain()
		w.changePlan(to, "Enterprise")
		w.changeSeats(to, audit.SeatFullTime, 24)
	})
	w.on("2026-05-05T10:11:12Z", w.changeCard)
	w.on("2026-05-25T05:10:00Z", func() { w.changeSeats(w.newChain(), audit.SeatSeasonal, 8) })
	w.on("2026-06-15T09:45:30Z", func() { w.changeSeats(w.newChain(), audit.SeatCollaborator, 12) })
	for first := begin.AddDate(0, 1, -1); first.Before(end); first = first.AddDate(0, 1, 0) {
		w.at(first.Add(4*time.Hour), w.invoice)
	}
}

// billingEvent is something about what the company pays; its changes follow
// from the details unless others are given.
func (w *world) billingEvent(action audit.Action, name string, by audit.ActorInput, details audit.BillingDetailsInput) audit.EventInput {
	return audit.EventInput{
		Action: action, EventName: new(name), PerformedBy: by, Section: "subscription",
		Object:  &audit.ObjectInput{Type: "subscription", ExternalID: "sub-northwind", Name: new("Northwind Outfitters")},
		Details: audit.DetailsInput{Billing: &details},
	}
}

// byAna is Ana at her desk.
func (w *world) byAna(to *chain, event audit.EventInput) {
	ana := w.people["usr-ana"]
	event.PerformedBy = ana.actor()
	to.record(from(event, ana.address, ana.browser))
}

func (w *world) changePlan(to *chain, plan string) {
	details := audit.BillingDetailsInput{Plan: &audit.PlanChange{Before: new(w.billing.plan), After: new(plan)}}
	w.billing.plan = plan
	w.byAna(to, w.billingEvent(audit.ActionUpdate, "subscription.plan_change", audit.ActorInput{}, details))
}

func (w *world) changeSeats(to *chain, kind audit.SeatKind, seats int32) {
	seatChange := audit.SeatChange{Kind: kind, Before: new(w.billing.seats[kind]), After: new(seats)}
	w.billing.seats[kind] = seats
	details := audit.BillingDetailsInput{Seats: []audit.SeatChange{seatChange}}
	w.byAna(to, w.billingEvent(audit.ActionUpdate, "subscription.seat_change", audit.ActorInput{}, details))
}

func (w *world) changeBillingContact() {
	event := w.billingEvent(audit.ActionUpdate, "subscription.update", audit.ActorInput{}, audit.BillingDetailsInput{})
	event.Changes = []audit.ChangeInput{change("billing_email", w.billing.contact, "accounts@example.com")}
	w.billing.contact = "accounts@example.com"
	w.byAna(w.newChain(), event)
}

func (w *world) changeCard() {
	event := w.billingEvent(audit.ActionUpdate, "subscription.update", audit.ActorInput{}, audit.BillingDetailsInput{})
	event.Changes = []audit.ChangeInput{secret("payment_card"), change("card_expires", "2026-05", "2030-05")}
	w.byAna(w.newChain(), event)
}

// invoice is the platform billing a month.
func (w *world) invoice() {
	w.numbers.invoice++
	amount := 89 * w.billing.seats[audit.SeatFullTime]
	if w.billing.plan == "Enterprise" {
		amount = 139*w.billing.seats[audit.SeatFullTime] + 99*w.billing.seats[audit.SeatSeasonal]
	}
	event := w.billingEvent(audit.ActionCreate, "invoice.create", systemUser(), audit.BillingDetailsInput{})
	event.Section = "billing"
	event.Object = &audit.ObjectInput{Type: "invoice", ExternalID: fmt.Sprintf("inv-2026-%02d", w.numbers.invoice)}
	event.Changes = []audit.ChangeInput{
		change("amount", nil, fmt.Sprintf("%d.00", amount)), change("currency", nil, "EUR"),
	}
	w.newChain().record(event)
}
