package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// nastyStrings are the project's own; the published list joins them when it is
// at hand.
func nastyStrings(t *testing.T) []string {
	t.Helper()
	nasty := []string{
		"", " ", "\t\n", "NULL", "null", "0x1", "-0", "'; DROP TABLE events; --", `"\"`, `\u0041`, "<script>alert(1)</script>", "%_\\%", "\u202eabc",
		"e\u0301", "\u00e9", "👩‍👩‍👧‍👦", "\ufeffbom", "\ufffd", "\u2028\u2029", "\x01\x7f\x1f", strings.Repeat("長", 150), "{}", "[]", "$1", "?", ":name", "{{7*7}}",
	}
	folder := os.Getenv("DAYBOOK_TEST_DATA")
	if folder == "" {
		return nasty
	}
	data, err := os.ReadFile(filepath.Join(folder, "naughty-strings.json"))
	if err != nil {
		t.Fatal(err)
	}
	var published []string
	if err := json.Unmarshal(data, &published); err != nil {
		t.Fatal(err)
	}
	return append(nasty, published...)
}

const recordMany = `mutation Record($events: [EventInput!]!) {
  recordEvents(events: $events) { results { status problems { path code message }
    event { performedByName object { externalId } userAgent changes { property after beforeText } } } }
}`

func TestNastyStringsComeBackOrAreRefusedByName(t *testing.T) {
	nasty := nastyStrings(t)
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, database)
		for start := 0; start < len(nasty); start += 100 {
			batch := nasty[start:min(start+100, len(nasty))]
			events := make([]any, len(batch))
			for i, text := range batch {
				events[i] = map[string]any{
					"action": "OTHER", "section": "nasty", "userAgent": text,
					"performedBy": map[string]any{"user": map[string]any{"externalId": fmt.Sprint("u", start+i), "name": text}},
					"object":      map[string]any{"type": "nasty", "externalId": text},
					"changes":     []any{map[string]any{"property": text, "after": text, "beforeText": text}},
					"details":     map[string]any{"settings": map[string]any{"area": "OTHER"}},
				}
			}
			var answer struct {
				RecordEvents struct {
					Results []struct {
						Status   string
						Problems []struct{ Path, Code, Message string }
						Event    *struct {
							PerformedByName, UserAgent string
							Object                     struct{ ExternalID string }
							Changes                    []struct{ Property, After, BeforeText string }
						}
					}
				}
			}
			s.query(recordMany, map[string]any{"events": events}, &answer)
			for i, result := range answer.RecordEvents.Results {
				text := batch[i]
				if result.Status == "INVALID" {
					if len(result.Problems) == 0 || result.Problems[0].Path == "" || result.Problems[0].Message == "" {
						t.Errorf("%q was refused without a reason", text)
					}
					if text != "" && len(text) <= 512 && !strings.ContainsRune(text, 0) {
						t.Errorf("%q was refused: %v", text, result.Problems)
					}
					continue
				}
				e := result.Event
				for field, got := range map[string]string{
					"performedByName": e.PerformedByName, "userAgent": e.UserAgent, "object": e.Object.ExternalID,
					"property": e.Changes[0].Property, "after": e.Changes[0].After, "beforeText": e.Changes[0].BeforeText,
				} {
					if got != text {
						t.Errorf("%s came back as %q, was sent as %q", field, got, text)
					}
				}
			}
		}
	})
}

