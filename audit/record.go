package audit

import (
	"context"
	"errors"
	"time"
)

// Entry is one event that has passed validation, ready to be stored. What it
// says of actors, sections and properties are names; an engine turns them into
// its own keys.
type Entry struct {
	OccurredAt *time.Time // nil: the instant of recording
	Category   Category
	Action     Action
	EventName  *string
	Performer  EntryActor
	OnBehalf   *EntryActor
	About      *EntryActor
	Section    string
	Object     *Object
	// SubjectType and SubjectID name the conversation or customer of the details.
	SubjectType, SubjectID string
	MergedFrom             []string // external ids of customers

	Changes   []Change // EventID is not set
	Digests   []PropertyDigest
	IPAddress *string
	// AddressKey is IPAddress as 16 bytes (IPv4 mapped), nil without an address.
	AddressKey    []byte
	UserAgent     *string
	CorrelationID *string
	Metadata      JSON
	Details       Details

	// Cause is the event that caused this one, if already recorded. Otherwise
	// CauseIndex is its position in the group, -1 for none.
	Cause      *EventID
	CauseIndex int

	SearchText  string    // folded text that Filter.Text looks in
	KeyHash     *[16]byte // of the idempotency key
	Fingerprint [16]byte  // of the caller's normalised input
	Seed        [16]byte  // of the salts behind ContentRoot
	ContentRoot [32]byte  // see Digest
	Size        int       // approximate bytes, for the bounds of the queue
}

// EntryActor is an actor as an event names it.
type EntryActor struct {
	Kind       ActorKind
	ExternalID string
	Name       *string
	Email      *string
}

// PropertyDigest is one narrow row by which changes are found.
type PropertyDigest struct {
	Property string
	Change   int // the ordinal of the change among the event's changes
	Kind     DigestKind
	// Before and After are ValueDigests; nil where there is no value or it is
	// redacted.
	Before, After *int64
}

// DigestKind says what a PropertyDigest stands for. The first three numbers are
// those of ChangeOperation.
type DigestKind int16

// The kinds: a whole change, or one element that a list gained or lost. The
// element's digest is in After when gained, in Before when lost.
const (
	DigestAdded          = DigestKind(OperationAdded)
	DigestChanged        = DigestKind(OperationChanged)
	DigestRemoved        = DigestKind(OperationRemoved)
	DigestElementAdded   = DigestRemoved + 1
	DigestElementRemoved = DigestRemoved + 2
)

// Group is what one organization appends in one transaction.
type Group struct {
	Organization OrganizationID
	Token        int64 // random; tells this attempt's rows from any others
	Entries      []*Entry
}

// Outcome is what became of a group. Exactly one of its fields is set.
type Outcome struct {
	// Appended are the positions of the entries, in their order, after commit.
	Appended []Appended
	// Found are the already recorded events that hold a key of the group, by the
	// entry's index. Nothing was written.
	Found map[int]Existing
	// Err says why nothing was written, or that it is unknown; see [ErrRejected]
	// and [ErrUnknownOutcome].
	Err error
}

// Appended is the position an entry got.
type Appended struct {
	ID         EventID
	Sequence   int64
	RecordedAt time.Time
}

// Existing is an event that was recorded earlier under a key.
type Existing struct {
	ID          EventID
	Fingerprint [16]byte
}

var (
	// ErrRejected wraps an engine's refusal of the values of some entry. The
	// group may be retried in parts; nothing of it was written.
	ErrRejected = errors.New("an entry was rejected by the database")
	// ErrUnavailable wraps failures that say nothing about the entries (no
	// connection, disk full, shutting down). Nothing was written.
	ErrUnavailable = errors.New("the database is unavailable")
	// ErrBusy says that another server is recording for the organization. Nothing
	// was written. Only a group that was appended together with others fails so:
	// in a call of its own it waits.
	ErrBusy = errors.New("another server is recording for the organization")
	// ErrUnknownOutcome wraps the loss of a connection during commit: the group
	// may have been written. [Appender.Settle] tells.
	ErrUnknownOutcome = errors.New("the outcome of the commit is unknown")
)

// Appender is what an engine offers for recording.
type Appender interface {
	// Append writes each group in the order of its entries, giving consecutive
	// sequence numbers from the organization's last plus one, and recorded-at
	// instants that never run backwards. It MUST NOT report Appended before the
	// commit is durable, and MUST write a group completely or not at all. If any
	// key of a group has been recorded before, nothing of that group is written
	// and Found lists all such keys. Groups have distinct organizations, at most
	// Lanes' second number of them; keys within a group are distinct.
	Append(ctx context.Context, groups []Group) []Outcome
	// Settle says whether the group was written, after ErrUnknownOutcome: its
	// positions if so, nil if it was not and never will be.
	Settle(ctx context.Context, group Group) ([]Appended, error)
	// FindKeys gives the recorded events that hold the keys.
	FindKeys(ctx context.Context, organization OrganizationID, keys [][16]byte) (map[[16]byte]Existing, error)
	// HaveEvents says which of the ids the organization has recorded.
	HaveEvents(ctx context.Context, organization OrganizationID, ids []EventID) (map[EventID]bool, error)
	// Lanes is how many Append calls may run at once, and how many groups each
	// may carry.
	Lanes() (writers, groups int)
}
