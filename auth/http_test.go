package auth

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
)

// one is a check that knows one secret, and one that it cannot look up.
func one(_ context.Context, secret string) (Principal, error) {
	switch secret {
	case "good":
		return Principal{Organization: 7, Scopes: []string{"RECORD_EVENTS"}}, nil
	case "unlucky":
		return Principal{}, errors.New("dial tcp: connection refused")
	default:
		return Principal{}, &UnauthenticatedError{"This API key is not known."}
	}
}

func TestOnlyAValidKeyIsLetThrough(t *testing.T) {
	for _, test := range []struct {
		name, header string
		status       int
		code         string
	}{
		{"none", "", http.StatusUnauthorized, "UNAUTHENTICATED"},
		{"no scheme", "good", http.StatusUnauthorized, "UNAUTHENTICATED"},
		{"another scheme", "Basic good", http.StatusUnauthorized, "UNAUTHENTICATED"},
		{"empty", "Bearer  ", http.StatusUnauthorized, "UNAUTHENTICATED"},
		{"unknown", "Bearer bad", http.StatusUnauthorized, "UNAUTHENTICATED"},
		{"not to be checked now", "Bearer unlucky", http.StatusServiceUnavailable, "OVERLOADED"},
		{"good", "Bearer good", http.StatusNoContent, ""},
		{"scheme in another case", "bearer good", http.StatusNoContent, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			handler := Require(one, slog.New(slog.DiscardHandler), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if principal, ok := FromContext(r.Context()); !ok || principal.Organization != 7 || !principal.HasScope("RECORD_EVENTS") {
					t.Errorf("the principal is %+v", principal)
				}
				w.WriteHeader(http.StatusNoContent)
			}))
			request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil)
			request.Header.Set("Authorization", test.header)
			answer := httptest.NewRecorder()
			handler.ServeHTTP(answer, request)
			if answer.Code != test.status {
				t.Fatalf("status %d, want %d", answer.Code, test.status)
			}
			if test.code != "" {
				checkRefusal(t, answer, test.code)
			}
		})
	}
}

func checkRefusal(t *testing.T, answer *httptest.ResponseRecorder, code string) {
	t.Helper()
	var body struct {
		Data   *json.RawMessage
		Errors []struct {
			Message    string
			Extensions map[string]any
		}
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	if body.Data != nil || len(body.Errors) != 1 || body.Errors[0].Extensions["code"] != code || body.Errors[0].Message == "" {
		t.Errorf("refused with %s", answer.Body)
	}
	wantsKey := answer.Header().Get("WWW-Authenticate") != ""
	if wantsKey != (answer.Code == http.StatusUnauthorized) || (answer.Header().Get("Retry-After") != "") == wantsKey {
		t.Errorf("headers %v", answer.Header())
	}
}
