package graph_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"
)

// queryDraw draws valid queries for event connections out of the schema: any
// fields, repeated and renamed, in fragments of every kind, under @skip and
// @include with literals and variables.
//
// An alias always names the same field, and arguments are part of the alias, so
// that whatever is drawn can be merged.
type queryDraw struct {
	*rapid.T
	schema    *ast.Schema
	fragments []*drawnFragment
	variables map[string]bool
	room      int // selections that may still be drawn
	aliases   int
}

type drawnFragment struct{ name, on, text string }

// connections are the root fields that answer one.
func (d *queryDraw) connections() []string {
	var fields []string
	for _, field := range d.schema.Query.Fields {
		if field.Type.NamedType == "AuditEventConnection" && field.Arguments.ForName("object") == nil {
			fields = append(fields, field.Name)
		}
	}
	return fields
}

// query draws an operation with its fragments. arguments has those of each
// connection that may be asked.
func (d *queryDraw) query(arguments map[string]string) string {
	var roots strings.Builder
	for i := range rapid.IntRange(1, 3).Draw(d.T, "root fields") {
		d.room = 60
		field := rapid.SampledFrom(slices.Sorted(maps.Keys(arguments))).Draw(d.T, "connection")
		fmt.Fprintf(&roots, " r%d: %s%s%s %s", i, field, arguments[field], d.condition(), d.set("AuditEventConnection", 0))
		if rapid.IntRange(0, 7).Draw(d.T, "beside") == 0 {
			fmt.Fprintf(&roots, " v%d: viewer { name } __typename", i)
		}
	}
	var text strings.Builder
	text.WriteString("query Drawn")
	if len(d.variables) > 0 {
		text.WriteByte('(')
		for _, variable := range slices.Sorted(maps.Keys(d.variables)) {
			fmt.Fprintf(&text, "$%s: Boolean! ", variable)
		}
		text.WriteByte(')')
	}
	text.WriteString(" {" + roots.String() + " }")
	for _, fragment := range d.fragments {
		fmt.Fprintf(&text, "\nfragment %s on %s %s", fragment.name, fragment.on, fragment.text)
	}
	return text.String()
}

// set draws a selection of a type.
func (d *queryDraw) set(typeName string, depth int) string {
	var text strings.Builder
	text.WriteByte('{')
	if typeName == "AuditEventConnection" && depth == 0 {
		text.WriteString(" " + d.rows())
	}
	for range rapid.SampledFrom([]int{3, 5, 2, 1, 8}).Draw(d.T, "selections") {
		text.WriteByte(' ')
		text.WriteString(d.selection(typeName, depth))
	}
	text.WriteString(" }")
	return text.String()
}

// rows draws one of the two ways to select them.
func (d *queryDraw) rows() string {
	if rapid.Bool().Draw(d.T, "as nodes") {
		return "nodes " + d.set("AuditEvent", 1)
	}
	return "edges { node " + d.set("AuditEvent", 2) + " " + d.selection("AuditEventEdge", 1) + " }"
}

func (d *queryDraw) selection(typeName string, depth int) string {
	d.room--
	kind := rapid.IntRange(0, 9).Draw(d.T, "kind")
	switch {
	case d.room < 0 || depth > 10:
		return d.leaf(typeName)
	case kind < 7 && d.schema.Types[typeName].Kind != ast.Union:
		return d.field(typeName, depth)
	case kind < 9:
		on := rapid.SampledFrom(d.conditionsWithin(typeName)).Draw(d.T, "type condition")
		if on == "" {
			return "..." + d.condition() + " " + d.set(typeName, depth+1)
		}
		return "... on " + on + d.condition() + " " + d.set(on, depth+1)
	default:
		return d.spread(typeName, depth)
	}
}

// leaf is a selection that ends the nesting.
func (d *queryDraw) leaf(typeName string) string {
	for _, field := range d.schema.Types[typeName].Fields {
		if d.schema.Types[field.Type.Name()].IsLeafType() && !strings.HasPrefix(field.Name, "__") {
			return field.Name
		}
	}
	return "__typename"
}

