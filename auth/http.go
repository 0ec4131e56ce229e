package auth

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
)

// Authenticate gives the principal that a secret stands for. It fails with an
// error that wraps ErrUnauthenticated for a secret that is not valid; any other
// error means that this could not be found out.
type Authenticate func(ctx context.Context, secret string) (Principal, error)

// ErrUnauthenticated is wrapped by the errors of credentials that are not
// valid. The text of the wrapping error is shown to the caller.
var ErrUnauthenticated = errors.New("not authenticated")

// Require lets only requests with a valid key through, with their principal in
// the context. Others get 401 and nothing else.
func Require(authenticate Authenticate, log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secret, ok := bearer(r.Header.Get("Authorization"))
		if !ok {
			refuse(w, http.StatusUnauthorized, "UNAUTHENTICATED", "Send an API key: Authorization: Bearer <key>.")
			return
		}
		principal, err := authenticate(r.Context(), secret)
		switch {
		case errors.Is(err, ErrUnauthenticated):
			refuse(w, http.StatusUnauthorized, "UNAUTHENTICATED", err.Error())
		case err != nil:
			log.ErrorContext(r.Context(), "cannot check a key", "error", err)
			w.Header().Set("Retry-After", "1")
			refuse(w, http.StatusServiceUnavailable, "OVERLOADED", "Keys cannot be checked at the moment. Try again.")
		default:
			next.ServeHTTP(w, r.WithContext(WithPrincipal(r.Context(), principal)))
		}
	})
}

// bearer gives the credentials of the Bearer scheme (RFC 6750), whose name is
// compared without regard to case.
func bearer(header string) (string, bool) {
	scheme, secret, ok := strings.Cut(header, " ")
	secret = strings.TrimSpace(secret)
	return secret, ok && strings.EqualFold(scheme, "Bearer") && secret != ""
}

// refuse answers in the form of a GraphQL error, which every client can show.
func refuse(w http.ResponseWriter, status int, code, message string) {
	body, _ := json.Marshal(map[string]any{"errors": []any{map[string]any{
		"message": message, "extensions": map[string]any{"code": code},
	}}})
	header := w.Header()
	if status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", `Bearer realm="daybook"`)
	}
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
