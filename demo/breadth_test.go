package demo

import (
	"slices"
	"sync"
	"testing"
	"time"

	"daybook/audit"
)

// told is the story in its default size.
var told = sync.OnceValue(func() []audit.EventInput { return slices.Collect(Events(DefaultEvents)) })

// Whatever can be said about an event is said about some event of the story.
func TestEverythingThatCanHappenHappens(t *testing.T) {
	seen := seenIn(told())
	var want []string
	for _, category := range audit.Categories() {
		want = append(want, category.String())
	}
	for _, action := range audit.Actions() {
		want = append(want, action.String())
	}
	want = append(want, names[audit.ActorKind]()...)
	want = append(want, names[audit.SettingsArea]()...)
	want = append(want, names[audit.AuthorizationOutcome]()...)
	want = append(want, names[audit.SeatKind]()...)
	want = append(want, names[audit.StatusType]()...)
	want = append(want, names[audit.StatusCause]()...)
	want = append(want, names[audit.CapacityState]()...)
	want = append(want, "on behalf of a customer", "on behalf of a user", "redacted", "metadata", "merged customers", "a survey's score", "a survey's answer")
	for _, name := range want {
		if seen[name] == 0 {
			t.Errorf("%s never occurs", name)
		}
	}
}

// names lists the names of an enumeration.
func names[T interface {
	~int16
	String() string
}]() []string {
	var all []string
	for value := T(1); value.String() != ""; value++ {
		all = append(all, value.String())
	}
	return all
}

func seenIn(events []audit.EventInput) map[string]int {
	seen := map[string]int{}
	for _, event := range events {
		seen[event.Action.String()]++
		seen[categoryOf(event).String()]++
		seen[kindOf(event.PerformedBy).String()]++
		if event.Metadata != nil {
			seen["metadata"]++
		}
		if behalf := event.OnBehalfOf; behalf != nil {
			seen[map[audit.ActorKind]string{audit.ActorCustomer: "on behalf of a customer", audit.ActorUser: "on behalf of a user"}[kindOf(*behalf)]]++
		}
		for _, change := range event.Changes {
			if change.Redacted {
				seen["redacted"]++
			}
		}
		seeDetails(seen, event.Details)
	}
	return seen
}

func seeDetails(seen map[string]int, details audit.DetailsInput) {
	if d := details.Authorization; d != nil && d.Outcome != nil {
		seen[d.Outcome.String()]++
	} else if d != nil {
		seen[audit.OutcomeSuccess.String()]++
	}
	if d := details.Billing; d != nil {
		for _, seat := range d.Seats {
			seen[seat.Kind.String()]++
		}
	}
	if d := details.Settings; d != nil {
		seen[d.Area.String()]++
	}
	if d := details.Customer; d != nil && len(d.MergedFrom) > 0 {
		seen["merged customers"]++
	}
	if d := details.Conversation; d != nil {
		for _, answer := range d.SurveyAnswers {
			if answer.Score != nil {
				seen["a survey's score"]++
			} else {
				seen["a survey's answer"]++
			}
		}
	}
	if d := details.WorkSession; d != nil && d.Status != nil {
		seen[d.Status.After.Type.String()]++
		seen[d.Status.Cause.String()]++
	}
	if d := details.WorkSession; d != nil && d.Capacity != nil {
		seen[d.Capacity.After.State().String()]++
	}
}

func categoryOf(event audit.EventInput) audit.Category {
	switch d := event.Details; {
	case d.Authorization != nil:
		return audit.CategoryAuthorization
	case d.Billing != nil:
		return audit.CategoryBilling
	case d.Conversation != nil:
		return audit.CategoryConversation
	case d.Customer != nil:
		return audit.CategoryCustomer
	case d.Settings != nil:
		return audit.CategorySettings
	default:
		return audit.CategoryWorkSession
	}
}

func kindOf(actor audit.ActorInput) audit.ActorKind {
	switch {
	case actor.User != nil:
		return audit.ActorUser
	case actor.Customer != nil:
		return audit.ActorCustomer
	default:
		return actor.Automation.Kind
	}
}

// Every event says what a table of events shows.
func TestEveryEventFillsItsColumns(t *testing.T) {
	for _, event := range told() {
		if event.IdempotencyKey == nil || event.EventName == nil || event.Section == "" || event.Object == nil || event.CorrelationID == nil {
			t.Fatalf("%+v leaves a column empty", event)
		}
	}
}

// Weekdays are busier than weekends, days than nights, and some agents than
// others.
func TestTheCompanyHasARhythm(t *testing.T) {
	days, hours, agents := map[time.Weekday]int{}, map[int]int{}, map[string]int{}
	for _, event := range told() {
		days[event.OccurredAt.Weekday()]++
		hours[event.OccurredAt.Hour()]++
		if work := event.Details.WorkSession; work != nil && event.Action == audit.ActionAssign {
			agents[work.Agent.ExternalID]++
		}
	}
	if days[time.Sunday]*2 > days[time.Monday] || days[time.Saturday]*3 > days[time.Tuesday]*2 {
		t.Errorf("weekends are not quiet: %v", days)
	}
	if hours[3]*10 > hours[15] {
		t.Errorf("nights are not quiet: %v", hours)
	}
	if agents["usr-priya"] < 4*agents["usr-ravi"] || len(agents) < 20 {
		t.Errorf("work is spread evenly: %v", agents)
	}
}
