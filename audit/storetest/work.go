package storetest

import (
	"bytes"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"daybook/audit"
	"daybook/audit/activity"
)

func workPromises() []promise {
	return []promise{
		{"WorkIsTheRangeAndTheStateBefore", workIsExact},
		{"ActivityOfWorkIsThatOfTheWholeLog", activityOfWork},
		{"WorkStopsAtItsLimit", workStops},
		{"NoAgentsHaveNoWork", nobodysWork},
		{"OpenItemsOfRealAgentsFollowFromTheirEvents", realOpenItems},
	}
}

// shifts are the events of a few agents over some days, in no order of time, with
// others between them.
func shifts(t *testing.T, w *workspace, organization audit.OrganizationID) []*audit.Event {
	t.Helper()
	statuses := []audit.RoutingStatus{
		{Name: "Available", Type: audit.StatusAvailable},
		{Name: "Lunch", Type: audit.StatusUnavailable},
		{Name: "Busy", Type: audit.StatusBusy},
		{Name: "Offline", Type: audit.StatusOffline},
	}
	performers := []audit.EntryActor{user("agent0"), user("supervisor"), automation(audit.ActorSystem, "system")}
	var entries []*audit.Entry
	for i := range 300 {
		details := &audit.WorkSessionDetails{WorkSessionExternalID: ptr("ws-" + strconv.Itoa(i%3))}
		if i%3 != 0 {
			details.Status = &audit.StatusChange{After: statuses[i*7%4], Cause: audit.StatusCause(1 + i*5%9)}
		}
		if i%4 != 0 {
			details.Capacity = &audit.CapacityChange{After: audit.Capacity{Used: int32(i * 11 % 5), Total: 3}}
		}
		if i%5 != 0 {
			details.Conversation = &audit.Subject{ExternalID: "cnv-" + strconv.Itoa(i*13%8)}
		}
		options := []option{
			at(after(time.Duration(i*7919%4000) * time.Minute)), doing(audit.Actions()[i%19]), by(performers[i%3]),
			about(user("agent" + strconv.Itoa(i%4))), detailed(details),
		}
		if i%6 == 0 {
			options = append(options, onBehalfOf(user("agent"+strconv.Itoa(i%5))))
		}
		entries = append(entries, entry(options...), entry(at(after(time.Duration(i)*time.Minute))),
			entry(at(after(time.Duration(i)*time.Minute)), about(user("agent1")), detailed(&audit.AuthorizationDetails{Outcome: audit.OutcomeSuccess})))
	}
	return w.read(t, organization, w.recordAll(t, organization, entries))
}

// workOf is an event as FindWork gives it; nil for one that is none of work.
func workOf(e *audit.Event) *audit.WorkEvent {
	details, isWork := e.Details.(*audit.WorkSessionDetails)
	if !isWork || e.About == nil {
		return nil
	}
	work := &audit.WorkEvent{ID: e.ID, Action: e.Action, Agent: e.About.ActorID, Performer: e.Performer.Actor, Details: *details}
	work.Details.About = nil
	if e.OnBehalf != nil {
		work.OnBehalf = e.OnBehalf.ActorID
	}
	return work
}

