package graph

import "github.com/vektah/gqlparser/v2/ast"

// introspectionRows are the lengths of the lists that introspection answers, by
// field name: those of the schema itself, or their average over its types.
type introspectionRows map[string]float64

func newIntrospectionRows(schema *ast.Schema) introspectionRows {
	var fields, arguments, inputs, values, interfaces, members float64
	for _, t := range schema.Types {
		if t.Kind == ast.InputObject {
			inputs += float64(len(t.Fields))
		} else {
			fields += float64(len(t.Fields))
		}
		for _, field := range t.Fields {
			arguments += float64(len(field.Arguments))
		}
		values += float64(len(t.EnumValues))
		interfaces += float64(len(t.Interfaces))
		if t.IsAbstractType() {
			members += float64(len(schema.GetPossibleTypes(t)))
		}
	}
	types := float64(len(schema.Types))
	return introspectionRows{
		"types":         types,
		"directives":    float64(len(schema.Directives)),
		"locations":     3,
		"fields":        fields / types,
		"inputFields":   inputs / types,
		"args":          arguments / max(fields, 1),
		"enumValues":    values / types,
		"interfaces":    interfaces / types,
		"possibleTypes": members / types,
	}
}