// TestBadInputIsNeverAnInternalError sends what no client should.
func TestBadInputIsNeverAnInternalError(t *testing.T) {
	s := serve(t, "sqlite:"+filepath.Join(t.TempDir(), "daybook.db"))
	big := strings.Repeat("x", 10<<20)
	event := func(change string) string {
		return `{"query":"mutation M($e: EventInput!) { recordEvent(event: $e) { result { status problems { path code message } } } }","variables":{"e":` +
			`{"action":"LOGIN","section":"user","performedBy":{"user":{"externalId":"u"}},"details":{"authorization":{}}` + change + `}}}`
	}
	query := func(arguments string) string {
		body, _ := json.Marshal(map[string]string{"query": "{ auditLog" + arguments + " { nodes { id } } }"})
		return string(body)
	}
	for _, test := range []struct{ name, body, wants string }{
		{"not JSON", `{`, "JSON"},
		{"an array", `[]`, ""},
		{"no query", `{}`, "query"},
		{"unknown enum", event(`,"onBehalfOf":{"automation":{"kind":"ROBOT","externalId":"x"}}`), "onBehalfOf"},
		{"wrong type", event(`,"eventName":5`), "eventName"},
		{"missing field", event(`,"object":{"type":"t"}`), "externalId"},
		{"unknown field", event(`,"colour":"red"`), "colour"},
		{"malformed time", event(`,"occurredAt":"yesterday"`), "occurredAt"},
		{"a leap second", event(`,"occurredAt":"2016-12-31T23:59:60Z"`), "occurredAt"},
		{"too early", event(`,"occurredAt":"1969-12-31T23:59:59Z"`), "/occurredAt"},
		{"10 MB of text", event(`,"userAgent":"` + big + `"`), "userAgent"},
		{"10 MB of JSON", event(`,"metadata":"` + big + `"`), "metadata"},
		{"20 MB", event(`,"metadata":"` + big + big + `"`), "bytes"},
		{"invalid UTF-8", event(",\"userAgent\":\"\xff\""), "/userAgent"},
		{"half a surrogate pair", event(`,"userAgent":"\ud800"`), "/userAgent"},
		{"NUL", event(`,"userAgent":"\u0000"`), "/userAgent"},
		{"NUL deep in JSON", event(`,"metadata":{"a":[{"\u0000":1}]}`), "/metadata"},
		{"no actor", event(`,"performedBy":{}`), "performedBy"},
		{"an unknown cause", event(`,"causedBy":{"idempotencyKey":"never"}`), "/causedBy/idempotencyKey"},
		{"first -1", query(`(first: -1)`), "first"},
		{"first 501", query(`(first: 501)`), "first"},
		{"first and last", query(`(first: 1, last: 1)`), "last"},
		{"unknown cursor", query(`(after: "bm9uZXNlbnNl")`), "cursor"},
		{"empty cursor", query(`(after: "")`), "cursor"},
		{"no address", query(`(filter: {ipAddresses: ["here"]})`), "ipAddresses"},
		{"from after to", query(`(filter: {occurredAt: {from: "2026-02-01T00:00:00Z", to: "2026-01-01T00:00:00Z"}})`), "occurredAt"},
		{"bad actor id", query(`(filter: {performedBy: {ids: ["evt_1"]}})`), "id"},
		{"NUL in a filter", query(`(filter: {text: "a\u0000"})`), "text"},
		{"a syntax error", query(`(`), ""},
		{"an unknown argument", query(`(limit: 1)`), "limit"},
		{"deep", `{"query":"` + strings.Repeat("{ a ", 5000) + `"}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, body := s.send(t, test.body)
			if status >= 500 {
				t.Errorf("status %d", status)
			}
			if !strings.Contains(body, `"errors"`) && !strings.Contains(body, `"INVALID"`) {
				t.Errorf("no error in %.300s", body)
			}
			if !strings.Contains(strings.ToLower(body), strings.ToLower(test.wants)) {
				t.Errorf("%q is not named in %.300s", test.wants, body)
			}
			for _, leak := range []string{"INTERNAL", "sqlite", "SQL logic", "pq:", "goroutine", ".go:", "panic"} {
				if strings.Contains(body, leak) {
					t.Errorf("%q leaks in %.300s", leak, body)
				}
			}
		})
	}
	var working struct{ Viewer struct{ Name string } }
	s.query(`{ viewer { name } }`, nil, &working)
}

// send posts a body as it is and gives the answer as text.
func (s *server) send(t *testing.T, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodPost, s.base+"/graphql", bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+testKey)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

// The published formats: a valid date-time is taken and kept to the
// microsecond, anything else is refused.
func TestPublishedTimeFormats(t *testing.T) {
	file, err := os.Open(filepath.Join(testData(t), "formats.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	s := serve(t, "sqlite:"+filepath.Join(t.TempDir(), "daybook.db"))
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var format struct {
			Format, Value, Why string
			Valid              bool
		}
		if err := json.Unmarshal(lines.Bytes(), &format); err != nil {
			t.Fatal(err)
		}
		alone := (format.Format == "date" || format.Format == "time") && !strings.ContainsAny(format.Value, "Tt")
		if format.Format != "date-time" && !alone {
			continue
		}
		a, err := s.post(testKey, `query Q($t: DateTime) { auditLog(filter: {occurredAt: {from: $t}}) { nodes { id } } }`, map[string]any{"t": format.Value})
		if err != nil {
			t.Fatal(err)
		}
		takes := format.Format == "date-time" && format.Valid && !strings.Contains(format.Value, ":60") // a leap second cannot be kept
		if taken := len(a.Errors) == 0; taken != takes {
			t.Errorf("%s %q (%s): taken %v, want %v: %v", format.Format, format.Value, format.Why, taken, takes, a.Errors)
		}
	}
}
