package event

import (
	"context"
	"encoding/json"
	"errors"
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
	recorder := audit.NewRecorder(k, audit.RecorderOptions{Redaction: audit.NewRedaction(audit.DefaultRedaction, nil)})
	schema := graph.NewExecutableSchema(nil, recorder, nil) // nothing is read
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

// keeper is an engine that writes nothing and keeps what it was given.
type keeper struct{ entries []*audit.Entry }

var _ audit.Appender = (*keeper)(nil)

// Append implements [audit.Appender].
func (k *keeper) Append(_ context.Context, groups []audit.Group) []audit.Outcome {
	outcomes := make([]audit.Outcome, len(groups))
	for i, group := range groups {
		k.entries = append(k.entries, group.Entries...)
		outcomes[i].Appended = make([]audit.Appended, len(group.Entries))
	}
	return outcomes
}

// Settle implements [audit.Appender]. No outcome is unknown.
func (k *keeper) Settle(context.Context, audit.Group) ([]audit.Appended, error) {
	return nil, errors.New("nothing is to be settled")
}

// FindKeys implements [audit.Appender]. No key is recorded.
func (k *keeper) FindKeys(context.Context, audit.OrganizationID, [][16]byte) (map[[16]byte]audit.Existing, error) {
	return nil, nil
}

// HaveEvents implements [audit.Appender]. No event is recorded.
func (k *keeper) HaveEvents(context.Context, audit.OrganizationID, []audit.EventID) (map[audit.EventID]bool, error) {
	return nil, nil
}

// Lanes implements [audit.Appender].
func (k *keeper) Lanes() (writers, groups int) { return 1, 1 }
