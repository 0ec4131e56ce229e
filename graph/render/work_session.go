package render

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
)

func (c *compiler) workSession(set ast.SelectionSet) write[*audit.WorkSessionDetails] {
	type details = *audit.WorkSessionDetails
	return object(c, "WorkSessionDetails", set, func(field graphql.CollectedField) write[details] {
		switch field.Name {
		case "agent":
			return required(details.Agent, c.actor(field.Selections))
		case "workSessionExternalId":
			return optionalText(func(d details) *string { return d.WorkSessionExternalID })
		case "status":
			return optional(func(d details) *audit.StatusChange { return d.Status }, c.statusChange(field.Selections))
		case "capacity":
			return optional(func(d details) *audit.CapacityChange { return d.Capacity }, c.capacityChange(field.Selections))
		case "conversation":
			return optional(details.ConversationObject, c.object(field.Selections))
		}
		return nil
	})
}

func (c *compiler) statusChange(set ast.SelectionSet) write[*audit.StatusChange] {
	type change = *audit.StatusChange
	return object(c, "StatusChange", set, func(field graphql.CollectedField) write[change] {
		switch field.Name {
		case "before":
			return optional(func(s change) *audit.RoutingStatus { return s.Before }, c.routingStatus(field.Selections))
		case "after":
			return required(func(s change) *audit.RoutingStatus { return &s.After }, c.routingStatus(field.Selections))
		case "cause":
			return name(func(s change) audit.StatusCause { return s.Cause })
		}
		return nil
	})
}

func (c *compiler) routingStatus(set ast.SelectionSet) write[*audit.RoutingStatus] {
	type status = *audit.RoutingStatus
	return object(c, "RoutingStatus", set, func(field graphql.CollectedField) write[status] {
		switch field.Name {
		case "name":
			return text(func(s status) string { return s.Name })
		case "type":
			return name(func(s status) audit.StatusType { return s.Type })
		}
		return nil
	})
}

func (c *compiler) capacityChange(set ast.SelectionSet) write[*audit.CapacityChange] {
	type change = *audit.CapacityChange
	return object(c, "CapacityChange", set, func(field graphql.CollectedField) write[change] {
		switch field.Name {
		case "before":
			return optional(func(s change) *audit.Capacity { return s.Before }, c.capacity(field.Selections))
		case "after":
			return required(func(s change) *audit.Capacity { return &s.After }, c.capacity(field.Selections))
		}
		return nil
	})
}

func (c *compiler) capacity(set ast.SelectionSet) write[*audit.Capacity] {
	type capacity = *audit.Capacity
	return object(c, "Capacity", set, func(field graphql.CollectedField) write[capacity] {
		switch field.Name {
		case "used":
			return number(func(s capacity) int32 { return s.Used })
		case "total":
			return number(func(s capacity) int32 { return s.Total })
		case "state":
			return name(func(s capacity) audit.CapacityState { return s.State() })
		}
		return nil
	})
}
