package demo

import "daybook/audit"

func otherKind(section string) settingKind { return settingKind{audit.AreaOther, section} }

// platform is what else there is to configure.
func platform() []openingSetting {
	return []openingSetting{
		{"queue-europe", otherKind("queue"), []assignment{
			{"name", "Europe"}, {"priority", 10}, {"teams", []string{"Lisbon chat", "Lisbon e-mail", "Lisbon phone"}},
		}},
		{"queue-americas", otherKind("queue"), []assignment{
			{"name", "Americas"}, {"priority", 10}, {"teams", []string{"Denver chat", "Denver e-mail", "Denver phone"}},
		}},
		{"routing", otherKind("routing"), []assignment{
			{"name", "Routing"},
			{"settings", script(`{"accept":"manual","acceptTimeoutSeconds":30,"requeueWhenOffline":true}`)},
		}},
		{"sla-standard", otherKind("sla"), []assignment{
			{"name", "Standard"}, {"targets", script(`{"firstReplyMinutes":240,"doneHours":72}`)},
		}},
		{"wf-returns", otherKind("workflow"), []assignment{
			{"name", "Returns workflow"},
			{"enabled", true},
			{"steps", script(`[
				{"id":"label","do":"create return label","carrier":"post"},
				{"id":"reply","do":"send shortcut","shortcut":"sc-refund"}]`)},
		}},
		{"hook-warehouse", otherKind("webhook"), []assignment{
			{"name", "Warehouse"},
			{"url", "https://warehouse.example.com/hooks/returns"},
			{"events", []string{"conversation.update"}},
		}},
		{"email-support", otherKind("email_channel"), []assignment{
			{"name", "support@example.com"}, {"signature", "Northwind Outfitters"}, {"forwarding_verified", true},
		}},
		{"hours-lisbon", otherKind("business_hours"), []assignment{
			{"name", "Lisbon"}, {"week", script(`{"mon-fri":["08:00","18:00"],"sat":["09:00","14:00"]}`)},
		}},
		{id: "team-seasonal", kind: otherKind("team")},
	}
}

func platformStories() []settingStory {
	return []settingStory{
		{at: "2026-02-10T09:44:15Z", by: "usr-ana", id: "hook-warehouse", set: []assignment{{"secret", hidden{}}}},
		{at: "2026-02-27T10:30:00Z", by: "usr-ana", id: "wf-returns", set: []assignment{
			{"steps", script(`[
				{"id":"label","do":"create return label","carrier":"post"},
				{"id":"wait","do":"wait","hours":2},
				{"id":"reply","do":"send shortcut","shortcut":"sc-refund"}]`)},
		}},
		{at: "2026-03-09T13:50:44Z", by: "usr-marcus", id: "sla-standard", set: []assignment{
			{"targets", script(`{"firstReplyMinutes":480,"doneHours":96}`)},
		}},
		{at: "2026-03-16T09:20:40Z", by: "usr-helena", id: "queue-europe", set: []assignment{{"priority", 8}}},
		{at: "2026-03-18T17:02:31Z", by: "usr-marcus", id: "sla-standard", set: []assignment{
			{"targets", script(`{"firstReplyMinutes":180,"doneHours":72}`)},
		}},
		{at: "2026-04-10T11:19:27Z", by: "usr-helena", id: "email-support", set: []assignment{
			{"signature", "Northwind Outfitters\nLisbon and Denver"},
		}},
		{at: "2026-04-23T16:36:12Z", by: "usr-marcus", id: "routing", set: []assignment{
			{"settings", script(`{"accept":"manual","acceptTimeoutSeconds":30,"requeueWhenOffline":true,"capacityByTeam":true}`)},
		}},
		{at: "2026-04-24T09:01:05Z", by: "usr-ana", id: "routing", set: []assignment{
			{"settings", script(`{"accept":"manual","acceptTimeoutSeconds":30,"requeueWhenOffline":true,"capacityByTeam":false}`)},
		}},
		{at: "2026-05-22T09:41:30Z", by: "usr-ana", id: "team-seasonal", action: audit.ActionCreate, set: []assignment{
			{"name", "Summer team"}, {"members", []string{"usr-lena", "usr-omar", "usr-grace"}},
		}},
		{at: "2026-05-27T15:00:18Z", by: "usr-ana", id: "hook-warehouse", set: []assignment{
			{"events", []string{"conversation.update", "customer.merge"}},
			{"url", "https://warehouse.example.com/hooks/v2"},
			{"secret", hidden{}},
		}},
		{at: "2026-06-01T08:25:00Z", by: "usr-helena", id: "hours-lisbon", set: []assignment{
			{"week", script(`{"mon-fri":["08:00","20:00"],"sat":["09:00","16:00"]}`)},
		}},
		{at: "2026-06-24T13:37:00Z", by: "usr-ana", id: "wf-returns", set: []assignment{
			{"steps", script(`[
				{"id":"label","do":"create return label","carrier":"parcel shop"},
				{"id":"wait","do":"wait","hours":2},
				{"id":"reply","do":"send shortcut","shortcut":"sc-size-exchange"}]`)},
		}},
	}
}
