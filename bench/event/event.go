// Package event makes the events that are recorded while measuring: the same
// ones each time, of the sizes and frequencies of a support platform's log.
package event

import (
	"fmt"
	"math/rand/v2"
)

// What a log of this kind has.
const (
	actors     = 2000 // few of them do most
	sections   = 60
	properties = 120
	objects    = 100_000
)

// seed makes the numbers the same in every run.
const seed = 20260714

// Event is one event. Its fields are those of the recorded columns.
type Event struct {
	Category   string // the key of the details in the GraphQL contract
	Action     string
	Name       string
	ActorID    string
	ActorName  string
	ActorEmail string
	Section    string
	ObjectType string
	ObjectID   string
	ObjectName string
	Address    string
	UserAgent  string
	Changes    []Change
}

// Change is what happened to one property. The values are strings.
type Change struct {
	Property, Before, After string
}

// categories are the keys of the details, and how many percent have them.
var (
	categories     = []string{"conversation", "workSession", "customer", "settings", "authorization", "billing"}
	categoryShares = []int{50, 25, 12, 8, 4, 1}
)

// changeShares is how many percent have 0, 1, 2 ... changes: 1.5 in the mean.
var changeShares = []int{24, 36, 22, 9, 5, 2, 2}

var words = []string{"open", "snoozed", "done", "high", "normal", "billing", "shipping", "returns", "vip", "english", "spanish", "tier-2"}

const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"

// Make makes events: always the same.
func Make(count int) []Event {
	random := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // nothing secret
	events := make([]Event, count)
	for i := range events {
		events[i] = Draw(random)
	}
	return events
}

// Draw makes one event.
func Draw(random *rand.Rand) Event {
	skew := random.Float64()
	actor := int(actors * skew * skew * skew)
	object := random.IntN(objects)
	e := Event{
		Category: categories[pick(random, categoryShares)], Action: "UPDATE", Name: "conversation.updated",
		ActorID: fmt.Sprintf("usr-%05d", actor), ActorName: fmt.Sprintf("Agent Number %d", actor),
		ActorEmail: fmt.Sprintf("agent.%d@example.com", actor),
		Section:    fmt.Sprintf("section_%02d", random.IntN(sections)),
		ObjectType: "conversation", ObjectID: fmt.Sprintf("cnv-%06d", object), ObjectName: fmt.Sprintf("Where is my order %d?", object),
		Address: fmt.Sprintf("203.0.113.%d", random.IntN(256)), UserAgent: userAgent,
	}
	for n := range pick(random, changeShares) {
		e.Changes = append(e.Changes, change(random, n))
	}
	return e
}

// change is the n-th change of an event. No two of an event have one property.
func change(random *rand.Rand, n int) Change {
	part := properties / (len(changeShares) - 1)
	return Change{
		Property: fmt.Sprintf("property_%03d", n*part+random.IntN(part)),
		Before:   words[random.IntN(len(words))], After: words[random.IntN(len(words))],
	}
}

// pick chooses a place of shares, which are in percent.
func pick(random *rand.Rand, shares []int) int {
	left := random.IntN(100)
	for i, share := range shares {
		if left -= share; left < 0 {
			return i
		}
	}
	return len(shares) - 1
}
