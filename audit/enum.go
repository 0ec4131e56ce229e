package audit

import (
	"slices"
)

// names maps the numbers of an enumeration, which are what engines store and
// therefore never change meaning, to the names of the GraphQL contract. Index 0
// is always empty: the zero value means "not given".
type names []string

func (n names) name(i int16) string {
	if i <= 0 || int(i) >= len(n) {
		return ""
	}
	return n[i]
}

func (n names) parse(kind, s string) (int16, error) {
	if i := slices.Index(n, s); i > 0 {
		return int16(i), nil
	}
	return 0, Errorf(CodeBadInput, "%q is not a value of %s", s, kind)
}

// all lists the numbers in use, in order.
func all[T ~int16](n names) []T {
	values := make([]T, 0, len(n)-1)
	for i := 1; i < len(n); i++ {
		values = append(values, T(i))
	}
	return values
}

func unmarshalEnum[T ~int16](kind string, n names, text []byte, into *T) error {
	i, err := n.parse(kind, string(text))
	if err != nil {
		return err
	}
	*into = T(i)
	return nil
}

// Category is the area of the platform an event belongs to.
type Category int16

// The categories. Their numbers are stored.
const (
	CategoryAuthorization Category = iota + 1
	CategoryBilling
	CategoryConversation
	CategoryCustomer
	CategorySettings
	CategoryWorkSession
)

var categoryNames = names{"", "AUTHORIZATION", "BILLING", "CONVERSATION", "CUSTOMER", "SETTINGS", "WORK_SESSION"}

// Categories lists every category in the order of its number.
func Categories() []Category { return all[Category](categoryNames) }

// String is the category's name in the GraphQL contract.
func (c Category) String() string { return categoryNames.name(int16(c)) }

// MarshalText writes the name used by the GraphQL contract.
func (c Category) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the name used by the GraphQL contract.
func (c *Category) UnmarshalText(text []byte) error {
	return unmarshalEnum("AuditCategory", categoryNames, text, c)
}

// CategorySet is a set of categories, one bit for each.
type CategorySet int32

// With is the set with c added.
func (s CategorySet) With(c Category) CategorySet { return s | 1<<c }

// Has says whether c is in the set.
func (s CategorySet) Has(c Category) bool { return s&(1<<c) != 0 }

// List is the set's members in the order of their numbers.
func (s CategorySet) List() []Category {
	return slices.DeleteFunc(Categories(), func(c Category) bool { return !s.Has(c) })
}

// Action is the coarse verb of an event; Event.Name keeps the service's own.
type Action int16

// The actions. Their numbers are stored.
const (
	ActionCreate Action = iota + 1
	ActionUpdate
	ActionDelete
	ActionMerge
	ActionForward
	ActionLogin
	ActionLoginFailed
	ActionLockout
	ActionLogout
	ActionRoute
	ActionOffer
	ActionAccept
	ActionAssign
	ActionUnassign
	ActionRequeue
	ActionAgentStatusChange
	ActionAgentCapacityChange
	ActionSurveyAnswer
	ActionOther
)

var actionNames = names{
	"", "CREATE", "UPDATE", "DELETE", "MERGE", "FORWARD", "LOGIN", "LOGIN_FAILED", "LOCKOUT", "LOGOUT", "ROUTE", "OFFER",
	"ACCEPT", "ASSIGN", "UNASSIGN", "REQUEUE", "AGENT_STATUS_CHANGE", "AGENT_CAPACITY_CHANGE", "SURVEY_ANSWER", "OTHER",
}

// Actions lists every action in the order of its number.
func Actions() []Action { return all[Action](actionNames) }

// String is the action's name in the GraphQL contract.
func (a Action) String() string { return actionNames.name(int16(a)) }

// MarshalText writes the name used by the GraphQL contract.
func (a Action) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the name used by the GraphQL contract.
func (a *Action) UnmarshalText(text []byte) error {
	return unmarshalEnum("AuditAction", actionNames, text, a)
}

// ActorKind says what sort of actor did something: a person or an automation.
type ActorKind int16

