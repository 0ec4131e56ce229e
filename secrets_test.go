package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// The secrets that a careless service sends, and where.
const (
	oneSecret = "Tr0ub4dor-and-3"
	secretOne = "4111111111111111"
)

// secretEvents say secrets in every place where a policy looks, alone and among
// other things, in events that are recorded, refused, and refused by GraphQL.
func secretEvents() []map[string]any {
	event := func(key string, change func(map[string]any)) map[string]any {
		e := anEvent(key)
		change(e)
		return e
	}
	changes := func(list ...map[string]any) func(map[string]any) {
		return func(e map[string]any) { e["changes"] = list }
	}
	deep := map[string]any{"headers": []any{map[string]any{"name": "Authorization", "value": oneSecret}}, "auth": map[string]any{"API-Key": oneSecret, "n": 1}}
	return []map[string]any{
		event("k1", changes(map[string]any{"property": "userPassword", "before": oneSecret, "after": "x" + oneSecret, "beforeText": oneSecret, "afterText": oneSecret})),
		event("k2", changes(map[string]any{"property": "config", "before": nil, "after": deep, "afterText": oneSecret})),
		event("k3", changes(map[string]any{"property": "anything", "before": []any{oneSecret}, "after": deep, "redacted": true})),
		event("k4", changes(map[string]any{"property": "target_url", "after": "https://example.com/" + oneSecret})),
		event("k5", func(e map[string]any) {
			e["metadata"] = map[string]any{"cookie": oneSecret, "card_number": secretOne, "nested": deep}
		}),
		// A conflict: the key of k1.
		event("k1", changes(map[string]any{"property": "status", "after": map[string]any{"token": oneSecret}})),
		// Invalid in other fields, and in the secret itself.
		event("k6", func(e map[string]any) { e["section"], e["metadata"] = "", map[string]any{"password": oneSecret} }),
		event("k7", changes(map[string]any{"property": "password", "after": oneSecret + strings.Repeat("x", 300<<10)})),
		event("k8", changes(map[string]any{"property": "password", "after": oneSecret + "\x00", "afterText": oneSecret + "\x00"})),
		event("k9", changes(map[string]any{"property": "password", "after": map[string]any{oneSecret: 1, "a\x00": 2}})),
	}
}

// refusedEvents fail the whole request: what GraphQL says of them must not
// repeat their secrets either.
func refusedEvents() []map[string]any {
	unknownEnum, wrongType, unknownField := anEvent("k10"), anEvent("k11"), anEvent("k12")
	unknownEnum["action"], unknownEnum["metadata"] = "EXPLODE", map[string]any{"password": oneSecret}
	wrongType["changes"] = []any{map[string]any{"property": "password", "afterText": []any{oneSecret, map[string]any{}}}}
	unknownField["metadata"], unknownField["colour"] = map[string]any{"password": oneSecret}, 1
	return []map[string]any{unknownEnum, wrongType, unknownField}
}

// safeBuffer is a log that servers write to while the test goes on.
type safeBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

// TestSecretsAreNowhere: not in the files of the database, not in the log, not
// in any answer. Nor is the key by which callers are known.
func TestSecretsAreNowhere(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	log, said := &safeBuffer{}, &bytes.Buffer{}
	t.Run("recorded", func(t *testing.T) {
		s := serveLogging(t, log, "sqlite:"+filepath.Join(folder, "daybook.db"), "--redact", "conversation:target url", "--log-format", "json")
		ask := func(query string, variables any) answer {
			a, err := s.post(testKey, query, variables)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(said, "%s %+v\n", a.Data, a.Errors)
			return a
		}
		events := secretEvents()
		a := ask(recordMany, map[string]any{"events": events})
		statuses := strings.Join(recordedStatuses(t, a), " ")
		if want := "CREATED CREATED CREATED CREATED CREATED CONFLICT INVALID INVALID INVALID INVALID"; statuses != want {
			t.Errorf("%s, want %s", statuses, want)
		}
		for _, event := range refusedEvents() {
			if a := ask(recordMany, map[string]any{"events": []any{event}}); len(a.Errors) == 0 {
				t.Errorf("not refused: %s", a.Data)
			}
		}
		var page struct {
			AuditLog struct {
				Nodes []struct {
					Changes []struct {
						Property, Operation string
						Redacted            bool
						Before, After       any
					}
				}
			}
		}
		a = ask(`{ auditLog(filter: {text: "password"}) { nodes { changes { property operation redacted before after beforeText afterText differences { path before after } } metadata } } }`, nil)
		if err := decode(a, &page); err != nil || len(page.AuditLog.Nodes) != 1 {
			t.Fatalf("%v: %s", err, a.Data)
		}
		if c := page.AuditLog.Nodes[0].Changes[0]; !c.Redacted || c.Operation != "CHANGED" || c.Before != "[redacted]" || c.After != "[redacted]" {
			t.Errorf("a redacted change reads %+v", c)
		}
		ask(`{ auditLog { nodes { performedByName metadata changes { property before after beforeText afterText } } } }`, nil)
		for _, secret := range []string{oneSecret, secretOne} {
			if a := ask(`query Q($text: String!) { auditLog(filter: {text: $text}) { totalCount { value } } }`, map[string]any{"text": secret}); !bytes.Contains(a.Data, []byte(`"value":0`)) {
				t.Errorf("a secret can be searched for: %s %v", a.Data, a.Errors)
			}
		}
	})
	places := map[string][]byte{"the log": log.Bytes(), "an answer": said.Bytes()}
	for _, name := range []string{"daybook.db", "daybook.db-wal", "daybook.db-shm"} {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		places[name] = content
	}
	for place, content := range places {
		for _, secret := range []string{oneSecret, secretOne, testKey} {
			if at := bytes.Index(content, []byte(secret)); at >= 0 {
				t.Errorf("%q is in %s: ...%q", secret, place, content[max(0, at-80):min(len(content), at+80)])
			}
		}
	}
	if !bytes.Contains(places["daybook.db"], []byte("[redacted]")) || len(places["the log"]) == 0 {
		t.Error("the test looked in the wrong places")
	}
}

func recordedStatuses(t *testing.T, a answer) []string {
	t.Helper()
	var answer struct {
		RecordEvents struct{ Results []struct{ Status string } }
	}
	if err := decode(a, &answer); err != nil {
		t.Fatal(err)
	}
	statuses := make([]string, len(answer.RecordEvents.Results))
	for i, result := range answer.RecordEvents.Results {
		statuses[i] = result.Status
	}
	return statuses
}
