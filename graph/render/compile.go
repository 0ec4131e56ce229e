package render

import (
	"bytes"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
)

// compiler turns what one request selects of events into functions that write it.
type compiler struct {
	schema    *ast.Schema
	operation *graphql.OperationContext
	fields    int             // compiled so far
	scopes    [][]audit.Scope // those that fields ask for: of each list, one suffices
	unknown   bool            // something is selected that cannot be written here
}

// member is one field of an object.
type member[T any] struct {
	key   []byte // with what stands before it: `,"name":`
	write write[T]
}

// object writes the fields that are selected of an object. of gives the write of
// one field, nil when it does not know it.
func object[T any](c *compiler, typeName string, set ast.SelectionSet, of func(graphql.CollectedField) write[T]) write[T] {
	var members []member[T]
	written := map[string]bool{}
	for _, field := range c.collect(typeName, set) {
		if written[field.Alias] {
			// Fragments on a union and on its members may each have a __typename.
			c.unknown = c.unknown || field.Name != "__typename"
			continue
		}
		written[field.Alias] = true
		members = append(members, member[T]{key: key(field.Alias, len(members) > 0), write: compileField(c, typeName, field, of)})
	}
	return func(out *output, value T) {
		out.raw("{")
		for i := range members {
			out.bytes = append(out.bytes, members[i].key...)
			members[i].write(out, value)
		}
		out.raw("}")
	}
}

func compileField[T any](c *compiler, typeName string, field graphql.CollectedField, of func(graphql.CollectedField) write[T]) write[T] {
	if field.Name == "__typename" {
		return text(func(T) string { return typeName })
	}
	write := of(field)
	c.unknown = c.unknown || write == nil
	return write
}

// collect gives the fields that are selected of an object, as the executor will
// answer them. It gives none once the plan has become useless or too large.
func (c *compiler) collect(typeName string, set ast.SelectionSet) []graphql.CollectedField {
	if c.unknown {
		return nil
	}
	satisfies := []string{typeName}
	for _, abstract := range c.schema.Implements[typeName] {
		satisfies = append(satisfies, abstract.Name)
	}
	fields := graphql.CollectFields(c.operation, set, satisfies)
	for _, field := range fields {
		c.fields++
		c.unknown = c.unknown || c.fields > maxFields || len(field.Deferrables) > 0 || !c.directives(field)
	}
	return fields
}

// directives notes the scopes that a field asks for. It is false for a directive of
// the schema that does something else.
func (c *compiler) directives(field graphql.CollectedField) bool {
	for _, directive := range field.Definition.Directives {
		switch directive.Name {
		case "deprecated":
		case "requiresScope":
			scopes, ok := scopesOf(directive)
			if !ok {
				return false
			}
			c.scopes = append(c.scopes, scopes)
		default:
			return false
		}
	}
	return true
}

// scopesOf reads the argument of @requiresScope in the schema.
func scopesOf(directive *ast.Directive) (scopes []audit.Scope, ok bool) {
	anyOf := directive.Arguments.ForName("anyOf")
	if anyOf == nil {
		return nil, false
	}
	for _, child := range anyOf.Value.Children {
		scope, err := audit.ParseScope(child.Value.Raw)
		if err != nil {
			return nil, false
		}
		scopes = append(scopes, scope)
	}
	return slices.Clip(scopes), true
}

func key(alias string, follows bool) []byte {
	var text bytes.Buffer
	if follows {
		text.WriteByte(',')
	}
	graphql.MarshalString(alias).MarshalGQL(&text)
	text.WriteByte(':')
	return text.Bytes()
}
