// Package graph serves the domain through GraphQL: it resolves the fields of
// the schema, maps errors, and handles requests. It holds no rules of its own.
package graph

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
	"daybook/audit/activity"
	"daybook/audit/history"
	"daybook/graph/gen"
)

// Resolver answers the root fields of the schema by one call of the domain
// each. Everything below them is read from what that call gave.
type Resolver struct {
	reader     *audit.Reader
	activities *activity.Reader
	history    *history.Reader
	recorder   *audit.Recorder
	keys       *audit.Keys
}

// NewExecutableSchema is the schema of the API, answered by the domain.
func NewExecutableSchema(reader *audit.Reader, activities *activity.Reader, recorder *audit.Recorder, keys *audit.Keys) graphql.ExecutableSchema {
	return gen.NewExecutableSchema(gen.Config{
		Resolvers: &Resolver{
			reader: reader, activities: activities, history: history.NewReader(reader, time.Now), recorder: recorder, keys: keys,
		},
		Directives: gen.DirectiveRoot{RequiresScope: requireScope},
	})
}
