package render

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
)

// Recorded writes the answer of an operation that does nothing but record events.
// Many requests may use it at once.
type Recorded struct {
	// Scopes are those that the field asks for: of each list, one suffices.
	Scopes [][]audit.Scope

	key   []byte
	write write[[]audit.RecordResult]
}

// NewRecorded compiles the answer of a field that records, the only one of its
// operation. It is nil when something is selected that cannot be written here:
// above all the recorded events, which have to be read first.
func NewRecorded(schema *ast.Schema, operation *graphql.OperationContext, field graphql.CollectedField) *Recorded {
	found := &conditions{seen: map[*ast.FragmentDefinition]bool{}}
	found.selections(operation.Operation.SelectionSet)
	if len(found.variables) > 0 {
		return nil
	}
	c := &compiler{schema: schema, operation: operation}
	if !c.directives(field) {
		return nil
	}
	scopes := c.scopes
	c.scopes = nil
	r := &Recorded{Scopes: scopes, key: key(field.Alias, false), write: c.payload(field)}
	if c.unknown || len(c.scopes) > 0 {
		return nil
	}
	return r
}

// Write writes the data of the answer.
func (r *Recorded) Write(results []audit.RecordResult) []byte {
	const typical = 128 // bytes of one result
	out := &output{bytes: make([]byte, 0, len(r.key)+typical*(1+len(results)))}
	out.raw("{")
	out.bytes = append(out.bytes, r.key...)
	r.write(out, results)
	out.raw("}")
	return out.bytes
}

// Null is the data of an answer when the field has failed.
func (r *Recorded) Null() []byte {
	return append(append([]byte{'{'}, r.key...), "null}"...)
}

func (c *compiler) payload(field graphql.CollectedField) write[[]audit.RecordResult] {
	type results = []audit.RecordResult
	return object(c, field.Definition.Type.NamedType, field.Selections, func(field graphql.CollectedField) write[results] {
		switch field.Name {
		case "result":
			return required(func(r results) *audit.RecordResult { return &r[0] }, c.result(field.Selections))
		case "results":
			return list(func(r results) []audit.RecordResult { return r }, c.result(field.Selections))
		case "created":
			return countOf(audit.RecordCreated)
		case "duplicates":
			return countOf(audit.RecordDuplicate)
		case "conflicts":
			return countOf(audit.RecordConflict)
		case "invalid":
			return countOf(audit.RecordInvalid)
		case "skipped":
			return countOf(audit.RecordSkipped)
		}
		return nil
	})
}

// countOf writes how many results have a status.
func countOf(status audit.RecordStatus) write[[]audit.RecordResult] {
	return number(func(results []audit.RecordResult) (n int) {
		for i := range results {
			if results[i].Status == status {
				n++
			}
		}
		return n
	})
}

func (c *compiler) result(set ast.SelectionSet) write[*audit.RecordResult] {
	type result = *audit.RecordResult
	return object(c, "RecordResult", set, func(field graphql.CollectedField) write[result] {
		switch field.Name {
		case "index":
			return number(func(r result) int { return r.Index })
		case "status":
			return name(func(r result) audit.RecordStatus { return r.Status })
		case "eventId":
			return optional(func(r result) *audit.EventID { return r.EventID }, func(out *output, id *audit.EventID) { out.text(id.String()) })
		case "problems":
			return list(func(r result) []audit.Problem { return r.Problems }, c.problem(field.Selections))
		}
		return nil
	})
}

func (c *compiler) problem(set ast.SelectionSet) write[*audit.Problem] {
	type problem = *audit.Problem
	return object(c, "InputProblem", set, func(field graphql.CollectedField) write[problem] {
		switch field.Name {
		case "path":
			return text(func(p problem) string { return p.Path })
		case "code":
			return name(func(p problem) audit.ProblemCode { return p.Code })
		case "message":
			return text(func(p problem) string { return p.Message })
		}
		return nil
	})
}
