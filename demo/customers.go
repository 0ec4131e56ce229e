package demo

import (
	"fmt"
	"slices"
	"time"

	"daybook/audit"
)

// customer is somebody who buys from the shop, as of now.
type customer struct {
	number        int
	id            string
	name          string
	queue         string // whose customers they are
	emails        []string
	phones        []string
	address       address
	tier          string
	lifetimeValue int
	lastSeen      time.Time
}

type address struct {
	Street   string `json:"street"`
	City     string `json:"city"`
	Postcode string `json:"postcode"`
	Country  string `json:"country"`
}

// customerBook holds the customers who may turn up. It has a bounded size: in a
// long story customers come and go.
type customerBook struct{ active []*customer }

const (
	openingCustomers = 160
	mostCustomers    = 4000
)

// openCustomerBook fills in those who are customers when the story begins.
func (w *world) openCustomerBook() {
	for range openingCustomers {
		who := w.newCustomer()
		who.tier = [...]string{"none", "silver", "gold", "platinum"}[w.weighted([]int{60, 24, 12, 4})]
		w.customers.active = append(w.customers.active, who)
	}
	told := w.customers.active[wrongSizeCustomer-1]
	told.name, told.queue, told.tier, told.lifetimeValue = "Ingrid Solheim", "Americas", "gold", 640
	told.emails = []string{"ingrid.solheim@mail.example.com"}
}

// newCustomer draws somebody; nothing is recorded yet.
func (w *world) newCustomer() *customer {
	w.numbers.customer++
	given, family := pick(w.chance, givenNames()), pick(w.chance, familyNames())
	places, queue, phone := europeanPlaces(), "Europe", "+351 91 555 %04d"
	if w.percent(55) {
		places, queue, phone = americanPlaces(), "Americas", "+1 720 555 %04d"
	}
	lives := pick(w.chance, places)
	return &customer{
		number: w.numbers.customer, id: fmt.Sprintf("cus-%06d", w.numbers.customer), name: given + " " + family, queue: queue,
		emails:  []string{fmt.Sprintf("customer%d@mail.example.com", w.numbers.customer)},
		phones:  []string{fmt.Sprintf(phone, w.below(10_000))},
		address: address{fmt.Sprintf("%s %d", pick(w.chance, streets()), w.between(1, 180)), lives.City, lives.Postcode, lives.Country},
		tier:    "none", lifetimeValue: w.between(20, 420), lastSeen: w.now,
	}
}

// drawCustomer draws who turns to the shop: somebody known or, recorded first,
// somebody new. The first in the book come more often.
func (w *world) drawCustomer(to *chain) *customer {
	if w.percent(18) {
		who := w.newCustomer()
		w.remember(who)
		to.record(who.created())
		return who
	}
	known := len(w.customers.active)
	who := w.customers.active[min(w.below(known), w.below(known))]
	who.lastSeen = w.now
	return who
}

// remember puts a customer into the book, in place of another when it is full.
func (w *world) remember(who *customer) {
	if len(w.customers.active) < mostCustomers {
		w.customers.active = append(w.customers.active, who)
		return
	}
	w.customers.active[w.between(openingCustomers, mostCustomers-1)] = who
}

func (c *customer) actor() audit.ActorInput {
	return audit.ActorInput{Customer: &audit.CustomerActorInput{ExternalID: c.id, Name: new(c.name)}}
}

func (c *customer) subject() audit.Subject {
	return audit.Subject{ExternalID: c.id, Name: new(c.name)}
}

// event is something that happens to the customer's record.
func (c *customer) event(action audit.Action, name string, by audit.ActorInput, changes ...audit.ChangeInput) audit.EventInput {
	return audit.EventInput{
		Action: action, EventName: new(name), PerformedBy: by, Section: "customer",
		Object:  &audit.ObjectInput{Type: audit.ObjectCustomer, ExternalID: c.id, Name: new(c.name)},
		Changes: append([]audit.ChangeInput{}, changes...),
		Details: audit.DetailsInput{Customer: &audit.CustomerDetailsInput{Customer: new(c.subject())}},
	}
}

// created is the shop telling of a new customer.
func (c *customer) created() audit.EventInput {
	event := c.event(audit.ActionCreate, "customer.create", shopAPI(),
		change("name", nil, c.name), change("emails", nil, c.emails), change("phones", nil, c.phones),
		change("address", nil, c.address), change("loyalty_tier", nil, c.tier), change("lifetime_value", nil, c.lifetimeValue))
	event.Metadata = value(map[string]string{"source": "checkout"})
	return event
}

// setPhones, setEmails and setAddress change the record and say how.

func (c *customer) setPhones(phones []string) audit.ChangeInput {
	before := c.phones
	c.phones = phones
	return change("phones", before, phones)
}

func (c *customer) setEmails(emails []string) audit.ChangeInput {
	before := c.emails
	c.emails = emails
	return change("emails", before, emails)
}

func (c *customer) setAddress(to address) audit.ChangeInput {
	before := c.address
	c.address = to
	return change("address", before, to)
}

// correctContact is an agent putting right what the customer told them.
func (w *world) correctContact(who *customer, by audit.ActorInput) {
	var corrected audit.ChangeInput
	if w.percent(50) || len(who.phones) > 2 {
		moved := who.address
		moved.Street = fmt.Sprintf("%s %d", pick(w.chance, streets()), w.between(181, 400))
		corrected = who.setAddress(moved)
	} else {
		corrected = who.setPhones(append(slices.Clone(who.phones), fmt.Sprintf("+44 7700 90%04d", w.below(10_000))))
	}
	w.newChain().record(who.event(audit.ActionUpdate, "customer.update", by, corrected))
}
