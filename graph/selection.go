package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
)

// eventSelection is what a query asks of events, found before they are read so
// that one read brings all of it.
type eventSelection struct {
	fields audit.Fields
	cause  *eventSelection // what is asked of causedBy; nil when it is not
	// consequences are the pages asked for, those of the same arguments in one.
	consequences []consequenceSelection
}

// consequenceSelection is what a query asks of one page of consequences.
type consequenceSelection struct {
	request audit.PageRequest
	page    pageSelection
}

// related says whether other events are asked for.
func (s *eventSelection) related() bool { return s.cause != nil || len(s.consequences) > 0 }

// pageSelection is what a query asks of a page of events.
type pageSelection struct {
	events eventSelection
	rows   bool // anything that shows events
	info   bool // what lies beyond them
	// searchedThrough and coverage, which take a look of their own.
	searchedThrough, coverage bool
}

// countsAlone says whether nothing of the page needs its rows to be read.
func (s pageSelection) countsAlone(page audit.PageRequest) bool {
	empty := page.First != nil && *page.First == 0 || page.Last != nil && *page.Last == 0
	return !s.info && (!s.rows || empty)
}

// selectedPage looks at what is selected of the connection that ctx resolves.
func selectedPage(ctx context.Context) pageSelection {
	var page pageSelection
	look := lookAhead{graphql.GetOperationContext(ctx)}
	look.page(graphql.GetFieldContext(ctx).Field.Selections, &page)
	return page
}

// page adds what is selected of a connection of events.
func (l lookAhead) page(set ast.SelectionSet, page *pageSelection) {
	for _, field := range l.fields(set, connection) {
		switch field.Name {
		case "nodes":
			page.rows = true
			l.events(field.Selections, &page.events)
		case "edges":
			page.rows = true
			for _, edge := range l.fields(field.Selections, "AuditEventEdge") {
				if edge.Name == "node" {
					l.events(edge.Selections, &page.events)
				}
			}
		case "pageInfo":
			page.info = true
		case "searchedThrough":
			page.searchedThrough = true
		case "coverage":
			page.coverage = true
		}
	}
}

// selectedFacets looks at which facets are selected of those that ctx resolves.
func selectedFacets(ctx context.Context) audit.FacetKinds {
	var kinds audit.FacetKinds
	for _, field := range (lookAhead{graphql.GetOperationContext(ctx)}).under(ctx, "AuditFacets") {
		switch field.Name {
		case "categories":
			kinds.Categories = true
		case "actions":
			kinds.Actions = true
		case "eventNames":
			kinds.EventNames = true
		case "actors":
			kinds.Actors = true
		case "sections":
			kinds.Sections = true
		case "properties":
			kinds.Properties = true
		}
	}
	return kinds
}

// selectedNode looks at what is selected of events below node or nodes.
func selectedNode(ctx context.Context) eventSelection {
	var selected eventSelection
	look := lookAhead{graphql.GetOperationContext(ctx)}
	look.events(graphql.GetFieldContext(ctx).Field.Selections, &selected)
	return selected
}

// selectedResult looks at what is selected of the events of a recording call
// that ctx resolves; nil when no event is.
func selectedResult(ctx context.Context) *eventSelection {
	var selected *eventSelection
	look := lookAhead{graphql.GetOperationContext(ctx)}
	for _, payload := range look.under(ctx, "RecordEventPayload", "RecordEventsPayload") {
		if payload.Name != "result" && payload.Name != "results" {
			continue
		}
		for _, field := range look.fields(payload.Selections, "RecordResult") {
			if field.Name == "event" {
				selected = orNew(selected)
				look.events(field.Selections, selected)
			}
		}
	}
	return selected
}

// lookAhead walks selections as the executor will: through fragments, aliases,
// @skip and @include.
type lookAhead struct{ operation *graphql.OperationContext }

// under gives the fields selected of the field that ctx resolves.
func (l lookAhead) under(ctx context.Context, types ...string) []graphql.CollectedField {
	return l.fields(graphql.GetFieldContext(ctx).Field.Selections, types...)
}

// fields gives the fields selected of an object of one of the types.
func (l lookAhead) fields(set ast.SelectionSet, types ...string) []graphql.CollectedField {
	return graphql.CollectFields(l.operation, set, types)
}

// events adds what is selected of events. A field may be selected several times
// under different aliases.
func (l lookAhead) events(set ast.SelectionSet, into *eventSelection) {
	for _, field := range l.fields(set, "AuditEvent", "Node") {
		switch field.Name {
		case "performedBy", "onBehalfOf":
			into.fields.Actors = true
		case "performedByName", "onBehalfOfName":
			into.fields.Names = true
		case "section":
			into.fields.Sections = true
		case "details":
			into.fields.Actors = into.fields.Actors || l.detailsActor(field.Selections)
		case "causedBy":
			into.cause = orNew(into.cause)
			l.events(field.Selections, into.cause)
		case "consequences":
			l.page(field.Selections, into.consequencesOf(pageRequestOf(field.ArgumentMap(l.operation.Variables))))
		}
	}
}

// consequencesOf is what is asked of the page of consequences that these arguments
// ask for.
func (s *eventSelection) consequencesOf(request audit.PageRequest) *pageSelection {
	i := slices.IndexFunc(s.consequences, func(c consequenceSelection) bool { return c.request.Equal(request) })
	if i < 0 {
		i = len(s.consequences)
		s.consequences = append(s.consequences, consequenceSelection{request: request})
	}
	return &s.consequences[i].page
}

// pageRequestOf reads the arguments of a connection below the root, whose own
// resolver has them decoded already; validation has checked them.
func pageRequestOf(arguments map[string]any) audit.PageRequest {
	number := func(name string) *int {
		n, given := arguments[name].(int64)
		if !given {
			return nil
		}
		count := int(n)
		return &count
	}
	text := func(name string) *string {
		cursor, given := arguments[name].(string)
		if !given {
			return nil
		}
		return &cursor
	}
	return pageRequest(number("first"), text("after"), number("last"), text("before"))
}

// detailsActor says whether details are asked for an actor. Only the members of
// the union that speak of one are looked at.
func (l lookAhead) detailsActor(set ast.SelectionSet) bool {
	for _, field := range l.fields(set, "EventDetails", "AuthorizationDetails", "WorkSessionDetails") {
		if field.Name == "user" || field.Name == "agent" {
			return true
		}
	}
	return false
}

func orNew(selected *eventSelection) *eventSelection {
	if selected == nil {
		return &eventSelection{}
	}
	return selected
}
