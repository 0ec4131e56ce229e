package audit

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"
)

// digestVector is one published example of testdata/digest.json. Fields are
// what the content root commits to, as number and bytes, so that another
// implementation can be checked step by step.
type digestVector struct {
	Name         string        `json:"name"`
	Seed         string        `json:"seed"`
	Fields       []vectorField `json:"fields"`
	ContentRoot  string        `json:"contentRoot"`
	Organization int32         `json:"organization"`
	Sequence     int64         `json:"sequence"`
	RecordedAt   int64         `json:"recordedAtMicros"`
	EventID      string        `json:"eventId"`
	Cause        string        `json:"cause"`
	Digest       string        `json:"digest"`
}

type vectorField struct {
	Number uint32 `json:"number"`
	Hex    string `json:"hex"`
}

func TestDigestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/digest.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []digestVector
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	events := vectorEvents(t)
	if len(vectors) != len(events) {
		t.Fatalf("%d vectors for %d events", len(vectors), len(events))
	}
	for i, vector := range vectors {
		t.Run(vector.Name, func(t *testing.T) {
			hash := &contentHash{seed: [16]byte(unhex(t, vector.Seed)), list: []byte{1}}
			for _, field := range vector.Fields {
				hash.add(field.Number, unhex(t, field.Hex))
			}
			root := hash.root()
			if got := hex.EncodeToString(root[:]); got != vector.ContentRoot {
				t.Errorf("the fields give the root %s, not %s", got, vector.ContentRoot)
			}
			if got := contentRoot(events[i]); got != root {
				t.Errorf("the event gives the root %x, not %x", got, root)
			}
			var cause *EventID
			if vector.Cause != "" {
				cause = &EventID{}
				copy(cause[:], unhex(t, vector.Cause))
			}
			at := Appended{Sequence: vector.Sequence, RecordedAt: time.UnixMicro(vector.RecordedAt)}
			copy(at.ID[:], unhex(t, vector.EventID))
			digest := Digest(OrganizationID(vector.Organization), at, cause, root)
			if got := hex.EncodeToString(digest[:]); got != vector.Digest {
				t.Errorf("digest %s, not %s", got, vector.Digest)
			}
		})
	}
}

// vectorEvents are the events behind the vectors, in their order.
func vectorEvents(t *testing.T) []*Entry {
	t.Helper()
	name, email, before := "Ana Ribeiro", "ana@example.com", "Open, as shown"
	inputs := []EventInput{
		{
			Action: ActionLogin, Section: "user", PerformedBy: ActorInput{User: &UserInput{ExternalID: "u1"}},
			Details: DetailsInput{Authorization: &AuthorizationDetailsInput{}},
		},
		{
			Action: ActionUpdate, EventName: &name, Section: "conversation", IPAddress: ptr("[2001:db8::1]:443"), UserAgent: ptr("curl/8"),
			PerformedBy: ActorInput{User: &UserInput{ExternalID: "u1", Name: &name, Email: &email}},
			OnBehalfOf:  &ActorInput{Customer: &CustomerActorInput{ExternalID: "c1"}},
			Changes: []ChangeInput{
				{Property: "status", Before: JSON(`"Open"`), After: JSON(`"Done"`), BeforeText: &before},
				{Property: "secret", Redacted: true},
			},
			Metadata: JSON(`{"b": 1, "a": 1.0}`), CorrelationID: ptr("corr-1"),
			Details: DetailsInput{Conversation: &ConversationDetailsInput{
				Conversation: Subject{ExternalID: "cnv-1"}, SurveyAnswers: []SurveyAnswer{{Question: ptr("Happy?"), Score: ptr(4.5)}},
			}},
		},
		{
			Action: ActionAgentStatusChange, Section: "work_session",
			PerformedBy: ActorInput{Automation: &AutomationInput{Kind: ActorSystem, ExternalID: "system"}},
			Details: DetailsInput{WorkSession: &WorkSessionDetailsInput{
				Agent: UserInput{ExternalID: "u2"}, WorkSessionExternalID: ptr("ws-1"),
				Status:   &StatusChange{Before: &RoutingStatus{"Available", StatusAvailable}, After: RoutingStatus{"Away", StatusUnavailable}},
				Capacity: &CapacityChange{After: Capacity{Used: 11, Total: 10}}, Conversation: &Subject{ExternalID: "cnv-1"},
			}},
		},
	}
	entries := make([]*Entry, len(inputs))
	for i := range inputs {
		entry, problems := prepare(&inputs[i], time.Now(), nil)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for n := range entry.Seed {
			entry.Seed[n] = byte(i*16 + n)
		}
		entries[i] = entry
	}
	return entries
}

func ptr[T any](v T) *T { return &v }

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
