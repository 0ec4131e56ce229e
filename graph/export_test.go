package graph_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"daybook/audit"
	"daybook/auth"
	"daybook/ent/store"
	"daybook/graph"
)

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
	pages  int
	before func(page int) error
}

func (f *exportFinder) FindEvents(ctx context.Context, organization audit.OrganizationID, query audit.EventQuery) ([]*audit.Event, error) {
	f.pages++
	if f.before != nil {
		if err := f.before(f.pages); err != nil {
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
	reader := audit.NewReader(log.finder, engine, keys)
	log.graphql = graph.NewHandler(graph.NewExecutableSchema(reader, recorder, keys), graph.Options{Log: quiet, NewRequestID: func() string { return "request-1" }})
	log.export = graph.NewExportHandler(log.graphql, reader, log.stopping)
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

// TestExportGolden compares both formats with files. UPDATE_GOLDEN=1 writes them
// anew; look at the difference before committing it.
func TestExportGolden(t *testing.T) {
	log := newExportLog(t, exportFixture(t))
	recordedAt := regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z(","sequence"|,recorded)`)
	for file, parameters := range map[string]string{
		"events.ndjson":         "",
		"newest.ndjson":         `order={"field":"OCCURRED_AT"}&filter={"actions":["UPDATE"],"occurredAt":{"from":"2026-03-02T00:00:00Z"}}`,
		"nothing.ndjson":        `filter={"categories":[]}`,
		"events.csv":            "format=csv",
		"nothing.csv":           `format=csv&filter={"categories":[]}`,
		"every-column.csv":      "format=csv&columns=" + strings.Join(slices.DeleteFunc(audit.ExportColumns(), func(c string) bool { return c == "recordedAt" }), ","),
		"one-column-twelve.csv": `format=csv&columns=afterText&filter={"changed":[{"property":"note"}]}`,
	} {
		text := log.get(t, url.PathEscape(parameters))
		compareGolden(t, filepath.Join("testdata/export", file), recordedAt.ReplaceAll([]byte(text), []byte("(recordedAt)$1")))
	}
}

// Columns of everything a line of ndjson has.
const everyField = `query($after: String) { auditLog(orderBy: {field: RECORDED_AT, direction: ASC}, first: 500, after: $after) { edges { cursor node {
	id category action eventName occurredAt recordedAt sequence performedBy { ...A } performedByName onBehalfOf { ...A } onBehalfOfName
	section { id key name } object { ...O } changes { id property propertyName operation before after beforeText afterText redacted }
	ipAddress userAgent correlationId causedBy { id } metadata
	details {
		__typename
		... on AuthorizationDetails { user { ...A } outcome attemptedLogin }
		... on BillingDetails { plan { before after } seats { kind before after } }
		... on ConversationDetails { conversation { ...O } surveyAnswers { question score answer } }
		... on CustomerDetails { customer { ...O } mergedFrom { ...O } }
		... on SettingsDetails { area }
		... on WorkSessionDetails { agent { ...A } workSessionExternalId status { before { name type } after { name type } cause }
			capacity { before { used total state } after { used total state } } conversation { ...O } }
	}
} } } }
fragment A on AuditActor { id externalId kind name email }
fragment O on AuditObject { type externalId name }`

func TestALineOfAnExportIsWhatTheAPIAnswers(t *testing.T) {
	var events []json.RawMessage
	for line := range bytes.Lines(read(t, "testdata/golden/data.ndjson")) {
		events = append(events, bytes.TrimSpace(line))
	}
	log := newExportLog(t, append(events, exportFixture(t)...))
	answer := log.graphql.Execute(log.as(t, audit.ScopeReadAuditLog), graph.Request{Query: everyField})
	if len(answer.Errors) > 0 {
		t.Fatal(answer.Errors)
	}
	var page struct {
		AuditLog struct {
			Edges []struct {
				Cursor string
				Node   map[string]any
			}
		}
	}
	decodeExact(t, answer.Data, &page)
	lines := strings.Split(strings.TrimSpace(log.get(t, "")), "\n")
	if len(lines) != len(page.AuditLog.Edges)+1 || len(lines) < 39 {
		t.Fatalf("%d lines for %d events", len(lines), len(page.AuditLog.Edges))
	}
	for i, edge := range page.AuditLog.Edges {
		var got map[string]any
		decodeExact(t, []byte(lines[i]), &got)
		edge.Node["cursor"] = edge.Cursor
		if !reflect.DeepEqual(got, edge.Node) {
			t.Errorf("the line is\n%v\nand the API answers\n%v", got, edge.Node)
		}
	}
}

func decodeExact(t *testing.T, text []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

func TestLineBreaksWithinRecordedJSONDoNotBreakTheLine(t *testing.T) {
	event := json.RawMessage(`{"action":"UPDATE","section":"user","performedBy":{"user":{"externalId":"u"}},"details":{"authorization":{}},` +
		"\"metadata\":{\r\n\t\"b\" : [1.0,\n2],\"a\":\"x\\ny\"}}")
	log := newExportLog(t, nil)
	variables := append(append([]byte(`{"event":`), event...), '}')
	if answer := log.graphql.Execute(log.as(t, audit.Scopes()...), graph.Request{
		Query: `mutation ($event: EventInput!) { recordEvent(event: $event) { result { status } } }`, Variables: variables,
	}); !bytes.Contains(answer.Data, []byte("CREATED")) {
		t.Fatalf("%v %s", answer.Errors, answer.Data)
	}
	text := log.get(t, "")
	if want := "\"metadata\":{  \t\"b\" : [1.0, 2],\"a\":\"x\\ny\"}"; strings.Count(text, "\n") != 2 || !strings.Contains(text, want) {
		t.Errorf("%q does not have %q on one of two lines", text, want)
	}
}

// Every value of a table can be had back, and none is a formula.
func TestCellsAreNoFormulasAndLoseNothing(t *testing.T) {
	log := newExportLog(t, exportFixture(t))
	reader := csv.NewReader(strings.NewReader(log.get(t, "format=csv&columns=property,beforeText,afterText,objectName")))
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, row := range rows[1 : len(rows)-1] {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n#", rune(cell[0])) {
				t.Errorf("the cell %q can be taken for something else", cell)
			}
			values = append(values, strings.TrimPrefix(cell, "'"))
		}
	}
	// encoding/csv makes LF of CR LF within cells when it reads.
	for _, want := range []string{"=1+1", "'=1+1", "-5", "12345678901234567890", "#end", "@SUM(A1)", "#end events=1", "\tx", "\rx", "-2+3 line\nbreaks, \"quotes\" and 𝔘"} {
		if !slices.Contains(values, want) {
			t.Errorf("%q is not among the values %q", want, values)
		}
	}
}

func TestAnExportGoesOnAfterAnyEvent(t *testing.T) {
	log := newExportLog(t, numbered(230))
	for _, order := range []string{"", `&order={"field":"RECORDED_AT","direction":"DESC"}`, `&order={"field":"OCCURRED_AT","direction":"ASC"}`, `&order={}`} {
		order = strings.NewReplacer("{", "%7B", "}", "%7D", `"`, "%22").Replace(order)
		whole := strings.SplitAfter(log.get(t, order), "\n")
		for _, at := range []int{0, 98, 99, 100, 228, 229} {
			rest := log.get(t, "after="+cursorIn(t, whole[at])+order)
			got := strings.SplitAfter(rest, "\n")
			if !slices.Equal(got[:len(got)-2], whole[at+1:230]) {
				t.Errorf("%s: after %d come %d events, not the %d that are left", order, at, len(got)-2, 229-at)
			}
			if end := exportEnd(t, rest); end.Events != 229-at || end.Cursor != cursorIn(t, whole[229]) {
				t.Errorf("%s: after %d the end is %+v", order, at, end)
			}
		}
	}
	end := exportEnd(t, log.get(t, ""))
	log.record(t, numbered(3))
	if next := exportEnd(t, log.get(t, "after="+end.Cursor)); next.Events != 3 {
		t.Errorf("an export after the end has %d of 3 new events", next.Events)
	}
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

func TestExportRefusesWhatTheAPIRefuses(t *testing.T) {
	log := newExportLog(t, numbered(1))
	foreign := log.get(t, `order=%7B%22field%22:%22OCCURRED_AT%22,%22direction%22:%22ASC%22%7D`)
	for _, test := range []struct {
		parameters, code, path string
	}{
		{`filter={"categories":["NONE"]}`, "BAD_INPUT", "filter/categories/0"},
		{`filter={"sections":[1]}`, "BAD_INPUT", "filter/sections/0"},
		{`filter={"colour":"red"}`, "BAD_INPUT", "filter/colour"},
		{`filter={"occurredAt":{"from":"yesterday"}}`, "BAD_INPUT", "filter/occurredAt/from"},
		{`filter={"occurredAt":{"from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}}`, "BAD_INPUT", "filter/occurredAt"},
		{`filter={"ipAddresses":["no"]}`, "BAD_INPUT", "filter/ipAddresses/0"},
		{`filter={"performedBy":{"ids":["evt_1"]}}`, "BAD_INPUT", "filter/performedBy/ids/0"},
		{`filter={"text":"a","text":"b"}`, "BAD_INPUT", "filter/text"},
		{`filter={"text":`, "BAD_INPUT", "filter"},
		{`filter={},"order":{}`, "BAD_INPUT", "filter"},
		{`filter=[]`, "BAD_INPUT", "filter"},
		{`filter={"sections":[` + strings.TrimSuffix(strings.Repeat(`"a",`, 1001), ",") + `]}`, "BAD_INPUT", "filter/sections"},
		{`order={"field":"ID"}`, "BAD_INPUT", "order/field"},
		{`order=ASC`, "BAD_INPUT", "order"},
		{`format=xml`, "BAD_INPUT", "format"},
		{`format=csv&columns=id,shoe_size`, "BAD_INPUT", "columns/1"},
		{`format=csv&columns=id,id`, "BAD_INPUT", "columns/1"},
		{`columns=id`, "BAD_INPUT", "columns"},
		{`fliter={}`, "BAD_INPUT", ""},
		{`filter={}&filter={}`, "BAD_INPUT", "filter"},
		{`after=nonsense`, "BAD_CURSOR", ""},
		{`after=` + exportEnd(t, foreign).Cursor, "BAD_CURSOR", ""},
	} {
		query, err := url.ParseQuery(strings.ReplaceAll(test.parameters, "+", "%2B"))
		if err != nil {
			t.Fatal(err)
		}
		answer := log.ask(log.as(t, audit.ScopeReadAuditLog), http.MethodGet, query.Encode())
		checkExportRefusal(t, test.parameters, answer, http.StatusBadRequest, test.code, test.path)
	}
}

func TestExportNeedsTheScopeAndGet(t *testing.T) {
	log := newExportLog(t, numbered(1))
	for _, scopes := range [][]audit.Scope{nil, {audit.ScopeReadObjectHistory}, {audit.ScopeRecordEvents, audit.ScopeManageAccess}} {
		answer := log.ask(log.as(t, scopes...), http.MethodGet, `filter=%7B%22objects%22:%5B%7B%22type%22:%22conversation%22,%22externalId%22:%22c%22%7D%5D%7D`)
		checkExportRefusal(t, "scopes", answer, http.StatusForbidden, "FORBIDDEN", "")
	}
	checkExportRefusal(t, "nobody", log.ask(t.Context(), http.MethodGet, ""), http.StatusUnauthorized, "UNAUTHENTICATED", "")
	for _, method := range []string{http.MethodPost, http.MethodHead} {
		answer := log.ask(log.as(t, audit.ScopeReadAuditLog), method, "")
		checkExportRefusal(t, method, answer, http.StatusMethodNotAllowed, "BAD_INPUT", "")
	}
	log.finder.before = func(int) error { return errors.New("the text of a driver") }
	answer := log.ask(log.as(t, audit.ScopeReadAuditLog), http.MethodGet, "")
	checkExportRefusal(t, "broken", answer, http.StatusInternalServerError, "INTERNAL", "")
}

func checkExportRefusal(t *testing.T, what string, answer *httptest.ResponseRecorder, status int, code, path string) {
	t.Helper()
	var body struct {
		Errors []struct {
			Message    string
			Path       []any
			Extensions map[string]any
		}
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil || answer.Code != status || len(body.Errors) == 0 {
		t.Errorf("%.80s: %v: %d %s", what, err, answer.Code, answer.Body)
		return
	}
	got := body.Errors[0]
	gotPath, _ := got.Extensions["path"].(string)
	if got.Extensions["code"] != code || gotPath != path || strings.Contains(got.Message, "variables") || strings.Contains(got.Message, "driver") || got.Path != nil {
		t.Errorf("%.80s: %+v, want %s at %q", what, got, code, path)
	}
}

// What goes wrong after the first lines can be told from the text and from HTTP.
func TestACutExportCanBeTold(t *testing.T) {
	log := newExportLog(t, numbered(1500))
	server := httptest.NewServer(log.served(t))
	defer server.Close()
	fail := func(page int) error {
		if page == 2 {
			return errors.New("the text of a driver")
		}
		return nil
	}
	stop := func(page int) error {
		if page == 2 {
			close(log.stopping)
		}
		return nil
	}
	for _, test := range []struct {
		format, last string
		before       func(int) error
	}{
		{"ndjson", `{"error":{"message":"Internal error.","extensions":{"code":"INTERNAL","requestId":"request-1"}}}`, fail},
		{"csv", "", fail},
		{"ndjson", `{"error":{"message":"The server is being stopped. Go on after the last event's cursor.","extensions":{"code":"OVERLOADED","retryAfter":1}}}`, stop},
	} {
		log.finder.pages, log.finder.before = 0, test.before
		text, err := fetchExport(t, server.URL+"/?format="+test.format)
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: reading to the end gives %v", test.format, err)
		}
		lines := strings.Split(strings.TrimSpace(text), "\n")
		if strings.Contains(text, `{"end"`) || strings.Contains(text, "#end") || len(lines) < 100 || test.last != "" && lines[len(lines)-1] != test.last {
			t.Errorf("%s: a cut text ends with %s", test.format, lines[len(lines)-1])
		}
	}
}

// served exports on behalf of a key that may read.
func (l *exportLog) served(t *testing.T) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		principal, _ := auth.FromContext(l.as(t, audit.ScopeReadAuditLog))
		l.export.ServeHTTP(w, r.WithContext(auth.WithPrincipal(r.Context(), principal)))
	})
}

func fetchExport(t *testing.T, from string) (string, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, from, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

// An export reads no further when its client has gone.
func TestAnExportEndsWithItsClient(t *testing.T) {
	log := newExportLog(t, numbered(1500))
	ended := make(chan struct{})
	served := log.served(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		served.ServeHTTP(w, r)
	}))
	defer server.Close()
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan struct{})
	log.finder.before = func(page int) error {
		if page == 2 {
			leave()
			<-gone
		}
		return nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.ReadAll(response.Body)
	response.Body.Close()
	close(gone)
	<-ended
	if !errors.Is(err, context.Canceled) || log.finder.pages > 3 {
		t.Errorf("%v after %d pages", err, log.finder.pages)
	}
}

// The server's deadlines are for answers of one piece; an export may take longer.
func TestAnExportOutlastsTheDeadlinesOfTheServer(t *testing.T) {
	log := newExportLog(t, numbered(150))
	server := httptest.NewUnstartedServer(log.served(t))
	server.Config.ReadTimeout, server.Config.WriteTimeout = 200*time.Millisecond, 200*time.Millisecond
	server.Start()
	defer server.Close()
	log.finder.before = func(page int) error {
		if page == 2 {
			<-time.After(2 * server.Config.WriteTimeout) // nothing else makes a deadline pass
		}
		return nil
	}
	text, err := fetchExport(t, server.URL)
	if err != nil || exportEnd(t, text).Events != 150 {
		t.Errorf("%v after %d bytes", err, len(text))
	}
}
