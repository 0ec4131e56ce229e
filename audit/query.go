package audit

import (
	"context"
	"time"
)

// Viewer says on whose behalf a read runs. Every read takes one.
type Viewer struct {
	// Organization is the only one whose events are seen.
	Organization OrganizationID
	// ObjectHistoryOnly restricts the viewer to the conversation and customer
	// events of one conversation or customer, which the filter must name.
	ObjectHistoryOnly bool
}

// TimeRange is a half-open range of instants: From is in it, To is not. A nil
// end is open.
type TimeRange struct {
	From *time.Time
	To   *time.Time
}

// ActorFilter selects actors. Fields AND together, a list is OR, an empty list
// matches nothing.
type ActorFilter struct {
	IDs         []ActorID
	ExternalIDs []string
	Kinds       []ActorKind
	// Name is contained in the latest name or the one recorded with the event,
	// in any case.
	Name *string
}

// ObjectRef names an object of the host application.
type ObjectRef struct {
	Type       string
	ExternalID string
}

// ChangeFilter selects events that changed a property in a certain way. All its
// fields must hold for one and the same change.
type ChangeFilter struct {
	Property   string
	Operations []ChangeOperation
	Before     JSON // equal to the whole value; JSON null: there was none
	After      JSON
	Added      JSON // an element that a list gained
	Removed    JSON // an element that a list lost
}

// StatusFilter selects changes of routing status.
type StatusFilter struct {
	From   []StatusType
	To     []StatusType
	Causes []StatusCause
}

// CapacityFilter selects changes of capacity.
type CapacityFilter struct {
	From []CapacityState
	To   []CapacityState
}

// Filter selects events. Fields AND together, a list is OR, an empty list
// matches nothing, nil is no filter.
type Filter struct {
	OccurredAt             *TimeRange
	RecordedAt             *TimeRange
	Categories             []Category
	Actions                []Action
	EventNames             []string
	PerformedBy            *ActorFilter
	OnBehalfOf             *ActorFilter
	About                  *ActorFilter
	Sections               []string
	SettingsAreas          []SettingsArea
	Properties             []string
	Changed                []ChangeFilter // OR: one of them holds
	Objects                []ObjectRef
	ObjectTypes            []string
	Outcomes               []AuthorizationOutcome
	SeatKinds              []SeatKind
	IPAddresses            []string // addresses or CIDR blocks
	Status                 *StatusFilter
	Capacity               *CapacityFilter
	WorkSessionExternalIDs []string
	CorrelationIDs         []string
	Text                   *string
	AllOf                  []Filter // an empty list matches everything: nothing is asked
	AnyOf                  []Filter // an empty list matches nothing
	Not                    *Filter

	// Conversations and Customers select by the subject of the details, or by the
	// object where details that could have such a subject name none. The typed
	// queries of the API set them.
	Conversations []string
	Customers     []string

	// CausedBy selects the events that one of these caused. The API's consequences of
	// an event set it.
	CausedBy []EventID

	// History selects the events that the object took part in: it is their object,
	// the subject of their details, or a customer they merged into another. The API's
	// objectHistory sets it.
	History *ObjectRef
}

// Order is a clock and a direction.
type Order struct {
	Field     OrderField
	Direction OrderDirection
}

// Position is a place in an order: the id for OCCURRED_AT, the sequence for
// RECORDED_AT.
type Position struct {
	ID       EventID
	Sequence int64
}

// Fields says what a page needs besides the event rows, so that only what was
// asked for is fetched.
type Fields struct {
	Actors   bool // Participant.Actor
	Names    bool // Participant.RecordedName
	Sections bool // Event.Section
	// Brief says that ID, Sequence, OccurredAt, Action, Performer, Section, Changes, and
	// Object but for its name are enough. An engine MAY leave out the rest.
	Brief bool
}

// AllFields asks for everything.
var AllFields = Fields{Actors: true, Names: true, Sections: true}

// EventQuery is one scan of events: those that match the filter, strictly
// beyond After and strictly before Before in the given order, at most Limit of
// them. FromEnd takes them from the end of the order instead of its beginning;
// the result is in the given order either way.
type EventQuery struct {
	Filter  *Filter
	Order   Order
	After   *Position
	Before  *Position
	FromEnd bool
	Limit   int
	Bytes   int // how much recorded JSON the events may have together; the engine's own bound when 0
	Fields  Fields
}

// EventFinder is what an engine offers for reading events. Filters have been
// checked by [Reader]. Implementations MUST look only at the organization they
// are given, and MUST NOT count or skip rows that were not asked for.
type EventFinder interface {
	// FindEvents answers one scan with a fixed number of statements, whatever
	// its limit; a search for a text may take a few more. It fails with
	// CodeQueryTooExpensive when the events have more than the query's Bytes.
	FindEvents(ctx context.Context, organization OrganizationID, query EventQuery) ([]*Event, error)
	// SearchedThrough says up to which recordedAt a search for the filter's texts
	// looks at events that are recorded now; nil when it looks at all. Later calls
	// of FindEvents look at least as far.
	SearchedThrough(ctx context.Context, organization OrganizationID, filter *Filter) (*time.Time, error)
	// EventsByID fetches events in any order; ids the organization does not have
	// are left out.
	EventsByID(ctx context.Context, organization OrganizationID, ids []EventID, fields Fields) ([]*Event, error)

	HistoryFinder
	EventCounter
	CoverageFinder
}

// ActorQuery is one scan of actors by id, like [EventQuery].
type ActorQuery struct {
	Filter  *ActorFilter
	After   ActorID // 0: from the beginning
	Before  ActorID // 0: to the end
	FromEnd bool
	Limit   int
}

// PropertyQuery lists properties by key.
type PropertyQuery struct {
	Sections   []string // used in one of them; nil: any
	StartsWith string   // exact case
	Limit      int
}

// Catalogue is what an engine offers for reading who and what the events speak
// of. Every method looks only at the organization it is given.
type Catalogue interface {
	// FindActors lists actors in the order of their ids.
	FindActors(ctx context.Context, organization OrganizationID, query ActorQuery) ([]*Actor, error)
	// ActorsByID fetches actors in any order; unknown ids are left out.
	ActorsByID(ctx context.Context, organization OrganizationID, ids []ActorID) ([]*Actor, error)
	// FindSections lists sections by key; category 0 lists all.
	FindSections(ctx context.Context, organization OrganizationID, category Category) ([]*Section, error)
	// SectionsByID fetches sections in any order; unknown ids are left out.
	SectionsByID(ctx context.Context, organization OrganizationID, ids []SectionID) ([]*Section, error)
	// FindProperties lists properties by key.
	FindProperties(ctx context.Context, organization OrganizationID, query PropertyQuery) ([]Property, error)
}
