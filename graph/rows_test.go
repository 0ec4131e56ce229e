package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"pgregory.net/rapid"

	"daybook/audit"
)

// seam stands between the handler and the executor. It counts the fields of events
// that the executor resolves, and takes the row writer away for a while.
type seam struct {
	graphql.ExecutableSchema
	plain  bool // the executor answers everything
	fields atomic.Int64
}

func (s *seam) Exec(ctx context.Context) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)
	inner := operation.ResolverMiddleware
	if s.plain {
		inner = func(ctx context.Context, next graphql.Resolver) (any, error) { return next(ctx) }
		operation.RootResolverMiddleware = func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) }
	}
	operation.ResolverMiddleware = func(ctx context.Context, next graphql.Resolver) (any, error) {
		if object := graphql.GetFieldContext(ctx).Object; object == "AuditEvent" || object == "AuditEventEdge" {
			s.fields.Add(1)
		}
		return inner(ctx, next)
	}
	return s.ExecutableSchema.Exec(ctx)
}

// tally says how the answers came about whose rows the executor alone resolves
// field by field.
type tally struct{ byPlans, byExecutor, withoutRows int }

// compare tells how the answers of the executor alone and of the handler as it is
// differ; "" when they do not.
func (s *seam) compare(t testing.TB, log *testLog, request map[string]any, count *tally, scopes ...audit.Scope) string {
	t.Helper()
	s.plain = true
	executor := log.send(t, request, scopes...)
	all := s.fields.Swap(0)
	s.plain = false
	handler := log.send(t, request, scopes...)
	left := s.fields.Swap(0)
	if !same(t, executor, handler) {
		return fmt.Sprintf("%s\n%s: the executor answers\n%s\nand the handler\n%s", request["query"], request["variables"], executor, handler)
	}
	switch {
	case all == 0:
		count.withoutRows++
	case left == 0:
		count.byPlans++
	default:
		count.byExecutor++
	}
	return ""
}

// same says whether two answers have the same bytes, but for the order of errors:
// fields are resolved at the same time, and fail in any order.
func same(t testing.TB, a, b []byte) bool {
	t.Helper()
	if bytes.Equal(a, b) {
		return true
	}
	if !bytes.Contains(a, []byte(`"errors":`)) {
		return false
	}
	return bytes.Equal(withErrorsSorted(t, a), withErrorsSorted(t, b))
}

// withErrorsSorted keeps the bytes of the data as they are.
func withErrorsSorted(t testing.TB, body []byte) []byte {
	t.Helper()
	var answer map[string]json.RawMessage
	var errs []json.RawMessage
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	if err := json.Unmarshal(answer["errors"], &errs); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	slices.SortFunc(errs, func(a, b json.RawMessage) int { return bytes.Compare(a, b) })
	parts := slices.Concat(bytes.Join([][]byte{[]byte("["), bytes.Join(asBytes(errs), []byte(","))}, nil))
	for _, name := range slices.Sorted(maps.Keys(answer)) {
		if name != "errors" {
			parts = slices.Concat(parts, []byte(name), answer[name])
		}
	}
	return parts
}

func asBytes(list []json.RawMessage) [][]byte {
	all := make([][]byte, len(list))
	for i, text := range list {
		all[i] = text
	}
	return all
}

// newSeamLog is a log with the events of the golden cases and with those of
// testdata/rows, which hold what is easily written wrongly.
func newSeamLog(t testing.TB) (*testLog, *seam) {
	t.Helper()
	between := &seam{}
	log := newLogThrough(t, filepath.Join("testdata", "golden", "data.ndjson"), func(schema graphql.ExecutableSchema) graphql.ExecutableSchema {
		between.ExecutableSchema = schema
		return between
	})
	log.record(t, filepath.Join("testdata", "rows", "data.ndjson"))
	return log, between
}

func TestRowsOfGoldenQueriesAreWrittenAsTheExecutorDoes(t *testing.T) {
	log, between := newSeamLog(t)
	queries, err := filepath.Glob(filepath.Join("testdata", "golden", "*", "query.graphql"))
	if err != nil || len(queries) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	count := &tally{}
	for _, query := range queries {
		if bytes.Contains(read(t, query), []byte("mutation")) {
			continue // asked twice, it answers otherwise
		}
		t.Run(filepath.Base(filepath.Dir(query)), func(t *testing.T) {
			request, scopes := goldenRequest(t, filepath.Dir(query))
			if difference := between.compare(t, log, request, count, scopes...); difference != "" {
				t.Error(difference)
			}
		})
	}
	if count.byPlans < 10 {
		t.Errorf("plans answered but few of the cases: %+v", *count)
	}
}

