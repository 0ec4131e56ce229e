package demo

import (
	"encoding/json"

	"daybook/audit"
)

func automation(kind audit.ActorKind, id, name string) audit.ActorInput {
	return audit.ActorInput{Automation: &audit.AutomationInput{Kind: kind, ExternalID: id, Name: new(name)}}
}

func systemUser() audit.ActorInput { return automation(audit.ActorSystem, "system", "System User") }
func queueRouter() audit.ActorInput {
	return automation(audit.ActorQueueRouter, "queue-router", "Queue Router")
}

func shopAPI() audit.ActorInput { return automation(audit.ActorAPI, "api-shop", "Shop integration") }

func returnsWorkflow() audit.ActorInput {
	return automation(audit.ActorWorkflow, "wf-returns", "Returns workflow")
}

// rule is a business rule as an actor, by the name it has now.
func (w *world) rule(id string) audit.ActorInput {
	return automation(audit.ActorBusinessRule, id, w.settings[id].name())
}

// value is a Go value as the JSON that events carry; nil is no value.
func value(v any) audit.JSON {
	if v == nil {
		return nil
	}
	if raw, ok := v.(audit.JSON); ok {
		return raw
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic("demo: " + err.Error()) // only plain values are told
	}
	return text
}

func change(property string, before, after any) audit.ChangeInput {
	return audit.ChangeInput{Property: property, Before: value(before), After: value(after)}
}

// shown is a change of references, with the names a person reads.
func shown(property string, before any, beforeText string, after any, afterText string) audit.ChangeInput {
	c := change(property, before, after)
	if beforeText != "" {
		c.BeforeText = new(beforeText)
	}
	if afterText != "" {
		c.AfterText = new(afterText)
	}
	return c
}

// secret is a change whose values are not told.
func secret(property string) audit.ChangeInput {
	return audit.ChangeInput{Property: property, Redacted: true}
}
