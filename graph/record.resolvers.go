package graph

import (
	"context"
	"daybook/audit"
	"daybook/graph/gen"
)

func (r *mutationResolver) RecordEvent(ctx context.Context, event audit.EventInput) (*gen.RecordEventPayload, error) {
	results, err := r.record(ctx, []audit.EventInput{event}, false)
	if err != nil {
		return nil, err
	}
	return &gen.RecordEventPayload{Result: &results[0]}, nil
}

func (r *mutationResolver) RecordEvents(ctx context.Context, events []audit.EventInput, atomic bool) (*gen.RecordEventsPayload, error) {
	results, err := r.record(ctx, events, atomic)
	if err != nil {
		return nil, err
	}
	return recordEventsPayload(results), nil
}

func (r *Resolver) Mutation() gen.MutationResolver { return &mutationResolver{r} }

type mutationResolver struct{ *Resolver }