// workEvents are the events of work among others, by id.
func workEvents(events []*audit.Event) []*audit.WorkEvent {
	var list []*audit.WorkEvent
	for _, e := range events {
		if work := workOf(e); work != nil {
			list = append(list, work)
		}
	}
	slices.SortFunc(list, func(a, b *audit.WorkEvent) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return list
}

// findWork answers a query in the plainest way there is: engines must agree with it.
func findWork(all []*audit.WorkEvent, query audit.WorkQuery) []*audit.WorkEvent {
	in := func(e *audit.WorkEvent) bool {
		return !e.OccurredAt().Before(query.From) && e.OccurredAt().Before(query.To)
	}
	wanted := map[audit.ActorID]bool{}
	for _, id := range query.Agents {
		wanted[id] = true
	}
	needed := map[audit.EventID]bool{}
	status, capacity := map[audit.ActorID]audit.EventID{}, map[audit.ActorID]audit.EventID{}
	for _, e := range all {
		if query.Agents == nil && in(e) {
			wanted[e.Agent] = true
		}
		if e.OccurredAt().Before(query.From) && e.Details.Status != nil {
			status[e.Agent] = e.ID
		}
		if e.OccurredAt().Before(query.From) && e.Details.Capacity != nil {
			capacity[e.Agent] = e.ID
		}
	}
	for agent := range wanted {
		needed[status[agent]], needed[capacity[agent]] = true, true
	}
	found := 0
	var list []*audit.WorkEvent
	for _, e := range all {
		counts := wanted[e.Agent] && in(e) && found < query.Limit
		if counts {
			found++
		}
		if counts || needed[e.ID] {
			list = append(list, e)
		}
	}
	return list
}

func workIsExact(t *testing.T, w *workspace) {
	all := workEvents(shifts(t, w, w.org))
	shifts(t, w, w.other)
	agents := agentsOf(all)
	rapid.Check(t, func(t *rapid.T) {
		query := drawWorkQuery(t, agents)
		got, err := w.FindWork(w.ctx, w.org, query)
		if err != nil {
			t.Fatal(err)
		}
		want := findWork(all, query)
		if len(got) != len(want) {
			t.Fatalf("%d events, want %d", len(got), len(want))
		}
		for i := range got {
			if !reflect.DeepEqual(got[i], want[i]) {
				t.Fatalf("event %d is\n%+v\nwant\n%+v", i, got[i], want[i])
			}
		}
	})
}

func agentsOf(all []*audit.WorkEvent) []audit.ActorID {
	var agents []audit.ActorID
	for _, e := range all {
		if !slices.Contains(agents, e.Agent) {
			agents = append(agents, e.Agent)
		}
	}
	return agents
}

func drawWorkQuery(t *rapid.T, agents []audit.ActorID) audit.WorkQuery {
	query := audit.WorkQuery{Limit: 1000}
	if rapid.Bool().Draw(t, "named agents") {
		known := rapid.SampledFrom(append([]audit.ActorID{0, 9999}, agents...))
		query.Agents = rapid.SliceOfNDistinct(known, 0, 5, rapid.ID[audit.ActorID]).Draw(t, "agents")
	}
	minutes := rapid.IntRange(-10, 4010)
	query.From = after(time.Duration(minutes.Draw(t, "from")) * time.Minute)
	query.To = after(time.Duration(minutes.Draw(t, "to")) * time.Minute)
	return query
}

func activityOfWork(t *testing.T, w *workspace) {
	all := workEvents(shifts(t, w, w.org))
	agents := agentsOf(all)
	rapid.Check(t, func(t *rapid.T) {
		query := drawWorkQuery(t, agents)
		query.Agents = []audit.ActorID{rapid.SampledFrom(agents).Draw(t, "agent")}
		if query.To.Before(query.From) {
			query.From, query.To = query.To, query.From
		}
		found, err := w.FindWork(w.ctx, w.org, query)
		if err != nil {
			t.Fatal(err)
		}
		mine := slices.DeleteFunc(slices.Clone(all), func(e *audit.WorkEvent) bool { return e.Agent != query.Agents[0] })
		agent, r := &audit.Actor{ID: query.Agents[0]}, activity.Range{From: query.From, To: query.To}
		if got, want := activity.Of(agent, found, r, time.UTC), activity.Of(agent, mine, r, time.UTC); !reflect.DeepEqual(got, want) {
			t.Fatalf("of what was found\n%+v\nof all events\n%+v", got, want)
		}
	})
}

func workStops(t *testing.T, w *workspace) {
	all := workEvents(shifts(t, w, w.org))
	for _, agents := range [][]audit.ActorID{nil, agentsOf(all)} {
		query := audit.WorkQuery{Agents: agents, From: noon, To: after(1000 * time.Hour), Limit: 17}
		got, err := w.FindWork(w.ctx, w.org, query)
		if err != nil || len(got) != 17 {
			t.Errorf("%d events, want 17: %v", len(got), err)
		}
	}
}

func nobodysWork(t *testing.T, w *workspace) {
	theirs := agentsOf(workEvents(shifts(t, w, w.other)))
	for name, agents := range map[string][]audit.ActorID{"none": {}, "unknown": {12345}, "of others": theirs, "all of an empty log": nil} {
		got, err := w.FindWork(w.ctx, w.org, audit.WorkQuery{Agents: agents, From: noon, To: after(1000 * time.Hour), Limit: 100})
		if err != nil || len(got) != 0 {
			t.Errorf("%s: %d events, %v", name, len(got), err)
		}
	}
}
