package graph

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"daybook/audit"
)

// inputsSDL has every kind of input that variables can be of.
const inputsSDL = `
type Query { ok: Boolean }
scalar JSON
scalar DateTime
scalar Long
enum Color { RED GREEN }
input ActorRef @oneOf { id: ID externalId: ID }
input EventInput { text: String! id: ID color: Color metadata: JSON at: DateTime actor: ActorRef notes: [String!] }
input Box {
  int: Int float: Float string: String boolean: Boolean id: ID json: JSON at: DateTime color: Color
  needed: Int! defaulted: Int! = 3 ints: [Int!] grid: [[Int]] box: Box ref: ActorRef
}
`

// declared are the variables of an operation with these definitions.
func declared(t testing.TB, definitions string) []*variable {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: inputsSDL})
	if err != nil {
		t.Fatal(err)
	}
	document, err := parser.ParseQuery(&ast.Source{Input: "query(" + definitions + ") { ok }"})
	if err != nil {
		t.Fatal(err)
	}
	return newInputTypes(schema).variables(document.Operations[0])
}

func TestVariablesAreCoercedByType(t *testing.T) {
	type object = map[string]any
	type list = []any
	for _, c := range []struct {
		definition, raw string
		want            any
	}{
		{"String", `"a\n\"\\\/\b\f\r\t\u00e9\ud83d\ude00é😀"`, "a\n\"\\/\b\f\r\té😀é😀"},
		{"String", `""`, ""},
		{"String", `null`, nil},
		{"ID", `"x"`, "x"},
		{"ID", `123456789012345678901234567890`, "123456789012345678901234567890"},
		{"ID", `-7`, "-7"},
		{"Int", `-2147483648`, int64(-2147483648)},
		{"Int", `2147483647`, int64(2147483647)},
		{"Float", `1`, 1.0},
		{"Float", `-1.5e-3`, -0.0015},
		{"Boolean", `true`, true},
		{"Boolean", `false`, false},
		{"Color", `"GREEN"`, "GREEN"},
		{"Color", `"GR\u0045EN"`, "GREEN"},
		{"DateTime", `"2026-01-01T01:00:00+01:00"`, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"Long", `12.50`, json.Number("12.50")},
		{"JSON", ` { "b" : 1.10, "a" : [ 9007199254740993 , "\u0041" ] } `, audit.JSON(`{ "b" : 1.10, "a" : [ 9007199254740993 , "\u0041" ] }`)},
		{"JSON", `"text"`, audit.JSON(`"text"`)},
		{"JSON", `1e1000`, audit.JSON(`1e1000`)},
		{"JSON", `null`, nil},
		{"JSON!", `false`, audit.JSON(`false`)},
		{"[JSON]", `[1, null]`, list{audit.JSON(`1`), nil}},
		{"[Int]", `[]`, list{}},
		{"[Int]", `[1,null]`, list{int64(1), nil}},
		{"[Int]", `1`, list{int64(1)}},
		{"[Int]", `null`, nil},
		{"[[Int]]", `1`, list{list{int64(1)}}},
		{"[[Int]]", `[1,[2,3],null]`, list{list{int64(1)}, list{int64(2), int64(3)}, nil}},
		{"[EventInput!]", `{"text":"a"}`, list{object{"text": "a"}}},
		{"Box", `{"needed":1}`, object{"needed": int64(1)}},
		{"Box", `{"needed":1,"box":{"needed":2,"string":null},"ints":4,"ref":{"id":5}}`, object{
			"needed": int64(1), "box": object{"needed": int64(2), "string": nil}, "ints": list{int64(4)}, "ref": object{"id": "5"},
		}},
		{"EventInput", `{"text":"\ud800x","id":"\udc00","metadata":{"k":"\ud800"},"actor":{"id":1,"externalId":2}}`, object{
			"text": "\xed\xa0\x80x", "id": "\xed\xb0\x80", "metadata": audit.JSON(`{"k":"\ud800"}`), "actor": object{"id": "1", "externalId": "2"},
		}},
		{"EventInput", "{\"text\":\"a\xffb\",\"notes\":[\"\xc3\"]}", object{"text": "a\xffb", "notes": list{"\xc3"}}},
	} {
		got, problems := decodeVariables(declared(t, "$v: "+c.definition), json.RawMessage(`{"v":`+c.raw+`}`))
		if len(problems) > 0 || !reflect.DeepEqual(got, map[string]any{"v": c.want}) {
			t.Errorf("%s from %s: got %#v %v, want %#v", c.definition, c.raw, got["v"], problems, c.want)
		}
	}
}

