package graph

import (
	"context"
	"reflect"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"daybook/audit"
)

// resolving gives the context in which the first root field of the query is
// resolved.
func resolving(t *testing.T, query string, variables map[string]any) context.Context {
	t.Helper()
	document, errs := gqlparser.LoadQueryWithRules(NewExecutableSchema(nil, nil, nil, nil).Schema(), query, rules.NewDefaultRules())
	if errs != nil {
		t.Fatal(errs)
	}
	operation := &graphql.OperationContext{Doc: document, Operation: document.Operations[0], Variables: variables}
	ctx := graphql.WithOperationContext(t.Context(), operation)
	root := graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{"Query", "Mutation"})[0]
	return graphql.WithFieldContext(ctx, &graphql.FieldContext{Field: root})
}

func TestAPageReadsWhatIsSelectedAndNoMore(t *testing.T) {
	none, actors, names, sections := audit.Fields{}, audit.Fields{Actors: true}, audit.Fields{Names: true}, audit.Fields{Sections: true}
	for query, want := range map[string]pageSelection{
		`{ auditLog { totalCount { value } } }`:                        {},
		`{ auditLog { coverage { lastSequence } } }`:                   {coverage: true},
		`{ auditLog { __typename } }`:                                  {},
		`{ auditLog { pageInfo { hasNextPage } } }`:                    {info: true},
		`{ auditLog { edges { cursor } } }`:                            {rows: true},
		`{ auditLog { nodes { id object { name } changes { id } } } }`: {rows: true, events: eventSelection{fields: none}},
		`{ auditLog { nodes { performedBy { id } } } }`:                {rows: true, events: eventSelection{fields: actors}},
		`{ auditLog { edges { node { onBehalfOf { id } } } } }`:        {rows: true, events: eventSelection{fields: actors}},
		`{ auditLog { nodes { performedByName } } }`:                   {rows: true, events: eventSelection{fields: names}},
		`{ auditLog { nodes { onBehalfOfName } } }`:                    {rows: true, events: eventSelection{fields: names}},
		`{ auditLog { nodes { section { key } } } }`:                   {rows: true, events: eventSelection{fields: sections}},
		`{ auditLog { a: nodes { id } nodes { section { key } } edges { node { performedByName } } } }`: {
			rows: true, events: eventSelection{fields: audit.Fields{Names: true, Sections: true}},
		},
		`{ auditLog { nodes { details { ... on AuthorizationDetails { outcome user { id } } } } } }`:       {rows: true, events: eventSelection{fields: actors}},
		`{ auditLog { nodes { details { ... on WorkSessionDetails { agent { id } } } } } }`:                {rows: true, events: eventSelection{fields: actors}},
		`{ auditLog { nodes { details { ... on WorkSessionDetails { capacity { after { used } } } } } } }`: {rows: true},
		`{ auditLog { ...page } } fragment page on AuditEventConnection { edges { ...edge } }
		 fragment edge on AuditEventEdge { node { ...row ... on Node { ... on AuditEvent { section { id } } } } }
		 fragment row on AuditEvent { performedBy { name } }`: {
			rows: true, events: eventSelection{fields: audit.Fields{Actors: true, Sections: true}},
		},
		`query ($yes: Boolean = true) { auditLog { nodes @skip(if: $yes) { id } totalCount { value } } }`:                              {},
		`query ($yes: Boolean = true) { auditLog { nodes { id section @skip(if: $yes) { id } performedByName @include(if: $yes) } } }`: {rows: true, events: eventSelection{fields: names}},
	} {
		got := selectedPage(resolving(t, query, map[string]any{"yes": true}))
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s\nreads %+v\nwant  %+v", query, got, want)
		}
	}
}

func TestEmptyPagesAreNotRead(t *testing.T) {
	zero, one := 0, 1
	for query, want := range map[string]bool{
		`{ auditLog { totalCount { value } facets { exact } } }`:                              true,
		`{ auditLog { nodes { id } edges { cursor } } }`:                                      true,
		`{ auditLog { pageInfo { hasNextPage } nodes { id } } }`:                              false,
		`{ auditLog { histogram(interval: DAY) { exact } } }`:                                 true,
		`{ auditLog { coverage { late(since: 1) { value } } } }`:                              true,
		`{ auditLog { ...a } } fragment a on AuditEventConnection { pageInfo { endCursor } }`: false,
	} {
		selected := selectedPage(resolving(t, query, nil))
		for _, page := range []audit.PageRequest{{First: &zero}, {Last: &zero}} {
			if got := selected.countsAlone(page); got != want {
				t.Errorf("%s: counts alone %t, want %t", query, got, want)
			}
		}
		if shown := selected.rows || selected.info; selected.countsAlone(audit.PageRequest{First: &one}) == shown {
			t.Errorf("%s: a page of one event is read %t, want %t", query, !shown, shown)
		}
	}
}

