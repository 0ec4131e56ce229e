// Package auth says who asks: it turns the credentials of an HTTP request into
// a Principal and carries it to whoever needs it.
package auth

import (
	"context"
	"slices"
)

// Principal is who asks.
type Principal struct {
	Organization     int32 // the number of the organization whose log it may use
	OrganizationName string
	KeyID            int32  // the number of the API key
	KeyName          string // what the key was called when it was made
	Scopes           []string
}

// Has says whether the principal has the scope, by its name in the API.
func (p Principal) Has(scope string) bool { return slices.Contains(p.Scopes, scope) }

type principalKey struct{}

// WithPrincipal gives a context that carries the principal.
func WithPrincipal(ctx context.Context, principal Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, principal)
}

// FromContext gives the principal that the context carries; false if none.
func FromContext(ctx context.Context) (Principal, bool) {
	principal, ok := ctx.Value(principalKey{}).(Principal)
	return principal, ok
}
