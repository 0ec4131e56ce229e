package storetest

import "daybook/audit"

func objectInterview() interview {
	objects := func(refs ...string) audit.Filter {
		var list []audit.ObjectRef
		for i := 0; i < len(refs); i += 2 {
			list = append(list, audit.ObjectRef{Type: refs[i], ExternalID: refs[i+1]})
		}
		return audit.Filter{Objects: list}
	}
	return interview{
		name: "ObjectsByTypeAndID",
		entries: []*audit.Entry{
			labelled("rule", on("rule", "1")), labelled("other", on("rule", "2")), labelled("search", on("search", "1")),
			labelled("glued", on("rule1", "")), labelled("case", on("Rule", "1")), labelled("none"),
		},
		questions: []question{
			{objects("rule", "1"), "rule"},
			{objects("rule", "1", "search", "1"), "rule search"},
			{objects("rule", "1", "rule", "1", "rule", "9"), "rule"},
			{objects("search", "2"), ""},
			{objects("rule1", ""), "glued"},
			{audit.Filter{ObjectTypes: []string{"rule"}}, "rule other"},
			{audit.Filter{ObjectTypes: []string{"Rule", "search", "x"}}, "search case"},
			{audit.Filter{ObjectTypes: []string{"search"}, Objects: []audit.ObjectRef{{Type: "rule", ExternalID: "1"}}}, ""},
		},
	}
}

// subjectInterview: conversations and customers are found by the subject of the
// details, whatever the object is; by the object only where the details of a
// category that has such subjects name none.
func subjectInterview() interview {
	return interview{
		name: "SubjectsOfTheDetails",
		entries: []*audit.Entry{
			labelled("talk", conversation("1"), on(audit.ObjectConversation, "1")),
			labelled("ticket", conversation("1"), on("ticket", "t")),
			labelled("bare", conversation("2")),
			labelled("person", customer("1"), on(audit.ObjectCustomer, "1")),
			labelled("record", customer("1"), on("record", "r")),
			labelled("work", detailed(&audit.WorkSessionDetails{Conversation: &audit.Subject{ExternalID: "1"}}), about(user("u")), on("user", "u")),
			labelled("idle", detailed(&audit.WorkSessionDetails{}), about(user("u"))),
			labelled("nobody", detailed(&audit.CustomerDetails{})),
			labelled("lunch", detailed(&audit.WorkSessionDetails{}), about(user("u")), on(audit.ObjectConversation, "4")),
			labelled("erased", detailed(&audit.CustomerDetails{}), on(audit.ObjectCustomer, "4")),
			labelled("two", conversation("5"), on(audit.ObjectConversation, "4")),
			labelled("view", on(audit.ObjectConversation, "4")),
		},
		questions: []question{
			{audit.Filter{Conversations: []string{"1"}}, "talk ticket work"},
			{audit.Filter{Conversations: []string{"2", "3", "2"}}, "bare"},
			{audit.Filter{Conversations: []string{"3"}}, ""},
			{audit.Filter{Conversations: []string{"4"}}, "lunch"},
			{audit.Filter{Conversations: []string{"5"}}, "two"},
			{audit.Filter{Customers: []string{"4"}}, "erased"},
			{audit.Filter{Customers: []string{"1"}}, "person record"},
			{audit.Filter{Customers: []string{"2"}}, ""},
			{audit.Filter{Conversations: []string{"1"}, Categories: []audit.Category{audit.CategoryWorkSession}}, "work"},
			{audit.Filter{Conversations: []string{"1"}, Customers: []string{"1"}}, ""},
		},
	}
}

