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

// Plan writes the rows of one connection of events. Many requests may use it at
// once.
type Plan struct {
	lists  []*rowList
	scopes [][]audit.Scope
	fields int
}

// rowList is one list of rows: edges or nodes, each possibly under an alias.
type rowList struct {
	index int // among the fields that are selected of the connection
	write write[*audit.EventPage]
	size  atomic.Int64 // bytes of a row on the page that was written last
}

// compile makes the plan for a field of the operation that answers a connection of
// events. It is nil when rows are not selected, or not in a way that can be
// written here.
func compile(schema *ast.Schema, operation *graphql.OperationContext, field graphql.CollectedField) *Plan {
	c := &compiler{schema: schema, operation: operation}
	plan := &Plan{}
	edges := func(page *audit.EventPage) []audit.EventEdge { return page.Edges }
	for i, part := range c.collect(connection, field.Selections) {
		switch part.Name {
		case "edges":
			plan.lists = append(plan.lists, &rowList{index: i, write: list(edges, c.edge(part.Selections))})
		case "nodes":
			node := required(nodeOf, c.event(part.Selections))
			plan.lists = append(plan.lists, &rowList{index: i, write: list(edges, node)})
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
	for _, list := range p.lists {
		text, ok := list.of(page)
		if !ok {
			return nil
		}
		rows = append(rows, written{index: list.index, text: text})
	}
	return rows
}

// of writes the list for a page, if nothing is missing.
func (l *rowList) of(page *audit.EventPage) (text []byte, ok bool) {
	rows := int64(len(page.Edges))
	out := &output{bytes: make([]byte, 0, 2+rows*l.size.Load()*9/8)} // rows are about as long as the last ones
	l.write(out, page)
	if rows > 0 {
		l.size.Store(int64(len(out.bytes)) / rows)
	}
	return out.bytes, !out.invalid
}

// Rows are the written rows of one page.
type Rows []written

// written is one list of rows.
type written struct {
	index int
	text  []byte
}

// MarshalGQL writes the list into an answer.
func (w written) MarshalGQL(out io.Writer) { _, _ = out.Write(w.text) }

// Into puts the rows into what the executor answered for the connection, having
// been given the page without its events.
func (r Rows) Into(answer graphql.Marshaler) {
	fields, ok := answer.(*graphql.FieldSet)
	if !ok {
		return // null, because something else of the connection failed
	}
	for _, list := range r {
		fields.Values[list.index] = list
	}
}
