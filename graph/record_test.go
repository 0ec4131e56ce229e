package graph

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"daybook/audit"
	"daybook/auth"
	"daybook/graph/gen"
)

// taken is what a call of recordEvent or recordEvents came to.
type taken struct {
	organization audit.OrganizationID
	events       []audit.EventInput
	atomic       bool
}

// ledger notes the calls that reach it, and answers them as a test wants. It is a
// Recorder, and resolves the schema's fields by itself as the executor has it.
type ledger struct {
	gen.QueryResolver
	gen.MutationResolver
	gen.AuditEventConnectionResolver
	calls  []taken
	direct int // calls that came without the executor
	answer func(n int) ([]audit.RecordResult, error)
}

func (l *ledger) Query() gen.QueryResolver                               { return l }
func (l *ledger) Mutation() gen.MutationResolver                         { return l }
func (l *ledger) AuditEventConnection() gen.AuditEventConnectionResolver { return l }

func (l *ledger) Record(_ context.Context, organization audit.OrganizationID, events []audit.EventInput, atomic bool) ([]audit.RecordResult, error) {
	l.direct++
	l.calls = append(l.calls, taken{organization, events, atomic})
	return l.answer(len(events))
}

func (l *ledger) resolve(ctx context.Context, events []audit.EventInput, atomic bool) ([]audit.RecordResult, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	l.calls = append(l.calls, taken{v.Organization, events, atomic})
	return l.answer(len(events))
}

func (l *ledger) RecordEvent(ctx context.Context, event audit.EventInput) (*gen.RecordEventPayload, error) {
	results, err := l.resolve(ctx, []audit.EventInput{event}, false)
	if err != nil {
		return nil, err
	}
	return &gen.RecordEventPayload{Result: &results[0]}, nil
}

func (l *ledger) RecordEvents(ctx context.Context, events []audit.EventInput, atomic bool) (*gen.RecordEventsPayload, error) {
	results, err := l.resolve(ctx, events, atomic)
	if err != nil {
		return nil, err
	}
	return recordEventsPayload(results), nil
}

// bothWays are two handlers over one ledger: one that leaves everything to the
// executor, and one that may record without it.
type bothWays struct {
	*ledger
	executor, handler *Handler
}

func newBothWays() *bothWays {
	b := &bothWays{ledger: &ledger{answer: func(n int) ([]audit.RecordResult, error) {
		results := make([]audit.RecordResult, n)
		for i := range results {
			results[i] = audit.RecordResult{Index: i, Status: audit.RecordCreated}
		}
		return results, nil
	}}}
	schema := gen.NewExecutableSchema(gen.Config{Resolvers: b.ledger, Directives: gen.DirectiveRoot{RequiresScope: requireScope}})
	options := Options{Log: slog.New(slog.DiscardHandler), NewRequestID: func() string { return "request-1" }}
	b.executor = NewHandler(schema, options)
	options.Recorder = b.ledger
	b.handler = NewHandler(schema, options)
	return b
}

// compare sends a request both ways and says whether the handler did without the
// executor. What is answered, and what reaches the domain, must be the same.
func (b *bothWays) compare(t rapid.TB, request Request, scopes ...audit.Scope) (direct bool) {
	t.Helper()
	ctx := auth.WithPrincipal(context.Background(), auth.Principal{Organization: 7, Scopes: scopeNames(scopes)})
	b.calls = nil
	want, wantCalls := asSent(t, b.executor, ctx, request), b.calls
	b.calls, b.direct = nil, 0
	got, gotCalls := asSent(t, b.handler, ctx, request), b.calls
	if got != want {
		t.Fatalf("%s\n%s\nthe executor answers %s\nand the handler %s", request.Query, request.Variables, want, got)
	}
	if !reflect.DeepEqual(gotCalls, wantCalls) {
		t.Fatalf("%s\n%s\nby the executor %+v is recorded\nand by the handler %+v", request.Query, request.Variables, wantCalls, gotCalls)
	}
	return b.direct > 0
}

func asSent(t rapid.TB, h *Handler, ctx context.Context, request Request) string { //nolint:revive // the test comes first
	t.Helper()
	response := h.Execute(ctx, request)
	before, after, err := envelope(response)
	if err != nil {
		t.Fatal(err)
	}
	return string(before) + string(response.Data) + string(after)
}

func TestAllOfAnEventIsReadWithoutTheExecutor(t *testing.T) {
	r := &eventReaders{types: newInputTypes(gen.NewExecutableSchema(gen.Config{}).Schema())}
	r.event()
	if len(r.unknown) > 0 {
		t.Errorf("in graph/variables_event.go and graph/variables_details.go there is no place for %v", r.unknown)
	}
}

