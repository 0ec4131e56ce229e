// Package auth turns a request into who is asking.
package auth

import (
	"context"
	"slices"
)

// Principal is who is asking, and what they may do.
type Principal struct {
	// Organization is the number of the only organization the principal sees.
	Organization     int32
	OrganizationName string
	KeyID            int32
	KeyName          string
	// Scopes are named as in the GraphQL contract: "READ_AUDIT_LOG".
	Scopes []string
}

// HasScope says whether the principal was given the scope.
func (p Principal) HasScope(scope string) bool { return slices.Contains(p.Scopes, scope) }

type principalKey struct{}

// WithPrincipal gives a context that carries the principal.
func WithPrincipal(ctx context.Context, principal Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, principal)
}

// FromContext is the principal of a request; false when nobody was
// authenticated.
func FromContext(ctx context.Context) (Principal, bool) {
	principal, ok := ctx.Value(principalKey{}).(Principal)
	return principal, ok
}
