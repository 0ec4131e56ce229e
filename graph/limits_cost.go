package graph

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
)

// checkCost estimates how many fields the operation's answer has and refuses it
// if they are too many. Like checkStructure it visits each fragment once.
//
// A connection's children that are lists have as many rows as its first or last
// argument says, a list as many as it was given ids or events. Differences, which
// take work for each, count as some, facets as many as are asked for, the buckets
// of a histogram as many as there may be. What is counted without being answered
// costs too. Any other list of unknown length counts as one row: what makes answers
// explode is pages within pages.
func (l Limits) checkCost(operation *ast.OperationDefinition, variables map[string]any, rows introspectionRows) *audit.Error {
	meter := costMeter{variables: variables, introspection: rows}
	if meter.selections(operation.SelectionSet).rows(1) > float64(l.Cost) {
		return tooExpensive(l.Cost, "The answer could have more than %d fields. Ask for fewer rows or fewer fields.")
	}
	return nil
}

// cost is an estimated number of fields: those that there are once, and those
// that there are for each row of the list that the surrounding field stands for; and
// how many fields of the surrounding one ask the database themselves.
// It is a float64 because that cannot overflow.
type cost struct{ fixed, perRow, asking float64 }

func (c cost) rows(n float64) float64 { return c.fixed + n*c.perRow }

type costMeter struct {
	variables     map[string]any
	introspection introspectionRows
	fragments     map[*ast.FragmentDefinition]cost
}

func (m *costMeter) selections(set ast.SelectionSet) cost {
	var total cost
	for _, selection := range set {
		var c cost
		switch s := selection.(type) {
		case *ast.Field:
			c = m.field(s)
			c.asking = asks(s)
		case *ast.InlineFragment:
			c = m.selections(s.SelectionSet)
		case *ast.FragmentSpread:
			c = m.fragment(s.Definition)
		}
		total.fixed += c.fixed
		total.perRow += c.perRow
		total.asking += c.asking
	}
	return total
}

func (m *costMeter) fragment(definition *ast.FragmentDefinition) cost {
	c, done := m.fragments[definition]
	if !done {
		c = m.selections(definition.SelectionSet)
		if m.fragments == nil {
			m.fragments = map[*ast.FragmentDefinition]cost{}
		}
		m.fragments[definition] = c
	}
	return c
}

func (m *costMeter) field(field *ast.Field) cost {
	if len(field.SelectionSet) == 0 {
		return cost{fixed: 1}
	}
	children := m.selections(field.SelectionSet)
	children.fixed += m.counting(field)
	if field.Name == "consequences" {
		children.fixed += statementCost * children.asking
	}
	isList := field.Definition.Type.Elem != nil
	rows, sized := m.rows(field)
	switch {
	case isList && sized:
		return cost{fixed: 1 + rows*children.rows(1)}
	case isList:
		return cost{fixed: 1, perRow: children.rows(1)}
	case sized:
		return cost{fixed: 1 + children.rows(rows)}
	default:
		return cost{fixed: 1 + children.fixed, perRow: children.perRow}
	}
}

// What counting costs, in fields that could be answered in its time.
const (
	scanCost     = 10_000 // of facets and of a histogram, whatever is selected of them
	countedEvent = 0.01
)

// counting is what it costs to count for a field.
func (m *costMeter) counting(field *ast.Field) float64 {
	if field.ObjectDefinition.Name == "AuditCoverage" && field.Name == "late" {
		return audit.MaxLate * countedEvent
	}
	if field.ObjectDefinition.Name != connection {
		return 0
	}
	switch field.Name {
	case "facets", "histogram":
		return scanCost
	case "totalCount":
		limit, _ := m.number(m.argument(field, field.Definition.Arguments.ForName("limit")))
		if limit > audit.MaxCount {
			return 0 // refused like a page
		}
		return limit * countedEvent
	default:
		return 0
	}
}

// statementCost is what it costs, in fields, to ask the database once more for each
// event of a list.
const statementCost = 5000

// asks is 1 for a field of a connection that asks the database itself.
func asks(field *ast.Field) float64 {
	switch field.Name {
	case "totalCount", "facets", "histogram", "coverage":
		return 1
	default:
		return 0
	}
}

// connection is the type of a page of events.
const connection = "AuditEventConnection"

// differencesRows is how many differences a change is taken to have.
const differencesRows = 10

// rows is how many rows a field asks for, if it can be told.
func (m *costMeter) rows(field *ast.Field) (rows float64, sized bool) {
	switch {
	case strings.HasPrefix(field.ObjectDefinition.Name, "__"):
		rows, sized = m.introspection[field.Name]
		return rows, sized
	case field.ObjectDefinition.Name == "PropertyChange" && field.Name == "differences":
		return differencesRows, true
	case field.ObjectDefinition.Name == "Histogram" && field.Name == "buckets":
		return audit.MaxBuckets, true
	}
	isPage := false
	for _, argument := range field.Definition.Arguments {
		var count float64
		given := false
		switch argument.Name {
		case "first", "last":
			isPage = true
			if count, given = m.number(m.argument(field, argument)); count > largestPage(field.Definition) {
				count = 0 // the field refuses it by its own bound, before anything is read
			}
		case "top":
			if count, given = m.number(m.argument(field, argument)); count > audit.MaxFacetTop {
				count = 0 // refused like a page
			}
		case "ids", "events", "agents":
			count, given = m.length(m.argument(field, argument))
		}
		rows, sized = max(rows, count), sized || given
	}
	if isPage && !sized {
		return audit.DefaultPageSize, true
	}
	return rows, sized
}

// largestPage is the most rows that a field gives at once.
func largestPage(field *ast.FieldDefinition) float64 {
	if isConnection := field.Arguments.ForName("last") != nil; isConnection {
		return audit.MaxPageSize
	}
	return audit.MaxProperties
}

// argument is the literal or the variable that a field is given, or the
// argument's default; nil if there is neither.
func (m *costMeter) argument(field *ast.Field, definition *ast.ArgumentDefinition) *ast.Value {
	argument := field.Arguments.ForName(definition.Name)
	if argument == nil {
		return definition.DefaultValue
	}
	if argument.Value.Kind == ast.Variable {
		if _, given := m.variables[argument.Value.Raw]; !given {
			return definition.DefaultValue
		}
	}
	return argument.Value
}

// number is the number that a value stands for, if it is not null.
func (m *costMeter) number(value *ast.Value) (number float64, given bool) {
	switch {
	case value == nil:
		return 0, false
	case value.Kind == ast.Variable:
		number, isInt := m.variables[value.Raw].(int64)
		return float64(number), isInt
	}
	number, err := strconv.ParseFloat(value.Raw, 64)
	return number, err == nil
}

// length is the length of the list that a value stands for, if it is not null.
func (m *costMeter) length(value *ast.Value) (length float64, given bool) {
	switch {
	case value == nil || value.Kind == ast.NullValue:
		return 0, false
	case value.Kind == ast.ListValue:
		return float64(len(value.Children)), true
	case value.Kind == ast.Variable:
		return lengthOf(m.variables[value.Raw])
	}
	return 1, true
}

// lengthOf is the length of a decoded list.
func lengthOf(value any) (length float64, isList bool) {
	switch list := value.(type) {
	case []any:
		return float64(len(list)), true
	case []audit.EventInput:
		return float64(len(list)), true
	}
	return 0, false
}
