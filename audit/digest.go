package audit

import (
	"crypto/sha256"
	"encoding/binary"
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

// contentHash collects the commitments of one event's fields. Numbers are
// uint32, big endian.
//
//	salt       = the first 16 bytes of SHA-256( 0x02 | seed, 16 bytes | field number )
//	commitment = SHA-256( 0x00 | field number | salt | value bytes )
//	root       = SHA-256( 0x01 | for each present field in order: field number | commitment )
//
// A field that was not given has no commitment. Who knows a salt but not the
// seed learns nothing of the other salts, so one value can be erased together
// with its salt.
type contentHash struct {
	seed    [16]byte
	list    []byte // what the root is made of; it begins with 0x01
	message []byte // reused from field to field
}

func (h *contentHash) add(field uint32, value []byte) { addField(h, field, value) }

func addField[T string | []byte](h *contentHash, field uint32, value T) {
	var salted [1 + 16 + 4]byte
	salted[0] = 2
	copy(salted[1:], h.seed[:])
	binary.BigEndian.PutUint32(salted[17:], field)
	salt := sha256.Sum256(salted[:])

	h.message = append(h.message[:0], 0)
	h.message = binary.BigEndian.AppendUint32(h.message, field)
	h.message = append(h.message, salt[:16]...)
	h.message = append(h.message, value...)
	commitment := sha256.Sum256(h.message)

	h.list = binary.BigEndian.AppendUint32(h.list, field)
	h.list = append(h.list, commitment[:]...)
}

func (h *contentHash) addText(field uint32, value *string) {
	if value != nil {
		addField(h, field, *value)
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
	addField(h, kindField, actor.Kind.String())
	addField(h, kindField+1, actor.ExternalID)
	h.addText(kindField+2, actor.Name)
	h.addText(kindField+3, actor.Email)
}

func (h *contentHash) root() [32]byte { return sha256.Sum256(h.list) }

// contentRoot commits to everything the caller said, and to nothing that is
// decided by recording it.
func contentRoot(e *Entry) [32]byte {
	h := &contentHash{seed: e.Seed, list: append(make([]byte, 0, 1024), 1), message: make([]byte, 0, 256)}
	addField(h, fieldCategory, e.Category.String())
	addField(h, fieldAction, e.Action.String())
	h.addText(fieldEventName, e.EventName)
	h.addActor(fieldPerformerKind, &e.Performer)
	h.addActor(fieldOnBehalfKind, e.OnBehalf)
	h.addActor(fieldAboutKind, e.About)
	addField(h, fieldSection, e.Section)
	if e.Object != nil {
		addField(h, fieldObjectType, e.Object.Type)
		addField(h, fieldObjectExternalID, e.Object.ExternalID)
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
	addField(h, first+changeFieldProperty, change.Property)
	h.addJSON(first+changeFieldBefore, change.Before)
	h.addJSON(first+changeFieldAfter, change.After)
	h.addText(first+changeFieldBeforeText, change.GivenTexts.Before)
	h.addText(first+changeFieldAfterText, change.GivenTexts.After)
	if change.Redacted {
		h.add(first+changeFieldRedacted, []byte{1})
	}
}

// instant truncates to what every engine keeps: UTC, microseconds.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
