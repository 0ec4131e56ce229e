package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"time"
)

// ObjectKey is the number under which an object of the host application is
// indexed: the first 8 bytes of SHA-256 over the type, a zero byte and the
// external id. Objects with equal keys are taken as the same by filters.
func ObjectKey(objectType, externalID string) int64 {
	sum := sha256.Sum256([]byte(objectType + "\x00" + externalID))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// digestVersion is the first byte of everything a journal digest covers.
const digestVersion = 1

// Digest is the journal's digest of an event:
//
//	SHA-256( version 0x01
//	       | organization   int32, big endian
//	       | sequence       int64, big endian
//	       | recorded at    int64, big endian, Unix microseconds
//	       | event id       16 bytes (holds occurred at)
//	       | cause          16 bytes, the id of the event that caused it, or zeros
//	       | content root   32 bytes )
//
// The content root is made of one salted commitment per field, so that a value
// can later be erased with its salt while its commitment, and with it every
// digest, still verifies. See docs in ARCHITECTURE.md and the test vectors in
// testdata/digest.json.
func Digest(organization OrganizationID, appended Appended, cause *EventID, contentRoot [32]byte) [32]byte {
	buffer := make([]byte, 0, 1+4+8+8+16+16+32)
	buffer = append(buffer, digestVersion)
	buffer = binary.BigEndian.AppendUint32(buffer, uint32(organization))
	buffer = binary.BigEndian.AppendUint64(buffer, uint64(appended.Sequence))
	buffer = binary.BigEndian.AppendUint64(buffer, uint64(appended.RecordedAt.UnixMicro()))
	buffer = append(buffer, appended.ID[:]...)
	if cause == nil {
		cause = &EventID{}
	}
	buffer = append(buffer, cause[:]...)
	buffer = append(buffer, contentRoot[:]...)
	return sha256.Sum256(buffer)
}

// The fields of an event's content in the order in which they are committed.
// Numbers are part of the published layout: new fields go to the end.
const (
	fieldCategory uint32 = iota + 1
	fieldAction
	fieldEventName
	fieldPerformerKind
	fieldPerformerExternalID
	fieldPerformerName
	fieldPerformerEmail
	fieldOnBehalfKind
	fieldOnBehalfExternalID
	fieldOnBehalfName
	fieldOnBehalfEmail
	fieldAboutKind
	fieldAboutExternalID
	fieldAboutName
	fieldAboutEmail
	fieldSection
	fieldObjectType
	fieldObjectExternalID
	fieldObjectName
	fieldIPAddress
	fieldUserAgent
	fieldCorrelationID
	fieldMetadata
	fieldDetails
)

// The fields of the n-th change (from 0) are numbered from
// fieldFirstChange + 8n.
const (
	fieldFirstChange      uint32 = 1024
	changeFieldProperty   uint32 = 0
	changeFieldBefore     uint32 = 1
	changeFieldAfter      uint32 = 2
	changeFieldBeforeText uint32 = 3
	changeFieldAfterText  uint32 = 4
	changeFieldRedacted   uint32 = 5
	changeFields          uint32 = 8
)

// contentHash collects the commitments of one event's fields.
//
//	salt       = HMAC-SHA-256(key: seed, message: field number uint32 big endian), first 16 bytes
//	commitment = SHA-256( 0x00 | field number uint32 big endian | salt | value bytes )
//	root       = SHA-256( 0x01 | for each present field in order: field number uint32 big endian | commitment )
//
// A field that was not given has no commitment.
type contentHash struct {
	seed [16]byte
	list []byte
}

func (h *contentHash) add(field uint32, value []byte) {
	number := binary.BigEndian.AppendUint32(nil, field)
	mac := hmac.New(sha256.New, h.seed[:])
	mac.Write(number)
	salt := mac.Sum(nil)[:16]

	commitment := sha256.New()
	commitment.Write([]byte{0})
	commitment.Write(number)
	commitment.Write(salt)
	commitment.Write(value)
	h.list = commitment.Sum(append(h.list, number...))
}

func (h *contentHash) addText(field uint32, value *string) {
	if value != nil {
		h.add(field, []byte(*value))
	}
}

func (h *contentHash) addJSON(field uint32, value JSON) {
	if value != nil {
		h.add(field, value)
	}
}

func (h *contentHash) addActor(kindField uint32, actor *EntryActor) {
	if actor == nil {
		return
	}
	h.add(kindField, []byte(actor.Kind.String()))
	h.add(kindField+1, []byte(actor.ExternalID))
	h.addText(kindField+2, actor.Name)
	h.addText(kindField+3, actor.Email)
}

func (h *contentHash) root() [32]byte { return sha256.Sum256(append([]byte{1}, h.list...)) }

// contentRoot commits to everything the caller said, and to nothing that is
// decided by recording it.
func contentRoot(e *Entry) [32]byte {
	h := &contentHash{seed: e.Seed}
	h.add(fieldCategory, []byte(e.Category.String()))
	h.add(fieldAction, []byte(e.Action.String()))
	h.addText(fieldEventName, e.EventName)
	h.addActor(fieldPerformerKind, &e.Performer)
	h.addActor(fieldOnBehalfKind, e.OnBehalf)
	h.addActor(fieldAboutKind, e.About)
	h.add(fieldSection, []byte(e.Section))
	if e.Object != nil {
		h.add(fieldObjectType, []byte(e.Object.Type))
		h.add(fieldObjectExternalID, []byte(e.Object.ExternalID))
		h.addText(fieldObjectName, e.Object.Name)
	}
	h.addText(fieldIPAddress, e.IPAddress)
	h.addText(fieldUserAgent, e.UserAgent)
	h.addText(fieldCorrelationID, e.CorrelationID)
	h.addJSON(fieldMetadata, e.Metadata)
	h.add(fieldDetails, detailsContent(e.Details))
	for i := range e.Changes {
		addChange(h, fieldFirstChange+changeFields*uint32(i), &e.Changes[i])
	}
	return h.root()
}

func addChange(h *contentHash, first uint32, change *Change) {
	h.add(first+changeFieldProperty, []byte(change.Property))
	h.addJSON(first+changeFieldBefore, change.Before)
	h.addJSON(first+changeFieldAfter, change.After)
	h.addText(first+changeFieldBeforeText, change.GivenTexts.Before)
	h.addText(first+changeFieldAfterText, change.GivenTexts.After)
	if change.Redacted {
		h.add(first+changeFieldRedacted, []byte{1})
	}
}

// VerifyEvent recomputes an event's digest from what is stored. The event must
// have been read with AllFields, its participants with their identities.
func VerifyEvent(organization OrganizationID, event *Event, names RecordedNames, seed [16]byte) [32]byte {
	entry := &Entry{
		Category: event.Category, Action: event.Action, EventName: event.Name,
		Performer: *names.actor(&event.Performer), OnBehalf: names.actor(event.OnBehalf), About: names.actor(event.About),
		Section: event.Section.Key, Object: event.Object, IPAddress: event.IPAddress, UserAgent: event.UserAgent,
		CorrelationID: event.CorrelationID, Metadata: event.Metadata, Details: event.Details, Changes: event.Changes, Seed: seed,
	}
	at := Appended{ID: event.ID, Sequence: event.Sequence, RecordedAt: event.RecordedAt}
	return Digest(organization, at, event.CausedBy, contentRoot(entry))
}

// RecordedNames gives the name and e-mail recorded under a profile's number.
type RecordedNames map[int32]RecordedName

// RecordedName is what one profile says.
type RecordedName struct{ Name, Email *string }

func (n RecordedNames) actor(p *Participant) *EntryActor {
	if p == nil {
		return nil
	}
	recorded := n[p.ProfileID]
	return &EntryActor{Kind: p.Actor.Kind, ExternalID: p.Actor.ExternalID, Name: recorded.Name, Email: recorded.Email}
}

// lengths and numbers of the details' canonical bytes.
func appendBytes(to []byte, tag byte, value []byte) []byte {
	to = append(to, tag)
	to = binary.BigEndian.AppendUint32(to, uint32(len(value)))
	return append(to, value...)
}

func appendText(to []byte, tag byte, value *string) []byte {
	if value == nil {
		return to
	}
	return appendBytes(to, tag, []byte(*value))
}

func appendNumber(to []byte, tag byte, value int64) []byte {
	return binary.BigEndian.AppendUint64(append(to, tag, 0, 0, 0, 8), uint64(value))
}

func appendCount(to []byte, tag byte, value *int32) []byte {
	if value == nil {
		return to
	}
	return appendNumber(to, tag, int64(*value))
}

// detailsContent is the details as bytes: members in the order of their
// declaration, each a tag, a length (uint32, big endian) and its bytes; absent
// members are left out, nested values are bytes in the same form. Numbers are
// int64 big endian, scores IEEE 754 bits.
func detailsContent(details Details) []byte {
	switch d := details.(type) {
	case *AuthorizationDetails:
		return appendText(appendNumber(nil, 1, int64(d.Outcome)), 2, d.AttemptedLogin)
	case *BillingDetails:
		return billingContent(d)
	case *ConversationDetails:
		return conversationContent(d)
	case *CustomerDetails:
		content := appendSubject(nil, 1, d.Customer)
		for i := range d.MergedFrom {
			content = appendSubject(content, 2, &d.MergedFrom[i])
		}
		return content
	case *SettingsDetails:
		return appendNumber(nil, 1, int64(d.Area))
	case *WorkSessionDetails:
		return workSessionContent(d)
	}
	return nil
}

func billingContent(d *BillingDetails) []byte {
	var content []byte
	if d.Plan != nil {
		content = appendBytes(content, 1, appendText(appendText(nil, 1, d.Plan.Before), 2, d.Plan.After))
	}
	for _, seat := range d.Seats {
		one := appendNumber(nil, 1, int64(seat.Kind))
		one = appendCount(appendCount(one, 2, seat.Before), 3, seat.After)
		content = appendBytes(content, 2, one)
	}
	return content
}

func conversationContent(d *ConversationDetails) []byte {
	content := appendSubject(nil, 1, d.Conversation)
	for _, answer := range d.SurveyAnswers {
		one := appendText(nil, 1, answer.Question)
		if answer.Score != nil {
			one = appendNumber(one, 2, int64(math.Float64bits(*answer.Score)))
		}
		content = appendBytes(content, 2, appendText(one, 3, answer.Answer))
	}
	return content
}

func workSessionContent(d *WorkSessionDetails) []byte {
	content := appendText(nil, 1, d.WorkSessionExternalID)
	if s := d.Status; s != nil {
		status := appendStatus(nil, 1, s.Before)
		status = appendStatus(status, 2, &s.After)
		content = appendBytes(content, 2, appendNumber(status, 3, int64(s.Cause)))
	}
	if c := d.Capacity; c != nil {
		content = appendBytes(content, 3, appendCapacity(appendCapacity(nil, 1, c.Before), 2, &c.After))
	}
	return appendSubject(content, 4, d.Conversation)
}

func appendSubject(to []byte, tag byte, subject *Subject) []byte {
	if subject == nil {
		return to
	}
	return appendBytes(to, tag, appendText(appendText(nil, 1, &subject.ExternalID), 2, subject.Name))
}

func appendStatus(to []byte, tag byte, status *RoutingStatus) []byte {
	if status == nil {
		return to
	}
	return appendBytes(to, tag, appendNumber(appendText(nil, 1, &status.Name), 2, int64(status.Type)))
}

func appendCapacity(to []byte, tag byte, capacity *Capacity) []byte {
	if capacity == nil {
		return to
	}
	return appendBytes(to, tag, appendNumber(appendNumber(nil, 1, int64(capacity.Used)), 2, int64(capacity.Total)))
}

// instant truncates to what every engine keeps: UTC, microseconds.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
