package render

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
)

func (c *compiler) change(set ast.SelectionSet) write[*audit.Change] {
	type change = *audit.Change
	return object(c, "PropertyChange", set, func(field graphql.CollectedField) write[change] {
		switch field.Name {
		case "id":
			return name(change.ID)
		case "property":
			return text(func(p change) string { return p.Property })
		case "propertyName":
			return (*output).propertyName
		case "operation":
			return name(func(p change) audit.ChangeOperation { return p.Operation })
		case "before":
			return json(func(p change) audit.JSON { return p.Before })
		case "after":
			return json(func(p change) audit.JSON { return p.After })
		case "beforeText":
			return optionalText(change.BeforeText)
		case "afterText":
			return optionalText(change.AfterText)
		case "differences":
			return list(change.Differences, c.difference(field.Selections))
		case "redacted":
			return boolean(func(p change) bool { return p.Redacted })
		}
		return nil
	})
}

func (c *compiler) difference(set ast.SelectionSet) write[*audit.Difference] {
	type difference = *audit.Difference
	return object(c, "ValueDifference", set, func(field graphql.CollectedField) write[difference] {
		switch field.Name {
		case "path":
			return text(func(d difference) string { return d.Path })
		case "operation":
			return name(func(d difference) audit.ChangeOperation { return d.Operation })
		case "before":
			return json(func(d difference) audit.JSON { return d.Before })
		case "after":
			return json(func(d difference) audit.JSON { return d.After })
		}
		return nil
	})
}