func TestVariablesThatAreMissing(t *testing.T) {
	for _, c := range []struct {
		definition, raw string
		want            map[string]any
	}{
		{"$v: Int", ``, map[string]any{}},
		{"$v: Int", `null`, map[string]any{}},
		{"$v: Int", ` { } `, map[string]any{}},
		{"$v: Int = 4", `{}`, map[string]any{"v": int64(4)}},
		{"$v: Int = 4", `{"v":null}`, map[string]any{"v": nil}},
		{"$v: Int! = 4", `{"w":[1,{"x":"y"}]}`, map[string]any{"v": int64(4)}},
		{"$v: [Color!] = [RED]", `{}`, map[string]any{"v": []any{"RED"}}},
	} {
		got, problems := decodeVariables(declared(t, c.definition), json.RawMessage(c.raw))
		if len(problems) > 0 || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s from %s: got %#v %v, want %#v", c.definition, c.raw, got, problems, c.want)
		}
	}
}

func TestVariablesThatAreWrong(t *testing.T) {
	for _, c := range []struct{ definition, raw, path, message string }{
		{"String", `1`, "v", "must be a String, not 1."},
		{"String", `{"a":1}`, "v", "must be a String, not an object."},
		{"String", `["a"]`, "v", "must be a String, not a list."},
		{"String!", `null`, "v", "must not be null."},
		{"String", `"\ud800"`, "v", "is not valid Unicode"},
		{"String", `"\udc00\ud800"`, "v", "is not valid Unicode"},
		{"String", "\"\xff\"", "v", "is not valid Unicode"},
		{"ID", `1.0`, "v", "must be an ID (a string or a whole number), not 1.0."},
		{"ID", `true`, "v", "must be an ID"},
		{"Int", `2147483648`, "v", "must be an Int (a whole number of 32 bits), not 2147483648."},
		{"Int", `1.0`, "v", "must be an Int"},
		{"Int", `1e3`, "v", "must be an Int"},
		{"Int", `"1"`, "v", `must be an Int (a whole number of 32 bits), not "1".`},
		{"Float", `1e999`, "v", "must be a Float"},
		{"Float", `"1"`, "v", "must be a Float"},
		{"Boolean", `"true"`, "v", "must be a Boolean"},
		{"Boolean", `1`, "v", "must be a Boolean"},
		{"Color", `"BLUE"`, "v", `is "BLUE", which is not a value of Color.`},
		{"Color", `"red"`, "v", "not a value of Color"},
		{"Color", `0`, "v", "must be a string that names a value of Color"},
		{"Long", `true`, "v", "must be a string or a number (Long)"},
		{"DateTime", `12`, "v", "DateTime"},
		{"DateTime", `"yesterday"`, "v", "must be an instant"},
		{"DateTime", `"2026-02-30T00:00:00Z"`, "v", "must be an instant"},
		{"DateTime", `"\ud800"`, "v", "must be an instant"},
		{"JSON", `{"a":"\ud800"}`, "v", "is not valid Unicode"},
		{"JSON", "[\"\xff\"]", "v", "is not valid Unicode"},
		{"JSON!", `null`, "v", "must not be null."},
		{"[Int!]", `[1,2,null]`, "v/2", "must not be null."},
		{"[[Int]]", `[[1],["x"]]`, "v/1/0", "must be an Int"},
		{"[Int!]", `"x"`, "v", "must be an Int"},
		{"Box", `[]`, "v", "must be an object (Box), not a list."},
		{"Box", `{}`, "v/needed", "is required."},
		{"Box", `{"needed":null}`, "v/needed", "must not be null."},
		{"Box", `{"needed":1,"defaulted":null}`, "v/defaulted", "must not be null."},
		{"Box", `{"needed":1,"a/b~c":2}`, "v/a~1b~0c", "is not a field of Box."},
		{"Box", `{"needed":1,"":2}`, `v/""`, "is not a field of Box."},
		{"Box", `{"needed":1,"__typename":"Box"}`, "v/__typename", "is not a field of Box."},
		{"Box", `{"needed":1,"need\u0065d":2}`, "v/needed", "is given twice."},
		{"Box", `{"needed":1,"box":{"box":{"needed":1},"needed":"x"}}`, "v/box/needed", "must be an Int"},
		{"Box", `{"needed":1,"ref":{}}`, "v/ref", "must have exactly one field that is not null."},
		{"Box", `{"needed":1,"ref":{"id":1,"externalId":2}}`, "v/ref", "must have exactly one field that is not null."},
		{"Box", `{"needed":1,"ref":{"id":null}}`, "v/ref", "must have exactly one field that is not null."},
		{"Box", `{"needed":1,"ref":{"id":1,"externalId":null}}`, "v/ref", "must have exactly one field that is not null."},
		{"EventInput", `{"text":"a","at":"\ud800"}`, "v/at", "must be an instant"},
		{"EventInput", `{"text":"a","color":"\ud800"}`, "v/color", "not a value of Color"},
		{"EventInput", `{"color":"RED"}`, "v/text", "is required."},
	} {
		got, problems := decodeVariables(declared(t, "$v: "+c.definition), json.RawMessage(`{"v":`+c.raw+`}`))
		if got != nil || len(problems) != 1 {
			t.Errorf("%s from %s: got %v %v, want one problem", c.definition, c.raw, got, problems)
			continue
		}
		problem := problems[0]
		if problem.Code != audit.CodeBadInput || problem.Path != "variables/"+c.path || !strings.Contains(problem.Message, c.message) {
			t.Errorf("%s from %s: got %s %s %q, want %s %q", c.definition, c.raw, problem.Code, problem.Path, problem.Message, c.path, c.message)
		}
	}
}

