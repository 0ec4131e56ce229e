package graph

import (
	"context"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
	"daybook/auth"
)

// viewer is the principal of a request in the terms of the domain.
type viewer struct {
	audit.Viewer
	principal auth.Principal
}

// viewerFrom gives who is asking. It fails with CodeUnauthenticated when nobody
// was authenticated.
func viewerFrom(ctx context.Context) (viewer, error) {
	principal, ok := auth.FromContext(ctx)
	if !ok {
		return viewer{}, audit.Errorf(audit.CodeUnauthenticated, "Send an API key: Authorization: Bearer <key>.")
	}
	v := viewer{principal: principal}
	v.Organization = audit.OrganizationID(principal.Organization)
	v.ObjectHistoryOnly = !v.has(audit.ScopeReadAuditLog)
	return v, nil
}

// has says whether the viewer was given one of the scopes.
func (v viewer) has(anyOf ...audit.Scope) bool {
	return slices.ContainsFunc(anyOf, func(scope audit.Scope) bool { return v.principal.HasScope(scope.String()) })
}

// scopes are the scopes the viewer was given.
func (v viewer) scopes() []audit.Scope {
	return slices.DeleteFunc(audit.Scopes(), func(scope audit.Scope) bool { return !v.has(scope) })
}

// requireScope implements the directive @requiresScope.
func requireScope(ctx context.Context, _ any, next graphql.Resolver, anyOf []audit.Scope) (any, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	if !v.has(anyOf...) {
		return nil, forbidden(anyOf...)
	}
	return next(ctx)
}

func forbidden(anyOf ...audit.Scope) error {
	return &audit.Error{
		Code: audit.CodeForbidden, Scopes: anyOf,
		Message: "This key lacks the scope for it: " + strings.Join(scopeNames(anyOf), " or ") + ".",
	}
}

func scopeNames(scopes []audit.Scope) []string {
	names := make([]string, len(scopes))
	for i, scope := range scopes {
		names[i] = scope.String()
	}
	return names
}
