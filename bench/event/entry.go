package event

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"

	"daybook/audit"
	"daybook/auth"
	"daybook/graph"
)

// Entries are the events as Daybook hands them to its engines: what a server
// has made of a request when nothing is left to do but to write.
func Entries(ctx context.Context, events []Event) ([]*audit.Entry, error) {
	k := &keeper{}
	recorder := k.recorder()
	schema := graph.NewExecutableSchema(nil, nil, recorder, nil) // nothing is read
	handler := graph.NewHandler(schema, graph.Options{Log: slog.New(slog.DiscardHandler)})
	ctx = auth.WithPrincipal(ctx, auth.Principal{Organization: 1, Scopes: []string{audit.ScopeRecordEvents.String()}})
	for part := range slices.Chunk(events, audit.MaxRecordEvents) {
		variables, err := json.Marshal(map[string]any{"events": inputs(part)})
		if err != nil {
			return nil, err
		}
		if answer := handler.Execute(ctx, graph.Request{Query: RecordAll, Variables: variables}); len(answer.Errors) > 0 {
			return nil, fmt.Errorf("prepare events: %s", answer.Errors[0].Message)
		}
	}
	if len(k.entries) != len(events) {
		return nil, fmt.Errorf("prepare events: %d of %d are valid", len(k.entries), len(events))
	}
	return k.entries, recorder.Close(ctx)
}
