package audit

import (
	"context"
	"time"
)

// WorkEvent is a work-session event without what only tables show of it: an
// agent's activity is computed from these.
type WorkEvent struct {
	ID        EventID
	Action    Action
	Agent     ActorID
	Performer *Actor             // with its latest name; nil when it is no longer known
	OnBehalf  ActorID            // 0: on nobody's behalf
	Details   WorkSessionDetails // without About, which is Agent
}

// OccurredAt is when it happened.
func (e *WorkEvent) OccurredAt() time.Time { return e.ID.OccurredAt() }

// WorkQuery asks for the work-session events of some agents from an instant,
// which is in the range, to another, which is not.
type WorkQuery struct {
	Agents []ActorID // nil: of every agent that has such events in the range
	From   time.Time
	To     time.Time
	Limit  int // of the events in the range, all agents together
}

// WorkFinder is what an engine offers for reading agents' work.
type WorkFinder interface {
	// FindWork gives, ordered by id, the events in the range, at most Limit of
	// them, and before those of each agent the last event before the range that
	// said the agent's status, and the last that said the capacity. It takes a
	// fixed number of statements, and looks only at the organization it is given;
	// it MUST NOT walk other events than these, however many there are.
	FindWork(ctx context.Context, organization OrganizationID, query WorkQuery) ([]*WorkEvent, error)
}

// ActorRef names an actor in one of two ways.
type ActorRef struct {
	ID         *ActorID
	ExternalID *string // of a user
}

// Work gives what an agent's activity is computed from; see [WorkFinder]. It
// fails with CodeForbidden for a viewer that may only see one object's history.
func (r *Reader) Work(ctx context.Context, viewer Viewer, query WorkQuery) ([]*WorkEvent, error) {
	if err := viewer.mayReadAll(); err != nil {
		return nil, err
	}
	return r.work.FindWork(ctx, viewer.Organization, query)
}

// Agents gives the users that the references name, in their order; nil stands for
// one that the organization does not have. It fails as Work does, and with
// CodeBadInput for a text that no external id can be, under the given path.
func (r *Reader) Agents(ctx context.Context, viewer Viewer, path string, refs []ActorRef) ([]*Actor, error) {
	if err := viewer.mayReadAll(); err != nil {
		return nil, err
	}
	byID, byExternalID, err := r.usersOf(ctx, viewer.Organization, path, refs)
	if err != nil {
		return nil, err
	}
	agents := make([]*Actor, len(refs))
	for i, ref := range refs {
		switch {
		case ref.ID != nil:
			agents[i] = byID[*ref.ID]
		case ref.ExternalID != nil:
			agents[i] = byExternalID[*ref.ExternalID]
		}
	}
	return agents, nil
}

// usersOf reads the users that the references name, with one read for those named
// by id and one for the others.
func (r *Reader) usersOf(ctx context.Context, organization OrganizationID, path string, refs []ActorRef) (byID map[ActorID]*Actor, byExternalID map[string]*Actor, err error) {
	var ids []ActorID
	var externalIDs []string
	for _, ref := range refs {
		switch {
		case ref.ID != nil:
			ids = append(ids, *ref.ID)
		case ref.ExternalID != nil:
			externalIDs = append(externalIDs, *ref.ExternalID)
		}
	}
	filter := &ActorFilter{ExternalIDs: externalIDs, Kinds: []ActorKind{ActorUser}}
	if err := filter.check(path); err != nil {
		return nil, nil, err
	}
	var actors, named []*Actor
	if len(ids) > 0 {
		if actors, err = r.catalogue.ActorsByID(ctx, organization, ids); err != nil {
			return nil, nil, err
		}
	}
	if len(externalIDs) > 0 {
		if named, err = r.catalogue.FindActors(ctx, organization, ActorQuery{Filter: filter, Limit: len(externalIDs)}); err != nil {
			return nil, nil, err
		}
	}
	byID, byExternalID = map[ActorID]*Actor{}, map[string]*Actor{}
	for _, actor := range append(actors, named...) {
		if actor.Kind == ActorUser {
			byID[actor.ID], byExternalID[actor.ExternalID] = actor, actor
		}
	}
	return byID, byExternalID, nil
}
