package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"daybook/graph/gen"
)

const recordBatch = `mutation($events: [EventInput!]!) { recordEvents(events: $events) { created } }`

// batch are the variables of a call that records n ordinary events.
func batch(n int) json.RawMessage {
	events := make([]string, n)
	for i := range events {
		events[i] = fmt.Sprintf(`{"idempotencyKey":"conversation-%d-17","occurredAt":"2026-03-11T18:02:09.25Z","action":"UPDATE",
			"eventName":"conversation.updated","performedBy":{"user":{"externalId":"5f1b%d","name":"Åsa Lindgren","email":"asa@example.com"}},
			"section":"conversation","object":{"type":"conversation","externalId":"66a%d","name":"Where is my order?"},
			"changes":[{"property":"assigned_users","before":["5f1b1"],"after":["5f1b1","5f1b2"]},
			{"property":"status","before":"open","after":"snoozed","beforeText":"Open","afterText":"Snoozed"}],
			"ipAddress":"203.0.113.7","userAgent":"Mozilla/5.0 (X11; Linux x86_64)","metadata":{"requestId":"abc","attempt":1},
			"details":{"conversation":{"conversation":{"externalId":"66a%d"}}}}`, i, i, i, i)
	}
	return json.RawMessage(`{"events":[` + strings.Join(events, ",") + `]}`)
}

func BenchmarkDecodeVariables(b *testing.B) {
	h, _ := newTestHandler(b, Options{})
	document, errs := h.documents.load(recordBatch)
	if len(errs) > 0 {
		b.Fatal(errs)
	}
	raw := batch(500)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := decodeVariables(document.operations[0].variables, raw); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}

// What BenchmarkDecodeVariables takes the place of.
func BenchmarkDecodeVariablesAsGqlgenDoes(b *testing.B) {
	schema := gen.NewExecutableSchema(gen.Config{}).Schema()
	document, err := parser.ParseQuery(&ast.Source{Input: recordBatch})
	if err != nil {
		b.Fatal(err)
	}
	validator.ValidateWithRules(schema, document, nil)
	raw := batch(500)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		var plain map[string]any
		if err := decoder.Decode(&plain); err != nil {
			b.Fatal(err)
		}
		if _, err := validator.VariableValues(schema, document.Operations[0], plain); err != nil {
			b.Fatal(err)
		}
	}
}

// The whole of a request but HTTP: the share of the domain is left out.
func BenchmarkExecuteBatch(b *testing.B) {
	h, _ := newTestHandler(b, Options{})
	raw := batch(500)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if response := h.Execute(b.Context(), Request{Query: recordBatch, Variables: raw}); len(response.Errors) > 0 {
			b.Fatal(response.Errors)
		}
	}
}

func BenchmarkReadBody(b *testing.B) {
	body := []byte(`{"query":"` + recordBatch + `","variables":` + string(batch(500)) + `}`)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, refusal := requestFromBody(body); refusal != nil {
			b.Fatal(refusal)
		}
	}
}
