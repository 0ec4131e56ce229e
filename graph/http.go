package graph

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
)

// httpError is a request that is refused before GraphQL comes into it.
type httpError struct {
	status int
	allow  string // of a 405: the methods that are allowed
	err    *audit.Error
}

func (e *httpError) Error() string { return e.err.Error() }

func httpErrorf(status int, path, message string, args ...any) *httpError {
	return &httpError{status: status, err: audit.BadInput(path, message, args...)}
}

func notAllowed(allow, message string) *httpError {
	return &httpError{status: http.StatusMethodNotAllowed, allow: allow, err: audit.BadInput("", "%s", message)}
}

// ServeHTTP answers one request as the GraphQL-over-HTTP specification has it:
// POST with a JSON body, or GET for queries.
//
// A client that accepts application/graphql-response+json gets 400 for a request
// that cannot be executed; with application/json that is 200, as it has always
// been. In both, an answer that is nothing but OVERLOADED is a 503.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	media := negotiate(r.Header.Values("Accept"))
	defer h.survive(w, r, media)
	size := h.bodySize(r)
	if !h.bodies.take(size) {
		w.Header().Set("Retry-After", "1")
		h.write(w, media, http.StatusServiceUnavailable, h.refuse(r.Context(), []error{errBusy()}))
		return
	}
	defer h.bodies.give(size)
	response, err := h.answer(w, r, media)
	if refusal := (*httpError)(nil); errors.As(err, &refusal) {
		if refusal.allow != "" {
			w.Header().Set("Allow", refusal.allow)
		}
		h.write(w, media, refusal.status, h.refuse(r.Context(), []error{refusal.err}))
		return
	}
	status := http.StatusOK
	if response.Data == nil && media == mediaGraphQL {
		status = http.StatusBadRequest
	}
	if wait, isOverloaded := overloaded(response); isOverloaded {
		status = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", wait)
	}
	h.write(w, media, status, response)
}

// answer reads and executes the request; its error is always an *httpError.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, media mediaType) (*graphql.Response, error) {
	if r.Method != http.MethodPost && r.Method != http.MethodGet {
		return nil, notAllowed("GET, POST", "GraphQL is asked by POST, or for queries by GET.")
	}
	if media == mediaNone {
		return nil, httpErrorf(http.StatusNotAcceptable, "", "The answer can be application/graphql-response+json or application/json, in UTF-8.")
	}
	request, refusal := h.readRequest(w, r)
	if refusal != nil {
		return nil, refusal
	}
	prepared, errs := h.prepare(request)
	if len(errs) > 0 {
		return h.refuse(r.Context(), errs), nil
	}
	if r.Method == http.MethodGet && prepared.kind != ast.Query {
		return nil, notAllowed("POST", "GET is for queries; send a mutation by POST.")
	}
	return h.run(r.Context(), prepared), nil
}

// survive answers for a panic that no resolver caused.
func (h *Handler) survive(w http.ResponseWriter, r *http.Request, media mediaType) {
	cause := recover()
	switch {
	case cause == nil:
	case cause == http.ErrAbortHandler: //nolint:errorlint // it is a panic value, compared as net/http does
		panic(cause)
	default:
		err := h.errors.Recover(r.Context(), cause)
		h.write(w, media, http.StatusInternalServerError, h.refuse(r.Context(), []error{err}))
	}
}

// overloaded says whether the operation did nothing because the server is
// overloaded, and after how many seconds to try again.
func overloaded(response *graphql.Response) (retryAfter string, is bool) {
	if len(response.Errors) == 0 || !isEmptyData(response.Data) {
		return "", false
	}
	seconds := 1
	for _, err := range response.Errors {
		if err.Extensions["code"] != string(audit.CodeOverloaded) {
			return "", false
		}
		wait, _ := err.Extensions["retryAfter"].(int)
		seconds = max(seconds, wait)
	}
	return strconv.Itoa(seconds), true
}

// isEmptyData says whether all root fields of an answer are null.
func isEmptyData(data []byte) bool {
	reader := jsonReader{text: data}
	if reader.next() != '{' {
		return true
	}
	if err := reader.open(); err != nil {
		return false
	}
	for n := 0; ; n++ {
		more, err := reader.more('}', n)
		if !more {
			return err == nil
		}
		if _, err := reader.key(); err != nil {
			return false
		}
		if value, err := reader.skip(); err != nil || !bytes.Equal(value, []byte("null")) {
			return false
		}
	}
}
