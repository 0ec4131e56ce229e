package audit

import (
	"database/sql/driver"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Bounds of the numbers inside an event id.
const (
	maxSequence     = 1<<40 - 1
	maxOrganization = 1<<22 - 1
	maxMillis       = 1<<48 - 1
)

// EventID identifies an event and sorts it: bytes compare as "when it happened,
// then the order in which it was recorded".
//
// It is a UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds
// of occurredAt, 12 bits (rand_a) of the microseconds within that millisecond,
// and in the 62 bits of rand_b 40 bits of the organization's sequence followed
// by 22 bits of the organization's number. It is unique by construction.
type EventID [16]byte

// NewEventID builds the id of the event an organization recorded as its
// sequence-th. occurredAt is truncated to microseconds. It fails when a part
// does not fit: an instant before 1970, or a number beyond its bits.
func NewEventID(occurredAt time.Time, sequence int64, organization OrganizationID) (EventID, error) {
	micros := occurredAt.UnixMicro()
	millis := micros / 1000
	switch {
	case micros < 0 || millis > maxMillis:
		return EventID{}, fmt.Errorf("event id: occurredAt %s is out of range", occurredAt)
	case sequence < 1 || sequence > maxSequence:
		return EventID{}, fmt.Errorf("event id: sequence %d is out of range", sequence)
	case organization < 1 || organization > maxOrganization:
		return EventID{}, fmt.Errorf("event id: organization %d is out of range", organization)
	}
	var id EventID
	high := uint64(millis)<<16 | 7<<12 | uint64(micros%1000)
	low := uint64(2)<<62 | uint64(sequence)<<22 | uint64(organization)
	binary.BigEndian.PutUint64(id[:8], high)
	binary.BigEndian.PutUint64(id[8:], low)
	return id, nil
}

// OccurredAt is the instant inside the id, UTC, to the microsecond.
func (id EventID) OccurredAt() time.Time {
	high := binary.BigEndian.Uint64(id[:8])
	return time.UnixMicro(int64(high>>16)*1000 + int64(high&0xfff)).UTC()
}

// Sequence is the organization's sequence number inside the id.
func (id EventID) Sequence() int64 {
	return int64(binary.BigEndian.Uint64(id[8:]) << 2 >> 24)
}

// Organization is the organization's number inside the id.
func (id EventID) Organization() OrganizationID {
	return OrganizationID(binary.BigEndian.Uint64(id[8:]) & maxOrganization)
}

// FirstEventIDAt is the smallest id an event of that instant or later can have;
// a range of instants is therefore a range of ids. Instants before 1970 give
// the zero id, instants beyond the id's range the greatest.
func FirstEventIDAt(t time.Time) EventID {
	var id EventID
	micros := t.UnixMicro()
	if t.Nanosecond()%1000 != 0 {
		micros++ // nothing between two microseconds is stored
	}
	if micros < 0 || t.Before(time.Unix(0, 0)) {
		return id
	}
	if micros/1000 > maxMillis {
		for i := range id {
			id[i] = 0xff
		}
		return id
	}
	binary.BigEndian.PutUint64(id[:8], uint64(micros/1000)<<16|7<<12|uint64(micros%1000))
	return id
}

// idText is lower-case base32hex: it sorts as the bytes do.
var idText = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// String is the id as the API shows it: "evt_" and 26 letters and digits, which
// sort as the id does.
func (id EventID) String() string {
	var text [len("evt_") + eventIDDigits]byte
	return string(id.append(text[:0], "evt_"))
}

// eventIDDigits is how many letters and digits an event's id has.
const eventIDDigits = 26

// append writes the id's letters and digits after a prefix.
func (id EventID) append(to []byte, prefix string) []byte {
	return idText.AppendEncode(append(to, prefix...), id[:])
}

// UUID is the id in the text form of RFC 9562.
func (id EventID) UUID() string {
	h := hex.EncodeToString(id[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// IsZero says whether the id is the zero value, which no event has.
func (id EventID) IsZero() bool { return id == EventID{} }

// ParseEventID reads what String writes.
func ParseEventID(s string) (EventID, error) {
	var id EventID
	rest, ok := strings.CutPrefix(s, "evt_")
	if !ok || len(rest) != eventIDDigits {
		return id, Errorf(CodeBadInput, "%.40q is not the id of an event", s)
	}
	raw, err := idText.DecodeString(rest)
	if err != nil || len(raw) != len(id) || idText.EncodeToString(raw) != rest {
		return id, Errorf(CodeBadInput, "%.40q is not the id of an event", s)
	}
	copy(id[:], raw)
	return id, nil
}

// Value stores the id as its 16 bytes: a BLOB on SQLite, a uuid on Postgres
// (whose connections send bytes in binary form).
func (id EventID) Value() (driver.Value, error) { return id[:], nil }

// Scan reads 16 bytes or the text form of a UUID.
func (id *EventID) Scan(src any) error {
	switch v := src.(type) {
	case []byte:
		if len(v) == len(id) {
			copy(id[:], v)
			return nil
		}
		return id.scanText(string(v))
	case string:
		return id.scanText(v)
	}
	return fmt.Errorf("event id: cannot read %T", src)
}

func (id *EventID) scanText(s string) error {
	raw, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	if err != nil || len(raw) != len(id) {
		return fmt.Errorf("event id: %d bytes are not a UUID", len(s))
	}
	copy(id[:], raw)
	return nil
}

// OrganizationID is an organization's number; 1, 2, 3 ... in order of creation.
type OrganizationID int32

// String is the id as the API shows it: "org_" and the number.
func (id OrganizationID) String() string { return numberID("org_", int32(id)) }

// ParseOrganizationID reads what String writes.
func ParseOrganizationID(s string) (OrganizationID, error) {
	n, err := parseNumberID("org_", "an organization", s)
	return OrganizationID(n), err
}

// ActorID is an actor's number inside Daybook.
type ActorID int32

// String is the id as the API shows it: "act_" and the number.
func (id ActorID) String() string { return numberID("act_", int32(id)) }

// ParseActorID reads what String writes.
func ParseActorID(s string) (ActorID, error) {
	n, err := parseNumberID("act_", "an actor", s)
	return ActorID(n), err
}

// SectionID is a section's number inside Daybook.
type SectionID int32

// String is the id as the API shows it: "sec_" and the number.
func (id SectionID) String() string { return numberID("sec_", int32(id)) }

// ParseSectionID reads what String writes.
func ParseSectionID(s string) (SectionID, error) {
	n, err := parseNumberID("sec_", "a section", s)
	return SectionID(n), err
}

// APIKeyID is an API key's number inside Daybook.
type APIKeyID int32

// String is the id as the API shows it: "key_" and the number.
func (id APIKeyID) String() string { return numberID("key_", int32(id)) }

// ParseAPIKeyID reads what String writes.
func ParseAPIKeyID(s string) (APIKeyID, error) {
	n, err := parseNumberID("key_", "an API key", s)
	return APIKeyID(n), err
}

func numberID(prefix string, n int32) string {
	var text [16]byte
	return string(appendNumberID(text[:0], prefix, n))
}

func appendNumberID(to []byte, prefix string, n int32) []byte {
	return strconv.AppendInt(append(to, prefix...), int64(n), 36)
}

func parseNumberID(prefix, what, s string) (int32, error) {
	rest, ok := strings.CutPrefix(s, prefix)
	n, err := strconv.ParseInt(rest, 36, 32)
	if !ok || err != nil || n < 1 || numberID(prefix, int32(n)) != s {
		return 0, Errorf(CodeBadInput, "%.40q is not the id of %s", s, what)
	}
	return int32(n), nil
}
