package audit

// SettingsArea is the part of the settings a settings event is about.
type SettingsArea int16

// The settings areas. Their numbers are stored.
const (
	AreaSearches SettingsArea = iota + 1
	AreaShortcuts
	AreaBusinessRules
	AreaKustomerAccess
	AreaOther
)

var settingsAreaNames = names{"", "SEARCHES", "SHORTCUTS", "BUSINESS_RULES", "KUSTOMER_ACCESS", "OTHER"}

// String is the area's name in the GraphQL contract.
func (a SettingsArea) String() string { return settingsAreaNames.name(int16(a)) }

// MarshalText writes the name used by the GraphQL contract.
func (a SettingsArea) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the name used by the GraphQL contract.
func (a *SettingsArea) UnmarshalText(text []byte) error {
	return unmarshalEnum("SettingsArea", settingsAreaNames, text, a)
}

// ChangeOperation says what happened to a property or to an element of it.
type ChangeOperation int16

// The operations. Their numbers are stored.
const (
	OperationAdded ChangeOperation = iota + 1
	OperationChanged
	OperationRemoved
)

var changeOperationNames = names{"", "ADDED", "CHANGED", "REMOVED"}

// String is the operation's name in the GraphQL contract.
func (o ChangeOperation) String() string { return changeOperationNames.name(int16(o)) }

// AuthorizationOutcome says whether a sign-in or account action succeeded.
type AuthorizationOutcome int16

// The outcomes. Their numbers are stored.
const (
	OutcomeSuccess AuthorizationOutcome = iota + 1
	OutcomeFailure
)

var outcomeNames = names{"", "SUCCESS", "FAILURE"}

// String is the outcome's name in the GraphQL contract.
func (o AuthorizationOutcome) String() string { return outcomeNames.name(int16(o)) }

// MarshalText writes the name used by the GraphQL contract.
func (o AuthorizationOutcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads the name used by the GraphQL contract.
func (o *AuthorizationOutcome) UnmarshalText(text []byte) error {
	return unmarshalEnum("AuthorizationOutcome", outcomeNames, text, o)
}

// SeatKind is a kind of seat an organization pays for.
type SeatKind int16

// The seat kinds. Their numbers are stored.
const (
	SeatFullTime SeatKind = iota + 1
	SeatSeasonal
	SeatCollaborator
)

var seatKindNames = names{"", "FULL_TIME", "SEASONAL", "COLLABORATOR"}

// SeatKinds lists every kind of seat in the order of its number.
func SeatKinds() []SeatKind { return all[SeatKind](seatKindNames) }

// String is the kind's name in the GraphQL contract.
func (k SeatKind) String() string { return seatKindNames.name(int16(k)) }

// MarshalText writes the name used by the GraphQL contract.
func (k SeatKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the name used by the GraphQL contract.
func (k *SeatKind) UnmarshalText(text []byte) error {
	return unmarshalEnum("SeatKind", seatKindNames, text, k)
}

// StatusType is the type of an agent's routing status; only AVAILABLE gets work.
type StatusType int16

// The status types. Their numbers are stored.
const (
	StatusAvailable StatusType = iota + 1
	StatusBusy
	StatusUnavailable
	StatusOffline
)

var statusTypeNames = names{"", "AVAILABLE", "BUSY", "UNAVAILABLE", "OFFLINE"}

// StatusTypes lists every type of status in the order of its number.
func StatusTypes() []StatusType { return all[StatusType](statusTypeNames) }

// String is the type's name in the GraphQL contract.
func (t StatusType) String() string { return statusTypeNames.name(int16(t)) }

// MarshalText writes the name used by the GraphQL contract.
func (t StatusType) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the name used by the GraphQL contract.
func (t *StatusType) UnmarshalText(text []byte) error {
	return unmarshalEnum("StatusType", statusTypeNames, text, t)
}

// StatusCause says why an agent's routing status changed.
type StatusCause int16

// The causes. Their numbers are stored.
const (
	CauseManual StatusCause = iota + 1
	CauseSupervisor
	CauseConnectionLost
	CauseAcceptTimeout
	CauseCall
	CauseWrapUp
	CauseSignIn
	CauseSignOut
	CauseUnknown
)

var statusCauseNames = names{
	"", "MANUAL", "SUPERVISOR", "CONNECTION_LOST", "ACCEPT_TIMEOUT", "CALL", "WRAP_UP", "SIGN_IN", "SIGN_OUT", "UNKNOWN",
}

// String is the cause's name in the GraphQL contract.
func (c StatusCause) String() string { return statusCauseNames.name(int16(c)) }

// MarshalText writes the name used by the GraphQL contract.
func (c StatusCause) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the name used by the GraphQL contract.
func (c *StatusCause) UnmarshalText(text []byte) error {
	return unmarshalEnum("StatusCause", statusCauseNames, text, c)
}

// CapacityState compares an agent's used capacity with the total.
type CapacityState int16

// The capacity states. Their numbers are stored.
const (
	CapacityIdle CapacityState = iota + 1
	CapacityWithCapacity
	CapacityFull
	CapacityOver
)

var capacityStateNames = names{"", "IDLE", "WITH_CAPACITY", "FULL", "OVER"}

// CapacityStates lists every state of capacity in the order of its number.
func CapacityStates() []CapacityState { return all[CapacityState](capacityStateNames) }

// String is the state's name in the GraphQL contract.
func (s CapacityState) String() string { return capacityStateNames.name(int16(s)) }
