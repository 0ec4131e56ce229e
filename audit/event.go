package audit

import "time"

// Event is one thing that happened, as it was recorded. It never changes.
type Event struct {
	ID         EventID
	Sequence   int64 // 1, 2, 3 ... per organization, in commit order
	Category   Category
	Action     Action
	Name       *string // the service's own name of the event
	OccurredAt time.Time
	RecordedAt time.Time

	Performer Participant
	OnBehalf  *Participant // on whose behalf the performer acted
	About     *Participant // the user or agent the event is about

	SectionID SectionID
	Section   *Section // nil unless the page was asked for sections

	Object        *Object
	Changes       []Change
	IPAddress     *string // as sent, without a port
	UserAgent     *string
	CorrelationID *string
	CausedBy      *EventID
	Cause         *Event // the event CausedBy names; nil unless it was asked for
	Metadata      JSON   // nil when nothing was sent
	Details       Details

	consequences map[string]*EventPage // the pages that were asked for, by what of them
}

// Participant is the part an actor has in an event: the identity, and the name
// it had then.
type Participant struct {
	ActorID      ActorID
	ProfileID    int32
	Actor        *Actor  // with its latest name; nil unless the page was asked for actors
	RecordedName *string // the name as recorded; nil also unless the page was asked for names
}

// Actor is an identity of the host application: a person or an automation.
type Actor struct {
	ID         ActorID
	Kind       ActorKind
	ExternalID string
	Name       *string // the latest recorded
	Email      *string // the latest recorded
}

// Section is the standard object or setting an event belongs to.
type Section struct {
	ID         SectionID
	Key        string
	Name       string
	Categories CategorySet // those it was used in
}

// Property is an attribute that some event changed.
type Property struct {
	Key  string
	Name string
}

// Object is a thing of the host application, named as it was then.
type Object struct {
	Type       string
	ExternalID string
	Name       *string
}

// Details is what an event's category adds to the common fields. Its members
// are pointers to [AuthorizationDetails], [BillingDetails],
// [ConversationDetails], [CustomerDetails], [SettingsDetails] and
// [WorkSessionDetails].
type Details interface{ category() Category }

// AuthorizationDetails belong to sign-ins and to changes of an account.
// The user is Event.About.
type AuthorizationDetails struct {
	About          *Participant         `json:"-"`
	Outcome        AuthorizationOutcome `json:"outcome"`
	AttemptedLogin *string              `json:"attemptedLogin,omitempty"`
}

// BillingDetails belong to changes of the plan or of paid seats.
type BillingDetails struct {
	Plan  *PlanChange  `json:"plan,omitempty"`
	Seats []SeatChange `json:"seats,omitempty"`
}

// PlanChange is a move from one plan to another.
type PlanChange struct {
	Before *string `json:"before,omitempty"`
	After  *string `json:"after,omitempty"`
}

// SeatChange is a change of the number of seats of one kind.
type SeatChange struct {
	Kind   SeatKind `json:"kind"`
	Before *int32   `json:"before,omitempty"`
	After  *int32   `json:"after,omitempty"`
}

// ConversationDetails belong to what happens in a conversation.
type ConversationDetails struct {
	Conversation  *Subject       `json:"conversation"`
	SurveyAnswers []SurveyAnswer `json:"surveyAnswers,omitempty"`
}

// SurveyAnswer is one answer of a satisfaction survey.
type SurveyAnswer struct {
	Question *string  `json:"question,omitempty"`
	Score    *float64 `json:"score,omitempty"`
	Answer   *string  `json:"answer,omitempty"`
}

// CustomerDetails belong to what happens to a customer's record.
type CustomerDetails struct {
	Customer   *Subject  `json:"customer,omitempty"`
	MergedFrom []Subject `json:"mergedFrom,omitempty"`
}

// SettingsDetails belong to changes of the settings.
type SettingsDetails struct {
	Area SettingsArea `json:"area"`
}

// WorkSessionDetails belong to an agent's shift. The agent is Event.About.
type WorkSessionDetails struct {
	About                 *Participant    `json:"-"`
	WorkSessionExternalID *string         `json:"workSession,omitempty"`
	Status                *StatusChange   `json:"status,omitempty"`
	Capacity              *CapacityChange `json:"capacity,omitempty"`
	Conversation          *Subject        `json:"conversation,omitempty"`
}

// RoutingStatus is an agent's status by name; several names share a type.
type RoutingStatus struct {
	Name string     `json:"name"`
	Type StatusType `json:"type"`
}

// StatusChange is a change of an agent's routing status.
type StatusChange struct {
	Before *RoutingStatus `json:"before,omitempty"`
	After  RoutingStatus  `json:"after"`
	Cause  StatusCause    `json:"cause"`
}

// Capacity is how much of an agent's room for work is used.
type Capacity struct {
	Used  int32 `json:"used"`
	Total int32 `json:"total"`
}

// State compares used with total: nothing used is idle, less than the total
// with capacity, equal full, more over. A total of zero with nothing used is
// idle.
func (c Capacity) State() CapacityState {
	switch {
	case c.Used == 0:
		return CapacityIdle
	case c.Used < c.Total:
		return CapacityWithCapacity
	case c.Used == c.Total:
		return CapacityFull
	default:
		return CapacityOver
	}
}

// CapacityChange is a change of an agent's capacity.
type CapacityChange struct {
	Before *Capacity `json:"before,omitempty"`
	After  Capacity  `json:"after"`
}

// Subject is a conversation, customer or merge source: an object whose type
// follows from where it stands.
type Subject struct {
	ExternalID string  `json:"externalId"`
	Name       *string `json:"name,omitempty"`
}

// The types of objects that details speak of.
const (
	ObjectConversation = "conversation"
	ObjectCustomer     = "customer"
	ObjectUser         = "user"
)

// Object is the subject as an object of the given type; nil for nil.
func (s *Subject) Object(objectType string) *Object {
	if s == nil {
		return nil
	}
	return &Object{Type: objectType, ExternalID: s.ExternalID, Name: s.Name}
}

func (*AuthorizationDetails) category() Category { return CategoryAuthorization }
func (*BillingDetails) category() Category       { return CategoryBilling }
func (*ConversationDetails) category() Category  { return CategoryConversation }
func (*CustomerDetails) category() Category      { return CategoryCustomer }
func (*SettingsDetails) category() Category      { return CategorySettings }
func (*WorkSessionDetails) category() Category   { return CategoryWorkSession }
