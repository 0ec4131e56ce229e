package limit

import (
	"context"
	"fmt"
	"math/rand/v2"

	"daybook/audit"
	"daybook/bench/load"
)

// Append is a call that has an engine record groups of that many events, taken
// from the entries around and around. Before it lie HTTP, GraphQL, checks and
// the queue; behind it, one transaction for each call.
func Append(engine audit.Appender, organization audit.OrganizationID, entries []*audit.Entry, first, events int) load.Call {
	next := first
	return func(ctx context.Context) (int, error) {
		group := audit.Group{Organization: organization, Token: rand.Int64()} //nolint:gosec // tells groups apart
		for range events {
			group.Entries = append(group.Entries, entries[next%len(entries)])
			next++
		}
		if outcome := engine.Append(ctx, []audit.Group{group})[0]; outcome.Appended == nil {
			return 0, fmt.Errorf("append %d events: %w", events, outcome.Err)
		}
		return events, nil
	}
}
