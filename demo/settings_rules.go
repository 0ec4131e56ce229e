package demo

import "daybook/audit"

func ruleKind() settingKind { return settingKind{audit.AreaBusinessRules, "business_rule"} }

// rules are the business rules of the day the story begins; those without
// values are created later.
func rules() []openingSetting {
	return []openingSetting{
		{"rule-vip", ruleKind(), []assignment{
			{"name", "Escalate VIP customers"},
			{"enabled", true},
			{"criteria", script(`{"match":"all","conditions":[
				{"field":"customer.tier","operator":"in","value":["platinum"]},
				{"field":"conversation.status","operator":"is","value":"Open"}]}`)},
			{"actions", script(`[
				{"do":"set","property":"priority","value":1},
				{"do":"add","property":"tags","value":"vip"}]`)},
		}},
		{"rule-reopen", ruleKind(), []assignment{
			{"name", "Reopen when the customer replies"},
			{"enabled", true},
			{"criteria", script(`{"match":"all","conditions":[
				{"field":"message.direction","operator":"is","value":"in"},
				{"field":"conversation.status","operator":"in","value":["Snoozed","Done"]}]}`)},
			{"actions", script(`[{"do":"set","property":"status","value":"Open"}]`)},
		}},
		{"rule-spam", ruleKind(), []assignment{
			{"name", "Hold likely spam"},
			{"enabled", true},
			{"criteria", script(`{"match":"any","conditions":[
				{"field":"message.text","operator":"contains","value":["crypto","casino"]}]}`)},
			{"actions", script(`[{"do":"add","property":"tags","value":"suspicious"}]`)},
		}},
		{id: "rule-recall", kind: ruleKind()},
		{id: "rule-night", kind: ruleKind()},
	}
}

// ruleStories tells what became of them. The criteria of "Escalate VIP
// customers" change one condition, then gain one, lose one, and change again.
func ruleStories() []settingStory {
	return []settingStory{
		{at: "2026-02-16T10:14:27Z", by: "usr-ana", id: "rule-vip", set: []assignment{
			{"criteria", script(`{"match":"all","conditions":[
				{"field":"customer.tier","operator":"in","value":["platinum","gold"]},
				{"field":"conversation.status","operator":"is","value":"Open"}]}`)},
		}},
		{at: "2026-02-26T16:02:50Z", by: "usr-marcus", id: "rule-spam", set: []assignment{
			{"criteria", script(`{"match":"any","conditions":[
				{"field":"message.text","operator":"contains","value":["crypto","casino","backlinks"]},
				{"field":"message.links","operator":"greater than","value":5}]}`)},
		}},
		{at: "2026-03-10T15:40:33Z", by: "usr-marcus", id: "rule-night", action: audit.ActionCreate, set: []assignment{
			{"name", "Answer at night"},
			{"enabled", true},
			{"criteria", script(`{"match":"all","conditions":[{"field":"businessHours","operator":"is","value":"closed"}]}`)},
			{"actions", script(`[{"do":"reply","shortcut":"sc-shipping-delay"}]`)},
		}},
		{at: "2026-03-23T17:31:05Z", by: "usr-marcus", id: "rule-vip", set: []assignment{
			{"criteria", script(`{"match":"all","conditions":[
				{"field":"customer.tier","operator":"in","value":["platinum","gold"]},
				{"field":"conversation.status","operator":"is","value":"Open"},
				{"field":"conversation.channel","operator":"is not","value":"sms"}]}`)},
			{"actions", script(`[
				{"do":"set","property":"priority","value":1},
				{"do":"add","property":"tags","value":"vip"},
				{"do":"notify","team":"Denver chat"}]`)},
		}},
		{at: "2026-04-02T09:20:18Z", by: "usr-ana", id: "rule-night", set: []assignment{{"enabled", false}}},
		{at: "2026-04-16T09:05:00Z", by: "usr-ana", id: "rule-night", action: audit.ActionDelete},
		{at: "2026-05-04T09:48:39Z", by: "usr-ana", id: "rule-vip", set: []assignment{
			{"criteria", script(`{"match":"all","conditions":[
				{"field":"customer.lifetimeValue","operator":"at least","value":500},
				{"field":"conversation.status","operator":"is","value":"Open"},
				{"field":"conversation.channel","operator":"is not","value":"sms"}]}`)},
		}},
		{at: "2026-06-15T07:12:44Z", by: "usr-ana", id: "rule-recall", action: audit.ActionCreate, set: []assignment{
			{"name", "Rain jacket recall first"},
			{"enabled", true},
			{"criteria", script(`{"match":"all","conditions":[
				{"field":"message.text","operator":"contains","value":["rain jacket","recall"]},
				{"field":"order.sku","operator":"starts with","value":"RJ-26"}]}`)},
			{"actions", script(`[
				{"do":"set","property":"priority","value":2},
				{"do":"add","property":"tags","value":"safety"}]`)},
		}},
		{at: "2026-06-22T18:05:11Z", by: "usr-marcus", id: "rule-vip", set: []assignment{
			{"criteria", script(`{"match":"all","conditions":[
				{"field":"customer.lifetimeValue","operator":"at least","value":350},
				{"field":"conversation.status","operator":"is","value":"Open"}]}`)},
			{"actions", script(`[
				{"do":"set","property":"priority","value":1},
				{"do":"add","property":"tags","value":"vip"},
				{"do":"notify","team":"Denver e-mail"}]`)},
		}},
		{at: "2026-07-13T08:33:20Z", by: "usr-helena", id: "rule-recall", set: []assignment{{"enabled", false}}},
		{at: "2026-07-21T14:50:02Z", by: "usr-ana", id: "rule-reopen", set: []assignment{
			{"criteria", script(`{"match":"all","conditions":[
				{"field":"message.direction","operator":"is","value":"in"},
				{"field":"conversation.status","operator":"in","value":["Snoozed","Done"]},
				{"field":"conversation.doneDays","operator":"less than","value":30}]}`)},
		}},
	}
}