func TestTheExecutorAnswersWhatPlansCannot(t *testing.T) {
	log, between := newSeamLog(t)
	const history = `(filter: {objects: [{type: "conversation", externalId: "cnv-000043"}]})`
	for name, c := range map[string]struct {
		query string
		scope audit.Scope
		want  tally
	}{
		"all may be read":        {`{ auditLog` + history + ` { nodes { id causedBy { id } } } }`, audit.ScopeReadAuditLog, tally{byPlans: 1}},
		"a scope is lacking":     {`{ auditLog` + history + ` { nodes { id causedBy { id } } } }`, audit.ScopeReadObjectHistory, tally{byExecutor: 1}},
		"it is not asked for":    {`{ auditLog` + history + ` { nodes { id } } }`, audit.ScopeReadObjectHistory, tally{byPlans: 1}},
		"a count beside fails":   {`{ auditLog { edges { cursor } totalCount(limit: 0) { value } } }`, audit.ScopeReadAuditLog, tally{byPlans: 1}},
		"coverage beside":        {`{ auditLog { nodes { id } coverage { lastSequence late(since: 3) { value } } } }`, audit.ScopeReadAuditLog, tally{byPlans: 1}},
		"a field beside fails":   {`{ auditLog { nodes { id } } bad: auditLog(first: -1) { nodes { id } } apiKeys { id } }`, audit.ScopeReadAuditLog, tally{byPlans: 1}},
		"events elsewhere":       {`{ nodes(ids: ["EVENT", "act_1"]) { id ... on AuditEvent { action } } }`, audit.ScopeReadAuditLog, tally{byExecutor: 1}},
		"an empty page":          {`{ auditLog(first: 0) { nodes { id } edges { cursor } pageInfo { endCursor } } }`, audit.ScopeReadAuditLog, tally{withoutRows: 1}},
		"counts alone":           {`{ auditLog(first: 0) { totalCount { value exact } } }`, audit.ScopeReadAuditLog, tally{withoutRows: 1}},
		"nobody may read at all": {`{ auditLog { nodes { id } } }`, audit.ScopeRecordEvents, tally{withoutRows: 1}},
	} {
		first := log.send(t, map[string]any{"query": `{ auditLog(first: 1) { nodes { id } } }`}, audit.ScopeReadAuditLog)
		id := string(regexp.MustCompile(`evt_\w+`).Find(first))
		between.fields.Store(0)
		count := tally{}
		request := map[string]any{"query": strings.ReplaceAll(c.query, "EVENT", id)}
		if difference := between.compare(t, log, request, &count, c.scope); difference != "" {
			t.Errorf("%s: %s", name, difference)
		}
		if count != c.want {
			t.Errorf("%s: the answers were %+v", name, count)
		}
	}
}

// TestDrawnRowsAreWrittenAsTheExecutorDoes draws 100 queries and asks each for all
// values of its variables; -rapid.checks=5000 draws more.
func TestDrawnRowsAreWrittenAsTheExecutorDoes(t *testing.T) {
	log, between := newSeamLog(t)
	count := &tally{}
	rapid.Check(t, func(drawn *rapid.T) {
		draw := &queryDraw{T: drawn, schema: between.Schema(), variables: map[string]bool{}}
		scopes, arguments := drawViewer(draw)
		query := draw.query(arguments)
		for _, variables := range combinations(slices.Sorted(maps.Keys(draw.variables))) {
			request := map[string]any{"query": query, "variables": variables}
			if difference := between.compare(t, log, request, count, scopes...); difference != "" {
				drawn.Fatal(difference)
			}
		}
	})
	t.Logf("%+v", *count)
	if count.byPlans < 2*count.byExecutor {
		t.Errorf("plans should answer most: %+v", *count)
	}
}

// combinations are all values that variables can have.
func combinations(variables []string) []map[string]bool {
	all := make([]map[string]bool, 1<<len(variables))
	for i := range all {
		all[i] = map[string]bool{}
		for bit, variable := range variables {
			all[i][variable] = i>>bit&1 == 1
		}
	}
	return all
}

// drawViewer draws who asks, and what must be given with each connection: one who
// reads everything, or one who reads the history of an object that is named.
func drawViewer(d *queryDraw) (scopes []audit.Scope, arguments map[string]string) {
	first := rapid.SampledFrom([]int{3, 12, 1, 40, 0}).Draw(d.T, "first")
	if rapid.SampledFrom([]bool{true, true, true, true, false}).Draw(d.T, "reads everything") {
		arguments = map[string]string{}
		for _, field := range d.connections() {
			arguments[field] = fmt.Sprintf("(first: %d)", first)
		}
		return audit.Scopes(), arguments
	}
	return []audit.Scope{audit.ScopeReadObjectHistory}, map[string]string{
		"auditLog":           fmt.Sprintf(`(first: %d, filter: {objects: [{type: "conversation", externalId: "cnv-000043"}]})`, first),
		"conversationEvents": fmt.Sprintf(`(first: %d, filter: {conversationExternalIds: ["cnv-000043"]})`, first),
	}
}
