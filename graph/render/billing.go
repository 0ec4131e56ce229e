package render

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
)

func (c *compiler) billing(set ast.SelectionSet) write[*audit.BillingDetails] {
	type details = *audit.BillingDetails
	return object(c, "BillingDetails", set, func(field graphql.CollectedField) write[details] {
		switch field.Name {
		case "plan":
			return optional(func(d details) *audit.PlanChange { return d.Plan }, c.planChange(field.Selections))
		case "seats":
			return list(func(d details) []audit.SeatChange { return d.Seats }, c.seatChange(field.Selections))
		}
		return nil
	})
}

func (c *compiler) planChange(set ast.SelectionSet) write[*audit.PlanChange] {
	type change = *audit.PlanChange
	return object(c, "PlanChange", set, func(field graphql.CollectedField) write[change] {
		switch field.Name {
		case "before":
			return optionalText(func(p change) *string { return p.Before })
		case "after":
			return optionalText(func(p change) *string { return p.After })
		}
		return nil
	})
}

func (c *compiler) seatChange(set ast.SelectionSet) write[*audit.SeatChange] {
	type change = *audit.SeatChange
	return object(c, "SeatChange", set, func(field graphql.CollectedField) write[change] {
		switch field.Name {
		case "kind":
			return name(func(s change) audit.SeatKind { return s.Kind })
		case "before":
			return optionalNumber(func(s change) *int32 { return s.Before })
		case "after":
			return optionalNumber(func(s change) *int32 { return s.After })
		}
		return nil
	})
}