// The kinds of actors. Their numbers are stored.
const (
	ActorUser ActorKind = iota + 1
	ActorCustomer
	ActorWorkflow
	ActorBusinessRule
	ActorQueueRouter
	ActorAPI
	ActorSystem
)

var actorKindNames = names{"", "USER", "CUSTOMER", "WORKFLOW", "BUSINESS_RULE", "QUEUE_ROUTER", "API", "SYSTEM"}

// String is the kind's name in the GraphQL contract.
func (k ActorKind) String() string { return actorKindNames.name(int16(k)) }

// MarshalText writes the name used by the GraphQL contract.
func (k ActorKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the name used by the GraphQL contract.
func (k *ActorKind) UnmarshalText(text []byte) error {
	return unmarshalEnum("ActorKind", actorKindNames, text, k)
}

// Automation says whether the kind is a system automation: anything that is
// neither a user nor a customer.
func (k ActorKind) Automation() bool { return k >= ActorWorkflow && k <= ActorSystem }

// RecordStatus is what became of one event of a recording call.
type RecordStatus int16

// The statuses. CREATED means durably committed; see [Recorder].
const (
	RecordCreated RecordStatus = iota + 1
	RecordDuplicate
	RecordConflict
	RecordInvalid
	RecordSkipped
)

var recordStatusNames = names{"", "CREATED", "DUPLICATE", "CONFLICT", "INVALID", "SKIPPED"}

// String is the status's name in the GraphQL contract.
func (s RecordStatus) String() string { return recordStatusNames.name(int16(s)) }

// ProblemCode classifies what is wrong with one field of one event.
type ProblemCode int16

// The problem codes.
const (
	ProblemRequired ProblemCode = iota + 1
	ProblemBadFormat
	ProblemBadText
	ProblemTooLong
	ProblemTooMany
	ProblemOutOfRange
	ProblemContradiction
	ProblemUnknownReference
	ProblemKeyReused
)

var problemCodeNames = names{
	"", "REQUIRED", "BAD_FORMAT", "BAD_TEXT", "TOO_LONG", "TOO_MANY", "OUT_OF_RANGE", "CONTRADICTION", "UNKNOWN_REFERENCE",
	"KEY_REUSED",
}

// String is the code's name in the GraphQL contract.
func (c ProblemCode) String() string { return problemCodeNames.name(int16(c)) }

// OrderField says along which clock events are ordered.
type OrderField int16

// The order fields: when it happened, or when it was recorded.
const (
	OrderOccurredAt OrderField = iota + 1
	OrderRecordedAt
)

var orderFieldNames = names{"", "OCCURRED_AT", "RECORDED_AT"}

// String is the field's name in the GraphQL contract.
func (f OrderField) String() string { return orderFieldNames.name(int16(f)) }

// OrderDirection is ascending (oldest first) or descending (newest first).
type OrderDirection int16

// The directions.
const (
	Ascending OrderDirection = iota + 1
	Descending
)

var orderDirectionNames = names{"", "ASC", "DESC"}

// String is the direction's name in the GraphQL contract.
func (d OrderDirection) String() string { return orderDirectionNames.name(int16(d)) }

// Scope is one permission of an API key.
type Scope int16

// The scopes. Their numbers are stored.
const (
	ScopeReadAuditLog Scope = iota + 1
	ScopeReadObjectHistory
	ScopeRecordEvents
	ScopeManageAccess
)

var scopeNames = names{"", "READ_AUDIT_LOG", "READ_OBJECT_HISTORY", "RECORD_EVENTS", "MANAGE_ACCESS"}

// Scopes lists every scope in the order of its number.
func Scopes() []Scope { return all[Scope](scopeNames) }

// String is the scope's name in the GraphQL contract.
func (s Scope) String() string { return scopeNames.name(int16(s)) }

// ParseScope reads a scope's name in the GraphQL contract.
func ParseScope(name string) (Scope, error) {
	i, err := scopeNames.parse("AuditScope", name)
	return Scope(i), err
}
