package graph_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
	"daybook/audit/activity"
	"daybook/auth"
	"daybook/ent/store"
	"daybook/graph"
)

// TestGolden sends each testdata/golden/NAME/query.graphql, with variables.json
// if there is one, to the handler over SQLite, and compares the answer with
// expected.json. Adding a case takes no Go. UPDATE_GOLDEN=1 writes the answers
// anew; look at the difference before committing it.
//
// A case with a data.ndjson of its own (which may be empty) gets a fresh log
// that holds those events; all others share one that holds testdata/golden/
// data.ndjson. The key has every scope, or those in scopes.txt.
func TestGolden(t *testing.T) {
	testGolden(t, func(log *testLog) *testLog { return log })
}

// TestGoldenByTheExecutor answers the same without the short way of recording.
func TestGoldenByTheExecutor(t *testing.T) {
	testGolden(t, func(log *testLog) *testLog {
		log.handler = log.executor
		return log
	})
}

func testGolden(t *testing.T, by func(*testLog) *testLog) {
	t.Helper()
	const root = "testdata/golden"
	queries, err := filepath.Glob(filepath.Join(root, "*", "query.graphql"))
	if err != nil || len(queries) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	shared := by(newLog(t, filepath.Join(root, "data.ndjson")))
	for _, query := range queries {
		folder := filepath.Dir(query)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			log := shared
			if data := filepath.Join(folder, "data.ndjson"); exists(data) {
				log = by(newLog(t, data))
			}
			compareGolden(t, filepath.Join(folder, "expected.json"), answerGolden(t, log, folder))
		})
	}
}

// answerGolden sends a case's request and gives the answer as it is compared.
func answerGolden(t *testing.T, log *testLog, folder string) []byte {
	t.Helper()
	request, scopes := goldenRequest(t, folder)
	var answer bytes.Buffer
	if err := json.Indent(&answer, sortErrors(t, log.send(t, request, scopes...)), "", "  "); err != nil {
		t.Fatal(err)
	}
	return append(changing.ReplaceAll(answer.Bytes(), []byte(`"$1": "($1)"`)), '\n')
}

// goldenRequest is a case's request and the scopes of the key that sends it.
func goldenRequest(t testing.TB, folder string) (map[string]any, []audit.Scope) {
	t.Helper()
	request := map[string]any{"query": string(read(t, filepath.Join(folder, "query.graphql")))}
	if path := filepath.Join(folder, "variables.json"); exists(path) {
		request["variables"] = json.RawMessage(read(t, path))
	}
	scopes := audit.Scopes()
	if path := filepath.Join(folder, "scopes.txt"); exists(path) {
		scopes = parseScopes(t, string(read(t, path)))
	}
	return request, scopes
}

// sortErrors puts errors into the order of their text: fields are resolved at the
// same time, and fail in any order.
func sortErrors(t *testing.T, body []byte) []byte {
	t.Helper()
	var answer struct {
		Errors []json.RawMessage `json:"errors,omitempty"`
		Data   json.RawMessage   `json:"data,omitempty"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	slices.SortFunc(answer.Errors, func(a, b json.RawMessage) int { return bytes.Compare(a, b) })
	var sorted bytes.Buffer
	encoder := json.NewEncoder(&sorted)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answer); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(sorted.Bytes())
}

// changing are the values that differ from run to run.
var changing = regexp.MustCompile(`"(recordedAt|oldestRecordedAt|createdAt|revokedAt|secret|prefix|requestId)": "[^"]*"`)

func compareGolden(t *testing.T, path string, got []byte) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := read(t, path); !bytes.Equal(got, want) {
		t.Errorf("the answer is\n%s\nand should be what %s has:\n%s", got, path, want)
	}
}

// testLog is a log of one organization, served by the real handler over SQLite.
type testLog struct {
	handler      http.Handler
	executor     http.Handler // the same log without the short way of recording
	organization *audit.Organization
	reads        *countingFinder
}

// newLog serves a log that holds the events of an NDJSON file.
func newLog(t testing.TB, data string) *testLog {
	t.Helper()
	return newLogThrough(t, data, func(schema graphql.ExecutableSchema) graphql.ExecutableSchema { return schema })
}

// newLogThrough serves the log through what between makes of the schema.
func newLogThrough(t testing.TB, data string, between func(graphql.ExecutableSchema) graphql.ExecutableSchema) *testLog {
	t.Helper()
	engine, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "golden.db"), store.Options{Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	keys := audit.NewKeys(engine, time.Now, slog.New(slog.DiscardHandler))
	quiet := slog.New(slog.DiscardHandler)
	recorder := audit.NewRecorder(engine, audit.RecorderOptions{Log: quiet})
	t.Cleanup(func() {
		if err := recorder.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	// A fixed key makes cursors the same in every run.
	organization, err := engine.CreateOrganization(t.Context(), "Northwind Outfitters", bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	log := &testLog{organization: organization, reads: &countingFinder{EventFinder: engine}}
	reader := audit.NewReader(log.reads, engine, engine, keys)
	schema := between(graph.NewExecutableSchema(reader, activity.NewReader(reader, goldenNow), recorder, keys))
	log.handler = graph.NewHandler(schema, graph.Options{Log: quiet, Recorder: recorder})
	log.executor = graph.NewHandler(schema, graph.Options{Log: quiet})
	log.record(t, data)
	return log
}

// goldenNow is the present of every case.
func goldenNow() time.Time { return time.Date(2026, time.August, 1, 0, 0, 0, 0, time.UTC) }

// record sends the events of an NDJSON file in one call.
func (l *testLog) record(t testing.TB, path string) {
	t.Helper()
	var events []json.RawMessage
	lines := bufio.NewScanner(bytes.NewReader(read(t, path)))
	for lines.Scan() {
		events = append(events, bytes.Clone(lines.Bytes()))
	}
	if len(events) == 0 {
		return
	}
	var answer struct {
		Data struct{ RecordEvents *struct{ Created int } }
	}
	body := l.send(t, map[string]any{
		"query": `mutation ($events: [EventInput!]!) { recordEvents(events: $events, atomic: true) {
			created results { index problems { path message } }
		} }`,
		"variables": map[string]any{"events": events},
	}, audit.ScopeRecordEvents)
	if err := json.Unmarshal(body, &answer); err != nil || answer.Data.RecordEvents == nil || answer.Data.RecordEvents.Created != len(events) {
		t.Fatalf("%s was not recorded: %s", path, body)
	}
}

// send posts a request on behalf of a key with the scopes and gives the body of
// the answer.
func (l *testLog) send(t testing.TB, request map[string]any, scopes ...audit.Scope) []byte {
	t.Helper()
	body, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	principal := auth.Principal{
		Organization: int32(l.organization.ID), OrganizationName: l.organization.Name, KeyID: 1, KeyName: "Golden",
	}
	for _, scope := range scopes {
		principal.Scopes = append(principal.Scopes, scope.String())
	}
	r := httptest.NewRequestWithContext(auth.WithPrincipal(t.Context(), principal), http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/graphql-response+json")
	w := httptest.NewRecorder()
	l.handler.ServeHTTP(w, r)
	return w.Body.Bytes()
}

func parseScopes(t testing.TB, text string) []audit.Scope {
	t.Helper()
	var scopes []audit.Scope
	for _, name := range strings.Fields(text) {
		scope, err := audit.ParseScope(name)
		if err != nil {
			t.Fatal(err)
		}
		scopes = append(scopes, scope)
	}
	return scopes
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
