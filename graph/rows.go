package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
	"daybook/graph/render"
)

// rowWriter lets the executor answer an operation without the rows of its event
// connections, and puts in the rows that the operation's plans wrote.
type rowWriter struct{ plans *render.Plans }

// rowsKey is the context key of a root field's *render.Rows.
type rowsKey struct{}

// root answers a root field; it is gqlgen's middleware around those.
func (w rowWriter) root(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	var rows render.Rows
	answer := next(context.WithValue(ctx, rowsKey{}, &rows))
	rows.Into(answer)
	return answer
}

// field resolves one field; it is gqlgen's middleware around every field. Of a page
// whose rows could be written, the executor gets all but its events.
func (w rowWriter) field(ctx context.Context, next graphql.Resolver) (any, error) {
	value, err := next(ctx)
	page, isPage := value.(*audit.EventPage)
	if err != nil || !isPage || page == nil {
		return value, err
	}
	field := graphql.GetFieldContext(ctx)
	rows, isGathered := ctx.Value(rowsKey{}).(*render.Rows)
	if field.Object != "Query" || !isGathered || ctx.Err() != nil {
		return page, nil
	}
	if *rows = w.write(ctx, field.Field, page); *rows == nil {
		return page, nil
	}
	bare := *page
	bare.Edges = nil
	return &bare, nil
}

// write writes the rows of a root field's page; nil when the executor must.
func (w rowWriter) write(ctx context.Context, field graphql.CollectedField, page *audit.EventPage) render.Rows {
	plan := w.plans.Of(graphql.GetOperationContext(ctx), field)
	if plan == nil {
		return nil
	}
	return plan.Write(page, allowedTo(ctx))
}

// allowedTo says which scopes the viewer has one of.
func allowedTo(ctx context.Context) func(anyOf []audit.Scope) bool {
	return func(anyOf []audit.Scope) bool {
		v, err := viewerFrom(ctx)
		return err == nil && v.has(anyOf...)
	}
}
