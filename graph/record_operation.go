package graph

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
	"daybook/graph/render"
)

// recording is an operation that does nothing but record events it has from a
// variable: how services record. It is answered without the executor, of whose
// work a single event would be the smallest part.
//
// The answer is the same. Whatever would make it another, or cannot be read or
// written here, has no recording and goes to the executor: events that are written
// into the query, other fields beside it, conditions, recorded events that are
// asked for.
type recording struct {
	field     graphql.CollectedField
	variables []*variable // of the operation; the events are read into the domain's type
	events    string      // the name of their variable
	atomic    *ast.Value  // literal or variable; nil when left out
	byDefault bool        // what atomic is then
	answer    *render.Recorded
}

// newRecording looks at a validated operation; nil when the executor must answer
// it.
func (d *documents) newRecording(document *ast.QueryDocument, o *operation) *recording {
	if o.definition.Operation != ast.Mutation || d.readEvent == nil || len(o.definition.Directives) > 0 {
		return nil
	}
	operation := &graphql.OperationContext{Doc: document, Operation: o.definition}
	fields := graphql.CollectFields(operation, o.definition.SelectionSet, []string{d.schema.Mutation.Name})
	if len(fields) != 1 || len(fields[0].Directives) > 0 || len(fields[0].Deferrables) > 0 {
		return nil
	}
	r := &recording{field: fields[0]}
	argument := ""
	switch r.field.Name {
	case "recordEvent":
		argument = "event"
	case "recordEvents":
		argument = "events"
	default:
		return nil
	}
	events := r.field.Arguments.ForName(argument)
	if events == nil || events.Value.Kind != ast.Variable {
		return nil
	}
	r.events = events.Value.Raw
	r.readAtomic()
	if !r.readVariables(o.variables, d.readEvent) {
		return nil
	}
	if r.answer = render.NewRecorded(d.schema, operation, r.field); r.answer == nil {
		return nil
	}
	return r
}

func (r *recording) readAtomic() {
	if definition := r.field.Definition.Arguments.ForName("atomic"); definition != nil && definition.DefaultValue != nil {
		r.byDefault = definition.DefaultValue.Raw == "true"
	}
	if atomic := r.field.Arguments.ForName("atomic"); atomic != nil {
		r.atomic = atomic.Value
	}
}

// readVariables takes the variables of the operation, with a reader for the events.
// It is false when they cannot be read so.
func (r *recording) readVariables(declared []*variable, read reader[audit.EventInput]) bool {
	r.variables = slices.Clone(declared)
	for i, v := range r.variables {
		if v.name != r.events {
			continue
		}
		if !v.shape.nonNull || v.defaultValue != nil || (v.shape.item != nil) != (r.field.Name == "recordEvents") {
			return false
		}
		own := *v
		own.read = eventsReader(v.shape, read)
		r.variables[i] = &own
		return true
	}
	return false
}

// eventsReader reads the variable that has the event, or the list of them.
func eventsReader(shape inputShape, read reader[audit.EventInput]) func(*variableDecoder, inputShape) (any, error) {
	if shape.item != nil {
		list := listOf(read)
		return func(d *variableDecoder, _ inputShape) (any, error) {
			var events []audit.EventInput
			err := readInto(d, &shape, &events, list)
			return events, err
		}
	}
	return func(d *variableDecoder, _ inputShape) (any, error) {
		events := make([]audit.EventInput, 1)
		err := readInto(d, &shape, &events[0], read)
		return events, err
	}
}

// isAtomic says what the request has for the argument atomic.
func (r *recording) isAtomic(variables map[string]any) bool {
	if r.atomic == nil {
		return r.byDefault
	}
	if r.atomic.Kind != ast.Variable {
		return r.atomic.Raw == "true"
	}
	if atomic, given := variables[r.atomic.Raw].(bool); given {
		return atomic
	}
	return r.byDefault
}
