package demo

import (
	"bytes"
	"testing"

	"daybook/audit"
)

// counts are the sizes consistency is checked at: quiet days and crowded ones.
func counts() []int { return []int{DefaultEvents, 60_000} }

// A value is what it changes from: replaying an object's changes from the first
// to the last never contradicts itself, and nothing happens to what was deleted.
func TestBeforeIsWhatWasSo(t *testing.T) {
	for _, count := range counts() {
		objects := map[string]*replayed{}
		for event := range Events(count) {
			id := event.Object.Type + "/" + event.Object.ExternalID
			object := objects[id]
			if object == nil {
				object = &replayed{values: map[string]audit.JSON{}}
				objects[id] = object
			}
			if err := object.replay(event); err != "" {
				t.Fatalf("%s at %s, %s: %s", id, event.OccurredAt, *event.EventName, err)
			}
		}
	}
}

// replayed is an object as far as its events have told it.
type replayed struct {
	created, deleted bool
	values           map[string]audit.JSON
}

func (r *replayed) replay(event audit.EventInput) string {
	if r.deleted && event.Action != audit.ActionOther {
		return "it was deleted before"
	}
	for _, change := range event.Changes {
		known, told := r.values[change.Property]
		switch {
		case change.Redacted:
			continue
		case (told || r.created) && !bytes.Equal(known, change.Before):
			return change.Property + " was " + string(known) + ", not " + string(change.Before)
		case bytes.Equal(change.Before, change.After) && change.Before != nil:
			return change.Property + " does not change"
		}
		r.values[change.Property] = change.After
	}
	r.created = r.created || event.Action == audit.ActionCreate
	r.deleted = event.Action == audit.ActionDelete
	return ""
}

// An agent's capacity is the weight of the conversations they were assigned and
// that are neither finished nor snoozed, and each step follows from the last.
func TestCapacityIsTheWorkHeld(t *testing.T) {
	for _, count := range counts() {
		desks := map[string]*deskOf{}
		for event := range Events(count) {
			work := event.Details.WorkSession
			if work == nil {
				continue
			}
			held := desks[work.Agent.ExternalID]
			if held == nil {
				held = &deskOf{weights: map[string]int32{}, paused: map[string]bool{}}
				desks[work.Agent.ExternalID] = held
			}
			if err := held.follow(event, work); err != "" {
				t.Fatalf("%s at %s, %s: %s", work.Agent.ExternalID, event.OccurredAt, *event.EventName, err)
			}
		}
	}
}

// deskOf is what an agent holds, by the events alone.
type deskOf struct {
	capacity audit.Capacity
	weights  map[string]int32 // by conversation
	paused   map[string]bool
}

func (d *deskOf) follow(event audit.EventInput, work *audit.WorkSessionDetailsInput) string {
	if work.Conversation != nil {
		if err := d.move(event.Action, *event.EventName, work); err != "" {
			return err
		}
	}
	change := work.Capacity
	if change == nil {
		return ""
	}
	if d.capacity.Total != 0 && *change.Before != d.capacity {
		return "the capacity before is not the one after the last change"
	}
	d.capacity = change.After
	var used int32
	for conversation, weight := range d.weights {
		if !d.paused[conversation] {
			used += weight
		}
	}
	if used != d.capacity.Used {
		return "the capacity is not the work held"
	}
	return ""
}

// move takes a conversation up, puts it aside, or gives it away.
func (d *deskOf) move(action audit.Action, name string, work *audit.WorkSessionDetailsInput) string {
	conversation := work.Conversation.ExternalID
	_, holds := d.weights[conversation]
	switch {
	case action == audit.ActionAssign && holds:
		return conversation + " is assigned twice"
	case action == audit.ActionAssign:
		d.weights[conversation] = work.Capacity.After.Used - work.Capacity.Before.Used
	case !holds:
		return conversation + " is not held"
	case action == audit.ActionUnassign:
		delete(d.weights, conversation)
		delete(d.paused, conversation)
	default:
		pauses := name == "work_item.pause"
		if d.paused[conversation] == pauses {
			return conversation + " is paused or resumed twice"
		}
		d.paused[conversation] = pauses
	}
	return ""
}

