package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"daybook/audit"
	"daybook/auth"
	"daybook/ent/store"
	"daybook/graph"
)

// exportsAtOnce is how many exports of a log run at once.
const exportsAtOnce = 2

// exportLog is a log that is exported, over SQLite.
type exportLog struct {
	organization *audit.Organization
	finder       *exportFinder
	graphql      *graph.Handler
	export       http.Handler
	stopping     chan struct{}
}

// exportFinder lets a test change what becomes of a page.
type exportFinder struct {
	audit.EventFinder
	mu     sync.Mutex
	pages  int
	before func(page int) error
	rest   <-chan struct{} // not nil: pages after the first of an export wait until it is closed
}

// on sets what happens before each page is read, which are counted anew.
func (f *exportFinder) on(before func(page int) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pages, f.before = 0, before
}

// next counts a page.
func (f *exportFinder) next() (page int, before func(page int) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pages++
	return f.pages, f.before
}

func (f *exportFinder) FindEvents(ctx context.Context, organization audit.OrganizationID, query audit.EventQuery) ([]*audit.Event, error) {
	if query.After != nil && f.rest != nil {
		<-f.rest
	}
	if page, before := f.next(); before != nil {
		if err := before(page); err != nil {
			return nil, err
		}
	}
	return f.EventFinder.FindEvents(ctx, organization, query)
}

func newExportLog(t testing.TB, events []json.RawMessage) *exportLog {
	t.Helper()
	engine, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "export.db"), store.Options{Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	keys := audit.NewKeys(engine, time.Now, quiet)
	recorder := audit.NewRecorder(engine, audit.RecorderOptions{Log: quiet, Redaction: audit.NewRedaction(audit.DefaultRedaction, nil)})
	t.Cleanup(func() {
		if err := errors.Join(recorder.Close(context.WithoutCancel(t.Context())), engine.Close()); err != nil {
			t.Error(err)
		}
	})
	// A fixed key makes cursors the same in every run.
	organization, err := engine.CreateOrganization(t.Context(), "Northwind Outfitters", bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	log := &exportLog{organization: organization, finder: &exportFinder{EventFinder: engine}, stopping: make(chan struct{})}
	reader := audit.NewReader(log.finder, engine, engine, keys)
	log.graphql = graph.NewHandler(graph.NewExecutableSchema(reader, nil, recorder, keys), graph.Options{Log: quiet, NewRequestID: func() string { return "request-1" }})
	log.export = graph.NewExportHandler(log.graphql, reader, exportsAtOnce, log.stopping)
	for batch := range slices.Chunk(events, audit.MaxRecordEvents) {
		log.record(t, batch)
	}
	return log
}

func (l *exportLog) record(t testing.TB, events []json.RawMessage) {
	t.Helper()
	variables, err := json.Marshal(map[string]any{"events": events})
	if err != nil {
		t.Fatal(err)
	}
	query := `mutation ($events: [EventInput!]!) { recordEvents(events: $events, atomic: true) { created results { problems { path message } } } }`
	answer := l.graphql.Execute(l.as(t, audit.Scopes()...), graph.Request{Query: query, Variables: variables})
	var data struct{ RecordEvents struct{ Created int } }
	if err := json.Unmarshal(answer.Data, &data); err != nil || data.RecordEvents.Created != len(events) {
		t.Fatalf("not recorded: %v %s", answer.Errors, answer.Data)
	}
}

// as gives the context of a key with the scopes.
func (l *exportLog) as(t testing.TB, scopes ...audit.Scope) context.Context {
	principal := auth.Principal{Organization: int32(l.organization.ID), OrganizationName: l.organization.Name, KeyID: 1, KeyName: "Export"}
	for _, scope := range scopes {
		principal.Scopes = append(principal.Scopes, scope.String())
	}
	return auth.WithPrincipal(t.Context(), principal)
}

// get exports on behalf of a key that may read.
func (l *exportLog) get(t testing.TB, parameters string) string {
	t.Helper()
	answer := l.ask(l.as(t, audit.ScopeReadAuditLog), http.MethodGet, parameters)
	if answer.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", parameters, answer.Code, answer.Body)
	}
	return answer.Body.String()
}

func (l *exportLog) ask(ctx context.Context, method, parameters string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	l.export.ServeHTTP(answer, httptest.NewRequestWithContext(ctx, method, "/export?"+parameters, nil))
	return answer
}

func exportFixture(t *testing.T) []json.RawMessage {
	t.Helper()
	var events []json.RawMessage
	for line := range bytes.Lines(read(t, "testdata/export/data.ndjson")) {
		events = append(events, bytes.TrimSpace(line))
	}
	return events
}

// numbered are n small events.
func numbered(n int) []json.RawMessage {
	events := make([]json.RawMessage, n)
	for i := range events {
		events[i] = json.RawMessage(`{"action":"UPDATE","section":"user","performedBy":{"user":{"externalId":"u"}},"details":{"authorization":{}},
			"changes":[{"property":"phone","after":1},{"property":"name","after":2}]}`)
	}
	return events
}

func cursorIn(t *testing.T, line string) string {
	t.Helper()
	var event struct{ Cursor string }
	if err := json.Unmarshal([]byte(line), &event); err != nil || event.Cursor == "" {
		t.Fatalf("%v: no cursor in %s", err, line)
	}
	return event.Cursor
}

type endMarker struct {
	End    bool
	Events int
	Cursor string
}

// exportEnd reads the last line, which must be the only end marker.
func exportEnd(t *testing.T, text string) (end endMarker) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &end); err != nil || !end.End || strings.Count(text, `{"end":true`) != 1 {
		t.Fatalf("%v: the last line is %s", err, lines[len(lines)-1])
	}
	return end
}
