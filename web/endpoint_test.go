package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// endpoint is the other side of the playground: it keeps what the page sends to /graphql,
// asks for a key as the server does, and knows one schema with one field.
type endpoint struct {
	*httptest.Server
	key string

	mu       sync.Mutex
	received []request
}

type request struct {
	authorization string
	OperationName string         `json:"operationName"`
	Query         string         `json:"query"`
	Variables     map[string]any `json:"variables"`
}

func newEndpoint(t *testing.T, key string) *endpoint {
	t.Helper()
	e := &endpoint{key: key}
	mux := http.NewServeMux()
	mux.Handle("/playground", Playground())
	mux.Handle("/playground/", Playground())
	mux.HandleFunc("POST /graphql", e.answer)
	e.Server = httptest.NewServer(mux)
	t.Cleanup(e.Close)
	return e
}

func (e *endpoint) answer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/graphql-response+json")
	if r.Header.Get("Authorization") != "Bearer "+e.key {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, `{"errors": [{"message": "no valid key", "extensions": {"code": "UNAUTHENTICATED"}}]}`)
		return
	}
	got := request{authorization: r.Header.Get("Authorization")}
	if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if got.OperationName == "IntrospectionQuery" {
		_, _ = fmt.Fprint(w, introspection)
		return
	}
	e.mu.Lock()
	e.received = append(e.received, got)
	number := len(e.received)
	e.mu.Unlock()
	_, _ = fmt.Fprintf(w, `{"data": {"answerTo": "%s, request %d"}}`, got.OperationName, number)
}

// requests counts the queries that were let in, those for the schema apart.
func (e *endpoint) requests() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.received)
}

// operations lists those of an operation.
func (e *endpoint) operations(name string) []request {
	e.mu.Lock()
	defer e.mu.Unlock()
	var found []request
	for _, r := range e.received {
		if r.OperationName == name {
			found = append(found, r)
		}
	}
	return found
}

const introspection = `{"data": {"__schema": {
	"description": null, "queryType": {"name": "Query"}, "mutationType": null, "subscriptionType": null, "directives": [],
	"types": [
		{"kind": "OBJECT", "name": "Query", "description": "Everything there is to ask.", "interfaces": [], "inputFields": null,
		 "enumValues": null, "possibleTypes": null, "fields": [
			{"name": "answerTo", "description": "The operation that was sent.", "args": [],
			 "type": {"kind": "SCALAR", "name": "String", "ofType": null}, "isDeprecated": false, "deprecationReason": null}]},
		{"kind": "SCALAR", "name": "String", "description": null, "fields": null, "inputFields": null, "interfaces": null,
		 "enumValues": null, "possibleTypes": null},
		{"kind": "SCALAR", "name": "Boolean", "description": null, "fields": null, "inputFields": null, "interfaces": null,
		 "enumValues": null, "possibleTypes": null}]}}}`
