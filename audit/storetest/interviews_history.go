package storetest

import "daybook/audit"

// historyInterview: an object takes part in an event as its object, as the subject
// of its details or as what it merged away, and is told apart by type and id.
func historyInterview() interview {
	history := func(objectType, externalID string) audit.Filter {
		return audit.Filter{History: &audit.ObjectRef{Type: objectType, ExternalID: externalID}}
	}
	work := func(conversation string) option {
		return detailed(&audit.WorkSessionDetails{Conversation: &audit.Subject{ExternalID: conversation}})
	}
	return interview{
		name: "HistoriesOfObjects",
		entries: []*audit.Entry{
			labelled("talk", conversation("1"), on(audit.ObjectConversation, "1")),
			labelled("message", conversation("1"), on("message", "m")),
			labelled("work", work("1"), about(user("u")), on(audit.ObjectUser, "u")),
			labelled("view", on(audit.ObjectConversation, "1")),
			labelled("person", customer("1"), on(audit.ObjectCustomer, "1")),
			labelled("merge", customer("1", "2", "3", "2"), on(audit.ObjectCustomer, "1")),
			labelled("nobody", detailed(&audit.CustomerDetails{MergedFrom: []audit.Subject{{ExternalID: "3"}}})),
			labelled("itself", customer("4", "4"), on(audit.ObjectCustomer, "4")),
			labelled("rule", on("rule", "1")),
			labelled("quoted", on(`it's "x"`, `{"externalId":1}`)),
			labelled("quotes", customer(`'"\`, `"'`)),
			labelled("bare"),
		},
		questions: []question{
			{history("conversation", "1"), "talk message work view"},
			{history("conversation", "2"), ""},
			{history("message", "m"), "message"},
			{history("user", "u"), "work"},
			{history("customer", "1"), "person merge"},
			{history("customer", "2"), "merge"},
			{history("customer", "3"), "merge nobody"},
			{history("customer", "4"), "itself"},
			{history("rule", "1"), "rule"},
			{history("rul", "e1"), ""},
			{history(`it's "x"`, `{"externalId":1}`), "quoted"},
			{history("customer", `'"\`), "quotes"},
			{history("customer", `"'`), "quotes"},
			{audit.Filter{History: &audit.ObjectRef{Type: "conversation", ExternalID: "1"}, Categories: []audit.Category{audit.CategoryConversation}}, "talk message"},
			{audit.Filter{History: &audit.ObjectRef{Type: "customer", ExternalID: "1"}, Objects: []audit.ObjectRef{{Type: "customer", ExternalID: "1"}}}, "person merge"},
		},
	}
}

// causeInterview: the events of a group know each other, and the ids of the first
// organization's are known beforehand.
func causeInterview() interview {
	causedBy := func(sequences ...int64) audit.Filter {
		filter := audit.Filter{CausedBy: []audit.EventID{}}
		for _, sequence := range sequences {
			id, err := audit.NewEventID(noon, sequence, 1)
			if err != nil {
				panic(err)
			}
			filter.CausedBy = append(filter.CausedBy, id)
		}
		return filter
	}
	after := func(cause int) option { return func(e *audit.Entry) { e.CauseIndex = cause } }
	return interview{
		name: "CausesOfEvents",
		entries: []*audit.Entry{
			labelled("order"), labelled("route", after(0)), labelled("tag", after(0)), labelled("assign", after(1)), labelled("bare"),
		},
		questions: []question{
			{causedBy(1), "route tag"},
			{causedBy(2), "assign"},
			{causedBy(1, 2, 2), "route tag assign"},
			{causedBy(3, 5, 99), ""},
		},
	}
}
