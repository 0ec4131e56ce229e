package event

import "encoding/json"

// The mutations, as a service sends them that wants to know what became of its
// events.
const (
	RecordOne = `mutation Record($event: EventInput!) { recordEvent(event: $event) { result { status eventId problems { path code message } } } }`
	RecordAll = `mutation RecordAll($events: [EventInput!]!) { recordEvents(events: $events) { created results { status eventId problems { path code message } } } }`
)

// Input is the event as an EventInput.
func (e *Event) Input() map[string]any {
	changes := make([]map[string]any, len(e.Changes))
	for i, c := range e.Changes {
		changes[i] = map[string]any{"property": c.Property, "before": c.Before, "after": c.After}
	}
	return map[string]any{
		"action": e.Action, "eventName": e.Name, "section": e.Section,
		"performedBy": map[string]any{"user": e.user()},
		"object":      map[string]any{"type": e.ObjectType, "externalId": e.ObjectID, "name": e.ObjectName},
		"changes":     changes, "ipAddress": e.Address, "userAgent": e.UserAgent,
		"details": map[string]any{e.Category: e.Details()},
	}
}

func (e *Event) user() map[string]any {
	return map[string]any{"externalId": e.ActorID, "name": e.ActorName, "email": e.ActorEmail}
}

// Details are those of its category, as the contract has them.
func (e *Event) Details() map[string]any {
	subject := map[string]any{"externalId": e.ObjectID, "name": e.ObjectName}
	switch e.Category {
	case "conversation":
		return map[string]any{"conversation": subject}
	case "workSession":
		return map[string]any{"agent": e.user(), "conversation": subject}
	case "customer":
		return map[string]any{"customer": subject}
	case "settings":
		return map[string]any{"area": "BUSINESS_RULES"}
	case "authorization":
		return map[string]any{"user": e.user()}
	default:
		return map[string]any{}
	}
}

// BodyOfOne is the body of a request that records one event.
func BodyOfOne(e *Event) []byte {
	return Body(RecordOne, map[string]any{"event": e.Input()})
}

// BodyOfAll is the body of a request that records a batch.
func BodyOfAll(events []Event) []byte {
	return Body(RecordAll, map[string]any{"events": inputs(events)})
}

func inputs(events []Event) []map[string]any {
	list := make([]map[string]any, len(events))
	for i := range events {
		list[i] = events[i].Input()
	}
	return list
}

// Body is the body of a GraphQL request.
func Body(query string, variables map[string]any) []byte {
	text, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err) // texts and maps of them cannot fail
	}
	return text
}
