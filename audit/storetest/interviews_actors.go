package storetest

import "daybook/audit"

func actorInterview() interview {
	performed := func(f audit.ActorFilter) audit.Filter { return audit.Filter{PerformedBy: &f} }
	behalf := func(f audit.ActorFilter) audit.Filter { return audit.Filter{OnBehalfOf: &f} }
	concerning := func(f audit.ActorFilter) audit.Filter { return audit.Filter{About: &f} }
	ids := func(externalIDs ...string) audit.ActorFilter { return audit.ActorFilter{ExternalIDs: externalIDs} }
	kinds := func(kinds ...audit.ActorKind) audit.ActorFilter { return audit.ActorFilter{Kinds: kinds} }
	session := detailed(&audit.WorkSessionDetails{})
	return interview{
		name: "ActorsInEachPart",
		entries: []*audit.Entry{
			labelled("ann", by(user("ann"))),
			labelled("rule", by(automation(audit.ActorBusinessRule, "ann")), onBehalfOf(user("bob"))),
			labelled("bob", by(user("bob")), about(user("ann")), session),
			labelled("api", by(automation(audit.ActorAPI, "key")), onBehalfOf(user("ann")), about(user("bob")), session),
		},
		questions: []question{
			{performed(audit.ActorFilter{IDs: []audit.ActorID{1 << 30}}), ""},
			{performed(ids("ann")), "ann rule"},
			{performed(ids("ANN")), ""},
			{performed(ids("ann", "key", "nobody")), "ann rule api"},
			{performed(kinds(audit.ActorUser)), "ann bob"},
			{performed(kinds(audit.ActorAPI, audit.ActorBusinessRule)), "rule api"},
			{performed(audit.ActorFilter{ExternalIDs: []string{"ann"}, Kinds: []audit.ActorKind{audit.ActorUser}}), "ann"},
			{performed(audit.ActorFilter{ExternalIDs: []string{"bob"}, Kinds: []audit.ActorKind{audit.ActorAPI}}), ""},
			{behalf(ids("ann")), "api"},
			{behalf(ids("ann", "bob")), "rule api"},
			{behalf(kinds(audit.ActorCustomer)), ""},
			{concerning(ids("ann")), "bob"},
			{concerning(kinds(audit.ActorUser)), "bob api"},
			{audit.Filter{PerformedBy: ptr(ids("key")), OnBehalfOf: ptr(ids("ann")), About: ptr(ids("bob"))}, "api"},
			{audit.Filter{PerformedBy: ptr(ids("ann")), OnBehalfOf: ptr(ids("ann"))}, ""},
		},
	}
}

// actorNameInterview: an actor is found by its latest name in all its events,
// and by an earlier name in those that were recorded with it.
func actorNameInterview() interview {
	performed := func(name string) audit.Filter { return audit.Filter{PerformedBy: &audit.ActorFilter{Name: &name}} }
	return interview{
		name: "ActorsByLatestOrRecordedName",
		entries: []*audit.Entry{
			labelled("first", by(namedUser("u1", "Ann Miller"))),
			labelled("second", by(namedUser("u1", "Ann SMITH"))),
			labelled("other", by(namedUser("u2", "ÄNNE 100%")), onBehalfOf(namedUser("u3", "Carol"))),
			labelled("nameless", by(user("u4")), about(namedUser("u5", "")), detailed(&audit.WorkSessionDetails{})),
		},
		questions: []question{
			{performed("ann"), "first second"},
			{performed("miller"), "first"},
			{performed("Smith"), "first second"},
			{performed("änne"), "other"},
			{performed("%"), "other"},
			{performed("n_"), ""},
			{performed("carol"), ""},
			{audit.Filter{OnBehalfOf: &audit.ActorFilter{Name: ptr("CAROL")}}, "other"},
			{audit.Filter{About: &audit.ActorFilter{Name: ptr("x")}}, ""},
			{audit.Filter{PerformedBy: &audit.ActorFilter{Name: ptr("ann"), ExternalIDs: []string{"u2"}}}, ""},
		},
	}
}
