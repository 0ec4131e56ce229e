package graph

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

const (
	jsonUTF8    = "application/json; charset=utf-8"
	graphQLUTF8 = "application/graphql-response+json; charset=utf-8"
)

// ask sends one request; headers are given as name, value, name, value.
func ask(t testing.TB, h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func post(t testing.TB, h http.Handler, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	return ask(t, h, "POST", "/graphql", body, append([]string{"Content-Type", "application/json"}, headers...)...)
}

func TestHTTPStatusAndMediaType(t *testing.T) {
	h, _ := newTestHandler(t, Options{Introspection: true, Limits: Limits{Body: 2000}})
	const (
		good      = `{"query":"{ viewer { name } }"}`
		syntax    = `{"query":"{"}`
		invalid   = `{"query":"{ nothing }"}`
		variables = `{"query":"query($n: Int!) { properties(first: $n) { key } }","variables":{"n":"1"}}`
		expensive = `{"query":"{ auditLog(first: 500) { nodes { causedBy { metadata } edges: changes { id } } } }"}`
	)
	for name, c := range map[string]struct {
		method, target, body string
		headers              []string
		status               int
		media, want          string
	}{
		"query":                  {"POST", "/", good, nil, 200, jsonUTF8, `{"data":{"viewer":{"name":"test"}}}`},
		"query, both types":      {"POST", "/", good, []string{"Accept", "application/graphql-response+json, application/json"}, 200, graphQLUTF8, `"test"`},
		"syntax, as JSON":        {"POST", "/", syntax, []string{"Accept", "application/json"}, 200, jsonUTF8, `"BAD_INPUT"`},
		"syntax":                 {"POST", "/", syntax, []string{"Accept", "application/graphql-response+json"}, 400, graphQLUTF8, `"BAD_INPUT"`},
		"validation, as JSON":    {"POST", "/", invalid, nil, 200, jsonUTF8, `"BAD_INPUT"`},
		"validation":             {"POST", "/", invalid, []string{"Accept", "application/graphql-response+json"}, 400, graphQLUTF8, `"BAD_INPUT"`},
		"variables, as JSON":     {"POST", "/", variables, nil, 200, jsonUTF8, `"path":"variables/n"`},
		"variables":              {"POST", "/", variables, []string{"Accept", "application/graphql-response+json"}, 400, graphQLUTF8, `"path":"variables/n"`},
		"charset":                {"POST", "/", good, []string{"Content-Type", "application/json; charset=UTF-8"}, 200, jsonUTF8, `"test"`},
		"other charset":          {"POST", "/", good, []string{"Content-Type", "application/json; charset=utf-16"}, 415, jsonUTF8, `UTF-8`},
		"no content type":        {"POST", "/", good, []string{"Content-Type", ""}, 415, jsonUTF8, `application/json`},
		"a form":                 {"POST", "/", "query={__typename}", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, jsonUTF8, ``},
		"plain text":             {"POST", "/", good, []string{"Content-Type", "text/plain"}, 415, jsonUTF8, ``},
		"application/graphql":    {"POST", "/", "{ __typename }", []string{"Content-Type", "application/graphql"}, 415, jsonUTF8, ``},
		"compressed":             {"POST", "/", good, []string{"Content-Encoding", "gzip"}, 415, jsonUTF8, `compressed`},
		"unacceptable":           {"POST", "/", good, []string{"Accept", "text/html"}, 406, jsonUTF8, `application/json`},
		"unacceptable charset":   {"POST", "/", good, []string{"Accept", "application/json; charset=latin1"}, 406, jsonUTF8, ``},
		"too large":              {"POST", "/", `{"query":"{ __typename }","x":"` + strings.Repeat("x", 2000) + `"}`, nil, 413, jsonUTF8, `"limit":2000`},
		"put":                    {"PUT", "/", good, nil, 405, jsonUTF8, `BAD_INPUT`},
		"delete":                 {"DELETE", "/", "", nil, 405, jsonUTF8, ``},
		"head":                   {"HEAD", "/?query={__typename}", "", nil, 405, jsonUTF8, ``},
		"get":                    {"GET", "/?query=" + url.QueryEscape(`query A($i: ID!) { node(id: $i) { id } }`) + `&variables={"i":1}&operationName=A&extensions={}`, "", nil, 200, jsonUTF8, `{"data":{"node":null}}`},
		"get a mutation":         {"GET", "/?query=mutation{revokeApiKey(id:1){apiKey{id}}}", "", nil, 405, jsonUTF8, `POST`},
		"get nothing":            {"GET", "/", "", nil, 400, jsonUTF8, `"path":"query"`},
		"get two queries":        {"GET", "/?query={__typename}&query={__typename}", "", nil, 400, jsonUTF8, `twice`},
		"get bad variables":      {"GET", "/?query={__typename}&variables=[]", "", nil, 400, jsonUTF8, `"path":"variables"`},
		"get broken variables":   {"GET", "/?query={__typename}&variables={", "", nil, 400, jsonUTF8, `"path":"variables"`},
		"get bad escape":         {"GET", "/?query=%zz", "", nil, 400, jsonUTF8, `well formed`},
		"get two operations":     {"GET", "/?query=" + url.QueryEscape("query A{__typename} mutation B{revokeApiKey(id:1){apiKey{id}}}") + "&operationName=A", "", nil, 200, jsonUTF8, `Query`},
		"overloaded":             {"POST", "/", `{"query":"{ a: node(id: \"overloaded\") { id } b: node(id: \"overloaded\") { id } }"}`, nil, 503, jsonUTF8, `"data":{"a":null,"b":null}`},
		"overloaded in part":     {"POST", "/", `{"query":"{ node(id: \"overloaded\") { id } viewer { name } }"}`, nil, 200, jsonUTF8, `"retryAfter":2`},
		"overloaded among other": {"POST", "/", `{"query":"{ a: node(id: \"overloaded\") { id } b: node(id: \"secret\") { id } }"}`, nil, 200, jsonUTF8, `INTERNAL`},
		"internal":               {"POST", "/", `{"query":"{ node(id: \"secret\") { id } }"}`, nil, 200, jsonUTF8, `INTERNAL`},
	} {
		t.Run(name, func(t *testing.T) {
			headers := append([]string{}, c.headers...)
			if c.method == "POST" && !strings.Contains(strings.Join(headers, " "), "Content-Type") {
				headers = append(headers, "Content-Type", "application/json")
			}
			response := ask(t, h, c.method, c.target, c.body, headers...)
			body := response.Body.String()
			if response.Code != c.status || response.Header().Get("Content-Type") != c.media || !strings.Contains(body, c.want) {
				t.Errorf("got %d %s %s\nwant %d %s %s", response.Code, response.Header().Get("Content-Type"), body, c.status, c.media, c.want)
			}
			if !json.Valid([]byte(body)) {
				t.Errorf("not JSON: %s", body)
			}
			if c.status >= 400 && c.status != 503 && strings.Contains(body, `"data"`) {
				t.Errorf("there is data: %s", body)
			}
		})
	}
}

func TestHTTPHeaders(t *testing.T) {
	h, _ := newTestHandler(t, Options{})
	response := post(t, h, `{"query":"{ viewer { name } }"}`)
	for name, want := range map[string]string{
		"Content-Length": "35", "Vary": "Accept", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
	} {
		if got := response.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := ask(t, h, "PATCH", "/", "").Header().Get("Allow"); got != "GET, POST" {
		t.Errorf("Allow: %q", got)
	}
	if got := ask(t, h, "GET", "/?query=mutation{revokeApiKey(id:1){apiKey{id}}}", "").Header().Get("Allow"); got != "POST" {
		t.Errorf("Allow: %q", got)
	}
	if got := post(t, h, `{"query":"{ node(id: \"overloaded\") { id } }"}`).Header().Get("Retry-After"); got != "2" {
		t.Errorf("Retry-After: %q", got)
	}
}

func TestAcceptIsNegotiated(t *testing.T) {
	for accept, want := range map[string]mediaType{
		"":                                  mediaJSON,
		"*/*":                               mediaJSON,
		"application/*":                     mediaJSON,
		"application/json":                  mediaJSON,
		"application/graphql-response+json": mediaGraphQL,
		"APPLICATION/GRAPHQL-RESPONSE+JSON": mediaGraphQL,
		"application/json, application/graphql-response+json":                                      mediaGraphQL,
		"application/graphql-response+json;q=0.8, application/json":                                mediaJSON,
		"application/graphql-response+json, application/json;q=0.9":                                mediaGraphQL,
		"application/graphql-response+json, */*":                                                   mediaGraphQL,
		"application/graphql-response+json;q=0.5, */*;q=0.1":                                       mediaGraphQL,
		"application/graphql-response+json;q=0, */*":                                               mediaJSON,
		"application/json;q=0, */*;q=0.5":                                                          mediaGraphQL,
		"application/json;q=0":                                                                     mediaNone,
		"text/html, image/*":                                                                       mediaNone,
		"text/html, */*;q=0.1":                                                                     mediaJSON,
		"application/graphql-response+json; charset=utf-8, application/json; charset=utf-8; q=0.9": mediaGraphQL,
		"application/json; charset=utf-16, application/graphql-response+json; q=0.1":               mediaGraphQL,
		"application/json;q=2":                                                                     mediaNone,
		";;;, application/json":                                                                    mediaJSON,
		"multipart/mixed;deferSpec=20220824, application/json":                                     mediaJSON,
	} {
		if got := negotiate([]string{accept}); got != want {
			t.Errorf("%q: got %q, want %q", accept, got, want)
		}
	}
	if got := negotiate([]string{"application/json;q=0.5", "application/graphql-response+json"}); got != mediaGraphQL {
		t.Errorf("two headers: got %q", got)
	}
}

func TestBrokenBodiesAreRefusedClearly(t *testing.T) {
	h, _ := newTestHandler(t, Options{})
	deep := strings.Repeat("[", 100_000)
	for name, c := range map[string]struct{ body, want string }{
		"empty":                {"", "empty"},
		"white space":          {" \r\n\t ", "empty"},
		"truncated":            {`{"query":"{ viewer`, "ends too early"},
		"truncated escape":     {`{"query":"\`, "ends too early"},
		"truncated word":       {`{"query":nul`, "not JSON"},
		"no value":             {`{"query"}`, "not JSON"},
		"comma at the end":     {`{"query":"{__typename}",}`, "not JSON"},
		"comma alone":          {`{,}`, "not JSON"},
		"two commas":           {`{"query":"{__typename}",,"variables":{}}`, "not JSON"},
		"trailing value":       {`{"query":"{__typename}"} {}`, "something follows"},
		"trailing bracket":     {`{"query":"{__typename}"}}`, "something follows"},
		"trailing NUL":         {"{\"query\":\"{__typename}\"}\x00", "something follows"},
		"byte order mark":      {"\uFEFF{\"query\":\"{__typename}\"}", "byte order mark"},
		"UTF-16":               {"\xff\xfe{\x00}\x00", "JSON object"},
		"single quotes":        {`{'query':'{__typename}'}`, "not JSON"},
		"a comment":            {`{/**/"query":"{__typename}"}`, "not JSON"},
		"control character":    {"{\"query\":\"{\n__typename}\"}", "not JSON"},
		"NUL in a string":      {"{\"query\":\"{\x00__typename}\"}", "not JSON"},
		"bad escape":           {`{"query":"\x41"}`, "not JSON"},
		"bad unicode escape":   {`{"query":"\u00g0"}`, "not JSON"},
		"number, leading zero": {`{"query":"{__typename}","variables":{"a":01}}`, "not JSON"},
		"number, plus":         {`{"query":"{__typename}","variables":{"a":+1}}`, "not JSON"},
		"number, bare point":   {`{"query":"{__typename}","variables":{"a":1.}}`, "not JSON"},
		"number, infinite":     {`{"query":"{__typename}","variables":{"a":Infinity}}`, "not JSON"},
		"deep array":           {deep, "list of requests"},
		"deep variables":       {`{"variables":{"a":` + deep, "nests deeper than 1000"},
		"deep objects":         {strings.Repeat(`{"a":`, 100_000), "nests deeper than 1000"},
		"array":                {`[{"query":"{__typename}"}]`, "list of requests is not supported"},
		"string":               {`"{__typename}"`, "JSON object"},
		"number":               {`1`, "JSON object"},
		"null":                 {`null`, "JSON object"},
		"no query":             {`{"variables":{}}`, "query is missing"},
		"query null":           {`{"query":null}`, "query must be a string"},
		"query object":         {`{"query":{}}`, "query must be a string"},
		"operationName number": {`{"query":"{__typename}","operationName":1}`, "operationName must be a string"},
		"variables string":     {`{"query":"{__typename}","variables":"{}"}`, "variables must be an object"},
		"variables list":       {`{"query":"{__typename}","variables":[]}`, "variables must be an object"},
		"extensions true":      {`{"query":"{__typename}","extensions":true}`, "extensions must be an object"},
		"query twice":          {`{"query":"{__typename}","query":"{__typename}"}`, "query is given twice"},
		"variables twice":      {`{"query":"{__typename}","variables":{},"v\u0061riables":{}}`, "variables is given twice"},
	} {
		t.Run(name, func(t *testing.T) {
			response := post(t, h, c.body)
			body := response.Body.String()
			if response.Code != http.StatusBadRequest || !strings.Contains(body, c.want) || !strings.Contains(body, "BAD_INPUT") {
				t.Errorf("got %d %s, want %s", response.Code, body, c.want)
			}
			if len(body) > 300 {
				t.Errorf("the answer has %d bytes", len(body))
			}
		})
	}
}

func TestUnusualBodiesThatAreJSON(t *testing.T) {
	h, _ := newTestHandler(t, Options{})
	for _, body := range []string{
		" \n{ \"query\" : \"{ __typename }\" }\r\n",
		`{"\u0071uery":"\u007b __typename }"}`,
		`{"query":"{ __typename }","variables":null,"operationName":null,"extensions":null}`,
		`{"query":"{ __typename }","id":"abc","anything":[{"else":1e400}]}`,
		`{"query":"{ __typename }","variables":{"undeclared":[1,2,{}]},"extensions":{"a":1}}`,
	} {
		response := post(t, h, body)
		if got := response.Body.String(); response.Code != 200 || got != `{"data":{"__typename":"Query"}}` {
			t.Errorf("%s: got %d %s", body, response.Code, got)
		}
	}
}

// A body whose reading fails, as that of a client that goes away does.
type failingBody struct{}

func (failingBody) Read([]byte) (int, error) { return 0, errors.New("connection reset by secret host") }

func TestABodyThatCannotBeRead(t *testing.T) {
	h, _ := newTestHandler(t, Options{})
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/", failingBody{})
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusBadRequest || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestAPanicOutsideResolversIsAnswered(t *testing.T) {
	h, _ := newTestHandler(t, Options{})
	h.documents.cache = nil // whatever goes wrong
	response := post(t, h, `{"query":"{ __typename }"}`)
	if body := response.Body.String(); response.Code != http.StatusInternalServerError || !strings.Contains(body, `"code":"INTERNAL"`) {
		t.Errorf("got %d %s", response.Code, body)
	}
}

// While bodies are worked on up to the bound, further ones are refused before
// they are read; small ones go on as soon as there is room.
func TestBodiesInWorkAreBounded(t *testing.T) {
	bodies := &bodiesInWork{}
	if !bodies.take(maxBodiesInWork + 1) {
		t.Error("a body beyond the bound is refused although it is alone")
	}
	if bodies.take(1) {
		t.Error("another one is taken beside it")
	}
	bodies.give(maxBodiesInWork + 1)
	for range 2 {
		if !bodies.take(maxBodiesInWork / 2) {
			t.Error("bodies up to the bound are refused")
		}
	}
	if bodies.take(1) {
		t.Error("a body beyond the bound is taken")
	}
	if !bodies.take(0) {
		t.Error("a request without a body is refused")
	}
}
