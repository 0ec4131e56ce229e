package demo

import (
	"fmt"

	"daybook/audit"
)

func searchKind() settingKind   { return settingKind{audit.AreaSearches, "saved_search"} }
func shortcutKind() settingKind { return settingKind{audit.AreaShortcuts, "shortcut"} }

func searches() []openingSetting {
	return []openingSetting{
		{"search-open-vip", searchKind(), []assignment{
			{"name", "Open VIP conversations"},
			{"criteria", script(`{"match":"all","conditions":[
				{"field":"status","operator":"is","value":"Open"},
				{"field":"tags","operator":"contains","value":"vip"}]}`)},
			{"columns", []string{"customer", "name", "updated"}},
			{"shared_with", []string{"Supervisors"}},
		}},
		{"search-unassigned", searchKind(), []assignment{
			{"name", "Waiting without an agent"},
			{"criteria", script(`{"match":"all","conditions":[
				{"field":"assigned_users","operator":"is empty"},
				{"field":"waitingMinutes","operator":"at least","value":30}]}`)},
			{"columns", []string{"name", "queue", "waiting"}},
		}},
		{id: "search-recall", kind: searchKind()},
	}
}

func searchStories() []settingStory {
	return []settingStory{
		{at: "2026-02-18T11:02:36Z", by: "usr-helena", id: "search-open-vip", set: []assignment{
			{"columns", []string{"customer", "name", "priority", "updated"}},
		}},
		{at: "2026-03-12T16:25:09Z", by: "usr-marcus", id: "search-open-vip", set: []assignment{
			{"criteria", script(`{"match":"all","conditions":[
				{"field":"status","operator":"in","value":["Open","Snoozed"]},
				{"field":"tags","operator":"contains","value":"vip"}]}`)},
			{"name", "Open and snoozed VIP conversations"},
		}},
		{at: "2026-03-30T08:58:47Z", by: "usr-ana", id: "search-unassigned", set: []assignment{
			{"criteria", script(`{"match":"all","conditions":[
				{"field":"assigned_users","operator":"is empty"},
				{"field":"waitingMinutes","operator":"at least","value":15}]}`)},
		}},
		{at: "2026-04-29T14:14:14Z", by: "usr-ana", id: "search-open-vip", set: []assignment{
			{"shared_with", []string{"Supervisors", "Senior agents"}},
		}},
		{at: "2026-06-03T17:40:00Z", by: "usr-marcus", id: "search-open-vip", set: []assignment{
			{"criteria", script(`{"match":"all","conditions":[
				{"field":"status","operator":"in","value":["Open","Snoozed"]},
				{"field":"tags","operator":"contains","value":"vip"},
				{"field":"priority","operator":"at most","value":2}]}`)},
		}},
		{at: "2026-06-15T07:20:30Z", by: "usr-ana", id: "search-recall", action: audit.ActionCreate, set: []assignment{
			{"name", "Rain jacket recall"},
			{"criteria", script(`{"match":"all","conditions":[{"field":"tags","operator":"contains","value":"safety"}]}`)},
			{"columns", []string{"customer", "name", "status"}},
		}},
		{at: "2026-07-20T08:10:51Z", by: "usr-ana", id: "search-recall", action: audit.ActionDelete},
	}
}

func shortcuts() []openingSetting {
	return []openingSetting{
		{"sc-refund", shortcutKind(), []assignment{
			{"name", "Refund on its way"},
			{"text", "Hi {{customer.firstName}}, your refund is on its way. It takes 10 working days."},
			{"actions", script(`[{"do":"add","property":"tags","value":"refund"}]`)},
		}},
		{"sc-shipping-delay", shortcutKind(), []assignment{
			{"name", "Parcel is late"},
			{"text", "Your parcel is held up at the carrier. We are sorry!"},
			{"actions", script(`[]`)},
		}},
		{id: "sc-size-exchange", kind: shortcutKind()},
		{"sc-thanks", shortcutKind(), []assignment{
			{"name", "Thank you"}, {"text", thanksTexts()[0]}, {"actions", script(`[]`)},
		}},
	}
}

func shortcutStories() []settingStory {
	return []settingStory{
		{at: "2026-02-23T15:11:58Z", by: "usr-marcus", id: "sc-refund", set: []assignment{
			{"text", "Hi {{customer.firstName}}, your refund is on its way. It takes 5 to 7 working days."},
		}},
		{at: "2026-03-09T14:05:22Z", by: "usr-marcus", id: "sc-shipping-delay", set: []assignment{
			{"text", "Snow has closed our carrier's sorting centre. Your parcel leaves as soon as the roads are open."},
			{"actions", script(`[{"do":"add","property":"tags","value":"waiting for carrier"}]`)},
		}},
		{at: "2026-03-19T10:33:10Z", by: "usr-helena", id: "sc-size-exchange", action: audit.ActionCreate, set: []assignment{
			{"name", "Exchange for another size"},
			{"text", "No problem: keep the parcel, print the label, and tell us the size you need."},
			{"actions", script(`[{"do":"start","workflow":"wf-returns"}]`)},
		}},
		{at: "2026-04-08T09:09:41Z", by: "usr-ana", id: "sc-refund", set: []assignment{
			{"actions", script(`[
				{"do":"add","property":"tags","value":"refund"},
				{"do":"snooze","days":7}]`)},
		}},
		{at: "2026-05-12T16:45:00Z", by: "usr-marcus", id: "sc-refund", set: []assignment{
			{"name", "Refund sent"},
			{"text", "Hi {{customer.firstName}}, we have sent your refund today. Your bank shows it within 5 working days."},
		}},
		{at: "2026-06-29T13:27:35Z", by: "usr-ana", id: "sc-refund", set: []assignment{
			{"actions", script(`[
				{"do":"add","property":"tags","value":"refund"},
				{"do":"snooze","days":5},
				{"do":"set","property":"status","value":"Snoozed"}]`)},
		}},
	}
}

func thanksTexts() []string {
	return []string{"Thank you for writing to us!", "Thanks for your patience!", "Thank you, and enjoy the trail!"}
}

// smallSettingsChange is one of the many little changes nobody remembers.
func (w *world) smallSettingsChange() {
	by := w.people[pick(w.chance, []string{"usr-ana", "usr-ana", "usr-marcus", "usr-helena"})]
	switch w.below(4) {
	case 0:
		w.changeIfOther(by, "sc-thanks", "text", pick(w.chance, thanksTexts()))
	case 1:
		all := []string{"name", "queue", "waiting", "channel", "priority"}
		w.changeIfOther(by, "search-unassigned", "columns", all[:w.between(2, len(all))])
	case 2:
		event := w.settings["search-open-vip"].event(audit.ActionOther, "export", by.actor())
		event.Metadata = value(map[string]any{"format": "csv", "rows": w.between(5, 60)})
		w.newChain().record(from(event, by.address, by.browser))
	case 3:
		w.numbers.tag++
		tag := &setting{id: fmt.Sprintf("tag-%04d", w.numbers.tag), kind: settingKind{audit.AreaOther, "tag"}, properties: map[string]audit.JSON{}}
		w.changeSetting(by, tag, audit.ActionCreate, []assignment{
			{"name", fmt.Sprintf("Campaign %d", w.numbers.tag)}, {"color", pick(w.chance, []string{"#1a7f5a", "#c2410c", "#3b5bdb"})},
		})
	}
}

func (w *world) changeIfOther(by *person, id, property string, after any) {
	s := w.settings[id]
	if string(s.properties[property]) != string(value(after)) {
		w.changeSetting(by, s, audit.ActionUpdate, []assignment{{property, after}})
	}
}
