package render

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
)

// loadSchema reads the contract, with what more a test wants in it.
func loadSchema(t testing.TB, more string) *ast.Schema {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "schema", "*.graphql"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no schema: %v", err)
	}
	sources := []*ast.Source{{Name: "more", Input: more}}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: path, Input: string(text)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// request is one request of an operation, as far as plans look at it.
type request struct {
	plans     *Plans
	operation *graphql.OperationContext
}

func newRequest(t testing.TB, schema *ast.Schema, query string) request {
	t.Helper()
	document, errs := gqlparser.LoadQueryWithRules(schema, query, nil)
	if errs != nil {
		t.Fatalf("%s: %v", query, errs)
	}
	return request{
		plans:     NewPlans(schema, document.Operations[0]),
		operation: &graphql.OperationContext{Doc: document, Operation: document.Operations[0]},
	}
}

// plan is the plan of the first root field when the variables have these values.
func (r request) plan(variables map[string]any) *Plan {
	operation := &graphql.OperationContext{Doc: r.operation.Doc, Operation: r.operation.Operation, Variables: variables}
	return r.plans.Of(operation, graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{"Query"})[0])
}

func everyone([]audit.Scope) bool { return true }

// page is a page of one event, of which more may be asked than it has.
func page() *audit.EventPage {
	event := &audit.Event{Category: audit.CategorySettings, Details: &audit.SettingsDetails{Area: audit.AreaOther}}
	return &audit.EventPage{Edges: []audit.EventEdge{{Cursor: "here", Node: event}}}
}

func write1(t *testing.T, plan *Plan, page *audit.EventPage) string {
	t.Helper()
	rows := plan.Write(page, everyone)
	if len(rows) != 1 {
		t.Fatalf("%d lists are written", len(rows))
	}
	return string(rows[0].text)
}

// executed are the fields of an event that the executor answers: consequences are
// pages of their own, whose arguments and counts need it.
var executed = map[string]bool{"AuditEvent.consequences": true}

// TestEveryFieldOfAnEventIsCovered selects all there is of an event. A field that
// it names is answered by the executor, at many times the cost, as is the rest of
// any query that has it; write it in this package.
func TestEveryFieldOfAnEventIsCovered(t *testing.T) {
	schema := loadSchema(t, "")
	seen := map[string]bool{}
	var visit func(typeName, path string)
	visit = func(typeName, path string) {
		if seen[typeName] {
			return
		}
		seen[typeName] = true
		for _, possible := range schema.PossibleTypes[typeName] {
			for _, field := range possible.Fields {
				if executed[possible.Name+"."+field.Name] {
					continue
				}
				part := fmt.Sprintf("... on %s { %s", possible.Name, field.Name)
				named := field.Type.Name()
				closing := strings.Count(path, "{") + 1
				leaf := ""
				if !schema.Types[named].IsLeafType() {
					leaf = " { __typename }"
				}
				query := "{ auditLog { " + path + part + leaf + strings.Repeat(" }", closing) + " } }"
				if newRequest(t, schema, query).plan(nil) == nil {
					t.Errorf("%s.%s is not covered", possible.Name, field.Name)
				}
				if leaf != "" {
					visit(named, path+part+" { ")
				}
			}
		}
	}
	visit("AuditEvent", "nodes { ")
	visit("AuditEventEdge", "edges { ")
	if len(seen) < 15 {
		t.Errorf("only %d types were seen", len(seen))
	}
}

