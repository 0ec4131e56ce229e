package dataset

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"daybook/audit"
	"daybook/bench/event"
)

// BusyObjects is to how many of the conversations much happens: a page of their
// events is full in the smallest log.
const BusyObjects = 40

// busyEvery is how many events there are to one of theirs.
const busyEvery = 16

// input draws an event of package event, and adds what filters look for beyond
// that: verbs, statuses, outcomes and the like, the frequent ones mostly.
func input(random *rand.Rand, at time.Time) audit.EventInput {
	e := event.Draw(random)
	if random.IntN(busyEvery) == 0 {
		e.ObjectID = ObjectID(random.IntN(BusyObjects))
	}
	in := audit.EventInput{
		OccurredAt: &at, Action: audit.ActionUpdate, EventName: &e.Name, Section: e.Section,
		PerformedBy: audit.ActorInput{User: user(&e)},
		Object:      &audit.ObjectInput{Type: e.ObjectType, ExternalID: e.ObjectID, Name: &e.ObjectName},
		Changes:     make([]audit.ChangeInput, len(e.Changes)),
		IPAddress:   &e.Address, UserAgent: &e.UserAgent,
	}
	for i, c := range e.Changes {
		in.Changes[i] = audit.ChangeInput{Property: c.Property, Before: text(c.Before), After: text(c.After)}
	}
	if random.IntN(20) == 0 {
		correlation := fmt.Sprintf("req-%08x", random.Uint32())
		in.CorrelationID = &correlation
	}
	if random.IntN(50) == 0 {
		in.OnBehalfOf = &audit.ActorInput{User: drawnUser(random)}
	}
	addDetails(random, &in, &e)
	name := e.Category + "." + strings.ToLower(in.Action.String())
	in.EventName = &name
	return in
}

// ObjectID is the n-th of the conversations that events are about.
func ObjectID(n int) string { return fmt.Sprintf("cnv-%06d", n) }

// text is a string as JSON; those of package event need no escape.
func text(s string) audit.JSON { return audit.JSON(`"` + s + `"`) }

func user(e *event.Event) *audit.UserInput {
	return &audit.UserInput{ExternalID: e.ActorID, Name: &e.ActorName, Email: &e.ActorEmail}
}

func drawnUser(random *rand.Rand) *audit.UserInput {
	e := event.Draw(random)
	return user(&e)
}

// addDetails adds what the event's category has.
func addDetails(random *rand.Rand, in *audit.EventInput, e *event.Event) {
	subject := audit.Subject{ExternalID: e.ObjectID, Name: &e.ObjectName}
	switch e.Category {
	case "conversation":
		in.Action = skewed(random, audit.ActionUpdate, audit.ActionCreate, audit.ActionForward, audit.ActionDelete)
		in.Details.Conversation = &audit.ConversationDetailsInput{Conversation: subject}
	case "customer":
		in.Action = skewed(random, audit.ActionUpdate, audit.ActionCreate, audit.ActionMerge, audit.ActionDelete)
		in.Details.Customer = &audit.CustomerDetailsInput{Customer: &subject}
	case "settings":
		area := skewed(random, audit.AreaSearches, audit.AreaShortcuts, audit.AreaBusinessRules, audit.AreaKustomerAccess)
		in.Details.Settings = &audit.SettingsDetailsInput{Area: area}
	case "authorization":
		in.Action = skewed(random, audit.ActionLogin, audit.ActionLogout, audit.ActionLoginFailed, audit.ActionUpdate)
		in.Details.Authorization = &audit.AuthorizationDetailsInput{User: drawnUser(random)}
	case "billing":
		before, after := int32(10), int32(12)
		kind := skewed(random, audit.SeatFullTime, audit.SeatSeasonal, audit.SeatCollaborator)
		in.Details.Billing = &audit.BillingDetailsInput{Seats: []audit.SeatChange{{Kind: kind, Before: &before, After: &after}}}
	default:
		addWorkSession(random, in, &subject)
	}
}

// addWorkSession adds a change of status, one of capacity, or an assignment.
func addWorkSession(random *rand.Rand, in *audit.EventInput, conversation *audit.Subject) {
	session := fmt.Sprintf("wks-%07d", random.IntN(200_000))
	d := &audit.WorkSessionDetailsInput{Agent: *drawnUser(random), WorkSessionExternalID: &session}
	switch random.IntN(3) {
	case 0:
		in.Action = audit.ActionAgentStatusChange
		from := skewed(random, audit.StatusAvailable, audit.StatusBusy, audit.StatusUnavailable, audit.StatusOffline)
		to := skewed(random, audit.StatusUnavailable, audit.StatusAvailable, audit.StatusOffline, audit.StatusBusy)
		d.Status = &audit.StatusChange{
			Before: &audit.RoutingStatus{Name: from.String(), Type: from}, After: audit.RoutingStatus{Name: to.String(), Type: to},
			Cause: skewed(random, audit.CauseManual, audit.CauseSignIn, audit.CauseSignOut, audit.CauseWrapUp,
				audit.CauseAcceptTimeout, audit.CauseConnectionLost, audit.CauseSupervisor),
		}
	case 1:
		in.Action = audit.ActionAgentCapacityChange
		before, after := random.Int32N(6), random.Int32N(7)
		d.Capacity = &audit.CapacityChange{Before: &audit.Capacity{Used: before, Total: 5}, After: audit.Capacity{Used: after, Total: 5}}
	default:
		in.Action, d.Conversation = skewed(random, audit.ActionAssign, audit.ActionUnassign, audit.ActionRequeue), conversation
	}
	in.Details.WorkSession = d
}

// skewed chooses one of the values: the first most often, each next a third as
// often as the one before.
func skewed[T any](random *rand.Rand, values ...T) T {
	i := 0
	for i < len(values)-1 && random.IntN(3) == 0 {
		i++
	}
	return values[i]
}
