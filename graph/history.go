package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
	"daybook/audit/history"
)

// loadSetBy gives the properties of a state the events that set them, as far as
// they are selected, with one read for all.
func (r *Resolver) loadSetBy(ctx context.Context, v viewer, state *history.State) error {
	selected := selectedSetBy(ctx)
	if selected == nil {
		return nil
	}
	if err := r.history.SetBy(ctx, v.Viewer, state, selected.fields); err != nil {
		return err
	}
	return r.loadRelated(ctx, v, setters(state), *selected)
}

// setters are the events that set the properties of a state, each once.
func setters(state *history.State) []*audit.Event {
	seen := map[*audit.Event]bool{}
	var events []*audit.Event
	for i := range state.Properties {
		if event := state.Properties[i].SetBy; event != nil && !seen[event] {
			seen[event] = true
			events = append(events, event)
		}
	}
	return events
}

// selectedSetBy looks at what is selected of the events that set the properties of
// the state that ctx resolves; nil when nothing is.
func selectedSetBy(ctx context.Context) *eventSelection {
	var selected *eventSelection
	look := lookAhead{graphql.GetOperationContext(ctx)}
	for _, properties := range look.under(ctx, "ObjectState") {
		if properties.Name != "properties" {
			continue
		}
		for _, field := range look.fields(properties.Selections, "PropertyState") {
			if field.Name == "setBy" {
				selected = orNew(selected)
				look.events(field.Selections, selected)
			}
		}
	}
	return selected
}