func TestFacetsAreCountedOnlyWhenSelected(t *testing.T) {
	for query, want := range map[string]audit.FacetKinds{
		`{ auditLog { facets { exact } } }`:                                                         {},
		`{ auditLog { facets { categories { count } all: actions { count } } } }`:                   {Categories: true, Actions: true},
		`{ auditLog { facets { eventNames { count } actors @skip(if: true) { count } } } }`:         {EventNames: true},
		`{ auditLog { facets { ...f } } } fragment f on AuditFacets { ... { sections { count } } }`: {Sections: true},
		`{ auditLog { facets(top: 1) { exact properties { count } actors { count } } } }`:           {Properties: true, Actors: true},
	} {
		ctx := resolving(t, query, nil)
		facets := (lookAhead{graphql.GetOperationContext(ctx)}).under(ctx, connection)[0]
		if got := selectedFacets(graphql.WithFieldContext(ctx, &graphql.FieldContext{Field: facets})); got != want {
			t.Errorf("%s: counts %+v, want %+v", query, got, want)
		}
	}
}

func TestCausesAreSelectedLevelByLevel(t *testing.T) {
	page := selectedPage(resolving(t, `{ auditLog { nodes {
		section { id }
		causedBy { performedByName }
		why: causedBy { causedBy { performedBy { id } } }
	} } }`, nil))
	cause := page.events.cause
	switch {
	case page.events.fields != audit.Fields{Sections: true}:
		t.Errorf("the page reads %+v", page.events.fields)
	case cause == nil || cause.fields != audit.Fields{Names: true}:
		t.Errorf("its causes read %+v", cause)
	case cause.cause == nil || cause.cause.fields != audit.Fields{Actors: true} || cause.cause.cause != nil:
		t.Errorf("their causes read %+v", cause.cause)
	}
}

// Pages with the same arguments are read once, whatever their names.
func TestConsequencesAreSelectedByTheirArguments(t *testing.T) {
	page := selectedPage(resolving(t, `query ($n: Int) { auditLog { nodes {
		consequences { nodes { performedByName } }
		again: consequences(first: null) { nodes { section { id } consequences(last: 1, before: "x") { totalCount { value } } } }
		few: consequences(first: $n) { pageInfo { hasNextPage } }
	} } }`, map[string]any{"n": int64(7)}))
	got := page.events.consequences
	one, seven, cursor := 1, 7, "x"
	want := []consequenceSelection{
		{page: pageSelection{rows: true, events: eventSelection{
			fields:       audit.Fields{Names: true, Sections: true},
			consequences: []consequenceSelection{{request: audit.PageRequest{Last: &one, Before: &cursor}}},
		}}},
		{request: audit.PageRequest{First: &seven}, page: pageSelection{info: true}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("reads %+v\nwant  %+v", got, want)
	}
}

func TestRecordedEventsAreReadOnlyWhenSelected(t *testing.T) {
	if selected := selectedResult(resolving(t, `mutation ($e: [EventInput!]!) { recordEvents(events: $e) { results { eventId } } }`, nil)); selected != nil {
		t.Errorf("nothing is selected of the events, yet %+v is read", selected)
	}
	selected := selectedResult(resolving(t, `mutation ($e: EventInput!) { recordEvent(event: $e) { result { event { section { key } } } } }`, nil))
	if selected == nil || (selected.fields != audit.Fields{Sections: true}) {
		t.Errorf("sections are selected, and %+v is read", selected)
	}
}

func TestNodesReadWhatIsSelectedOfEvents(t *testing.T) {
	selected := selectedNode(resolving(t, `{ node(id: "evt_0") { id ... on AuditEvent { performedByName } ... on AuditActor { name } } }`, nil))
	if (selected.fields != audit.Fields{Names: true}) {
		t.Errorf("names are selected, and %+v is read", selected.fields)
	}
}
