package audit

import (
	"testing"
	"time"
)

func BenchmarkPrepare(b *testing.B) {
	in := &EventInput{
		IdempotencyKey: ptr("k-1"), OccurredAt: ptr(testNow), Action: ActionUpdate, EventName: ptr("conversation.update"), Section: "conversation",
		PerformedBy: ActorInput{User: &UserInput{ExternalID: "usr-17", Name: ptr("Priya Nair"), Email: ptr("priya.nair@example.com")}},
		Changes: []ChangeInput{
			{Property: "status", Before: JSON(`"Open"`), After: JSON(`"Done"`)},
			{Property: "tags", Before: JSON(`["vip","new"]`), After: JSON(`["vip","urgent"]`)},
		},
		IPAddress: ptr("203.0.113.7"), UserAgent: ptr("Mozilla/5.0"), Metadata: JSON(`{"request":"r-1","queue":{"id":7,"name":"Returns"}}`),
		Details: DetailsInput{Conversation: &ConversationDetailsInput{Conversation: Subject{ExternalID: "cnv-1", Name: ptr("Wrong size delivered")}}},
	}
	policy := NewRedaction(DefaultRedaction, nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := prepare(in, testNow.Add(time.Hour), policy); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}
