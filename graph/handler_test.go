package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
	"daybook/graph/gen"
	"daybook/graph/scalar"
)

// answers are resolvers that need no domain: enough of the schema's root to see
// what a Handler makes of results, errors and panics.
type answers struct {
	gen.QueryResolver
	gen.MutationResolver
	gen.AuditEventConnectionResolver
	recorded []audit.EventInput
	keyInput gen.CreateAPIKeyInput
}

func (a *answers) Query() gen.QueryResolver                               { return a }
func (a *answers) Mutation() gen.MutationResolver                         { return a }
func (a *answers) AuditEventConnection() gen.AuditEventConnectionResolver { return a }

func (a *answers) Viewer(context.Context) (*gen.Viewer, error) {
	return &gen.Viewer{ID: "key_1", Name: "test", Organization: &audit.Organization{}, Scopes: audit.Scopes()}, nil
}

// Node fails in the way that the id names.
func (a *answers) Node(_ context.Context, id string) (scalar.Node, error) {
	switch id {
	case "overloaded":
		err := audit.Errorf(audit.CodeOverloaded, "Too much at once.")
		err.RetryAfter = 1500 * time.Millisecond
		return nil, err
	case "secret":
		return nil, errors.New("pq: password authentication failed")
	case "panic":
		panic("the secret of a panic")
	}
	return nil, nil
}

func (a *answers) Nodes(_ context.Context, ids []string) ([]scalar.Node, error) {
	return make([]scalar.Node, len(ids)), nil
}

func (a *answers) RecordEvents(_ context.Context, events []audit.EventInput, _ bool) (*gen.RecordEventsPayload, error) {
	a.recorded = events
	return &gen.RecordEventsPayload{Created: len(events)}, nil
}

func (a *answers) RecordEvent(_ context.Context, event audit.EventInput) (*gen.RecordEventPayload, error) {
	a.recorded = []audit.EventInput{event}
	return &gen.RecordEventPayload{Result: &audit.RecordResult{Status: audit.RecordCreated}}, nil
}

func (a *answers) CreateAPIKey(_ context.Context, input gen.CreateAPIKeyInput) (*gen.CreateAPIKeyPayload, error) {
	a.keyInput = input
	return nil, nil
}

// testLog is a log that a test can read.
type testLog struct{ bytes.Buffer }

func newTestHandler(t testing.TB, options Options) (*Handler, *answers) {
	t.Helper()
	resolvers := &answers{}
	allow := func(ctx context.Context, _ any, next graphql.Resolver, _ []audit.Scope) (any, error) {
		return next(ctx)
	}
	schema := gen.NewExecutableSchema(gen.Config{Resolvers: resolvers, Directives: gen.DirectiveRoot{RequiresScope: allow}})
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	return NewHandler(schema, options), resolvers
}

// execute gives the answer as a client would read it.
func execute(t testing.TB, h *Handler, query, variables string) string {
	t.Helper()
	response := h.Execute(context.Background(), Request{Query: query, Variables: json.RawMessage(variables)})
	before, after, err := envelope(response)
	if err != nil {
		t.Fatal(err)
	}
	return string(before) + string(response.Data) + string(after)
}

