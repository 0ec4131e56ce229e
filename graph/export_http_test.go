package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"daybook/audit"
	"daybook/auth"
)

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
	log.finder.on(func(int) error { return errors.New("the text of a driver") })
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
		log.finder.on(test.before)
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
	log := newExportLog(t, numbered(5000))
	ended := make(chan struct{})
	served := log.served(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		served.ServeHTTP(w, r)
	}))
	defer server.Close()
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan struct{})
	log.finder.on(func(page int) error {
		if page == 2 {
			<-gone
		}
		return nil
	})
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	leave()
	_, err = io.ReadAll(response.Body)
	response.Body.Close()
	close(gone)
	<-ended
	if pages, _ := log.finder.next(); !errors.Is(err, context.Canceled) || pages > 4 { // one may have been read ahead
		t.Errorf("%v after %d pages", err, pages-1)
	}
}

// The server's deadlines are for answers of one piece; an export may take longer.
func TestAnExportOutlastsTheDeadlinesOfTheServer(t *testing.T) {
	log := newExportLog(t, numbered(150))
	server := httptest.NewUnstartedServer(log.served(t))
	server.Config.ReadTimeout, server.Config.WriteTimeout = 200*time.Millisecond, 200*time.Millisecond
	server.Start()
	defer server.Close()
	log.finder.on(func(page int) error {
		if page == 2 {
			<-time.After(2 * server.Config.WriteTimeout) // nothing else makes a deadline pass
		}
		return nil
	})
	text, err := fetchExport(t, server.URL)
	if err != nil || exportEnd(t, text).Events != 150 {
		t.Errorf("%v after %d bytes", err, len(text))
	}
}

// As many exports run as may; what is beyond is refused as the API refuses, until
// one of them has ended or its client has gone.
func TestExportsAtOnceAreBounded(t *testing.T) {
	log := newExportLog(t, numbered(1000))
	ended := make(chan struct{}, exportsAtOnce)
	served := log.served(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { ended <- struct{}{} }()
		served.ServeHTTP(w, r)
	}))
	defer server.Close()
	rest := make(chan struct{})
	log.finder.rest = rest
	goOn := sync.OnceFunc(func() { close(rest) })
	defer goOn()
	ctx, leave := context.WithCancel(t.Context())
	first, other := openExport(ctx, t, server.URL), openExport(t.Context(), t, server.URL)
	defer first.Body.Close()

	answer := log.ask(log.as(t, audit.ScopeReadAuditLog), http.MethodGet, "")
	checkExportRefusal(t, "beyond", answer, http.StatusServiceUnavailable, "OVERLOADED", "")
	if wait := answer.Header().Get("Retry-After"); wait != "10" || !strings.Contains(answer.Body.String(), `"retryAfter":10`) {
		t.Errorf("it says to wait %q seconds, and in full: %s", wait, answer.Body)
	}
	answer = log.ask(log.as(t, audit.ScopeReadAuditLog), http.MethodGet, "format=xml")
	checkExportRefusal(t, "wrong", answer, http.StatusBadRequest, "BAD_INPUT", "format")

	leave()
	goOn()
	<-ended
	if text, err := io.ReadAll(other.Body); err != nil || exportEnd(t, string(text)).Events != 1000 || other.Body.Close() != nil {
		t.Errorf("%v: the export that went on ends with %.200s", err, text[max(0, len(text)-200):])
	}
	<-ended
	for range 2 * exportsAtOnce {
		if events := exportEnd(t, log.get(t, "")).Events; events != 1000 {
			t.Errorf("later there are %d events", events)
		}
	}
}

// openExport asks for an export, and gives it when its first part has come.
func openExport(ctx context.Context, t *testing.T, from string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%v: %v", err, response)
	}
	return response
}