func detailsInterview() interview {
	seats := func(kinds ...audit.SeatKind) option {
		details := &audit.BillingDetails{}
		for _, kind := range kinds {
			details.Seats = append(details.Seats, audit.SeatChange{Kind: kind, After: ptr[int32](1)})
		}
		return detailed(details)
	}
	area := func(area audit.SettingsArea) option { return detailed(&audit.SettingsDetails{Area: area}) }
	return interview{
		name: "OutcomesSeatsAndAreas",
		entries: []*audit.Entry{
			labelled("in", detailed(&audit.AuthorizationDetails{Outcome: audit.OutcomeSuccess})),
			labelled("out", detailed(&audit.AuthorizationDetails{Outcome: audit.OutcomeFailure})),
			labelled("plan", detailed(&audit.BillingDetails{Plan: &audit.PlanChange{After: ptr("Pro")}})),
			labelled("full", seats(audit.SeatFullTime)),
			labelled("mixed", seats(audit.SeatFullTime, audit.SeatCollaborator)),
			labelled("rules", area(audit.AreaBusinessRules)), labelled("else", area(audit.AreaOther)),
		},
		questions: []question{
			{audit.Filter{Outcomes: []audit.AuthorizationOutcome{audit.OutcomeSuccess}}, "in"},
			{audit.Filter{Outcomes: []audit.AuthorizationOutcome{audit.OutcomeFailure, audit.OutcomeSuccess}}, "in out"},
			{audit.Filter{SeatKinds: []audit.SeatKind{audit.SeatFullTime}}, "full mixed"},
			{audit.Filter{SeatKinds: []audit.SeatKind{audit.SeatCollaborator, audit.SeatSeasonal}}, "mixed"},
			{audit.Filter{SeatKinds: []audit.SeatKind{audit.SeatSeasonal}}, ""},
			{audit.Filter{SettingsAreas: []audit.SettingsArea{audit.AreaBusinessRules, audit.AreaSearches}}, "rules"},
			{audit.Filter{SettingsAreas: []audit.SettingsArea{audit.AreaSearches}}, ""},
		},
	}
}

func workSessionInterview() interview {
	status := func(f audit.StatusFilter) audit.Filter { return audit.Filter{Status: &f} }
	capacity := func(from, to []audit.CapacityState) audit.Filter {
		return audit.Filter{Capacity: &audit.CapacityFilter{From: from, To: to}}
	}
	types := func(types ...audit.StatusType) []audit.StatusType { return types }
	states := func(states ...audit.CapacityState) []audit.CapacityState { return states }
	return interview{
		name: "StatusCapacityAndWorkSession",
		entries: []*audit.Entry{
			labelled("start", statusEvent("s1", 0, audit.StatusAvailable, audit.CauseSignIn)),
			labelled("lapse", statusEvent("s1", audit.StatusAvailable, audit.StatusUnavailable, audit.CauseConnectionLost)),
			labelled("lunch", statusEvent("s2", audit.StatusAvailable, audit.StatusUnavailable, audit.CauseManual)),
			labelled("first", capacityEvent(nil, 1, 3)), labelled("full", capacityEvent(ptr[int32](2), 3, 3)),
			labelled("over", capacityEvent(ptr[int32](3), 4, 3)), labelled("idle", capacityEvent(ptr[int32](4), 0, 3)),
			labelled("none", detailed(&audit.WorkSessionDetails{})), labelled("other"),
		},
		questions: []question{
			{audit.Filter{WorkSessionExternalIDs: []string{"s1"}}, "start lapse"},
			{audit.Filter{WorkSessionExternalIDs: []string{"S1", "s2"}}, "lunch"},
			{status(audit.StatusFilter{From: types(audit.StatusAvailable)}), "lapse lunch"},
			{status(audit.StatusFilter{To: types(audit.StatusAvailable, audit.StatusBusy)}), "start"},
			{status(audit.StatusFilter{Causes: []audit.StatusCause{audit.CauseConnectionLost}}), "lapse"},
			{status(audit.StatusFilter{
				From: types(audit.StatusAvailable), To: types(audit.StatusUnavailable), Causes: []audit.StatusCause{audit.CauseManual},
			}), "lunch"},
			{status(audit.StatusFilter{From: types(audit.StatusOffline)}), ""},
			{capacity(nil, states(audit.CapacityOver)), "over"},
			{capacity(states(audit.CapacityOver), nil), "idle"},
			{capacity(states(audit.CapacityWithCapacity), states(audit.CapacityFull)), "full"},
			{capacity(nil, states(audit.CapacityWithCapacity, audit.CapacityIdle)), "first idle"},
			{capacity(states(audit.CapacityIdle), nil), ""},
		},
	}
}

// statusEvent has no status before it when that is 0.
func statusEvent(session string, before, after audit.StatusType, cause audit.StatusCause) option {
	change := &audit.StatusChange{After: audit.RoutingStatus{Name: "after", Type: after}, Cause: cause}
	if before != 0 {
		change.Before = &audit.RoutingStatus{Name: "before", Type: before}
	}
	return detailed(&audit.WorkSessionDetails{WorkSessionExternalID: &session, Status: change})
}

func capacityEvent(before *int32, after, total int32) option {
	change := &audit.CapacityChange{After: audit.Capacity{Used: after, Total: total}}
	if before != nil {
		change.Before = &audit.Capacity{Used: *before, Total: total}
	}
	return detailed(&audit.WorkSessionDetails{Capacity: change})
}