func TestExecuteAnswersWithinTheProcess(t *testing.T) {
	h, _ := newTestHandler(t, Options{})
	if got, want := execute(t, h, "{ viewer { name } }", ""), `{"data":{"viewer":{"name":"test"}}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestExecuteTellsWhatIsWrongWithARequest(t *testing.T) {
	h, _ := newTestHandler(t, Options{Introspection: true})
	for name, c := range map[string]struct{ query, variables, want string }{
		"nothing":            {"", "", `"path":"query"`},
		"only a comment":     {"# nothing", "", `no operation`},
		"syntax":             {"{ viewer { ", "", `"locations":[{"line":1,`},
		"unknown field":      {"{ viewr { name } }", "", `Did you mean \"viewer\"?`},
		"unknown operation":  {"query A { __typename } query B { __typename }", "", `"path":"operationName"`},
		"not unicode":        {"{ node(id: \"\xff\") { id } }", "", `"path":"query"`},
		"half a pair":        {`{ node(id: "\uD800") { id } }`, "", `half of a surrogate pair`},
		"number too large":   {`{ auditLog(filter: {changed: [{property: "p", before: 99999999999999999999}]}) { nodes { id } } }`, "", `send it in a variable`},
		"number too exact":   {`{ auditLog(filter: {changed: [{property: "p", before: {a: [0.1000000000000000055]}}]}) { nodes { id } } }`, "", `send it in a variable`},
		"number too wide":    {`{ auditLog(filter: {changed: [{property: "p", before: 1e999}]}) { nodes { id } } }`, "", `send it in a variable`},
		"name for a value":   {`{ auditLog(filter: {changed: [{property: "p", before: NAME}]}) { nodes { id } } }`, "", `NAME`},
		"default too large":  {`query($v: JSON = 99999999999999999999) { auditLog(filter: {changed: [{property: "p", before: $v}]}) { nodes { id } } }`, "", `send it in a variable`},
		"null for a default": {`query($n: Int = 5) { properties(first: $n) { key } }`, `{"n": null}`, `"path":"variables/n"`},
		"null for skip":      {`query($s: Boolean = false) { viewer { name @skip(if: $s) } }`, `{"s": null}`, `"path":"variables/s"`},
	} {
		t.Run(name, func(t *testing.T) {
			got := execute(t, h, c.query, c.variables)
			if !strings.Contains(got, c.want) || !strings.Contains(got, `"code":"BAD_INPUT"`) || strings.Contains(got, `"data"`) {
				t.Errorf("got %s, want BAD_INPUT with %s and no data", got, c.want)
			}
		})
	}
}

func TestLiteralsThatAreKeptExactlyAreTaken(t *testing.T) {
	h, resolvers := newTestHandler(t, Options{})
	for literal, want := range map[string]string{
		`9007199254740993`:         `9007199254740993`,
		`-1`:                       `-1`,
		`0.1`:                      `0.1`,
		`1.50`:                     `1.5`,
		`"\uD83D\uDE00 \u{1F600}"`: `"😀 😀"`,
		`"\uFFFD"`:                 "\"\uFFFD\"",
		`{a: [true, null]}`:        `{"a":[true,null]}`,
	} {
		got := execute(t, h, `mutation { recordEvent(event: {action: OTHER, section: "s", performedBy: {user: {externalId: "u"}},
			metadata: `+literal+`, details: {settings: {area: OTHER}}}) { result { status } } }`, "")
		if !strings.Contains(got, "CREATED") || string(resolvers.recorded[0].Metadata) != want {
			t.Errorf("%s: got %s, recorded %s", literal, got, resolvers.recorded[0].Metadata)
		}
	}
}

func TestResolversKeepTheirSecrets(t *testing.T) {
	log := &testLog{}
	h, _ := newTestHandler(t, Options{Log: slog.New(slog.NewTextHandler(log, nil)), NewRequestID: func() string { return "req-1" }})
	for id, secret := range map[string]string{"secret": "pq: password", "panic": "the secret of a panic"} {
		got := execute(t, h, `query($id: ID!) { failing: node(id: $id) { id } viewer { name } }`, `{"id":"`+id+`"}`)
		if strings.Contains(got, secret) || !strings.Contains(got, `"code":"INTERNAL"`) || !strings.Contains(got, "req-1") {
			t.Errorf("answered %s", got)
		}
		if !strings.Contains(got, `"data":{"failing":null,"viewer":{"name":"test"}}`) {
			t.Errorf("the neighbour is missing: %s", got)
		}
		if !strings.Contains(log.String(), secret) {
			t.Errorf("the log lacks %q: %s", secret, log.String())
		}
	}
}

func TestIntrospectionCanBeSwitchedOff(t *testing.T) {
	h, _ := newTestHandler(t, Options{Introspection: false})
	for query, want := range map[string]string{
		`{ __schema { queryType { name } } }`:                         `"code":"FORBIDDEN"`,
		`{ ...A } fragment A on Query { __type(name: "Q") { name } }`: `"code":"FORBIDDEN"`,
		`{ __typename }`:                                                `{"data":{"__typename":"Query"}}`,
		`{ viewr { name } }`:                                            `Cannot query field \"viewr\" on type \"Query\"."`,
		`{ auditLog(filte: 1) { nodes { id } } }`:                       `Unknown argument \"filte\" on field \"Query.auditLog\"."`,
		`query($s: Strin) { node(id: $s) { id } }`:                      `Unknown type \"Strin\"."`,
		`{ sections(category: BILLIN) { id } }`:                         `Value \"BILLIN\" does not exist in \"AuditCategory\" enum."`,
		`{ auditLog(filter: {txt: "a"}) { nodes { id } } }`:             `Field \"txt\" is not defined by type \"AuditFilter\"."`,
		`{ auditLog { nodes } }`:                                        `must have a selection of subfields`,
		`{ auditLog(filter: {categories: [BILLIN]}) { nodes { id } } }`: `enum."`,
	} {
		if got := execute(t, h, query, ""); !strings.Contains(got, want) || strings.Contains(got, "Did you mean \\\"") {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}

func TestDeferIsAnsweredInOnePiece(t *testing.T) {
	h, _ := newTestHandler(t, Options{})
	want := `{"data":{"viewer":{"id":"key_1","name":"test"}}}`
	for _, query := range []string{
		`{ viewer { id ... @defer { name } } }`,
		`query($d: Boolean) { viewer { id ...N @defer(if: $d, label: "l") } } fragment N on Viewer { name }`,
	} {
		if got := execute(t, h, query, `{"d":true}`); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestOneOfNeedsAVariableWithAValue(t *testing.T) {
	h, resolvers := newTestHandler(t, Options{})
	query := `mutation($u: UserInput!) { recordEvent(event: {action: OTHER, section: "s", performedBy: {user: $u},
		details: {settings: {area: OTHER}}}) { result { status } } }`
	if got := execute(t, h, strings.Replace(query, "!", "", 1), ""); !strings.Contains(got, "must be non-nullable") {
		t.Errorf("got %s", got)
	}
	if got := execute(t, h, query, `{"u":{"externalId":"1"}}`); !strings.Contains(got, "CREATED") || resolvers.recorded[0].PerformedBy.User.ExternalID != "1" {
		t.Errorf("got %s", got)
	}
}

func TestAnswersHaveABoundedNumberOfErrors(t *testing.T) {
	h, _ := newTestHandler(t, Options{Limits: Limits{Aliases: 1000, RootFields: 1000}})
	query := strings.Builder{}
	query.WriteString("{")
	for i := range 100 {
		query.WriteString(" a" + string(rune('a'+i/10)) + string(rune('a'+i%10)) + `: node(id: "overloaded") { id }`)
	}
	query.WriteString("}")
	response := h.Execute(context.Background(), Request{Query: query.String()})
	if len(response.Errors) != maxErrors || response.Extensions["errorsLeftOut"] != 80 {
		t.Errorf("%d errors, %v", len(response.Errors), response.Extensions)
	}
	if got := execute(t, h, "{"+strings.Repeat(" nothing", 40)+"}", ""); strings.Count(got, "message") != maxErrors {
		t.Errorf("got %s", got)
	}
}

func TestDocumentsAreKeptWithinBounds(t *testing.T) {
	h, _ := newTestHandler(t, Options{})
	for i := range 3 * maxCachedDocuments {
		execute(t, h, strings.Repeat(" ", i%1500)+"{ viewer { name } } #"+string(rune('a'+i%26)), "")
	}
	execute(t, h, "{ viewer { name } }"+strings.Repeat(" ", maxCachedDocumentBytes), "")
	cache := h.documents.cache
	total := 0
	for text := range cache.byText {
		total += len(text)
	}
	if total != cache.bytes || total > maxCachedText || len(cache.byText) > maxCachedDocuments || len(cache.byText) != cache.recent.Len() {
		t.Errorf("%d documents of %d bytes are kept, %d bytes accounted", len(cache.byText), total, cache.bytes)
	}
	if d := cache.get("{ viewer { name } }" + strings.Repeat(" ", maxCachedDocumentBytes)); d != nil {
		t.Error("a large document is kept")
	}
}
