package storetest

import (
	"time"

	"pgregory.net/rapid"

	"daybook/audit"
)

// The values that drawn events are made of.
var (
	areas     = []audit.SettingsArea{audit.AreaSearches, audit.AreaShortcuts, audit.AreaOther}
	seatKinds = []audit.SeatKind{audit.SeatFullTime, audit.SeatSeasonal, audit.SeatCollaborator}
	statuses  = []audit.StatusType{audit.StatusAvailable, audit.StatusUnavailable, audit.StatusOffline}
	causesOf  = []audit.StatusCause{audit.CauseManual, audit.CauseConnectionLost}

	drawnIDs       = []string{"1", "2", "%", "É"}
	drawnNames     = []string{"Ann", "ann", "Bob_", "É 100%", ""}
	drawnAddresses = []string{"10.0.0.1", "10.0.0.2", "::ffff:10.0.0.1", "10.1.0.1", "2001:db8::1", "255.255.255.255"}
	drawnValues    = []string{``, `null`, `1`, `1.0`, `"a"`, `["a"]`, `["a","b"]`, `[]`, `{"k":["a"]}`}
)

// drawEntry draws any event there can be of few values.
func drawEntry(t *rapid.T) *audit.Entry {
	options := []option{
		doing(rapid.SampledFrom(audit.Actions()[:3]).Draw(t, "action")),
		in(rapid.SampledFrom(drawnIDs).Draw(t, "section")),
		by(drawActor(t)), drawDetails(t), changing(drawChanges(t)...),
	}
	if rapid.Bool().Draw(t, "timed") {
		options = append(options, at(after(time.Duration(rapid.IntRange(-2, 2).Draw(t, "minute"))*time.Minute)))
	}
	for _, one := range []struct {
		label string
		draw  func(*rapid.T) option
	}{
		{"name", func(t *rapid.T) option { return called(rapid.SampledFrom(drawnNames).Draw(t, "event name")) }},
		{"behalf", func(t *rapid.T) option { return onBehalfOf(drawActor(t)) }},
		{"object", func(t *rapid.T) option {
			types := []string{"rule", audit.ObjectConversation, audit.ObjectCustomer}
			return on(rapid.SampledFrom(types).Draw(t, "object type"), rapid.SampledFrom(drawnIDs).Draw(t, "object id"))
		}},
		{"address", func(t *rapid.T) option { return from(rapid.SampledFrom(drawnAddresses).Draw(t, "address")) }},
		{"correlation", func(t *rapid.T) option { return correlated(rapid.SampledFrom(drawnIDs).Draw(t, "correlation")) }},
	} {
		if rapid.Bool().Draw(t, "has "+one.label) {
			options = append(options, one.draw(t))
		}
	}
	return entry(options...)
}

func drawActor(t *rapid.T) audit.EntryActor {
	kinds := []audit.ActorKind{audit.ActorUser, audit.ActorCustomer, audit.ActorAPI}
	return audit.EntryActor{
		Kind:       rapid.SampledFrom(kinds).Draw(t, "kind"),
		ExternalID: rapid.SampledFrom(drawnIDs).Draw(t, "external id"),
		Name:       rapid.Ptr(rapid.SampledFrom(drawnNames), true).Draw(t, "name"),
		Email:      rapid.Ptr(rapid.SampledFrom(drawnNames), true).Draw(t, "email"),
	}
}

// drawChanges names no property twice, so that it is clear which elements belong
// to which change.
func drawChanges(t *rapid.T) []audit.Change {
	var changes []audit.Change
	for _, property := range drawnIDs {
		switch rapid.IntRange(0, 4).Draw(t, "change of "+property) {
		case 0, 1:
			before := rapid.SampledFrom(drawnValues).Draw(t, "before")
			after := rapid.SampledFrom(drawnValues).Draw(t, "after")
			if !jsonOf(before).IsNull() || !jsonOf(after).IsNull() {
				changes = append(changes, changed(property, before, after))
			}
		case 2:
			changes = append(changes, redacted(property, audit.ChangeOperation(rapid.Int16Range(1, 3).Draw(t, "operation"))))
		}
	}
	return changes
}

func drawDetails(t *rapid.T) option {
	subject := &audit.Subject{ExternalID: rapid.SampledFrom(drawnIDs).Draw(t, "subject")}
	details := []func() audit.Details{
		func() audit.Details { return &audit.ConversationDetails{Conversation: subject} },
		func() audit.Details {
			return &audit.CustomerDetails{Customer: subject, MergedFrom: []audit.Subject{{ExternalID: "2"}}}
		},
		func() audit.Details { return &audit.CustomerDetails{} },
		func() audit.Details {
			return &audit.SettingsDetails{Area: rapid.SampledFrom(areas).Draw(t, "area")}
		},
		func() audit.Details {
			outcomes := []audit.AuthorizationOutcome{audit.OutcomeSuccess, audit.OutcomeFailure}
			return &audit.AuthorizationDetails{Outcome: rapid.SampledFrom(outcomes).Draw(t, "outcome")}
		},
		func() audit.Details {
			billing := &audit.BillingDetails{}
			for _, kind := range rapid.SliceOfN(rapid.SampledFrom(seatKinds), 0, 2).Draw(t, "seats") {
				billing.Seats = append(billing.Seats, audit.SeatChange{Kind: kind})
			}
			return billing
		},
		func() audit.Details { return drawWorkSession(t, subject) },
	}
	which := rapid.IntRange(0, len(details)-1).Draw(t, "details")
	aboutSomebody := which >= 4 && which != 5 && rapid.Bool().Draw(t, "about somebody")
	made := details[which]()
	return func(e *audit.Entry) {
		e.Details = made
		if aboutSomebody {
			e.About = ptr(drawActor(t))
		}
	}
}

func drawWorkSession(t *rapid.T, subject *audit.Subject) *audit.WorkSessionDetails {
	details := &audit.WorkSessionDetails{
		WorkSessionExternalID: rapid.Ptr(rapid.SampledFrom(drawnIDs), true).Draw(t, "session"),
	}
	status := func(label string) audit.RoutingStatus {
		return audit.RoutingStatus{Name: label, Type: rapid.SampledFrom(statuses).Draw(t, label)}
	}
	capacity := func(label string) audit.Capacity {
		return audit.Capacity{Used: rapid.Int32Range(0, 3).Draw(t, label), Total: 2}
	}
	if rapid.Bool().Draw(t, "has subject") {
		details.Conversation = subject
	}
	if rapid.Bool().Draw(t, "has status") {
		details.Status = &audit.StatusChange{After: status("status after"), Cause: rapid.SampledFrom(causesOf).Draw(t, "cause")}
		if rapid.Bool().Draw(t, "had status") {
			details.Status.Before = ptr(status("status before"))
		}
	}
	if rapid.Bool().Draw(t, "has capacity") {
		details.Capacity = &audit.CapacityChange{After: capacity("capacity after")}
		if rapid.Bool().Draw(t, "had capacity") {
			details.Capacity.Before = ptr(capacity("capacity before"))
		}
	}
	return details
}