func (d *queryDraw) field(typeName string, depth int) string {
	var fields []*ast.FieldDefinition
	for _, field := range d.schema.Types[typeName].Fields {
		if !strings.HasPrefix(field.Name, "__") {
			fields = append(fields, field)
		}
	}
	// Small numbers are drawn more often; turning the list gives each field its chance.
	i := (rapid.IntRange(0, len(fields)).Draw(d.T, "field") + d.room) % (len(fields) + 1)
	if i == len(fields) {
		return d.alias("__typename") + "__typename" + d.condition()
	}
	field := fields[i]
	text := d.alias(field.Name) + field.Name
	if typeName == "AuditEventConnection" && len(field.Arguments) > 0 {
		text = d.withArguments(field)
	}
	text += d.condition()
	if !d.schema.Types[field.Type.Name()].IsLeafType() {
		text += " " + d.set(field.Type.Name(), depth+1)
	}
	return text
}

// withArguments is a field with a small number for one of its arguments, if it has
// such a one, and with what it requires.
func (d *queryDraw) withArguments(field *ast.FieldDefinition) string {
	for _, argument := range field.Arguments {
		switch {
		case argument.Type.NamedType == "Int":
			n := rapid.IntRange(0, 40).Draw(d.T, argument.Name) // 0 is refused
			d.aliases++
			return fmt.Sprintf("%s%d: %s(%s: %d)", field.Name, n, field.Name, argument.Name, n)
		case argument.Type.NonNull && argument.DefaultValue == nil:
			value := d.schema.Types[argument.Type.NamedType].EnumValues[0].Name
			return fmt.Sprintf("%s(%s: %s)", field.Name, argument.Name, value)
		}
	}
	return field.Name
}

func (d *queryDraw) alias(field string) string {
	n := rapid.IntRange(0, 8).Draw(d.T, "alias")
	if n < 6 || d.aliases > 20 {
		return ""
	}
	d.aliases++
	return fmt.Sprintf("%s_%d: ", field, n)
}

// condition draws what stands behind a selection.
func (d *queryDraw) condition() string {
	directive := rapid.SampledFrom([]string{"skip", "include"})
	switch rapid.IntRange(0, 11).Draw(d.T, "condition") {
	case 0:
		return fmt.Sprintf(" @%s(if: %t)", directive.Draw(d.T, "directive"), rapid.Bool().Draw(d.T, "literal"))
	case 1:
		return fmt.Sprintf(" @%s(if: %s)", directive.Draw(d.T, "directive"), d.variable())
	case 2:
		return fmt.Sprintf(" @skip(if: %s) @include(if: %s)", d.variable(), d.variable())
	default:
		return ""
	}
}

func (d *queryDraw) variable() string {
	name := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(d.T, "variable")
	d.variables[name] = true
	return "$" + name
}

// conditionsWithin are the type conditions that can hold within a type; the empty
// one is none.
func (d *queryDraw) conditionsWithin(typeName string) []string {
	conditions := []string{"", typeName}
	for _, possible := range d.schema.PossibleTypes[typeName] {
		conditions = append(conditions, possible.Name)
		for _, abstract := range d.schema.Implements[possible.Name] {
			conditions = append(conditions, abstract.Name)
		}
	}
	// An interface has more possible types than make sense here.
	if d.schema.Types[typeName].Kind == ast.Interface {
		conditions = []string{"", typeName, "AuditEvent"}
	}
	slices.Sort(conditions)
	return slices.Compact(conditions)
}

// spread uses a fragment that is already there, or a new one.
func (d *queryDraw) spread(typeName string, depth int) string {
	possible := d.conditionsWithin(typeName)[1:]
	var known []string
	for _, fragment := range d.fragments {
		if slices.Contains(possible, fragment.on) {
			known = append(known, fragment.name)
		}
	}
	if len(known) > 0 && rapid.Bool().Draw(d.T, "reuse") {
		return "..." + rapid.SampledFrom(known).Draw(d.T, "fragment") + d.condition()
	}
	on := rapid.SampledFrom(possible).Draw(d.T, "type of fragment")
	fragment := &drawnFragment{on: on, text: d.set(on, depth+1)}
	fragment.name = fmt.Sprintf("F%d", len(d.fragments))
	d.fragments = append(d.fragments, fragment)
	return "..." + fragment.name + d.condition()
}
