package storetest

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"daybook/audit"
)

// anyQueryOfRealEventsAgrees asks drawn queries of a slice of real events.
func anyQueryOfRealEventsAgrees(t *testing.T, w *workspace) {
	const events, queries = 2000, 3
	entries := realEntries(t, events)
	appended := w.recordAll(t, w.org, entries)
	read := w.read(t, w.org, appended)
	for i, e := range entries {
		checkEvent(t, e, read[i])
	}
	w.recordAll(t, w.other, entries[:events/10])
	reference := newReference(entries, read)
	values := valuesOf(reference)
	rapid.Check(t, func(t *rapid.T) {
		for range queries {
			checkScan(t, w, w.org, reference, drawQuery(t, values))
		}
	})
}

// realEvents are all events of the file.
func realEvents(t *testing.T) []realEvent {
	t.Helper()
	file, err := os.Open(filepath.Join(dataFolder(t), "real-events.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []realEvent
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var event realEvent
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			t.Fatalf("line %d: %v", len(all)+1, err)
		}
		all = append(all, event)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// realEntries takes events from all over the file.
func realEntries(t *testing.T, n int) []*audit.Entry {
	t.Helper()
	all := realEvents(t)
	if len(all) < n {
		t.Fatalf("%d events", len(all))
	}
	// Runs of neighbours, so that whole histories and ties are among them.
	const run = 50
	step := len(all) / (n / run)
	var entries []*audit.Entry
	for first := 0; first+run <= len(all) && len(entries) < n; first += step {
		for i := range all[first : first+run] {
			entries = append(entries, all[first+i].entry())
		}
	}
	return entries
}

// realEvent is a line of the file, as far as it says what is stored.
type realEvent struct {
	OccurredAt  *time.Time   `json:"occurredAt"`
	Action      audit.Action `json:"action"`
	EventName   *string      `json:"eventName"`
	PerformedBy struct {
		User, Automation *realActor
	} `json:"performedBy"`
	Section string `json:"section"`
	Object  *struct {
		Type, ExternalID string
	} `json:"object"`
	Changes []struct {
		Property      string
		Before, After audit.JSON
	} `json:"changes"`
	IPAddress *string     `json:"ipAddress"`
	UserAgent *string     `json:"userAgent"`
	Metadata  audit.JSON  `json:"metadata"`
	Details   realDetails `json:"details"`
}

type realActor struct {
	Kind        audit.ActorKind
	ExternalID  string
	Name, Email *string
}

func (a *realActor) actor() *audit.EntryActor {
	if a == nil {
		return nil
	}
	if a.Kind == 0 {
		a.Kind = audit.ActorUser
	}
	return &audit.EntryActor{Kind: a.Kind, ExternalID: a.ExternalID, Name: a.Name, Email: a.Email}
}

type realDetails struct {
	Authorization *struct{ User *realActor }
	Billing       *audit.BillingDetails
	Conversation  *audit.ConversationDetails
	Customer      *audit.CustomerDetails
	Settings      *audit.SettingsDetails
	WorkSession   *struct {
		Agent        *realActor
		Status       *audit.StatusChange
		Capacity     *audit.CapacityChange
		Conversation *audit.Subject
	}
}

func (r *realEvent) entry() *audit.Entry {
	performer := r.PerformedBy.User
	if performer == nil {
		performer = r.PerformedBy.Automation
	}
	var changes []audit.Change
	for _, c := range r.Changes {
		if !c.Before.IsNull() || !c.After.IsNull() {
			changes = append(changes, changed(c.Property, valueText(c.Before), valueText(c.After)))
		}
	}
	return entry(doing(r.Action), by(*performer.actor()), in(r.Section), changing(changes...), func(e *audit.Entry) {
		e.OccurredAt, e.EventName = r.OccurredAt, r.EventName
		e.IPAddress, e.UserAgent, e.Metadata = r.IPAddress, r.UserAgent, jsonOf(valueText(r.Metadata))
		if r.Object != nil {
			e.Object = &audit.Object{Type: r.Object.Type, ExternalID: r.Object.ExternalID}
		}
		e.Details, e.About = r.Details.details()
	})
}

// valueText is the value, empty where there is none.
func valueText(value audit.JSON) string {
	if value.IsNull() {
		return ""
	}
	return string(value)
}

func (d *realDetails) details() (audit.Details, *audit.EntryActor) {
	switch {
	case d.Authorization != nil:
		return &audit.AuthorizationDetails{Outcome: audit.OutcomeSuccess}, d.Authorization.User.actor()
	case d.Billing != nil:
		return d.Billing, nil
	case d.Conversation != nil:
		return d.Conversation, nil
	case d.Customer != nil:
		return d.Customer, nil
	case d.Settings != nil:
		return d.Settings, nil
	default:
		s := d.WorkSession
		return &audit.WorkSessionDetails{Status: s.Status, Capacity: s.Capacity, Conversation: s.Conversation}, s.Agent.actor()
	}
}
