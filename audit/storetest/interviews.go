package storetest

import (
	"time"

	"daybook/audit"
)

// interviews ask for every field of a filter alone. More are in
// interviews_*.go, by what they ask about.
func interviews() []interview {
	return []interview{
		timeInterview(), kindInterview(), textInterview(), addressInterview(), objectInterview(), subjectInterview(), historyInterview(), causeInterview(),
		actorInterview(), actorNameInterview(), changeInterview(), elementInterview(), redactedInterview(),
		detailsInterview(), workSessionInterview(), combinedInterview(),
	}
}

func timeInterview() interview {
	span := func(from, to *time.Time) audit.Filter {
		return audit.Filter{OccurredAt: &audit.TimeRange{From: from, To: to}}
	}
	instant := func(d time.Duration) *time.Time { return ptr(after(d)) }
	const µs = time.Microsecond
	return interview{
		name: "OccurredAtIsHalfOpen",
		entries: []*audit.Entry{
			labelled("old", at(after(-time.Hour))), labelled("before", at(after(-µs))), labelled("at", at(noon)),
			labelled("again", at(noon)), labelled("after", at(after(µs))), labelled("new", at(after(time.Hour))),
		},
		questions: []question{
			{span(instant(0), nil), "at again after new"},
			{span(nil, instant(0)), "old before"},
			{span(instant(0), instant(µs)), "at again"},
			{span(instant(0), instant(0)), ""},
			{span(instant(-µs), instant(0)), "before"},
			{span(instant(1), nil), "after new"},
			{span(nil, instant(1)), "old before at again"},
			{span(instant(-1), instant(1)), "at again"},
			{span(instant(-1000*time.Hour), instant(1000*time.Hour)), "old before at again after new"},
			{span(ptr(time.Unix(-1, 0)), ptr(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))), "old before at again after new"},
			{span(ptr(noon.In(time.FixedZone("east", 3*3600))), nil), "at again after new"},
		},
	}
}

func kindInterview() interview {
	return interview{
		name: "CategoriesActionsNamesAndSections",
		entries: []*audit.Entry{
			labelled("setting", doing(audit.ActionCreate), called("rule.created"), in("rule")),
			labelled("talk", conversation("c-1"), doing(audit.ActionUpdate), called("Rule.created"), in("conversation")),
			labelled("person", customer("cu-1"), doing(audit.ActionUpdate), called(""), in("Rule")),
			labelled("bare", in("rule2")),
		},
		questions: []question{
			{audit.Filter{Categories: []audit.Category{audit.CategorySettings}}, "setting bare"},
			{audit.Filter{Categories: []audit.Category{audit.CategoryConversation, audit.CategoryCustomer}}, "talk person"},
			{audit.Filter{Categories: []audit.Category{audit.CategoryBilling}}, ""},
			{audit.Filter{Categories: audit.Categories()}, "setting talk person bare"},
			{audit.Filter{Actions: []audit.Action{audit.ActionCreate}}, "setting"},
			{audit.Filter{Actions: []audit.Action{audit.ActionUpdate, audit.ActionDelete}}, "talk person bare"},
			{audit.Filter{EventNames: []string{"rule.created"}}, "setting"},
			{audit.Filter{EventNames: []string{""}}, "person"},
			{audit.Filter{EventNames: []string{"rule.created", "Rule.created", "rule.created", "x"}}, "setting talk"},
			{audit.Filter{Sections: []string{"rule"}}, "setting"},
			{audit.Filter{Sections: []string{"Rule", "conversation", "unknown"}}, "talk person"},
			{audit.Filter{Sections: []string{"unknown"}}, ""},
		},
	}
}

func textInterview() interview {
	search := func(text string) audit.Filter { return audit.Filter{Text: &text} }
	return interview{
		name: "TextIsContainedInAnyCase",
		entries: []*audit.Entry{
			labelled("name", by(namedUser("u", "Ann ÄHRE"))),
			labelled("change", changing(changed("Discount_Rate", `"50%"`, `"100% off"`))),
			labelled("object", on("t", "x"), func(e *audit.Entry) { e.Object.Name = ptr("Where is my PARCEL\\?") }),
			labelled("bare"),
		},
		questions: []question{
			{search("ann ähre"), "name"},
			{search("nN äH"), "name"},
			{search("DISCOUNT_"), "change"},
			{search("discount.rate"), ""},
			{search("50%"), "change"},
			{search("% OFF"), "change"},
			{search("%"), "change"},
			{search("_"), "change"},
			{search("\\"), "object"},
			{search("my parcel\\?"), "object"},
			{search("nowhere"), ""},
			{search(""), "name change object bare"},
		},
	}
}