// Events reach the domain alike whether or not the executor reads them, valid or
// not, and what is wrong with them is told alike.
func TestEventsAreReadAsTheExecutorReadsThem(t *testing.T) {
	both := newBothWays()
	valid, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		draw := &inputDraw{T: t, schema: both.handler.documents.schema, faults: rapid.IntRange(0, 3).Draw(t, "faults")}
		request := Request{Query: recordOne, Variables: json.RawMessage(`{"event":` + draw.value("EventInput", true) + `}`)}
		if rapid.Bool().Draw(t, "several") {
			texts := rapid.SliceOfN(rapid.Custom(func(*rapid.T) string { return draw.value("EventInput", true) }), 0, 4).Draw(t, "events")
			request = Request{Query: recordAll, Variables: json.RawMessage(`{"atomic":true,"events":[` + strings.Join(texts, ",") + `]}`)}
		}
		if both.compare(t, request, audit.ScopeRecordEvents) {
			valid++
		} else {
			refused++
		}
		if len(both.calls) > 0 && both.direct == 0 {
			t.Fatalf("%s goes to the executor", request.Query)
		}
	})
	t.Logf("%d requests were valid, %d were not", valid, refused)
	if valid < 10 || refused < 10 {
		t.Errorf("%d requests were valid and %d were not", valid, refused)
	}
}

const (
	recordOne = `mutation ($event: EventInput!) { recordEvent(event: $event) { result { status } } }`
	recordAll = `mutation ($events: [EventInput!]!, $atomic: Boolean = false) { recordEvents(events: $events, atomic: $atomic) { created } }`
)

// Results are written alike, whatever is selected of them.
func TestResultsAreWrittenAsTheExecutorWritesThem(t *testing.T) {
	both := newBothWays()
	direct, byExecutor := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3).Draw(t, "events")
		results := drawResults(t, n)
		both.answer = func(int) ([]audit.RecordResult, error) { return results, nil }
		event := `{"action":"OTHER","performedBy":{"user":{"externalId":1}},"section":"s","details":{"billing":{}}}`
		events := strings.TrimSuffix(strings.Repeat(event+",", n), ",")
		request := Request{Variables: json.RawMessage(`{"yes":true,"events":[` + events + `]}`)}
		selection := (&selectionDraw{T: t}).payload("RecordEventsPayload", "results")
		request.Query = `mutation ($events: [EventInput!]!, $yes: Boolean! = true) { recordEvents(events: $events, atomic: $yes) ` + selection + ` }`
		if n == 1 && rapid.Bool().Draw(t, "one") {
			selection = (&selectionDraw{T: t}).payload("RecordEventPayload", "result")
			request.Query = `mutation ($event: EventInput!, $yes: Boolean! = true) { a: recordEvent(event: $event) @skip(if: false) ` + selection + `
				recordEvents(events: []) @skip(if: $yes) { created } }`
			if !strings.Contains(selection, "$yes") && rapid.Bool().Draw(t, "alone") {
				request.Query = `mutation ($event: EventInput!) { ... on Mutation { a: recordEvent(event: $event) ` + selection + ` } }`
			}
			request.Variables = json.RawMessage(`{"event":` + event + `}`)
		}
		if both.compare(t, request, audit.Scopes()...) {
			direct++
		} else {
			byExecutor++
		}
	})
	if direct < 20 || byExecutor < 10 {
		t.Errorf("%d answers were written directly, %d by the executor", direct, byExecutor)
	}
}

