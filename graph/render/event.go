package render

import (
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
)

func (c *compiler) edge(set ast.SelectionSet) write[*audit.EventEdge] {
	type edge = *audit.EventEdge
	return object(c, "AuditEventEdge", set, func(field graphql.CollectedField) write[edge] {
		switch field.Name {
		case "cursor":
			return text(func(e edge) string { return e.Cursor })
		case "node":
			return required(nodeOf, c.event(field.Selections))
		}
		return nil
	})
}

func nodeOf(edge *audit.EventEdge) *audit.Event { return edge.Node }

func (c *compiler) event(set ast.SelectionSet) write[*audit.Event] {
	return object(c, "AuditEvent", set, func(field graphql.CollectedField) write[*audit.Event] {
		if column := eventColumn(field.Name); column != nil {
			return column
		}
		return c.eventPart(field)
	})
}

// eventColumn writes a field of an event that has no fields itself.
func eventColumn(field string) write[*audit.Event] {
	type event = *audit.Event
	switch field {
	case "id":
		return name(func(e event) audit.EventID { return e.ID })
	case "category":
		return name(func(e event) audit.Category { return e.Category })
	case "action":
		return name(func(e event) audit.Action { return e.Action })
	case "eventName":
		return optionalText(func(e event) *string { return e.Name })
	case "occurredAt":
		return instant(func(e event) time.Time { return e.OccurredAt })
	case "recordedAt":
		return instant(func(e event) time.Time { return e.RecordedAt })
	case "sequence":
		return number(func(e event) int64 { return e.Sequence })
	case "performedByName":
		return optionalText(event.PerformedByName)
	case "onBehalfOfName":
		return optionalText(event.OnBehalfOfName)
	case "ipAddress":
		return optionalText(func(e event) *string { return e.IPAddress })
	case "userAgent":
		return optionalText(func(e event) *string { return e.UserAgent })
	case "correlationId":
		return optionalText(func(e event) *string { return e.CorrelationID })
	case "metadata":
		return json(func(e event) audit.JSON { return e.Metadata })
	}
	return nil
}

// eventPart writes a field of an event that has fields itself.
func (c *compiler) eventPart(field graphql.CollectedField) write[*audit.Event] {
	type event = *audit.Event
	switch field.Name {
	case "performedBy":
		return required(event.PerformedBy, c.actor(field.Selections))
	case "onBehalfOf":
		return optional(event.OnBehalfOf, c.actor(field.Selections))
	case "section":
		return required(func(e event) *audit.Section { return e.Section }, c.section(field.Selections))
	case "object":
		return optional(func(e event) *audit.Object { return e.Object }, c.object(field.Selections))
	case "changes":
		return list(func(e event) []audit.Change { return e.Changes }, c.change(field.Selections))
	case "causedBy":
		return optional(func(e event) *audit.Event { return e.Cause }, c.event(field.Selections))
	case "details":
		details := c.details(field.Selections)
		return func(out *output, e event) { details(out, e.Details) }
	}
	return nil
}

func (c *compiler) actor(set ast.SelectionSet) write[*audit.Actor] {
	type actor = *audit.Actor
	return object(c, "AuditActor", set, func(field graphql.CollectedField) write[actor] {
		switch field.Name {
		case "id":
			return name(func(a actor) audit.ActorID { return a.ID })
		case "externalId":
			return text(func(a actor) string { return a.ExternalID })
		case "kind":
			return name(func(a actor) audit.ActorKind { return a.Kind })
		case "name":
			return optionalText(func(a actor) *string { return a.Name })
		case "email":
			return optionalText(func(a actor) *string { return a.Email })
		}
		return nil
	})
}

func (c *compiler) section(set ast.SelectionSet) write[*audit.Section] {
	type section = *audit.Section
	return object(c, "AuditSection", set, func(field graphql.CollectedField) write[section] {
		switch field.Name {
		case "id":
			return name(func(s section) audit.SectionID { return s.ID })
		case "key":
			return text(func(s section) string { return s.Key })
		case "name":
			return text(func(s section) string { return s.Name })
		case "categories":
			return names(section.CategoryList)
		}
		return nil
	})
}

func (c *compiler) object(set ast.SelectionSet) write[*audit.Object] {
	type thing = *audit.Object
	return object(c, "AuditObject", set, func(field graphql.CollectedField) write[thing] {
		switch field.Name {
		case "type":
			return text(func(o thing) string { return o.Type })
		case "externalId":
			return text(func(o thing) string { return o.ExternalID })
		case "name":
			return optionalText(func(o thing) *string { return o.Name })
		}
		return nil
	})
}
