package storetest

import (
	"testing"

	"daybook/audit"
)

func journalPromises() []promise {
	return []promise{
		{"EveryKindOfEventVerifies", everyKindVerifies},
		{"PagesOfTheJournalFollowEachOther", journalPages},
		{"WhatWasNotRecordedDoesNotVerify", forgedEntries},
	}
}

// everyKindVerifies: digests hold for all that an event can say, and for names
// as they were, whatever they are now.
func everyKindVerifies(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	w.expectLog(t, w.org, 0)
	records(t, r, w.org, false, fullInputs()...)
	records(t, r, w.org, false, input(func(in *audit.EventInput) { in.PerformedBy.User.Name = ptr("Ann, renamed") }))
	w.expectLog(t, w.org, len(fullInputs())+1)
	w.expectLog(t, w.other, 0)
}

func journalPages(t *testing.T, w *workspace) {
	r := w.recorder(t, w, audit.RecorderOptions{})
	for range 3 {
		records(t, r, w.org, false, repeated(400)...)
	}
	records(t, r, w.other, false, repeated(3)...)
	w.expectLog(t, w.org, 1200)
	entries, names, err := w.FindJournal(w.ctx, w.org, 1000, 7)
	if err != nil || len(entries) != 7 || len(names) == 0 {
		t.Fatalf("%d entries, %d names, %v", len(entries), len(names), err)
	}
	for i, entry := range entries {
		if entry.Sequence != int64(1001+i) || entry.Event == nil || entry.Event.ID != entry.ID {
			t.Errorf("place %d: %+v", i, entry.Appended)
		}
	}
}

// forgedEntries: entries of the suite commit to nothing, so their digests are
// wrong ones.
func forgedEntries(t *testing.T, w *workspace) {
	w.record(t, w.org, entry())
	if last, err := audit.VerifyJournal(w.ctx, w, w.org); err == nil || last != 0 {
		t.Errorf("a digest that is not the event's verifies: %d, %v", last, err)
	}
}

// fullInputs has an event of each category that says all there is to say.
func fullInputs() []audit.EventInput {
	bob := audit.UserInput{ExternalID: "bob", Name: ptr("Bob"), Email: ptr("bob@example.com")}
	subject := audit.Subject{ExternalID: "c-1", Name: ptr("Where is my parcel?")}
	seats := []audit.SeatChange{{Kind: audit.SeatFullTime, Before: ptr[int32](3), After: ptr[int32](4)}, {Kind: audit.SeatCollaborator, After: ptr[int32](0)}}
	away := audit.RoutingStatus{Name: "Away", Type: audit.StatusUnavailable}
	all := []audit.DetailsInput{
		{Authorization: &audit.AuthorizationDetailsInput{User: &bob, AttemptedLogin: ptr("bob"), Outcome: ptr(audit.OutcomeFailure)}},
		{Billing: &audit.BillingDetailsInput{Plan: &audit.PlanChange{After: ptr("Enterprise")}, Seats: seats}},
		{Conversation: &audit.ConversationDetailsInput{
			Conversation: subject, SurveyAnswers: []audit.SurveyAnswer{{Question: ptr("?"), Score: ptr(0.1)}, {Answer: ptr("")}},
		}},
		{Customer: &audit.CustomerDetailsInput{Customer: &subject, MergedFrom: []audit.Subject{{ExternalID: "c-2"}, {ExternalID: "c-3", Name: ptr("")}}}},
		{Settings: &audit.SettingsDetailsInput{Area: audit.AreaBusinessRules}},
		{WorkSession: &audit.WorkSessionDetailsInput{
			Agent: bob, WorkSessionExternalID: ptr("ws"), Conversation: &subject,
			Status:   &audit.StatusChange{Before: &audit.RoutingStatus{Name: "Here", Type: audit.StatusAvailable}, After: away, Cause: audit.CauseConnectionLost},
			Capacity: &audit.CapacityChange{Before: &audit.Capacity{Total: 4}, After: audit.Capacity{Used: 5, Total: 4}},
		}},
	}
	var inputs []audit.EventInput
	for _, details := range all {
		inputs = append(inputs, input(fullInput, func(in *audit.EventInput) { in.Details = details }))
		inputs = append(inputs, input(func(in *audit.EventInput) { in.Details, in.Changes = details, nil }))
	}
	return append(inputs, input(withKey("cause", "first")), input(causedByKey("cause")))
}

// fullInput says every common part.
func fullInput(in *audit.EventInput) {
	in.OccurredAt, in.EventName, in.UserAgent, in.CorrelationID = ptr(noon), ptr("acme.thing"), ptr("Mozilla/5.0"), ptr("request-1")
	in.OnBehalfOf = &audit.ActorInput{Customer: &audit.CustomerActorInput{ExternalID: "cu-1", Name: ptr("Carol")}}
	in.Object = &audit.ObjectInput{Type: "rule", ExternalID: "r-1", Name: ptr("Escalate")}
	in.IPAddress, in.Metadata = ptr("[2001:DB8::0:1]:443"), audit.JSON(`{ "b" : 1, "a":null, "\u00e9": "é" }`)
	in.Changes = []audit.ChangeInput{
		{Property: "tags", Before: audit.JSON(`[ "a" ]`), After: audit.JSON(`["a","b"]`), AfterText: ptr("a and b")},
		{Property: "secret", Before: audit.JSON(`"x"`), BeforeText: ptr("x"), Redacted: true},
		{Property: "null", Before: audit.JSON(`null`), After: audit.JSON(`-0.0e1`)},
	}
}
