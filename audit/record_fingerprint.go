package audit

import (
	"crypto/sha256"
	"encoding/binary"
)

// Fields of the fingerprint that the content root does not have. Numbers are
// kept for ever: fingerprints are compared across versions.
const (
	fingerprintOccurredAt uint32 = 64 + iota
	fingerprintOutcome
	fingerprintCauseID
	fingerprintCauseKey
	fingerprintChanges
)

// fingerprintVersion is the first byte of everything a fingerprint covers.
const fingerprintVersion = 1

// fingerprintText collects the caller's input: each given field as its number,
// its length and its bytes. JSON values are in canonical form, so that a client
// which writes the same value anew sends the same content.
type fingerprintText []byte

func (f *fingerprintText) add(field uint32, value []byte) {
	*f = binary.BigEndian.AppendUint32(*f, field)
	*f = binary.BigEndian.AppendUint32(*f, uint32(len(value)))
	*f = append(*f, value...)
}

func (f *fingerprintText) text(field uint32, value *string) {
	if value != nil {
		f.add(field, []byte(*value))
	}
}

func (f *fingerprintText) value(field uint32, value *jsonValue) {
	if value == nil || value.kind == jsonNull {
		return
	}
	f.add(field, nil)
	start := len(*f)
	*f = value.canonical(*f)
	binary.BigEndian.PutUint32((*f)[start-4:], uint32(len(*f)-start))
}

func (f *fingerprintText) actor(kindField uint32, actor *EntryActor) {
	if actor == nil {
		return
	}
	f.add(kindField, []byte{byte(actor.Kind)})
	f.add(kindField+1, []byte(actor.ExternalID))
	f.text(kindField+2, actor.Name)
	f.text(kindField+3, actor.Email)
}

// fingerprint is 16 bytes of SHA-256 over the normalised input: what decides
// whether a repeated idempotency key is a DUPLICATE or a CONFLICT. What was
// left out stays left out: it does not depend on when it was recorded.
func (p *preparation) fingerprint() [16]byte {
	in, e := p.input, p.entry
	f := append(make(fingerprintText, 0, 1024), fingerprintVersion)
	if e.OccurredAt != nil {
		f.add(fingerprintOccurredAt, binary.BigEndian.AppendUint64(nil, uint64(e.OccurredAt.UnixMicro())))
	}
	f.add(fieldCategory, []byte{byte(e.Category)})
	f.add(fieldAction, []byte{byte(e.Action)})
	f.text(fieldEventName, e.EventName)
	f.actor(fieldPerformerKind, &e.Performer)
	f.actor(fieldOnBehalfKind, e.OnBehalf)
	f.actor(fieldAboutKind, e.About)
	f.add(fieldSection, []byte(e.Section))
	if in.Object != nil {
		f.add(fieldObjectType, []byte(in.Object.Type))
		f.add(fieldObjectExternalID, []byte(in.Object.ExternalID))
		f.text(fieldObjectName, in.Object.Name)
	}
	f.text(fieldIPAddress, e.IPAddress)
	f.text(fieldUserAgent, e.UserAgent)
	f.text(fieldCorrelationID, e.CorrelationID)
	f.value(fieldMetadata, p.metadata)
	f.add(fieldDetails, detailsContent(e.Details))
	if in.Details.Authorization != nil && in.Details.Authorization.Outcome != nil {
		f.add(fingerprintOutcome, []byte{byte(*in.Details.Authorization.Outcome)})
	}
	if in.CausedBy != nil {
		f.text(fingerprintCauseID, in.CausedBy.EventID)
		f.text(fingerprintCauseKey, in.CausedBy.IdempotencyKey)
	}
	p.fingerprintChanges(&f)
	sum := sha256.Sum256(f)
	return [16]byte(sum[:16])
}

func (p *preparation) fingerprintChanges(f *fingerprintText) {
	if p.input.Changes == nil {
		return
	}
	f.add(fingerprintChanges, binary.BigEndian.AppendUint32(nil, uint32(len(p.input.Changes))))
	for i := range p.input.Changes {
		in, first := &p.input.Changes[i], fieldFirstChange+changeFields*uint32(i)
		texts := p.entry.Changes[i].GivenTexts // without what was redacted
		f.add(first+changeFieldProperty, []byte(in.Property))
		f.value(first+changeFieldBefore, p.values[i].before)
		f.value(first+changeFieldAfter, p.values[i].after)
		f.text(first+changeFieldBeforeText, texts.Before)
		f.text(first+changeFieldAfterText, texts.After)
		if in.Redacted {
			f.add(first+changeFieldRedacted, []byte{1})
		}
	}
}
