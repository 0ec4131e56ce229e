package graph

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// literals are the arguments of a document and the values within them, by where
// they stand in its text. With them an error of validation, which tells no more
// than that, gets the path of an argument as errors of resolvers have it.
type literals map[gqlerror.Location]literal

// literal is a value with its path: from the argument of its field for what an
// operation asks ("filter/occurredAt/from"), from the variables for a default
// ("variables/first").
type literal struct {
	path  ast.Path
	value *ast.Value // nil for a name before a value
}

// locate puts paths onto those errors of a document that are about a literal.
func locate(document *ast.QueryDocument, errors gqlerror.List) {
	if len(errors) == 0 {
		return
	}
	known := literals{}
	for _, operation := range document.Operations {
		for _, variable := range operation.VariableDefinitions {
			known.add(variable.DefaultValue, ast.Path{ast.PathName("variables"), ast.PathName(variable.Variable)})
		}
		known.selections(operation.SelectionSet)
	}
	for _, fragment := range document.Fragments {
		known.selections(fragment.SelectionSet)
	}
	for _, err := range errors {
		if len(err.Locations) > 0 {
			err.Path = known.pathOf(err)
		}
	}
}

func (l literals) pathOf(err *gqlerror.Error) ast.Path {
	at, found := l[err.Locations[len(err.Locations)-1]]
	if !found {
		return nil
	}
	return append(at.path[:len(at.path):len(at.path)], missingField(at.value, err.Message)...)
}

// missingField is the field of an input object that the message calls missing.
func missingField(value *ast.Value, message string) ast.Path {
	if value == nil || value.Kind != ast.ObjectValue || value.Definition == nil {
		return nil
	}
	for _, field := range value.Definition.Fields {
		if strings.HasPrefix(message, `Field "`+value.Definition.Name+"."+field.Name+`" of required type`) {
			return ast.Path{ast.PathName(field.Name)}
		}
	}
	return nil
}

func (l literals) selections(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			for _, argument := range s.Arguments {
				path := ast.Path{ast.PathName(argument.Name)}
				l.put(argument.Position, literal{path: path})
				l.add(argument.Value, path)
			}
			l.selections(s.SelectionSet)
		case *ast.InlineFragment:
			l.selections(s.SelectionSet)
		}
	}
}

// add puts a value and all within it. Values share the beginning of their paths.
func (l literals) add(value *ast.Value, path ast.Path) {
	if value == nil {
		return
	}
	l.put(value.Position, literal{path, value})
	for i, child := range value.Children {
		var step ast.PathElement = ast.PathIndex(i)
		if value.Kind == ast.ObjectValue {
			step = ast.PathName(child.Name)
		}
		below := append(path[:len(path):len(path)], step)
		l.put(child.Position, literal{path: below})
		l.add(child.Value, below)
	}
}

func (l literals) put(position *ast.Position, at literal) {
	if position != nil {
		l[gqlerror.Location{Line: position.Line, Column: position.Column}] = at
	}
}
