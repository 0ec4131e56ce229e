package render

import (
	"io"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
)

// connection is the type whose rows are written here.
const connection = "AuditEventConnection"

// maxFields bounds a plan: fragments within fragments can make a short query
// select any number of fields.
const maxFields = 1000

// Plan writes the rows of one connection of events. It is never changed once
// compiled, and many requests may use it at once.
type Plan struct {
	lists  []rowList
	scopes [][]audit.Scope
	fields int
	size   atomic.Int64 // of the rows written last: what the next will need
}

// rowList is one list of rows: edges or nodes, each possibly under an alias.
type rowList struct {
	index int // among the fields that are selected of the connection
	write write[*audit.EventPage]
}

// compile makes the plan for a field of the operation that answers a connection of
// events. It is nil when rows are not selected, or not in a way that can be
// written here.
func compile(schema *ast.Schema, operation *graphql.OperationContext, field graphql.CollectedField) *Plan {
	c := &compiler{schema: schema, operation: operation}
	plan := &Plan{}
	for i, part := range c.collect(connection, field.Selections) {
		switch part.Name {
		case "edges":
			edges := func(p *audit.EventPage) []audit.EventEdge { return p.Edges }
			plan.lists = append(plan.lists, rowList{index: i, write: list(edges, c.edge(part.Selections))})
		case "nodes":
			edges := func(p *audit.EventPage) []audit.EventEdge { return p.Edges }
			node := required(nodeOf, c.event(part.Selections))
			plan.lists = append(plan.lists, rowList{index: i, write: list(edges, node)})
		}
	}
	if c.unknown || len(plan.lists) == 0 {
		return nil
	}
	plan.scopes, plan.fields = c.scopes, c.fields
	return plan
}

// Write writes the rows of a page. allowed says whether the viewer has one of the
// given scopes. It gives nil when the executor must answer: a scope is lacking, or
// a value is missing that may not be null.
func (p *Plan) Write(page *audit.EventPage, allowed func(anyOf []audit.Scope) bool) (rows Rows) {
	for _, anyOf := range p.scopes {
		if !allowed(anyOf) {
			return nil
		}
	}
	defer func() {
		if recover() != nil {
			rows = nil // the executor will meet it too, and say where
		}
	}()
	size := p.size.Load()
	out := &output{bytes: make([]byte, 0, size+size/8)}
	for _, list := range p.lists {
		start := len(out.bytes)
		list.write(out, page)
		if out.invalid {
			return nil
		}
		rows = append(rows, written{index: list.index, from: start, to: len(out.bytes)})
	}
	for i := range rows {
		rows[i].text = out.bytes[rows[i].from:rows[i].to]
	}
	p.size.Store(int64(len(out.bytes)))
	return rows
}

// Rows are the written rows of one page.
type Rows []written

// written is one list of rows.
type written struct {
	index    int
	from, to int
	text     []byte
}

// MarshalGQL writes the list into an answer.
func (w written) MarshalGQL(out io.Writer) { _, _ = out.Write(w.text) }

// Into puts the rows into what the executor answered for the connection. It must
// have been given the page without its events.
func (r Rows) Into(answer graphql.Marshaler) {
	fields, ok := answer.(*graphql.FieldSet)
	if !ok {
		return // null, because something else of the connection failed
	}
	for _, list := range r {
		fields.Values[list.index] = list
	}
}