// Failures are told alike.
func TestFailedRecordingIsToldAsTheExecutorTellsIt(t *testing.T) {
	both := newBothWays()
	event := `{"event":{"action":"OTHER","performedBy":{"user":{"externalId":1}},"section":"s","details":{"billing":{}}}}`
	ones := Request{Query: strings.Replace(recordOne, "recordEvent", "a: recordEvent", 1), Variables: json.RawMessage(event)}
	for name, fail := range map[string]func(int) ([]audit.RecordResult, error){
		"overloaded": func(int) ([]audit.RecordResult, error) {
			return nil, &audit.Error{Code: audit.CodeOverloaded, RetryAfter: 1500 * time.Millisecond, Message: "Too much."}
		},
		"bad input": func(int) ([]audit.RecordResult, error) { return nil, audit.BadInput("events", "Too many.") },
		"internal":  func(int) ([]audit.RecordResult, error) { return nil, errors.New("pq: secret") },
		"canceled":  func(int) ([]audit.RecordResult, error) { return nil, context.Canceled },
		"panic":     func(int) ([]audit.RecordResult, error) { panic("secret") },
	} {
		both.answer = fail
		if !both.compare(t, ones, audit.ScopeRecordEvents) {
			t.Errorf("%s: the executor answers", name)
		}
	}
	both.compare(t, ones, audit.ScopeReadAuditLog)
	if len(both.calls) > 0 {
		t.Error("a key records that lacks the scope for it")
	}
	nobody := t.Context()
	if got, want := asSent(t, both.handler, nobody, ones), asSent(t, both.executor, nobody, ones); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Whatever is not the plain form of recording goes to the executor, and is answered
// alike.
func TestWhatIsMoreThanRecordingGoesToTheExecutor(t *testing.T) {
	both := newBothWays()
	const event = `{"action":"OTHER","performedBy":{"user":{"externalId":1}},"section":"s","details":{"billing":{}}}`
	const literal = `{action:OTHER,performedBy:{user:{externalId:1}},section:"s",details:{billing:{}}}`
	variables := map[string]string{"event": event, "events": "[" + event + "]", "single": event, "atomic": "true", "no": "null", "section": `"s"`}
	for query, direct := range map[string]bool{
		`mutation ($event: EventInput!) { recordEvent(event: $event) { result { status } } }`:                                                                               true,
		`mutation ($event: EventInput!) { x: recordEvent(event: $event) { __typename } }`:                                                                                   true,
		`mutation ($event: EventInput!) { recordEvent(event: $event) { result { index } } recordEvent(event: $event) { result { status } } }`:                               true,
		`mutation ($event: EventInput!) { ...F } fragment F on Mutation { recordEvent(event: $event) { ...G } } fragment G on RecordEventPayload { result { status } }`:     true,
		`mutation ($events: [EventInput!]!) { recordEvents(events: $events) { created } }`:                                                                                  true,
		`mutation ($events: [EventInput!]!) { recordEvents(events: $events, atomic: true) { created } }`:                                                                    true,
		`mutation ($events: [EventInput!]!) { recordEvents(events: $events, atomic: false) { created } }`:                                                                   true,
		`mutation ($events: [EventInput!]!, $atomic: Boolean!) { recordEvents(events: $events, atomic: $atomic) { created } }`:                                              true,
		`mutation ($events: [EventInput!]!, $left: Boolean) { recordEvents(events: $events, atomic: $left) { created } }`:                                                   true,
		`mutation ($events: [EventInput!]!, $no: Boolean) { recordEvents(events: $events, atomic: $no) { created } }`:                                                       false,
		`mutation ($events: [EventInput!]!, $left: Boolean = true) { recordEvents(events: $events, atomic: $left) { created } }`:                                            true,
		`mutation ($single: [EventInput!]!) { recordEvents(events: $single) { created } }`:                                                                                  true,
		`mutation ($event: EventInput!) { recordEvents(events: [$event, $event]) { created } }`:                                                                             false,
		`mutation { recordEvent(event: ` + literal + `) { result { status } } }`:                                                                                            false,
		`mutation ($section: String!) { recordEvent(event: {action:OTHER,performedBy:{user:{externalId:1}},section:$section,details:{billing:{}}}) { result { status } } }`: false,
		`mutation ($left: EventInput = ` + literal + `) { recordEvent(event: $left) { result { status } } }`:                                                                false,
		`mutation ($left: EventInput! = ` + literal + `) { recordEvent(event: $left) { result { status } } }`:                                                               false,
		`mutation ($event: EventInput!) { a: recordEvent(event: $event) { result { status } } b: recordEvent(event: $event) { result { status } } }`:                        false,
		`mutation ($event: EventInput!) { recordEvent(event: $event) { result { status } } __typename }`:                                                                    false,
		`mutation ($event: EventInput!) { recordEvent(event: $event) @include(if: true) { result { status } } }`:                                                            false,
		`mutation ($event: EventInput!, $atomic: Boolean!) { recordEvent(event: $event) { result { status @skip(if: $atomic) index } } }`:                                   false,
		`mutation ($event: EventInput!) { recordEvent(event: $event) { result { event { id } } } }`:                                                                         false,
		`mutation @requiresScope(anyOf: [RECORD_EVENTS]) { recordEvents(events: []) { created } }`:                                                                          false,
	} {
		given := []string{}
		for name, value := range variables {
			if strings.Contains(query, "$"+name+":") {
				given = append(given, `"`+name+`":`+value)
			}
		}
		request := Request{Query: query, Variables: json.RawMessage("{" + strings.Join(given, ",") + "}")}
		if got := both.compare(t, request, audit.Scopes()...); got != direct {
			t.Errorf("%s: without the executor %v, want %v", query, got, direct)
		}
	}
}
