package graph

import (
	"context"
	"daybook/audit"
	"daybook/audit/history"
	"time"
)

func (r *queryResolver) ObjectHistory(ctx context.Context, object audit.ObjectRef, orderBy *audit.Order, first *int, after *string, last *int, before *string) (*audit.EventPage, error) {
	return r.page(ctx, orderBy, pageRequest(first, after, last, before), func(v viewer, request audit.EventPageRequest) (*audit.EventPage, error) {
		return r.reader.ObjectHistory(ctx, v.Viewer, object, request)
	})
}

func (r *queryResolver) ObjectAsOf(ctx context.Context, object audit.ObjectRef, at time.Time) (*history.State, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	state, err := r.history.AsOf(ctx, v.Viewer, object, at)
	if err != nil || state == nil {
		return nil, err
	}
	return state, r.loadSetBy(ctx, v, state)
}

func (r *queryResolver) CompareObject(ctx context.Context, object audit.ObjectRef, from time.Time, to *time.Time) (*history.Comparison, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	return r.history.Compare(ctx, v.Viewer, object, from, to)
}
