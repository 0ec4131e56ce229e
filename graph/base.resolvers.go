package graph

import (
	"context"
	"daybook/audit"
	"daybook/graph/scalar"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

func (r *queryResolver) Node(ctx context.Context, id string) (scalar.Node, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	if scope := nodeScope(id); scope != 0 && !v.has(scope) {
		return nil, forbidden(scope)
	}
	nodes, err := r.nodes(ctx, v, []string{id})
	return nodes[id], err
}

func (r *queryResolver) Nodes(ctx context.Context, ids []string) ([]scalar.Node, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	if len(ids) > maxNodes {
		return nil, audit.BadInput("ids", "ids has %d elements; one call takes at most %d.", len(ids), maxNodes)
	}
	nodes, err := r.nodes(ctx, v, ids)
	if err != nil {
		return nil, err
	}
	list := make([]scalar.Node, len(ids))
	for i, id := range ids {
		list[i] = nodes[id]
		if scope := nodeScope(id); scope != 0 && !v.has(scope) {
			path := append(graphql.GetPath(ctx), ast.PathIndex(i))
			graphql.AddError(ctx, gqlerror.WrapPath(path, forbidden(scope)))
		}
	}
	return list, nil
}
