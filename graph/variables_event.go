package graph

import (
	"time"

	"daybook/audit"
)

// eventReaders read events from variables straight into the domain's own type.
// What they read, and what they find wrong with it, is what [decodeVariables] and
// the code that gqlgen generates make of the same text together; only the maps in
// between are left out, which take most of the time.
type eventReaders struct {
	types inputTypes
	// unknown are the fields of the schema for which no place was named. With one of
	// them events are read the long way.
	unknown []string
}

// newEventReader makes the reader for EventInput; nil when the schema has more of
// it than is known here.
func newEventReader(types inputTypes) reader[audit.EventInput] {
	if types[eventInput] == nil {
		return nil
	}
	r := &eventReaders{types: types}
	read := r.event()
	if len(r.unknown) > 0 {
		return nil
	}
	return read
}

func (r *eventReaders) event() reader[audit.EventInput] {
	type event = audit.EventInput
	actor := r.actor()
	return object(r, eventInput, map[string]place[event]{
		"idempotencyKey": in(func(e *event) **string { return &e.IdempotencyKey }, optional(readText)),
		"occurredAt":     in(func(e *event) **time.Time { return &e.OccurredAt }, optional(readInstant)),
		"action":         in(func(e *event) *audit.Action { return &e.Action }, readName),
		"eventName":      in(func(e *event) **string { return &e.EventName }, optional(readText)),
		"performedBy":    in(func(e *event) *audit.ActorInput { return &e.PerformedBy }, actor),
		"onBehalfOf":     in(func(e *event) **audit.ActorInput { return &e.OnBehalfOf }, optional(actor)),
		"section":        in(func(e *event) *string { return &e.Section }, readText),
		"object":         in(func(e *event) **audit.ObjectInput { return &e.Object }, optional(r.namedObject())),
		"changes":        in(func(e *event) *[]audit.ChangeInput { return &e.Changes }, listOf(r.change())),
		"ipAddress":      in(func(e *event) **string { return &e.IPAddress }, optional(readText)),
		"userAgent":      in(func(e *event) **string { return &e.UserAgent }, optional(readText)),
		"correlationId":  in(func(e *event) **string { return &e.CorrelationID }, optional(readText)),
		"causedBy":       in(func(e *event) **audit.CauseInput { return &e.CausedBy }, optional(r.cause())),
		"metadata":       in(func(e *event) *audit.JSON { return &e.Metadata }, readJSON),
		"details":        in(func(e *event) *audit.DetailsInput { return &e.Details }, r.details()),
	})
}

func (r *eventReaders) actor() reader[audit.ActorInput] {
	type actor = audit.ActorInput
	customer := object(r, "CustomerActorInput", map[string]place[audit.CustomerActorInput]{
		"externalId": in(func(c *audit.CustomerActorInput) *string { return &c.ExternalID }, readText),
		"name":       in(func(c *audit.CustomerActorInput) **string { return &c.Name }, optional(readText)),
	})
	automation := object(r, "AutomationInput", map[string]place[audit.AutomationInput]{
		"kind":       in(func(a *audit.AutomationInput) *audit.ActorKind { return &a.Kind }, readName),
		"externalId": in(func(a *audit.AutomationInput) *string { return &a.ExternalID }, readText),
		"name":       in(func(a *audit.AutomationInput) **string { return &a.Name }, optional(readText)),
	})
	return object(r, "ActorInput", map[string]place[actor]{
		"user":       in(func(a *actor) **audit.UserInput { return &a.User }, optional(r.user())),
		"customer":   in(func(a *actor) **audit.CustomerActorInput { return &a.Customer }, optional(customer)),
		"automation": in(func(a *actor) **audit.AutomationInput { return &a.Automation }, optional(automation)),
	})
}

func (r *eventReaders) user() reader[audit.UserInput] {
	return object(r, "UserInput", map[string]place[audit.UserInput]{
		"externalId": in(func(u *audit.UserInput) *string { return &u.ExternalID }, readText),
		"name":       in(func(u *audit.UserInput) **string { return &u.Name }, optional(readText)),
		"email":      in(func(u *audit.UserInput) **string { return &u.Email }, optional(readText)),
	})
}

func (r *eventReaders) namedObject() reader[audit.ObjectInput] {
	return object(r, "NamedObjectInput", map[string]place[audit.ObjectInput]{
		"type":       in(func(o *audit.ObjectInput) *string { return &o.Type }, readText),
		"externalId": in(func(o *audit.ObjectInput) *string { return &o.ExternalID }, readText),
		"name":       in(func(o *audit.ObjectInput) **string { return &o.Name }, optional(readText)),
	})
}

func (r *eventReaders) change() reader[audit.ChangeInput] {
	type change = audit.ChangeInput
	return object(r, "PropertyChangeInput", map[string]place[change]{
		"property":   in(func(c *change) *string { return &c.Property }, readText),
		"before":     in(func(c *change) *audit.JSON { return &c.Before }, readJSON),
		"after":      in(func(c *change) *audit.JSON { return &c.After }, readJSON),
		"beforeText": in(func(c *change) **string { return &c.BeforeText }, optional(readText)),
		"afterText":  in(func(c *change) **string { return &c.AfterText }, optional(readText)),
		"redacted":   in(func(c *change) *bool { return &c.Redacted }, readBoolean),
	})
}

func (r *eventReaders) cause() reader[audit.CauseInput] {
	return object(r, "CauseInput", map[string]place[audit.CauseInput]{
		"eventId":        in(func(c *audit.CauseInput) **string { return &c.EventID }, optional(readText)),
		"idempotencyKey": in(func(c *audit.CauseInput) **string { return &c.IdempotencyKey }, optional(readText)),
	})
}

func (r *eventReaders) subject() reader[audit.Subject] {
	return object(r, "SubjectInput", map[string]place[audit.Subject]{
		"externalId": in(func(s *audit.Subject) *string { return &s.ExternalID }, readText),
		"name":       in(func(s *audit.Subject) **string { return &s.Name }, optional(readText)),
	})
}
