package storetest

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"daybook/audit"
)

// option says one thing about an entry.
type option func(*audit.Entry)

// entry is an ordinary settings event of one user, changed by the options. What
// follows from them (category, subject, digests, search text) is filled in.
func entry(options ...option) *audit.Entry {
	e := &audit.Entry{
		OccurredAt: ptr(noon),
		Action:     audit.ActionUpdate,
		Performer:  user("ann"),
		Section:    "shortcut",
		Details:    &audit.SettingsDetails{Area: audit.AreaShortcuts},
		CauseIndex: -1,
	}
	for _, say := range options {
		say(e)
	}
	finish(e)
	return e
}

// finish sets what validation would derive from the rest.
func finish(e *audit.Entry) {
	setSubject(e)
	setAddressKey(e)
	e.Digests = propertyDigests(e.Changes)
	e.SearchText = searchText(e)
	e.Size = 512 + len(e.SearchText)
	said := fmt.Sprintf("%v %v %v %v %v", e.Action, e.Section, e.Performer, e.SearchText, e.OccurredAt)
	sum := sha256.Sum256([]byte(said))
	e.Fingerprint, e.Seed = [16]byte(sum[:16]), [16]byte(sum[16:])
	e.ContentRoot = sha256.Sum256(sum[:])
}

func setSubject(e *audit.Entry) {
	subject := func(objectType string, s *audit.Subject) {
		if s != nil {
			e.SubjectType, e.SubjectID = objectType, s.ExternalID
		}
	}
	switch details := e.Details.(type) {
	case *audit.AuthorizationDetails:
		e.Category = audit.CategoryAuthorization
	case *audit.BillingDetails:
		e.Category = audit.CategoryBilling
	case *audit.ConversationDetails:
		e.Category = audit.CategoryConversation
		subject(audit.ObjectConversation, details.Conversation)
	case *audit.CustomerDetails:
		e.Category = audit.CategoryCustomer
		subject(audit.ObjectCustomer, details.Customer)
		for _, source := range details.MergedFrom {
			e.MergedFrom = append(e.MergedFrom, source.ExternalID)
		}
	case *audit.SettingsDetails:
		e.Category = audit.CategorySettings
	case *audit.WorkSessionDetails:
		e.Category = audit.CategoryWorkSession
		subject(audit.ObjectConversation, details.Conversation)
	}
}

func setAddressKey(e *audit.Entry) {
	if e.IPAddress == nil {
		return
	}
	key := netip.MustParseAddr(*e.IPAddress).WithZone("").As16()
	e.AddressKey = key[:]
}

// searchText is the folded text of names, properties and display texts.
func searchText(e *audit.Entry) string {
	var parts []string
	add := func(texts ...*string) {
		for _, text := range texts {
			if text != nil {
				parts = append(parts, *text)
			}
		}
	}
	add(e.EventName, e.Performer.Name)
	for _, actor := range []*audit.EntryActor{e.OnBehalf, e.About} {
		if actor != nil {
			add(actor.Name)
		}
	}
	if e.Object != nil {
		add(e.Object.Name)
	}
	for i := range e.Changes {
		change := &e.Changes[i]
		add(&change.Property, change.BeforeText(), change.AfterText())
	}
	return audit.Fold(strings.Join(parts, "\n"))
}

func at(t time.Time) option { return func(e *audit.Entry) { e.OccurredAt = &t } }

// whenRecorded leaves out when it happened.
func whenRecorded(e *audit.Entry) { e.OccurredAt = nil }

func doing(action audit.Action) option { return func(e *audit.Entry) { e.Action = action } }

func called(name string) option { return func(e *audit.Entry) { e.EventName = &name } }

func by(actor audit.EntryActor) option { return func(e *audit.Entry) { e.Performer = actor } }

func onBehalfOf(actor audit.EntryActor) option { return func(e *audit.Entry) { e.OnBehalf = &actor } }

// about is who the event is about; only some details have it.
func about(actor audit.EntryActor) option { return func(e *audit.Entry) { e.About = &actor } }

func in(section string) option { return func(e *audit.Entry) { e.Section = section } }

func on(objectType, externalID string) option {
	return func(e *audit.Entry) { e.Object = &audit.Object{Type: objectType, ExternalID: externalID} }
}

func changing(changes ...audit.Change) option {
	return func(e *audit.Entry) {
		e.Changes = changes
		for i := range e.Changes {
			e.Changes[i].Ordinal = i
		}
	}
}

func from(address string) option { return func(e *audit.Entry) { e.IPAddress = &address } }

func correlated(id string) option { return func(e *audit.Entry) { e.CorrelationID = &id } }

func detailed(details audit.Details) option { return func(e *audit.Entry) { e.Details = details } }

// keyed gives the entry an idempotency key.
func keyed(key string) option {
	return func(e *audit.Entry) { e.KeyHash = ptr(hashOf(key)) }
}

func hashOf(key string) [16]byte {
	sum := sha256.Sum256([]byte(key))
	return [16]byte(sum[:16])
}

// conversation details are about the conversation of that id.
func conversation(externalID string) option {
	return detailed(&audit.ConversationDetails{Conversation: &audit.Subject{ExternalID: externalID}})
}

func customer(externalID string, mergedFrom ...string) option {
	details := &audit.CustomerDetails{Customer: &audit.Subject{ExternalID: externalID}}
	for _, source := range mergedFrom {
		details.MergedFrom = append(details.MergedFrom, audit.Subject{ExternalID: source})
	}
	return detailed(details)
}

func user(externalID string) audit.EntryActor {
	return audit.EntryActor{Kind: audit.ActorUser, ExternalID: externalID}
}

func namedUser(externalID, name string) audit.EntryActor {
	return audit.EntryActor{Kind: audit.ActorUser, ExternalID: externalID, Name: &name}
}

func automation(kind audit.ActorKind, externalID string) audit.EntryActor {
	return audit.EntryActor{Kind: kind, ExternalID: externalID}
}
