// Package graph serves the domain through GraphQL: it resolves the fields of
// the schema, maps errors, and handles requests. It holds no rules of its own.
package graph

import (
	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
	"daybook/graph/gen"
)

// Resolver answers the root fields of the schema by one call of the domain
// each. Everything below them is read from what that call gave.
type Resolver struct {
	Reader   *audit.Reader
	Recorder *audit.Recorder
	Keys     *audit.Keys
}

// NewSchema is the schema of the API, answered by the resolver.
func NewSchema(resolver *Resolver) graphql.ExecutableSchema {
	return gen.NewExecutableSchema(gen.Config{
		Resolvers:  resolver,
		Directives: gen.DirectiveRoot{RequiresScope: requireScope},
	})
}
