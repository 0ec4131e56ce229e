package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
)

// Recorder records events; an [audit.Recorder] is one.
type Recorder interface {
	// Record records events and says what became of each, in their order.
	Record(ctx context.Context, organization audit.OrganizationID, events []audit.EventInput, atomic bool) ([]audit.RecordResult, error)
}

// recordingOf is how an operation is answered by [Handler.record]; nil when the
// executor answers it.
func (h *Handler) recordingOf(o *operation) *recording {
	if h.options.Recorder == nil {
		return nil
	}
	return o.recording
}

// record answers an operation that only records. Errors and panics are errors of
// its field.
func (h *Handler) record(ctx context.Context, recording *recording, variables map[string]any) (response *graphql.Response) {
	ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: recording.field.ObjectDefinition.Name, Field: recording.field})
	defer func() {
		if cause := recover(); cause != nil {
			response = h.failRecording(ctx, recording, graphql.ErrorOnPath(ctx, h.errors.Recover(ctx, cause)))
		}
	}()
	results, err := h.recordAs(ctx, recording, variables)
	if err != nil {
		return h.failRecording(ctx, recording, graphql.AddFieldLocationToError(ctx, err))
	}
	return &graphql.Response{Data: recording.answer.Write(results)}
}

// recordAs records for the viewer's organization.
func (h *Handler) recordAs(ctx context.Context, recording *recording, variables map[string]any) ([]audit.RecordResult, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	for _, anyOf := range recording.answer.Scopes {
		if !v.has(anyOf...) {
			return nil, forbidden(anyOf...)
		}
	}
	events, _ := variables[recording.events].([]audit.EventInput)
	return h.options.Recorder.Record(ctx, v.Organization, events, recording.isAtomic(variables))
}

// failRecording answers as the executor does for a field that has failed.
func (h *Handler) failRecording(ctx context.Context, recording *recording, err error) *graphql.Response {
	ctx = graphql.WithResponseContext(ctx, h.errors.Present, h.errors.Recover)
	graphql.AddError(ctx, err)
	return &graphql.Response{Data: recording.answer.Null(), Errors: graphql.GetErrors(ctx)}
}
