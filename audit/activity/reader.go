package activity

import (
	"context"
	"slices"
	"strconv"
	"time"

	"daybook/audit"
)

// Bounds of one question.
const (
	MaxAgents    = 500                  // in one team
	MaxRange     = 366 * 24 * time.Hour // a year, leap years too
	MaxAgentDays = 20_000               // agents times days
	MaxEvents    = 100_000              // of all agents in the range
)

// Reader answers questions about agents' days.
type Reader struct {
	log *audit.Reader
	now func() time.Time
}

// NewReader makes a Reader over a log. Nothing after now is looked at.
func NewReader(log *audit.Reader, now func() time.Time) *Reader {
	return &Reader{log: log, now: now}
}

// Agent gives the activity of one agent.
//
// It fails with CodeBadInput for a range without a beginning, one that ends before
// it begins or is longer than MaxRange, and for an unknown time zone; with
// CodeNotFound when there is no such agent; with CodeQueryTooExpensive when there
// are more than MaxEvents events; and with CodeForbidden for a viewer that may only
// see one object's history.
func (r *Reader) Agent(ctx context.Context, viewer audit.Viewer, agent audit.ActorRef, asked audit.TimeRange, timeZone string) (*Activity, error) {
	q, err := r.question(asked, timeZone)
	if err != nil {
		return nil, err
	}
	agents, err := r.log.Agents(ctx, viewer, "agent", []audit.ActorRef{agent})
	if err != nil {
		return nil, err
	}
	if agents[0] == nil {
		return nil, noSuchAgent("agent", agent)
	}
	answer, err := r.answer(ctx, viewer, q, agents)
	if err != nil {
		return nil, err
	}
	return answer[0], nil
}

// Team gives the activity of several agents in the order in which they are named,
// each once; nil asks for all who have work-session events in the range, in the
// order in which they first appeared in the log. It fails as Agent does, with
// CodeBadInput for more than MaxAgents, and with CodeQueryTooExpensive when so many
// were found or the agents have more than MaxAgentDays days together.
func (r *Reader) Team(ctx context.Context, viewer audit.Viewer, refs []audit.ActorRef, asked audit.TimeRange, timeZone string) ([]*Activity, error) {
	q, err := r.question(asked, timeZone)
	if err != nil {
		return nil, err
	}
	if len(refs) > MaxAgents {
		return nil, audit.BadInput("agents", "agents has %d elements; a team has at most %d.", len(refs), MaxAgents)
	}
	if refs == nil {
		return r.answer(ctx, viewer, q, nil)
	}
	agents, err := r.log.Agents(ctx, viewer, "agents", refs)
	if err != nil {
		return nil, err
	}
	if i := slices.Index(agents, nil); i >= 0 {
		return nil, noSuchAgent("agents/"+strconv.Itoa(i), refs[i])
	}
	return r.answer(ctx, viewer, q, distinct(agents))
}

// question is a checked range in a time zone.
type question struct {
	Range
	zone *time.Location
}

func (r *Reader) question(asked audit.TimeRange, timeZone string) (question, error) {
	zone, err := audit.TimeZone("timeZone", timeZone)
	if err != nil {
		return question{}, err
	}
	now := r.now().UTC().Truncate(time.Microsecond)
	q := question{Range{To: now, Open: true}, zone}
	switch {
	case asked.From == nil:
		return question{}, audit.BadInput("range/from", "Say where the range begins.")
	case asked.To != nil && asked.To.Before(*asked.From):
		return question{}, audit.BadInput("range", "range: from is after to.")
	}
	q.From = *asked.From
	if asked.To != nil && !asked.To.After(now) {
		q.To, q.Open = *asked.To, false
	}
	if q.To.Before(q.From) { // it lies in the future, of which nothing is known
		q.To = q.From
	}
	if q.To.Sub(q.From) > MaxRange {
		return question{}, audit.BadInput("range", "The range is longer than %d days.", int(MaxRange.Hours()/24))
	}
	return q, nil
}

// answer reads the work of the agents with as many statements as for one, and
// computes the activity of each. nil finds the agents.
func (r *Reader) answer(ctx context.Context, viewer audit.Viewer, q question, agents []*audit.Actor) ([]*Activity, error) {
	if err := q.bound(len(agents)); err != nil {
		return nil, err
	}
	query := audit.WorkQuery{From: q.From, To: q.To, Limit: MaxEvents + 1}
	if agents != nil {
		query.Agents = idsOf(agents)
	}
	events, err := r.log.Work(ctx, viewer, query)
	if err != nil {
		return nil, err
	}
	if len(workIn(events, q.Range).events) > MaxEvents {
		return nil, tooMuch(MaxEvents, "events in the range")
	}
	byAgent := map[audit.ActorID][]*audit.WorkEvent{}
	for _, e := range events {
		byAgent[e.Agent] = append(byAgent[e.Agent], e)
	}
	if agents == nil {
		if agents, err = r.found(ctx, viewer, q, byAgent); err != nil {
			return nil, err
		}
	}
	activities := make([]*Activity, len(agents))
	for i, agent := range agents {
		activities[i] = Of(agent, byAgent[agent.ID], q.Range, q.zone)
	}
	return activities, nil
}

// found are the agents that have events.
func (r *Reader) found(ctx context.Context, viewer audit.Viewer, q question, byAgent map[audit.ActorID][]*audit.WorkEvent) ([]*audit.Actor, error) {
	if len(byAgent) > MaxAgents {
		return nil, tooMuch(MaxAgents, "agents with events in the range")
	}
	if err := q.bound(len(byAgent)); err != nil || len(byAgent) == 0 {
		return nil, err
	}
	ids := make([]audit.ActorID, 0, len(byAgent))
	for id := range byAgent {
		ids = append(ids, id)
	}
	agents, err := r.log.ActorsByID(ctx, viewer, ids)
	slices.SortFunc(agents, func(a, b *audit.Actor) int { return int(a.ID - b.ID) })
	return agents, err
}

// bound refuses more days than an answer may have.
func (q *question) bound(agents int) error {
	if days := int(q.To.Sub(q.From).Hours()/24) + 1; agents*days > MaxAgentDays {
		return tooMuch(MaxAgentDays, "days of agents")
	}
	return nil
}

func tooMuch(limit int, what string) error {
	err := audit.Errorf(audit.CodeQueryTooExpensive, "There are more than %d %s. Ask for a shorter range, or for fewer agents.", limit, what)
	err.Limit = limit
	return err
}

func noSuchAgent(path string, ref audit.ActorRef) error {
	err := audit.Errorf(audit.CodeNotFound, "%s: name an agent by id or by externalId.", path)
	switch {
	case ref.ID != nil:
		err = audit.Errorf(audit.CodeNotFound, "%s: there is no user %s.", path, *ref.ID)
	case ref.ExternalID != nil:
		err = audit.Errorf(audit.CodeNotFound, "%s: there is no user with the externalId %.100q.", path, *ref.ExternalID)
	}
	err.Path = path
	return err
}

func idsOf(agents []*audit.Actor) []audit.ActorID {
	ids := make([]audit.ActorID, len(agents))
	for i, agent := range agents {
		ids[i] = agent.ID
	}
	return ids
}

// distinct leaves out who is named again.
func distinct(agents []*audit.Actor) []*audit.Actor {
	seen := map[audit.ActorID]bool{}
	return slices.DeleteFunc(agents, func(agent *audit.Actor) bool {
		again := seen[agent.ID]
		seen[agent.ID] = true
		return again
	})
}
