package postgraphile

import "daybook/bench/event"

// The mutations: both answer with the ids of what was recorded.
const (
	recordOne = `mutation Record($event: EventInputRecordInput!) { recordEvent(input: {organization: 1, event: $event}) { bigInt } }`
	recordAll = `mutation RecordAll($events: [EventInputRecordInput!]!) { recordEvents(input: {organization: 1, events: $events}) { bigInts } }`
)

// Success is in every answer without an error, and in none with one.
const (
	SuccessOfOne = `"bigInt":"`
	SuccessOfAll = `"bigInts":["`
)

// BodyOfOne is the body of a request that records one event.
func BodyOfOne(e *event.Event) []byte {
	return event.Body(recordOne, map[string]any{"event": input(e)})
}

// BodyOfAll is the body of a request that records a batch.
func BodyOfAll(events []event.Event) []byte {
	inputs := make([]map[string]any, len(events))
	for i := range events {
		inputs[i] = input(&events[i])
	}
	return event.Body(recordAll, map[string]any{"events": inputs})
}

func input(e *event.Event) map[string]any {
	changes := make([]map[string]any, len(e.Changes))
	for i, c := range e.Changes {
		changes[i] = map[string]any{"property": c.Property, "before": c.Before, "after": c.After}
	}
	return map[string]any{
		"category": e.Category, "action": e.Action, "eventName": e.Name,
		"actorKind": 1, "actorId": e.ActorID, "actorName": e.ActorName, "actorEmail": e.ActorEmail,
		"section": e.Section, "objectType": e.ObjectType, "objectId": e.ObjectID, "objectName": e.ObjectName,
		"address": e.Address, "userAgent": e.UserAgent, "details": e.Details(), "changes": changes,
	}
}
