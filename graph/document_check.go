package graph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// operationCheck walks one validated operation, fragments included, for what each
// of its requests will need to know.
type operationCheck struct {
	operation *operation
	variables map[string]*variable
	seen      map[*ast.FragmentDefinition]bool
}

func newOperationCheck(o *operation) *operationCheck {
	check := &operationCheck{operation: o, variables: map[string]*variable{}, seen: map[*ast.FragmentDefinition]bool{}}
	for _, v := range o.variables {
		check.variables[v.name] = v
	}
	return check
}

func (c *operationCheck) run() {
	c.directives(c.operation.definition.Directives)
	c.selections(c.operation.definition.SelectionSet)
}

func (c *operationCheck) selections(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if s.Name == "__schema" || s.Name == "__type" {
				c.operation.introspects = true
			}
			c.arguments(s.Arguments)
			c.directives(s.Directives)
			c.selections(s.SelectionSet)
		case *ast.InlineFragment:
			s.Directives = c.withoutDefer(s.Directives)
			c.selections(s.SelectionSet)
		case *ast.FragmentSpread:
			s.Directives = c.withoutDefer(s.Directives)
			if !c.seen[s.Definition] {
				c.seen[s.Definition] = true
				c.selections(s.Definition.SelectionSet)
			}
		}
	}
}

// withoutDefer checks the directives of a fragment and leaves out @defer, which a
// server may ignore: answers are given in one piece.
func (c *operationCheck) withoutDefer(directives ast.DirectiveList) ast.DirectiveList {
	c.directives(directives)
	return slices.DeleteFunc(directives, func(d *ast.Directive) bool { return d.Name == "defer" })
}

func (c *operationCheck) directives(directives ast.DirectiveList) {
	for _, directive := range directives {
		c.arguments(directive.Arguments)
	}
}

func (c *operationCheck) arguments(arguments ast.ArgumentList) {
	for _, argument := range arguments {
		c.value(argument.Value)
	}
}

// value looks at the variables in one literal.
func (c *operationCheck) value(value *ast.Value) {
	if value.Kind == ast.Variable && value.ExpectedType != nil && value.ExpectedType.NonNull {
		c.variables[value.Raw].needsValue = true
	}
	for _, child := range value.Children {
		c.value(child.Value)
	}
}
