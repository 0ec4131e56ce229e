package graph

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// nested puts inner into n fields that nest.
func nested(n int, inner string) string {
	return strings.Repeat("causedBy { ", n) + inner + strings.Repeat(" }", n)
}

func TestLimitsAreToldWithTheirNumber(t *testing.T) {
	h, _ := newTestHandler(t, Options{})
	for name, c := range map[string]struct{ query, variables, want string }{
		"tokens":         {"{ viewer { " + strings.Repeat("id ", 2000) + "} }", "", `2000 tokens`},
		"comments":       {strings.Repeat("#\n", 3000) + "{ __typename }", "", `2000 tokens`},
		"length":         {"{ __typename }" + strings.Repeat(" ", 1<<20), "", `1048576 bytes`},
		"depth":          {"{ auditLog { nodes { " + nested(13, "id") + " } } }", "", `deeper than 15`},
		"fragment depth": {"{ auditLog { nodes { ...A } } } fragment A on AuditEvent { " + nested(13, "id") + "}", "", `deeper than 15`},
		"root fields":    {"{ " + strings.Repeat("__typename viewer { id } ", 26) + "}", "", `50 fields at its root`},
		"root by spread": {"{ " + strings.Repeat("...A ", 26) + "} fragment A on Query { __typename viewer { id } }", "", `50 fields at its root`},
		"repeats":        {"{ viewer { " + strings.Repeat("id ", 51) + "} }", "", `50 times`},
		"inline repeats": {"{ viewer { " + strings.Repeat("... { id } ", 51) + "} }", "", `50 times`},
		"page of pages":  {"{ auditLog(first: 500) { nodes { " + strings.Repeat("section { id key name } performedBy { id name } ", 50) + "} } }", "", `150000 fields`},
		"page variable":  {"query($n: Int) { auditLog(last: $n) { nodes { " + strings.Repeat("section { id key name } performedBy { id name } ", 50) + "} } }", `{"n":500}`, `150000 fields`},
		"page default":   {"query($n: Int = 500) { auditLog(first: $n) { nodes { " + strings.Repeat("section { id key name } performedBy { id name } ", 50) + "} } }", ``, `150000 fields`},
		"ids":            {"query($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on AuditEvent { object { type externalId name } } } }", `{"ids":[` + strings.Repeat("1,", 30_000) + `1]}`, `150000 fields`},
		"results":        {"mutation($e: [EventInput!]!) { recordEvents(events: $e) { results { " + strings.Repeat("event { id category section { key } } ", 20) + "} } }", `{"e":[` + strings.Repeat(minimalEvent+",", 2000) + minimalEvent + `]}`, `150000 fields`},
		"list elements":  {"query($f: AuditFilter) { auditLog(filter: $f) { nodes { id } } }", `{"f":{"anyOf":[` + strings.Repeat("{},", 300_000) + `{}]}}`, `300000 elements`},
		"introspection":  {"{ " + aliased(90, "a", `__schema { types { fields { type { fields { type { name } } } } } }`) + "}", "", `fields`},
	} {
		t.Run(name, func(t *testing.T) {
			got := execute(t, h, c.query, c.variables)
			if !strings.Contains(got, `"code":"QUERY_TOO_EXPENSIVE"`) || !strings.Contains(got, `"limit":`) || !strings.Contains(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	h, _ = newTestHandler(t, Options{Limits: Limits{RootFields: 1000}})
	if got := execute(t, h, "{ "+aliased(101, "a", "__typename")+"}", ""); !strings.Contains(got, "100 aliases") {
		t.Errorf("aliases: got %s", got)
	}
	if got := execute(t, h, "{ "+strings.Repeat("...A ", 51)+"} fragment A on Query { a: __typename b: __typename }", ""); !strings.Contains(got, "100 aliases") {
		t.Errorf("aliases in fragments: got %s", got)
	}
}

const minimalEvent = `{"action":"OTHER","section":"s","performedBy":{"user":{"externalId":"u"}},"details":{"settings":{"area":"OTHER"}}}`

// aliased repeats a selection under names of its own.
func aliased(n int, name, selection string) string {
	query := strings.Builder{}
	for i := range n {
		fmt.Fprintf(&query, "%s%d: %s ", name, i, selection)
	}
	return query.String()
}

// A page with everything an event has.
const wholePage = `query Page($first: Int) {
  auditLog(first: $first) {
    totalCount { value exact } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { ...Row causedBy { ...Row } } }
  }
}
fragment Row on AuditEvent {
  id category action eventName occurredAt recordedAt sequence performedByName onBehalfOfName ipAddress userAgent correlationId metadata
  performedBy { ...Actor } onBehalfOf { ...Actor } section { id key name } object { ...Object }
  changes { id property propertyName operation before after beforeText afterText redacted differences { path operation before after } }
  details {
    __typename
    ... on AuthorizationDetails { user { ...Actor } outcome attemptedLogin }
    ... on BillingDetails { plan { before after } seats { kind before after } }
    ... on ConversationDetails { conversation { ...Object } surveyAnswers { question score answer } }
    ... on CustomerDetails { customer { ...Object } mergedFrom { ...Object } }
    ... on SettingsDetails { area }
    ... on WorkSessionDetails { agent { ...Actor } workSessionExternalId status { cause before { name type } after { name type } } capacity { before { used total state } after { used total state } } }
  }
}
fragment Actor on AuditActor { id externalId kind name email }
fragment Object on AuditObject { type externalId name }`

// introspectionQuery is the one of graphql-js, with everything on.
const introspectionQuery = `query IntrospectionQuery {
  __schema {
    description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
    types { ...FullType }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
  inputFields(includeDeprecated: true) { ...InputValue }
  interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}`

func TestOrdinaryQueriesAreWithinTheLimits(t *testing.T) {
	h, _ := newTestHandler(t, Options{Introspection: true})
	for name, request := range map[string]Request{
		"introspection":        {Query: introspectionQuery},
		"a full page":          {Query: wholePage, Variables: []byte(`{"first":500}`)},
		"the default page":     {Query: wholePage},
		"counts alone":         {Query: wholePage, Variables: []byte(`{"first":0}`)},
		"a batch with results": {Query: `mutation($e: [EventInput!]!) { recordEvents(events: $e) { created results { index status eventId problems { path code message } } } }`, Variables: []byte(`{"e":[` + strings.Repeat(minimalEvent+",", 499) + minimalEvent + `]}`)},
		"many operations":      {Query: aliasedOperations(20), OperationName: "Q7"},
	} {
		if _, errs := h.prepare(request); len(errs) > 0 {
			t.Errorf("%s: %v", name, errs)
		}
	}
}

func aliasedOperations(n int) string {
	query := strings.Builder{}
	for i := range n {
		fmt.Fprintf(&query, "query Q%d { a: auditLog(first: 50) { nodes { id section { key name } changes { property before after } } } } ", i)
	}
	return query.String()
}

// Consequences are read for all events of a list together, but counted for each.
func TestCountsOfConsequencesAreFew(t *testing.T) {
	h, _ := newTestHandler(t, Options{})
	for query, allowed := range map[string]bool{
		`{ auditLog { nodes { consequences(first: 50) { nodes { id action occurredAt changes { property } } } } } }`:             true,
		`{ auditLog(first: 500) { nodes { consequences(first: 500) { nodes { id } } } } }`:                                       false,
		`{ auditLog { nodes { consequences(first: 1) { totalCount { value } } } } }`:                                             false,
		`{ auditLog(first: 10) { nodes { consequences(first: 1) { totalCount { value } } } } }`:                                  true,
		`{ auditLog { nodes { consequences(first: 1) { ...c } } } } fragment c on AuditEventConnection { totalCount { value } }`: false,
		`{ auditLog { nodes { consequences(first: 1) { coverage { late(since: 1) { value } } } } } }`:                            false,
		`{ node(id: "evt_0") { ... on AuditEvent { consequences { totalCount { value } nodes { id } } } } }`:                     true,
	} {
		document, errs := h.documents.load(query)
		if len(errs) > 0 {
			t.Fatalf("%s: %v", query, errs)
		}
		err := h.options.Limits.checkCost(document.ast.Operations[0], nil, nil)
		if (err == nil) != allowed {
			t.Errorf("%s: %v", query, err)
		}
	}
}

func TestCostIsRowsTimesFields(t *testing.T) {
	h, _ := newTestHandler(t, Options{Introspection: true})
	schema := h.schema.Schema()
	for query, want := range map[string]float64{
		`{ viewer { id name } }`:                                                                             3,
		`{ auditLog(first: 10) { nodes { id category } } }`:                                                  1 + 1 + 10*2,
		`{ auditLog { nodes { id } } }`:                                                                      1 + 1 + 50,
		`{ auditLog(first: null) { nodes { id } } }`:                                                         1 + 1 + 50,
		`{ auditLog(first: 0) { nodes { id } totalCount { value } } }`:                                       1 + 1 + 2 + 100,
		`{ auditLog(first: 0) { totalCount(limit: 500) { value } } }`:                                        1 + 2 + 5,
		`{ auditLog(first: 0) { totalCount(limit: 1000001) { value } } }`:                                    1 + 2,
		`{ auditLog(first: 0) { facets { exact actors { count actor { name } } } } }`:                        1 + 2 + scanCost + 1 + 20*3,
		`{ auditLog(first: 0) { facets(top: 5) { sections { count } } } }`:                                   1 + 1 + scanCost + 1 + 5,
		`{ auditLog(first: 0) { facets(top: 101) { sections { count } } } }`:                                 1 + 1 + scanCost + 1,
		`{ auditLog(first: 0) { histogram(interval: DAY) { exact buckets { count } } } }`:                    1 + 2 + scanCost + 1 + 2000,
		`{ auditLog(first: 0) { coverage { lastSequence late(since: 1) { value } } } }`:                      1 + 1 + 1 + 2 + 100,
		`{ auditLog(last: 10) { edges { cursor node { changes { id before } } } pageInfo { hasNextPage } }}`: 1 + 1 + 10*(1+1+1+2) + 2,
		`{ auditLog(first: 10) { ...A ...A } } fragment A on AuditEventConnection { nodes { id } }`:          1 + 2*(1+10),
		`{ auditLog(first: 10) { nodes { changes { differences { path before } } } } }`:                      1 + 1 + 10*(1+1+10*2),
		`{ properties { key name } }`:                                                                        1 + 200*2,
		`{ nodes(ids: ["a", "b", "c"]) { id } }`:                                                             1 + 3,
		`{ nodes(ids: "a") { id } }`:                                                                         1 + 1,
		`{ sections { key } }`:                                                                               1 + 1,
		`query($n: Int) { auditLog(first: $n) { nodes { id } } }`:                                            1 + 1 + 7,
		`query($absent: Int) { auditLog(first: $absent) { nodes { id } } }`:                                  1 + 1 + 50,
		`query($ids: [ID!]!) { nodes(ids: $ids) { id } }`:                                                    1 + 2,
		`{ auditLog(first: 501) { nodes { id } } }`:                                                          1 + 1,
		`{ properties(first: 501) { key name } }`:                                                            1 + 501*2,
		`{ auditLog(first: -5) { nodes { id } } }`:                                                           1 + 1,
	} {
		document, errs := h.documents.load(query)
		if len(errs) > 0 {
			t.Fatalf("%s: %v", query, errs)
		}
		meter := costMeter{variables: map[string]any{"n": int64(7), "ids": []any{"a", "b"}}, introspection: newIntrospectionRows(schema)}
		if got := meter.selections(document.ast.Operations[0].SelectionSet).rows(1); got != want {
			t.Errorf("%s: cost %v, want %v", query, got, want)
		}
	}
}

// floods are documents of about 2000 tokens, each meant to keep some part of a
// GraphQL server busy.
func floods() map[string]string {
	queries := map[string]string{
		"aliases":         "{ " + aliased(400, "a", "__typename") + "}",
		"fields":          "{ viewer { " + strings.Repeat("id ", 1990) + "} }",
		"unknown fields":  "{ viewer { " + strings.Repeat("nam ", 1990) + "} }",
		"a long name":     "{ " + strings.Repeat("a", 1<<20-10) + " }",
		"directives":      "{ viewer { id " + strings.Repeat("@skip(if: false) ", 280) + "} }",
		"no directives":   "{ viewer { id " + strings.Repeat("@nothing ", 990) + "} }",
		"deep selections": strings.Repeat("{ viewer ", 900),
		"deep lists":      "{ node(id: " + strings.Repeat("[", 900) + strings.Repeat("]", 900) + ") { id } }",
		"deep objects":    "{ auditLog(filter: " + strings.Repeat("{not: ", 480) + "{}" + strings.Repeat("}", 480) + ") { nodes { id } } }",
		"a long comment":  "#" + strings.Repeat("x", 1<<20-30) + "\n{ __typename }",
		"a long string":   `{ node(id: "` + strings.Repeat(`\u0041`, 170_000) + `") { id } }`,
		"bad strings":     `{ nodes(ids: [` + strings.Repeat(`"`+strings.Repeat("\uFFFD", 170)+`" `, 1900) + `]) { id } }`,
		"a block string":  `{ node(id: """` + strings.Repeat(" x\n", 300_000) + `""") { id } }`,
		"binary tree":     "{ auditLog { nodes { " + tree(8) + " } } }",
	}
	for name, fragment := range map[string]string{
		"doubling":      " fragment F%d on AuditEvent { causedBy { ...F%d } causedBy { ...F%d } }",
		"flat doubling": " fragment F%d on AuditEvent { ...F%d ...F%d }",
		"aliased":       " fragment F%d on AuditEvent { a: causedBy { ...F%d } b: causedBy { ...F%d } }",
	} {
		query := strings.Builder{}
		query.WriteString("{ auditLog { nodes { ...F0 } } }")
		for i := range 100 {
			fmt.Fprintf(&query, fragment, i, i+1, i+1)
		}
		queries["fragments, "+name] = query.String() + " fragment F100 on AuditEvent { id }"
		queries["cycles, "+name] = query.String() + " fragment F100 on AuditEvent { ...F0 }"
	}
	everyOther := strings.Builder{}
	everyOther.WriteString("{ auditLog { nodes { ...F0 } } }")
	for i := range 30 {
		fmt.Fprintf(&everyOther, " fragment F%d on AuditEvent { id", i)
		for j := i + 1; j < 30; j++ {
			fmt.Fprintf(&everyOther, " ...F%d", j)
		}
		everyOther.WriteString(" }")
	}
	queries["fragments, each all"] = everyOther.String()
	return queries
}

// tree is a selection that is twice its half.
func tree(levels int) string {
	if levels == 0 {
		return "id"
	}
	half := tree(levels - 1)
	return "causedBy { " + half + " } causedBy { " + half + " }"
}

func TestFloodsEndSoon(t *testing.T) {
	h, _ := newTestHandler(t, Options{Introspection: true})
	for name, query := range floods() {
		t.Run(name, func(t *testing.T) {
			// An exponential walk would not end within the life of the test at all; the
			// deadline only makes that failure come early.
			done := make(chan string, 1)
			go func() {
				response := h.Execute(context.Background(), Request{Query: query})
				done <- response.Errors.Error()
			}()
			select {
			case message := <-done:
				if len(message) > 20_000 {
					t.Errorf("the errors have %d bytes", len(message))
				}
			case <-time.After(30 * time.Second):
				t.Fatal("still not answered")
			}
		})
	}
}

func TestStructureIsMeasuredThroughFragments(t *testing.T) {
	document, err := parser.ParseQuery(&ast.Source{Input: `
		{ a: x { ...A } ... on T { y ...A } }
		fragment A on T { b: z { ofType { ofType { w } } } ...B }
		fragment B on T { c ...A }`})
	if err != nil {
		t.Fatal(err)
	}
	check := structureCheck{fragments: document.Fragments, measured: map[string]structure{}}
	got := check.measure(document.Operations[0].SelectionSet)
	if want := (structure{depth: 3, aliases: 3, fields: 4}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestTheParserStillNamesItsTokenLimitAsWeExpect(t *testing.T) {
	_, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: "{ a b c d }"}, 3)
	if err == nil || !strings.HasSuffix(err.Error(), "exceeded token limit of 3") {
		t.Errorf("got %v", err)
	}
}

func TestZeroLimitsAreTheDefaults(t *testing.T) {
	limits := Limits{Depth: 3}.withDefaults()
	if limits.Depth != 3 || slices.Contains([]int{limits.Body, limits.Query, limits.Tokens, limits.RootFields, limits.Aliases, limits.Cost}, 0) {
		t.Errorf("got %+v", limits)
	}
}
