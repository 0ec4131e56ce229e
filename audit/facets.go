package audit

import "context"

// MaxFacetTop is how many values of each kind facets give at the most.
const MaxFacetTop = 100

// FacetKinds says which facets are wanted, so that only those are counted.
type FacetKinds struct {
	Categories, Actions, EventNames, Actors, Sections, Properties bool
}

// FacetQuery asks which values of some kinds the matching events have most often.
type FacetQuery struct {
	Filter *Filter
	Kinds  FacetKinds
	Top    int // values of each kind
	Most   int // events that may be looked at one by one
}

// Facets are the values that matching events have most often, of each kind that
// was asked for: those with the highest counts first, among equal ones categories
// and actions by their number, actors and sections by their id, and event names
// and properties by the bytes of their key.
type Facets struct {
	// Exact is false when more events may match than were looked at. The counts are
	// then at least so high, and a value may be missing.
	Exact      bool
	Categories []CategoryCount
	Actions    []ActionCount
	EventNames []EventNameCount // of the events that have one
	Actors     []ActorCount     // who performed them
	Sections   []SectionCount
	Properties []PropertyCount // that they changed
}

// CategoryCount is how many events are of a category.
type CategoryCount struct {
	Category Category
	Count    int
}

// ActionCount is how many events are of an action.
type ActionCount struct {
	Action Action
	Count  int
}

// EventNameCount is how many events have a name.
type EventNameCount struct {
	EventName string
	Count     int
}

// ActorCount is how many events an actor performed. Engines leave Actor nil.
type ActorCount struct {
	ActorID ActorID
	Actor   *Actor
	Count   int
}

// SectionCount is how many events are of a section. Engines leave Section nil.
type SectionCount struct {
	SectionID SectionID
	Section   *Section
	Count     int
}

// PropertyCount is how many events changed a property, however often each did.
type PropertyCount struct {
	Property Property
	Count    int
}

// Facets counts the events that match the page's filter by the given kinds, and
// gives the top values of each. It fails with CodeBadInput for a top out of
// bounds.
func (p *EventPage) Facets(ctx context.Context, kinds FacetKinds, top int) (*Facets, error) {
	if top < 1 || top > MaxFacetTop {
		return nil, BadInput("top", "top is %d; it must be between 1 and %d.", top, MaxFacetTop)
	}
	query := FacetQuery{Filter: p.filter, Kinds: kinds, Top: top, Most: maxCounted}
	facets, err := p.reader.events.CountFacets(ctx, p.organization, query)
	if err != nil {
		return nil, err
	}
	return facets, p.reader.completeFacets(ctx, p.organization, facets)
}

// completeFacets fetches the actors and sections, each kind with one read.
func (r *Reader) completeFacets(ctx context.Context, organization OrganizationID, facets *Facets) error {
	if len(facets.Actors) > 0 {
		if err := r.completeActors(ctx, organization, facets.Actors); err != nil {
			return err
		}
	}
	if len(facets.Sections) > 0 {
		return r.completeSections(ctx, organization, facets.Sections)
	}
	return nil
}

func (r *Reader) completeActors(ctx context.Context, organization OrganizationID, counts []ActorCount) error {
	ids := make([]ActorID, len(counts))
	for i, count := range counts {
		ids[i] = count.ActorID
	}
	actors, err := r.catalogue.ActorsByID(ctx, organization, ids)
	if err != nil {
		return err
	}
	byID := make(map[ActorID]*Actor, len(actors))
	for _, actor := range actors {
		byID[actor.ID] = actor
	}
	for i := range counts {
		counts[i].Actor = byID[counts[i].ActorID]
	}
	return nil
}

func (r *Reader) completeSections(ctx context.Context, organization OrganizationID, counts []SectionCount) error {
	ids := make([]SectionID, len(counts))
	for i, count := range counts {
		ids[i] = count.SectionID
	}
	sections, err := r.catalogue.SectionsByID(ctx, organization, ids)
	if err != nil {
		return err
	}
	byID := make(map[SectionID]*Section, len(sections))
	for _, section := range sections {
		byID[section.ID] = section
	}
	for i := range counts {
		counts[i].Section = byID[counts[i].SectionID]
	}
	return nil
}
