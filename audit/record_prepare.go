package audit

import (
	"crypto/rand"
	"crypto/sha256"
	"math"
	"strings"
	"time"
)

// preparation turns one input into an Entry, collecting what is wrong with it.
type preparation struct {
	problems
	input    *EventInput
	entry    *Entry
	metadata *jsonValue
	values   []changeValues // parsed values of input.Changes
}

// changeValues are the parsed values of one change; nil where there is none.
type changeValues struct{ before, after *jsonValue }

// prepare validates and normalises an input. latest is the last instant that
// occurredAt may have, and redaction the policy on secrets, nil for none. An
// input with problems gives no entry.
func prepare(input *EventInput, latest time.Time, redaction *Redaction) (*Entry, []Problem) {
	p := &preparation{input: input, entry: &Entry{CauseIndex: -1}}
	p.common(latest)
	p.actors()
	p.details()
	p.object()
	p.changes()
	p.cause()
	if p.size > maxEventSize {
		p.add(ProblemTooLong, "", "the event has %d bytes; at most %d are kept", p.size, maxEventSize)
	}
	if len(p.list) == 0 {
		p.redact(redaction)
		p.digests()
	}
	if len(p.list) > 0 {
		return nil, p.list
	}
	e := p.entry
	e.Size = p.size + 512
	e.SearchText = searchText(e, p.values)
	e.Fingerprint = p.fingerprint()
	_, _ = rand.Read(e.Seed[:]) // never fails: crypto/rand
	e.ContentRoot = contentRoot(e)
	return e, nil
}

// common checks and takes over what every event has.
func (p *preparation) common(latest time.Time) {
	in, e := p.input, p.entry
	if in.OccurredAt != nil {
		at := instant(*in.OccurredAt)
		e.OccurredAt = &at
		switch {
		case at.Before(time.Unix(0, 0)):
			p.add(ProblemOutOfRange, "/occurredAt", "is before 1970")
		case at.After(latest):
			p.add(ProblemOutOfRange, "/occurredAt", "is too far in the future; the latest taken now is %s", latest.UTC().Format(time.RFC3339))
		}
	}
	if in.Action.String() == "" {
		p.add(ProblemRequired, "/action", "must be given")
	}
	p.key("", "/idempotencyKey", in.IdempotencyKey)
	p.text("", "/eventName", in.EventName, maxKeyText)
	p.section("/section", in.Section)
	p.text("", "/userAgent", in.UserAgent, maxUserAgent)
	p.text("", "/correlationId", in.CorrelationID, maxKeyText)
	p.metadata = p.value("", "/metadata", in.Metadata)
	e.Action, e.EventName, e.Section = in.Action, in.EventName, in.Section
	e.UserAgent, e.CorrelationID = in.UserAgent, in.CorrelationID
	if !in.Metadata.IsNull() {
		e.Metadata = in.Metadata
	}
	if in.IdempotencyKey != nil {
		hash := keyHash(*in.IdempotencyKey)
		e.KeyHash = &hash
	}
	p.address()
}

// keyHash is what is kept of an idempotency key: 16 bytes of its SHA-256.
func keyHash(key string) [16]byte {
	sum := sha256.Sum256([]byte(key))
	return [16]byte(sum[:16])
}

func (p *preparation) address() {
	if p.input.IPAddress == nil {
		return
	}
	text, address, ok := parseAddress(*p.input.IPAddress)
	if !ok {
		p.add(ProblemBadFormat, "/ipAddress", "is not an IP address; anything else belongs in metadata")
		return
	}
	p.text("", "/ipAddress", &text, maxKeyText)
	key := addressKey(address)
	p.entry.IPAddress, p.entry.AddressKey = &text, key[:]
}

func (p *preparation) actors() {
	if actor := p.actor("/performedBy", &p.input.PerformedBy); actor != nil {
		p.entry.Performer = *actor
	}
	if p.input.OnBehalfOf != nil {
		p.entry.OnBehalf = p.actor("/onBehalfOf", p.input.OnBehalfOf)
	}
}