func addressInterview() interview {
	among := func(list ...string) audit.Filter { return audit.Filter{IPAddresses: list} }
	return interview{
		name: "AddressesAndBlocks",
		entries: []*audit.Entry{
			labelled("v4", from("10.1.2.3")), labelled("next", from("10.1.2.4")), labelled("far", from("192.168.0.1")),
			labelled("mapped", from("::ffff:10.1.2.3")), labelled("v6", from("2001:db8::1")), labelled("long", from("2001:0DB8:0:0::0001")),
			labelled("zone", from("fe80::1%eth0")), labelled("none"),
		},
		questions: []question{
			{among("10.1.2.3"), "v4 mapped"},
			{among("::ffff:10.1.2.3"), "v4 mapped"},
			{among("10.1.2.3/32"), "v4 mapped"},
			{among("10.1.2.0/24"), "v4 next mapped"},
			{among("10.1.2.99/24"), "v4 next mapped"},
			{among("10.0.0.0/8", "192.168.0.1"), "v4 next far mapped"},
			{among("0.0.0.0/0"), "v4 next far mapped"},
			{among("2001:db8::1"), "v6 long"},
			{among("2001:db8::/32"), "v6 long"},
			{among("fe80::/10"), "zone"},
			{among("fe80::1"), "zone"},
			{among("8000::/1"), "zone"},
			{among("10.1.2.5", "255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), ""},
		},
	}
}

func combinedInterview() interview {
	named := func(names ...string) audit.Filter { return audit.Filter{EventNames: names} }
	correlation := func(ids ...string) audit.Filter { return audit.Filter{CorrelationIDs: ids} }
	return interview{
		name: "CombinationsOfFilters",
		entries: []*audit.Entry{
			labelled("a1", called("a"), correlated("1")), labelled("a2", called("a"), correlated("2")),
			labelled("b1", called("b"), correlated("1")), labelled("b", called("b")), labelled("1", correlated("1")), labelled("bare"),
		},
		questions: []question{
			{correlation("1"), "a1 b1 1"},
			{audit.Filter{EventNames: []string{"a"}, CorrelationIDs: []string{"1"}}, "a1"},
			{audit.Filter{EventNames: []string{"a"}, CorrelationIDs: []string{"3"}}, ""},
			{audit.Filter{AllOf: []audit.Filter{named("a", "b"), correlation("1")}}, "a1 b1"},
			{audit.Filter{AllOf: []audit.Filter{named("a"), named("b")}}, ""},
			{audit.Filter{AllOf: []audit.Filter{named("a"), {AnyOf: []audit.Filter{}}}}, ""},
			{audit.Filter{AnyOf: []audit.Filter{named("a"), correlation("1")}}, "a1 a2 b1 1"},
			{audit.Filter{AnyOf: []audit.Filter{named("a"), {}}}, "a1 a2 b1 b 1 bare"},
			{audit.Filter{EventNames: []string{"b"}, AnyOf: []audit.Filter{named("a"), correlation("1")}}, "b1"},
			{audit.Filter{Not: ptr(named("a"))}, "b1 b 1 bare"},
			{audit.Filter{Not: ptr(correlation("1"))}, "a2 b bare"},
			{audit.Filter{EventNames: []string{"b"}, Not: ptr(correlation("1"))}, "b"},
			{audit.Filter{Not: &audit.Filter{EventNames: []string{"a"}, CorrelationIDs: []string{"1"}}}, "a2 b1 b 1 bare"},
			{audit.Filter{Not: &audit.Filter{AnyOf: []audit.Filter{named("a"), correlation("1")}}}, "b bare"},
			{audit.Filter{Not: &audit.Filter{Not: ptr(named("a"))}}, "a1 a2"},
			{audit.Filter{AnyOf: []audit.Filter{{Not: ptr(named("a"))}, {Not: ptr(correlation("1"))}}}, "a2 b1 b 1 bare"},
		},
	}
}
