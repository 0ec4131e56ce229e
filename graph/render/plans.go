package render

import (
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// maxKeptFields bounds the plans that are kept of one operation, all together.
const maxKeptFields = 2000

// Plans are the plans of one operation of a document, compiled as requests need
// them. They are for as long as the document is kept.
type Plans struct {
	schema *ast.Schema
	// conditions are the variables that @skip and @include depend on: for each
	// combination of their values there is a plan of its own.
	conditions []string

	mu    sync.Mutex
	plans map[planKey]*Plan
	kept  int // fields of all plans
}

// planKey says what a plan depends on.
type planKey struct {
	field      *ast.Field // the first of those that are merged into the root field
	conditions string     // the values of the conditions: "yn"
}

// NewPlans makes the plans of a validated operation, or nil when nothing of it
// could be written here.
func NewPlans(schema *ast.Schema, operation *ast.OperationDefinition) *Plans {
	if operation.Operation != ast.Query {
		return nil
	}
	found := &conditions{seen: map[*ast.FragmentDefinition]bool{}}
	found.selections(operation.SelectionSet)
	return &Plans{schema: schema, conditions: found.variables, plans: map[planKey]*Plan{}}
}

// Of gives the plan for a root field of a request; nil when the executor must
// answer the field.
func (p *Plans) Of(operation *graphql.OperationContext, field graphql.CollectedField) *Plan {
	if p == nil || field.Definition == nil || field.Definition.Type.NamedType != connection {
		return nil
	}
	conditions, given := p.conditionsOf(operation.Variables)
	if !given {
		return nil
	}
	key := planKey{field: field.Field, conditions: conditions}
	p.mu.Lock()
	defer p.mu.Unlock()
	plan, known := p.plans[key]
	if !known {
		plan = compile(p.schema, operation, field)
		p.keep(key, plan)
	}
	return plan
}

// conditionsOf gives the values that the conditions have in a request, if all do.
func (p *Plans) conditionsOf(variables map[string]any) (values string, given bool) {
	text := make([]byte, len(p.conditions))
	for i, variable := range p.conditions {
		switch variables[variable] {
		case true:
			text[i] = 'y'
		case false:
			text[i] = 'n'
		default:
			return "", false
		}
	}
	return string(text), true
}

// keep remembers a plan, or that there is none. There is no telling which plans
// will be asked for again, so that all others go when there is no room.
func (p *Plans) keep(key planKey, plan *Plan) {
	size := 1
	if plan != nil {
		size = plan.fields
	}
	if p.kept+size > maxKeptFields {
		clear(p.plans)
		p.kept = 0
	}
	p.plans[key] = plan
	p.kept += size
}

// conditions collects the variables of an operation's @skip and @include.
type conditions struct {
	variables []string
	seen      map[*ast.FragmentDefinition]bool
}

func (c *conditions) selections(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			c.directives(s.Directives)
			c.selections(s.SelectionSet)
		case *ast.InlineFragment:
			c.directives(s.Directives)
			c.selections(s.SelectionSet)
		case *ast.FragmentSpread:
			c.directives(s.Directives)
			if !c.seen[s.Definition] {
				c.seen[s.Definition] = true
				c.selections(s.Definition.SelectionSet)
			}
		}
	}
}

func (c *conditions) directives(directives ast.DirectiveList) {
	for _, directive := range directives {
		if directive.Name != "skip" && directive.Name != "include" {
			continue
		}
		condition := directive.Arguments.ForName("if")
		if condition != nil && condition.Value.Kind == ast.Variable && !slices.Contains(c.variables, condition.Value.Raw) {
			c.variables = append(c.variables, condition.Value.Raw)
		}
	}
}
