// Package demo tells what happened at Northwind Outfitters, an outdoor clothing
// shop whose support teams sit in Lisbon and Denver, between February and July
// 2026, as the audit events its support platform would have sent.
//
// It is a simulation: agents sign in, take conversations until they are full,
// lose their connection; customers write back; rules and workflows act. What an
// event says therefore agrees with what earlier events said: a status was what
// it changes from, an agent's capacity is the work they hold. Around it stand
// stories with fixed names and dates (see stories.go, settings.go, accounts.go
// and billing.go) that the playground's ready queries ask for.
//
// It holds nothing real: addresses are from the documentation ranges, e-mail
// is at example.com. It never reads the clock and has its own random numbers in
// whole-number arithmetic, so the same count gives the same events everywhere.
package demo

import (
	"iter"

	"daybook/audit"
)

const (
	// Organization is the name of the organization the events belong to.
	Organization = "Daybook Demo"
	// DefaultEvents is how many events tell the whole story in a size that is
	// quick to record.
	DefaultEvents = 20_000
)

// Events yields exactly count events in the order in which they happened
// (EventInput.OccurredAt never decreases), each with an idempotency key, all
// valid. From 10,000 events on they span the whole half year and hold every
// fixed story; more events mean busier days, and below 10,000 the story breaks
// off early. Events of different counts differ: recorded over one another
// they would be conflicts.
//
// Memory does not grow with the length of the story, only with how busy its
// days are: 20,000 or millions of events may be streamed straight into a
// recorder. The sequence may be ranged over again and then starts anew.
func Events(count int) iter.Seq[audit.EventInput] {
	return func(yield func(audit.EventInput) bool) {
		if count > 0 {
			newWorld(count, yield).run()
		}
	}
}