func (p *preparation) actor(path string, in *ActorInput) *EntryActor {
	if !p.exactlyOne(path, "user, customer, automation", in.User != nil, in.Customer != nil, in.Automation != nil) {
		return nil
	}
	switch {
	case in.User != nil:
		return p.user(path+"/user", in.User)
	case in.Customer != nil:
		p.key(path, "/customer/externalId", &in.Customer.ExternalID)
		p.text(path, "/customer/name", in.Customer.Name, maxNameText)
		return &EntryActor{Kind: ActorCustomer, ExternalID: in.Customer.ExternalID, Name: in.Customer.Name}
	default:
		if !in.Automation.Kind.Automation() {
			p.add(ProblemRequired, path+"/automation/kind", "must be one of WORKFLOW, BUSINESS_RULE, QUEUE_ROUTER, API, SYSTEM")
		}
		p.key(path, "/automation/externalId", &in.Automation.ExternalID)
		p.text(path, "/automation/name", in.Automation.Name, maxNameText)
		return &EntryActor{Kind: in.Automation.Kind, ExternalID: in.Automation.ExternalID, Name: in.Automation.Name}
	}
}

func (p *preparation) user(path string, in *UserInput) *EntryActor {
	p.key(path, "/externalId", &in.ExternalID)
	p.text(path, "/name", in.Name, maxNameText)
	p.text(path, "/email", in.Email, maxNameText)
	return &EntryActor{Kind: ActorUser, ExternalID: in.ExternalID, Name: in.Name, Email: in.Email}
}

// object takes the object as given, or the subject of the details.
func (p *preparation) object() {
	if in := p.input.Object; in != nil {
		p.key("", "/object/type", &in.Type)
		p.key("", "/object/externalId", &in.ExternalID)
		p.text("", "/object/name", in.Name, maxNameText)
		p.entry.Object = &Object{Type: in.Type, ExternalID: in.ExternalID, Name: in.Name}
		return
	}
	switch d := p.entry.Details.(type) {
	case *ConversationDetails:
		p.entry.Object = d.Conversation.Object(ObjectConversation)
	case *CustomerDetails:
		p.entry.Object = d.Customer.Object(ObjectCustomer)
	case *AuthorizationDetails, *WorkSessionDetails:
		if about := p.entry.About; about != nil {
			p.entry.Object = &Object{Type: ObjectUser, ExternalID: about.ExternalID, Name: about.Name}
		}
	}
}

// cause checks the form of the reference; whether it exists is for the
// Recorder to find out.
func (p *preparation) cause() {
	in := p.input.CausedBy
	if in == nil {
		return
	}
	if !p.exactlyOne("/causedBy", "eventId, idempotencyKey", in.EventID != nil, in.IdempotencyKey != nil) {
		return
	}
	if in.EventID == nil {
		p.key("", "/causedBy/idempotencyKey", in.IdempotencyKey)
		return
	}
	id, err := ParseEventID(*in.EventID)
	if err != nil {
		p.add(ProblemUnknownReference, "/causedBy/eventId", "%s", err)
		return
	}
	p.entry.Cause = &id
}

// searchSeparator stands between the texts that Filter.Text looks in.
const searchSeparator = "\x1f"

// searchText is the folded text of names, properties and values.
func searchText(e *Entry, values []changeValues) string {
	texts := []*string{e.EventName, e.Performer.Name}
	for _, actor := range []*EntryActor{e.OnBehalf, e.About} {
		if actor != nil {
			texts = append(texts, actor.Name)
		}
	}
	if e.Object != nil {
		texts = append(texts, e.Object.Name)
	}
	texts = append(texts, subjectNames(e.Details)...)
	for i := range e.Changes {
		change, name := &e.Changes[i], e.Changes[i].PropertyName()
		texts = append(texts, &change.Property, &name,
			shownText(change.GivenTexts.Before, values[i].before), shownText(change.GivenTexts.After, values[i].after))
	}
	var b strings.Builder
	b.Grow(256)
	for _, text := range texts {
		if text != nil && *text != "" {
			b.WriteString(Fold(*text))
			b.WriteString(searchSeparator)
		}
	}
	return b.String()
}

func subjectNames(details Details) []*string {
	switch d := details.(type) {
	case *ConversationDetails:
		return []*string{d.Conversation.Name}
	case *CustomerDetails:
		var names []*string
		if d.Customer != nil {
			names = append(names, d.Customer.Name)
		}
		for i := range d.MergedFrom {
			names = append(names, d.MergedFrom[i].Name)
		}
		return names
	case *WorkSessionDetails:
		if d.Conversation != nil {
			return []*string{d.Conversation.Name}
		}
	}
	return nil
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }
