package storetest

import "daybook/audit"

// fullEntries has one event of each category that says all there is to say.
func fullEntries() []*audit.Entry {
	subject := func(id, name string) *audit.Subject { return &audit.Subject{ExternalID: id, Name: &name} }
	available := audit.RoutingStatus{Name: "Available", Type: audit.StatusAvailable}
	lunch := audit.RoutingStatus{Name: "Lunch", Type: audit.StatusUnavailable}
	return []*audit.Entry{
		full(doing(audit.ActionLoginFailed), about(namedUser("bob", "Bob")), detailed(&audit.AuthorizationDetails{
			Outcome: audit.OutcomeFailure, AttemptedLogin: ptr("bob@example.com"),
		})),
		full(detailed(&audit.BillingDetails{
			Plan: &audit.PlanChange{Before: ptr("Professional"), After: ptr("Enterprise")},
			Seats: []audit.SeatChange{
				{Kind: audit.SeatFullTime, Before: ptr[int32](10), After: ptr[int32](12)},
				{Kind: audit.SeatCollaborator, After: ptr[int32](0)},
			},
		})),
		full(doing(audit.ActionSurveyAnswer), detailed(&audit.ConversationDetails{
			Conversation: subject("c-1", "Where is my parcel?"),
			SurveyAnswers: []audit.SurveyAnswer{
				{Question: ptr("How did we do?"), Score: ptr(4.5), Answer: ptr("Well")},
				{Answer: ptr("")},
			},
		})),
		full(doing(audit.ActionMerge), detailed(&audit.CustomerDetails{
			Customer: subject("cu-1", "Carol"), MergedFrom: []audit.Subject{*subject("cu-2", "Karol"), {ExternalID: "cu-3"}},
		})),
		full(detailed(&audit.SettingsDetails{Area: audit.AreaBusinessRules})),
		full(doing(audit.ActionAgentStatusChange), about(namedUser("bob", "Bob")), detailed(&audit.WorkSessionDetails{
			WorkSessionExternalID: ptr("ws-1"),
			Status:                &audit.StatusChange{Before: &available, After: lunch, Cause: audit.CauseConnectionLost},
			Capacity: &audit.CapacityChange{
				Before: &audit.Capacity{Used: 3, Total: 4}, After: audit.Capacity{Used: 5, Total: 4},
			},
			Conversation: subject("c-1", "Where is my parcel?"),
		})),
	}
}

// full is an event with every common part, and what the options say.
func full(options ...option) *audit.Entry {
	said := []option{
		called("acme.thing.updated"),
		by(audit.EntryActor{Kind: audit.ActorUser, ExternalID: "ann", Name: ptr("Ann"), Email: ptr("ann@example.com")}),
		onBehalfOf(audit.EntryActor{Kind: audit.ActorCustomer, ExternalID: "cu-1", Name: ptr("Carol")}),
		in("business_rule"),
		on("rule", "r-1"),
		from("2001:DB8::0:1"),
		correlated("request-1"),
		changing(
			changed("status", `"open"`, `"done"`),
			changed("tags", `["a"]`, `["a","b"]`),
			audit.Change{
				Property: "criteria", Operation: audit.OperationAdded, After: audit.JSON(`{"all": [ ]}`),
				GivenTexts: audit.ChangeTexts{Before: ptr("none"), After: ptr("")},
			},
			redacted("password", audit.OperationChanged),
		),
		func(e *audit.Entry) {
			e.Object.Name = ptr("Escalate late parcels")
			e.UserAgent = ptr("Mozilla/5.0")
			e.Metadata = audit.JSON(`{ "b" : 1, "a":null }`)
		},
	}
	return entry(append(said, options...)...)
}
