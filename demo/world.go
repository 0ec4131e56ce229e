package demo

import (
	"fmt"
	"time"

	"daybook/audit"
)

// The half year that is told: from begin to just before end.
var (
	begin = time.Date(2026, time.February, 2, 0, 0, 0, 0, time.UTC)
	end   = time.Date(2026, time.August, 1, 0, 0, 0, 0, time.UTC)
)

// world is the company at one instant: what is so, and what is going to happen.
type world struct {
	chance
	agenda agenda
	now    time.Time

	count    int // events asked for
	recorded int
	yield    func(audit.EventInput) bool
	stopped  bool // the receiver wants no more

	people    map[string]*person // by external id
	agents    []*agent           // in a fixed order: maps have none
	customers customerBook
	desk      desk
	settings  map[string]*setting // by external id
	billing   billing
	numbers   numbers
	pace      pace
}

// numbers are the last ones given out, by what they number.
type numbers struct{ conversation, customer, message, invoice, label, chain, tag int }

func newWorld(count int, yield func(audit.EventInput) bool) *world {
	w := &world{chance: newChance(), count: count, yield: yield, now: begin}
	w.hire()
	w.openCustomerBook()
	w.openSettings()
	w.billing = openingBilling()
	w.pace = newPace(count)
	w.planStories()
	for day := begin; day.Before(end); day = day.AddDate(0, 0, 1) {
		w.at(day, w.planDay)
	}
	return w
}

// run lets things happen one after the other until count events are recorded,
// the receiver stops, or the half year is over.
func (w *world) run() {
	for !w.finished() {
		next, ok := w.agenda.next()
		if !ok || !next.at.Before(end) {
			return
		}
		w.now = next.at
		next.do()
	}
}

// finished says that nothing more will be recorded.
func (w *world) finished() bool { return w.stopped || w.recorded >= w.count }

// at plans something for an instant; what is past happens now.
func (w *world) at(instant time.Time, do func()) {
	if instant.Before(w.now) {
		instant = w.now
	}
	w.agenda.add(instant, do)
}

// after plans something for a while from now.
func (w *world) after(wait time.Duration, do func()) { w.at(w.now.Add(wait), do) }

// on plans something for a fixed instant of a story, in RFC 3339.
func (w *world) on(instant string, do func()) { w.at(moment(instant), do) }

// moment reads an instant written into a story; a mistake there is a bug.
func moment(instant string) time.Time {
	parsed, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		panic("demo: " + err.Error())
	}
	return parsed.UTC()
}

// record sends one event as of now and answers with its idempotency key.
func (w *world) record(event audit.EventInput) string {
	if w.finished() {
		return ""
	}
	w.recorded++
	key := fmt.Sprintf("demo-%07d", w.recorded)
	event.IdempotencyKey = new(key)
	event.OccurredAt = new(w.now)
	w.stopped = !w.yield(event)
	return key
}

// chain is what one cause set off at one instant: its events share a
// correlation id, and each names the one before it as its cause.
type chain struct {
	world       *world
	correlation string
	last        string
}

func (w *world) newChain() *chain {
	w.numbers.chain++
	return &chain{world: w, correlation: fmt.Sprintf("req-%07d", w.numbers.chain)}
}

// record sends the next event of the chain.
func (c *chain) record(event audit.EventInput) {
	event.CorrelationID = new(c.correlation)
	if c.last != "" {
		event.CausedBy = &audit.CauseInput{IdempotencyKey: new(c.last)}
	}
	c.last = c.world.record(event)
}