func TestWhatIsNotKnownHasNoPlan(t *testing.T) {
	schema := loadSchema(t, `
		directive @other on FIELD_DEFINITION
		extend type AuditEvent { new: String guarded: String @other more: AuditObject @deprecated }
		extend union EventDetails = NewDetails
		type NewDetails { word: String }
		extend type Query { other: AuditSection }`)
	tooMany := strings.Repeat("fragment F%d on AuditEvent { a: causedBy { ...F%[2]d } b: causedBy { ...F%[2]d } } ", 1)
	large := "{ auditLog { nodes { ...F0 } } }"
	for i := range 10 {
		large += fmt.Sprintf(tooMany, i, i+1)
	}
	for name, query := range map[string]string{
		"an unknown field":        `{ auditLog { nodes { id new } } }`,
		"one far below":           `{ auditLog { edges { node { causedBy { ... on AuditEvent { new } } } } } }`,
		"one in a fragment":       `{ auditLog { nodes { ...F } } } fragment F on AuditEvent { causedBy { new } }`,
		"an unknown part":         `{ auditLog { nodes { more { name } } } }`,
		"a directive":             `{ auditLog { nodes { guarded } } }`,
		"no rows":                 `{ auditLog { totalCount { value } pageInfo { endCursor } } }`,
		"rows that are left out":  `{ auditLog { nodes @skip(if: true) { id } __typename } }`,
		"too much":                large + ` fragment F10 on AuditEvent { id }`,
		"another type":            `{ other { key } }`,
		"one of two rows unknown": `{ auditLog { nodes { id } edges { node { new } } } }`,
	} {
		if newRequest(t, schema, query).plan(nil) != nil {
			t.Errorf("there is a plan for %s", name)
		}
	}
	// A member of the union that is new: known ones are written, and it has no plan.
	plan := newRequest(t, schema, `{ auditLog { nodes { details { __typename ... on NewDetails { word } } } } }`).plan(nil)
	if got := write1(t, plan, page()); got != `[{"details":{"__typename":"SettingsDetails"}}]` {
		t.Errorf("the details are written as %s", got)
	}
}

func TestMutationsHaveNoPlans(t *testing.T) {
	r := newRequest(t, loadSchema(t, ""), `mutation { revokeApiKey(id: "key_1") { apiKey { id } } }`)
	if r.plans != nil {
		t.Error("a mutation has plans")
	}
	if r.plan(nil) != nil {
		t.Error("a mutation has a plan")
	}
}

func TestAnEventThatLacksSomethingIsNotWritten(t *testing.T) {
	schema := loadSchema(t, "")
	for query, missing := range map[string]func(*audit.Event){
		`performedBy { id }`:       func(*audit.Event) {},
		`section { key }`:          func(*audit.Event) {},
		`details { __typename }`:   func(e *audit.Event) { e.Details = nil },
		`... { details { ...F } }`: func(e *audit.Event) { e.Details = (*audit.SettingsDetails)(nil) },
		`d: details { ...F }`:      func(e *audit.Event) { e.Details = &audit.WorkSessionDetails{} },
		`causedBy { section { key } }`: func(e *audit.Event) {
			e.Cause = &audit.Event{}
		},
	} {
		r := newRequest(t, schema, `{ auditLog { nodes { id `+query+` } edges { cursor } } used: auditLog { nodes { details { ...F } } } }
			fragment F on EventDetails { ... on WorkSessionDetails { agent { id } } }`)
		withMissing := page()
		missing(withMissing.Edges[0].Node)
		if rows := r.plan(nil).Write(withMissing, everyone); rows != nil {
			t.Errorf("%s: %v is written", query, rows)
		}
	}
}

func TestAPanicLeavesThePageToTheExecutor(t *testing.T) {
	r := newRequest(t, loadSchema(t, ""), `{ auditLog { nodes { performedByName } } }`)
	empty := &audit.EventPage{Edges: []audit.EventEdge{{Node: nil}}}
	if rows := r.plan(nil).Write(empty, everyone); rows != nil {
		t.Errorf("%v is written", rows)
	}
	r = newRequest(t, loadSchema(t, ""), `{ auditLog { nodes { onBehalfOf { kind } sequence } } }`)
	broken := func([]audit.Scope) bool { panic("broken") }
	plan := r.plan(nil)
	plan.scopes = append(plan.scopes, nil)
	defer func() {
		if recover() == nil {
			t.Error("a panic of the caller's is swallowed")
		}
	}()
	plan.Write(page(), broken)
}

func TestScopesAreAskedFor(t *testing.T) {
	r := newRequest(t, loadSchema(t, ""), `{ auditLog { nodes { causedBy { id causedBy { id } } } } }`)
	var asked [][]audit.Scope
	rows := r.plan(nil).Write(page(), func(anyOf []audit.Scope) bool {
		asked = append(asked, anyOf)
		return len(asked) == 1
	})
	if rows != nil || fmt.Sprint(asked) != "[[READ_AUDIT_LOG] [READ_AUDIT_LOG]]" {
		t.Errorf("%v is written after asking for %v", rows, asked)
	}
}