func TestVariablesAsAWholeThatAreWrong(t *testing.T) {
	for raw, want := range map[string]string{
		`[]`:            "variables must be an object.",
		`"v"`:           "variables must be an object.",
		`{"v":1`:        "The variables are not JSON",
		`{"v":1}}`:      "The variables are not JSON",
		`{"v":01}`:      "The variables are not JSON",
		`{"v":tru}`:     "The variables are not JSON",
		`{}`:            "variables/v is required.",
		``:              "variables/v is required.",
		`{"v":1,"v":2}`: "variables/v is given twice.",
		`{"v":"` + strings.Repeat("x", 1000) + `"}`: strings.Repeat("x", 39) + "....",
		`{"v":` + strings.Repeat("[", 5000):         "nests deeper than 1000 levels",
	} {
		_, problems := decodeVariables(declared(t, "$v: Int!"), json.RawMessage(raw))
		if len(problems) != 1 || !strings.Contains(problems[0].Message, want) || len(problems[0].Message) > 200 {
			t.Errorf("%.50s: got %v, want %s", raw, problems, want)
		}
	}
}

func TestProblemsOfVariablesAreBounded(t *testing.T) {
	for definition, item := range map[string]string{
		"[Int!]!": `"x"`, "[Color!]!": `"x"`, "[String!]!": `"\ud800"`, "[Box!]!": `{}`, "[ID!]!": `1.5`, "[JSON!]!": `null`,
	} {
		raw := `{"v":[` + strings.Repeat(item+",", 10_000) + item + `]}`
		_, problems := decodeVariables(declared(t, "$v: "+definition), json.RawMessage(raw))
		if len(problems) != maxVariableProblems || problems[9].Path[:len("variables/v/9")] != "variables/v/9" {
			t.Errorf("%s: %d problems: %v", definition, len(problems), problems)
		}
	}
}

// What a service sends reaches the resolver as it was sent.
func TestEventsReachTheResolverUnchanged(t *testing.T) {
	h, resolvers := newTestHandler(t, Options{})
	got := execute(t, h, `mutation($events: [EventInput!]!) { recordEvents(events: $events) { created } }`, `{"events":[{
		"action":"UPDATE","section":"a\ud800b","idempotencyKey":"\u0000","performedBy":{"user":{"externalId":42},"automation":null},
		"changes":[{"property":"p","before":{"b":1.10,"a":9007199254740993},"after":null}],
		"metadata": [ 1.0 , "\ud800" ] ,
		"details":{"workSession":{"agent":{"externalId":"a"},"capacity":{"after":{"used":1,"total":2}}},"billing":{}}
	}]}`)
	if got != `{"data":{"recordEvents":{"created":1}}}` {
		t.Fatal(got)
	}
	event := resolvers.recorded[0]
	for what, pair := range map[string][2]any{
		"section":  {event.Section, "a\xed\xa0\x80b"},
		"key":      {*event.IdempotencyKey, "\x00"},
		"actor":    {event.PerformedBy.User.ExternalID, "42"},
		"before":   {string(event.Changes[0].Before), `{"b":1.10,"a":9007199254740993}`},
		"after":    {event.Changes[0].After, audit.JSON(nil)},
		"metadata": {string(event.Metadata), `[ 1.0 , "\ud800" ]`},
		"details":  {event.Details.Billing != nil && event.Details.WorkSession != nil, true},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%s: got %q, want %q", what, pair[0], pair[1])
		}
	}
}

// Bad text outside events is refused before a resolver sees it.
func TestBadTextOutsideEventsIsRefused(t *testing.T) {
	h, resolvers := newTestHandler(t, Options{})
	got := execute(t, h, `mutation($i: CreateApiKeyInput!) { createApiKey(input: $i) { secret } }`, `{"i":{"name":"\udead","scopes":[]}}`)
	if !strings.Contains(got, `"path":"variables/i/name"`) || resolvers.keyInput.Name != "" {
		t.Errorf("got %s", got)
	}
}
