package audit

import "time"

// EventInput is what a service sends for one event, in the shape of the
// GraphQL contract. A nil pointer, slice or JSON means "left out".
type EventInput struct {
	IdempotencyKey *string
	OccurredAt     *time.Time // now, when nil
	Action         Action
	EventName      *string
	PerformedBy    ActorInput
	OnBehalfOf     *ActorInput
	Section        string
	Object         *ObjectInput  // the subject of the details, when nil
	Changes        []ChangeInput // made from the details when nil; empty means none
	IPAddress      *string
	UserAgent      *string
	CorrelationID  *string
	CausedBy       *CauseInput
	Metadata       JSON
	Details        DetailsInput
}

// ActorInput is exactly one of its members.
type ActorInput struct {
	User       *UserInput
	Customer   *CustomerActorInput
	Automation *AutomationInput
}

// UserInput is a person who works with the platform.
type UserInput struct {
	ExternalID string
	Name       *string
	Email      *string
}

// CustomerActorInput is a customer who did something.
type CustomerActorInput struct {
	ExternalID string
	Name       *string
}

// AutomationInput is a system automation that did something.
type AutomationInput struct {
	Kind       ActorKind
	ExternalID string
	Name       *string
}

// ObjectInput is the thing the event happened to.
type ObjectInput struct {
	Type       string
	ExternalID string
	Name       *string
}

// ChangeInput is one property's change as sent.
type ChangeInput struct {
	Property   string
	Before     JSON
	After      JSON
	BeforeText *string
	AfterText  *string
	Redacted   bool // the values and texts are not kept, even when sent
}

// CauseInput is exactly one of its members.
type CauseInput struct {
	EventID        *string
	IdempotencyKey *string
}

// DetailsInput is exactly one of its members; it says the event's category.
type DetailsInput struct {
	Authorization *AuthorizationDetailsInput
	Billing       *BillingDetailsInput
	Conversation  *ConversationDetailsInput
	Customer      *CustomerDetailsInput
	Settings      *SettingsDetailsInput
	WorkSession   *WorkSessionDetailsInput
}

// AuthorizationDetailsInput belongs to sign-ins and changes of an account.
type AuthorizationDetailsInput struct {
	User           *UserInput
	Outcome        *AuthorizationOutcome
	AttemptedLogin *string
}

// BillingDetailsInput belongs to changes of the plan or of paid seats.
type BillingDetailsInput struct {
	Plan  *PlanChange
	Seats []SeatChange
}

// ConversationDetailsInput belongs to what happens in a conversation.
type ConversationDetailsInput struct {
	Conversation  Subject
	SurveyAnswers []SurveyAnswer
}

// CustomerDetailsInput belongs to what happens to a customer's record.
type CustomerDetailsInput struct {
	Customer   *Subject
	MergedFrom []Subject
}

// SettingsDetailsInput belongs to changes of the settings.
type SettingsDetailsInput struct {
	Area SettingsArea
}

// WorkSessionDetailsInput belongs to an agent's shift.
type WorkSessionDetailsInput struct {
	Agent                 UserInput
	WorkSessionExternalID *string
	Status                *StatusChange
	Capacity              *CapacityChange
	Conversation          *Subject
}

// RecordResult is what became of one event of a call.
type RecordResult struct {
	Index    int
	Status   RecordStatus
	EventID  *EventID // of the event created, or of the first one for a DUPLICATE or CONFLICT
	Event    *Event   // the event EventID names; nil unless it was asked for
	Problems []Problem
}

// Problem is one thing wrong with one field of one event.
type Problem struct {
	// Path is a JSON Pointer (RFC 6901) into the event: "/changes/0/property".
	Path    string
	Code    ProblemCode
	Message string
}
