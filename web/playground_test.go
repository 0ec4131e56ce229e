package web

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func TestPlaygroundServesItsFiles(t *testing.T) {
	for path, contentType := range map[string]string{
		"/playground":                                       "text/html; charset=utf-8",
		"/playground/boot.js":                               "text/javascript; charset=utf-8",
		"/playground/style.css":                             "text/css; charset=utf-8",
		"/playground/icon.svg":                              "image/svg+xml",
		"/playground/queries.json":                          "application/json",
		"/playground/vendor/graphiql-4.1.2/graphiql.min.js": "text/javascript; charset=utf-8",
		"/playground/vendor/graphiql-4.1.2/LICENSE":         "text/plain; charset=utf-8",
	} {
		answer := get(t, Playground(), path, nil)
		if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != contentType {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Header().Get("Content-Type"))
		}
	}
}

// Every file the page names is there.
func TestPlaygroundHasTheFilesItsPageNames(t *testing.T) {
	page := get(t, Playground(), "/playground", nil).Body.String()
	names := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(names) < 5 {
		t.Fatalf("found only %d files in the page", len(names))
	}
	for _, name := range names {
		if answer := get(t, Playground(), "/"+name[1], nil); answer.Code != http.StatusOK {
			t.Errorf("%s: %d", name[1], answer.Code)
		}
	}
}

func TestPlaygroundSecuresEveryAnswer(t *testing.T) {
	for _, path := range []string{"/playground", "/playground/boot.js", "/playground/absent", "/playground/"} {
		header := get(t, Playground(), path, nil).Header()
		policy := header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self';", "connect-src 'self';", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the content security policy %q lacks %s", path, policy, part)
			}
		}
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, header)
		}
	}
}

// Files in folders that carry a version are kept for good; the others are asked for again
// and cost no transfer while they are unchanged.
func TestPlaygroundSaysHowLongToKeepAFile(t *testing.T) {
	vendored := get(t, Playground(), "/playground/vendor/react-18.2.0/react.production.min.js", nil)
	if got := vendored.Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("vendored: Cache-Control %q", got)
	}
	for _, path := range []string{"/playground", "/playground/boot.js", "/playground/queries.json"} {
		for _, coding := range []string{"identity", "gzip"} {
			first := get(t, Playground(), path, http.Header{"Accept-Encoding": {coding}})
			if got := first.Header().Get("Cache-Control"); got != "no-cache" {
				t.Errorf("%s: Cache-Control %q", path, got)
			}
			again := get(t, Playground(), path, http.Header{"Accept-Encoding": {coding}, "If-None-Match": {first.Header().Get("ETag")}})
			if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
				t.Errorf("%s again: %d with %d bytes", path, again.Code, again.Body.Len())
			}
		}
	}
}

func TestPlaygroundCompressesForThoseWhoAccept(t *testing.T) {
	const path = "/playground/vendor/graphiql-4.1.2/graphiql.min.js"
	plain := get(t, Playground(), path, nil).Body.String()
	for accept, compressed := range map[string]bool{
		"":                       false,
		"br":                     false,
		"gzip;q=0":               false,
		"gzip; q=0.0, identity":  false,
		"gzip":                   true,
		"deflate, gzip;q=0.5":    true,
		"br;q=1.0, GZIP;q=0.001": true,
	} {
		answer := get(t, Playground(), path, http.Header{"Accept-Encoding": {accept}})
		if got := answer.Header().Get("Content-Encoding") == "gzip"; got != compressed {
			t.Errorf("Accept-Encoding %q: compressed %v, want %v", accept, got, compressed)
		}
		if compressed && decompress(t, answer.Body) != plain {
			t.Errorf("Accept-Encoding %q: other content", accept)
		}
	}
}

func TestPlaygroundAnswersGetAndHeadOnly(t *testing.T) {
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/playground", nil)
	answer := httptest.NewRecorder()
	Playground().ServeHTTP(answer, request)
	if answer.Code != http.StatusMethodNotAllowed || answer.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d, Allow %q", answer.Code, answer.Header().Get("Allow"))
	}
	if answer := get(t, Playground(), "/playground/vendor.mjs", nil); answer.Code != http.StatusNotFound {
		t.Errorf("a file that is not the page's: %d", answer.Code)
	}
}

func TestRedirects(t *testing.T) {
	for path, handler := range map[string]http.Handler{"/": Root(), "/playground/": Playground()} {
		answer := get(t, handler, path, nil)
		if answer.Header().Get("Location") != "/playground" {
			t.Errorf("%s: %d to %q", path, answer.Code, answer.Header().Get("Location"))
		}
	}
	if answer := get(t, Root(), "/elsewhere", nil); answer.Code != http.StatusNotFound {
		t.Errorf("/elsewhere: %d", answer.Code)
	}
}

func TestPlaygroundURL(t *testing.T) {
	for key, want := range map[string]string{
		"":          "http://127.0.0.1:8080/playground",
		"dbk_a":     "http://127.0.0.1:8080/playground#key=dbk_a",
		"a+b/c%d#e": "http://127.0.0.1:8080/playground#key=a+b%2Fc%25d%23e",
	} {
		if got := PlaygroundURL("http://127.0.0.1:8080/", key); got != want {
			t.Errorf("key %q: %s, want %s", key, got, want)
		}
	}
}

func TestQueriesAreServedInOrder(t *testing.T) {
	var served []ReadyQuery
	if err := json.Unmarshal(get(t, Playground(), "/playground/queries.json", nil).Body.Bytes(), &served); err != nil {
		t.Fatal(err)
	}
	for i, query := range readyQueries(t) {
		if served[i].ID != query.ID || served[i].Query != query.Query {
			t.Errorf("query %d is %s, want %s", i, served[i].ID, query.ID)
		}
	}
}

// The vendored files are what VENDOR.md says was published.
func TestVendoredFilesAreAsPublished(t *testing.T) {
	list, err := files.ReadFile("playground/vendor/VENDOR.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| `([^`]+)` \\|.*`([0-9a-f]{64})` \\|$").FindAllStringSubmatch(string(list), -1)
	if len(rows) == 0 {
		t.Fatal("VENDOR.md lists no files")
	}
	for _, row := range rows {
		body, err := files.ReadFile("playground/vendor/" + row[1])
		if err != nil {
			t.Error(err)
			continue
		}
		if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != row[2] {
			t.Errorf("%s has SHA-256 %x", row[1], sum)
		}
	}
}

func get(t *testing.T, handler http.Handler, path string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	for name, values := range header {
		request.Header[name] = values
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer
}

func decompress(t *testing.T, body io.Reader) string {
	t.Helper()
	reader, err := gzip.NewReader(body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