// A shift begins from Offline, ends in Offline, and in between each status
// follows from the one before; agents hold no active work when they leave.
func TestStatusesFollowEachOther(t *testing.T) {
	for _, count := range counts() {
		agents := map[string]*shiftOf{}
		for event := range Events(count) {
			work := event.Details.WorkSession
			if work == nil {
				continue
			}
			shift := agents[work.Agent.ExternalID]
			if shift == nil {
				shift = &shiftOf{status: offline(), told: map[string]bool{}}
				agents[work.Agent.ExternalID] = shift
			}
			if err := shift.follow(work); err != "" {
				t.Fatalf("%s at %s: %s", work.Agent.ExternalID, event.OccurredAt, err)
			}
		}
	}
}

// shiftOf is an agent's status, by the events alone.
type shiftOf struct {
	session string
	told    map[string]bool // sessions that are over or begun
	status  audit.RoutingStatus
	used    int32
}

func (s *shiftOf) follow(work *audit.WorkSessionDetailsInput) string {
	if work.Capacity != nil {
		s.used = work.Capacity.After.Used
	}
	session := ""
	if work.WorkSessionExternalID != nil {
		session = *work.WorkSessionExternalID
	}
	change := work.Status
	begins := change != nil && change.Cause == audit.CauseSignIn
	switch {
	case begins && s.told[session]:
		return session + " begins twice"
	case begins:
		s.session, s.told[session] = session, true
	case session != s.session:
		return "the session is " + session + ", not " + s.session
	}
	if change == nil {
		return ""
	}
	if *change.Before != s.status || change.After == s.status {
		return "the status was " + s.status.Name + ", not " + change.Before.Name
	}
	if begins != (s.status == offline()) || (change.Cause == audit.CauseSignOut) != (change.After == offline()) {
		return "a shift begins from Offline and ends in it"
	}
	if s.status = change.After; s.status == offline() {
		if s.used != 0 {
			return "work is left behind"
		}
		s.session = ""
	}
	return ""
}

// The plan and the seats before are those after the last change.
func TestSeatsFollowEachOther(t *testing.T) {
	plan, seats := "Professional", map[audit.SeatKind]int32{audit.SeatFullTime: 20, audit.SeatSeasonal: 0, audit.SeatCollaborator: 5}
	for event := range Events(DefaultEvents) {
		billing := event.Details.Billing
		if billing == nil {
			continue
		}
		if change := billing.Plan; change != nil {
			if *change.Before != plan {
				t.Errorf("the plan was %s, not %s", plan, *change.Before)
			}
			plan = *change.After
		}
		for _, change := range billing.Seats {
			if *change.Before != seats[change.Kind] {
				t.Errorf("%s seats were %d, not %d", change.Kind, seats[change.Kind], *change.Before)
			}
			seats[change.Kind] = *change.After
		}
	}
	if plan != "Enterprise" || seats[audit.SeatFullTime] != 24 || seats[audit.SeatSeasonal] != 8 || seats[audit.SeatCollaborator] != 12 {
		t.Errorf("the half year ends with %s and %v", plan, seats)
	}
}

// Users are named and reached as their account says at that moment.
func TestPeopleAreNamedAsTheyWere(t *testing.T) {
	names := map[string]map[string]string{}
	note := func(user *audit.UserInput) {
		if user == nil {
			return
		}
		if names[user.ExternalID] == nil {
			names[user.ExternalID] = map[string]string{}
		}
		names[user.ExternalID][*user.Name] = *user.Email
	}
	for event := range Events(DefaultEvents) {
		note(event.PerformedBy.User)
		if event.Details.WorkSession != nil {
			note(&event.Details.WorkSession.Agent)
		}
	}
	if jonas := names["usr-jonas"]; jonas["Jonas Berg"] != "jonas.berg@example.com" || jonas["Jonas Lindqvist"] != "jonas.lindqvist@example.com" || len(jonas) != 2 {
		t.Errorf("usr-jonas was named %v", jonas)
	}
	if len(names["usr-priya"]) != 1 || len(names) != 24 {
		t.Errorf("want 24 people, one usr-priya, got %d and %v", len(names), names["usr-priya"])
	}
}
