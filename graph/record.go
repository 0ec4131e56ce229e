package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
	"daybook/graph/gen"
)

// record records events for the viewer's organization. What was recorded is
// answered even when it cannot be read back: that failure is an error beside
// the results.
func (r *Resolver) record(ctx context.Context, events []audit.EventInput, atomic bool) ([]audit.RecordResult, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	results, err := r.recorder.Record(ctx, v.Organization, events, atomic)
	if err != nil {
		return nil, err
	}
	if err := r.loadResultEvents(ctx, v, results); err != nil {
		graphql.AddError(ctx, err)
	}
	return results, nil
}

// recordEventsPayload counts the results by what became of them.
func recordEventsPayload(results []audit.RecordResult) *gen.RecordEventsPayload {
	payload := &gen.RecordEventsPayload{Results: results}
	for _, result := range results {
		switch result.Status {
		case audit.RecordCreated:
			payload.Created++
		case audit.RecordDuplicate:
			payload.Duplicates++
		case audit.RecordConflict:
			payload.Conflicts++
		case audit.RecordInvalid:
			payload.Invalid++
		case audit.RecordSkipped:
			payload.Skipped++
		}
	}
	return payload
}
