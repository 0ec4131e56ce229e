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
// *UnauthenticatedError for a secret that is not valid; any other error means
// that this could not be found out.
type Authenticate func(ctx context.Context, secret string) (Principal, error)

// UnauthenticatedError says that credentials are not valid, and why, in words
// for the caller.
type UnauthenticatedError struct{ Message string }

// Error is the message.
func (e *UnauthenticatedError) Error() string { return e.Message }

// Require lets only requests with a valid key through, with their principal in
// the context. Others get 401 and nothing else.
func Require(authenticate Authenticate, log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secret, ok := bearer(r.Header.Get("Authorization"))
		if !ok {
			refuse(w, &UnauthenticatedError{"Send an API key in the header Authorization: Bearer KEY."})
			return
		}
		principal, err := authenticate(r.Context(), secret)
		if err != nil {
			if _, known := errors.AsType[*UnauthenticatedError](err); !known {
				log.ErrorContext(r.Context(), "cannot check a key", "error", err)
			}
			refuse(w, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(WithPrincipal(r.Context(), principal)))
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
func refuse(w http.ResponseWriter, err error) {
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	status, message := http.StatusServiceUnavailable, "Keys cannot be checked at the moment. Try again."
	extensions := map[string]any{"code": "OVERLOADED", "retryAfter": 1}
	if refused, ok := errors.AsType[*UnauthenticatedError](err); ok {
		status, message = http.StatusUnauthorized, refused.Message
		extensions = map[string]any{"code": "UNAUTHENTICATED"}
		header.Set("WWW-Authenticate", `Bearer realm="daybook"`)
	} else {
		header.Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{map[string]any{"message": message, "extensions": extensions}}})
}
