package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
)

// BenchmarkPageOf50 compares the two ways to answer a page of 50 events with what an
// audit view shows. The page is read once, so that only answering it is measured.
func BenchmarkPageOf50(b *testing.B) {
	data := filepath.Join(b.TempDir(), "data.ndjson")
	writeEvents(b, data, 50)
	between := &seam{}
	log := newLogThrough(b, data, func(schema graphql.ExecutableSchema) graphql.ExecutableSchema {
		between.ExecutableSchema = schema
		return between
	})
	log.reads.EventFinder = &keptPage{EventFinder: log.reads.EventFinder}
	request := map[string]any{"query": `{ auditLog {
		edges { cursor node {
			id category action occurredAt performedBy { id name kind } performedByName section { key name }
			object { type externalId name } ipAddress changes { property propertyName operation before after beforeText afterText }
		} }
		pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
	} }`}
	for _, way := range []struct {
		name  string
		plain bool
	}{{"plan", false}, {"executor", true}} {
		b.Run(way.name, func(b *testing.B) {
			between.plain = way.plain
			b.ReportAllocs()
			for b.Loop() {
				if body := log.send(b, request, audit.ScopeReadAuditLog); bytes.Contains(body, []byte(`"errors"`)) {
					b.Fatalf("%s", body)
				}
			}
		})
	}
}

// keptPage reads one page and gives that one ever after.
type keptPage struct {
	audit.EventFinder
	events []*audit.Event
}

func (k *keptPage) FindEvents(ctx context.Context, organization audit.OrganizationID, query audit.EventQuery) ([]*audit.Event, error) {
	if k.events != nil {
		return k.events, nil
	}
	var err error
	k.events, err = k.EventFinder.FindEvents(ctx, organization, query)
	return k.events, err
}

// writeEvents makes a file of ordinary events.
func writeEvents(t testing.TB, path string, n int) {
	t.Helper()
	var lines bytes.Buffer
	for i := range n {
		line, err := json.Marshal(map[string]any{
			"occurredAt": fmt.Sprintf("2026-03-11T18:%02d:09.25Z", i%60), "action": "UPDATE", "eventName": "conversation.updated",
			"performedBy": map[string]any{"user": map[string]any{
				"externalId": fmt.Sprintf("usr-%d", i%7), "name": "Åsa Lindgren", "email": "asa@example.com",
			}},
			"section": "conversation", "ipAddress": "203.0.113.7", "userAgent": "Mozilla/5.0 (X11; Linux x86_64)",
			"object": map[string]any{"type": "conversation", "externalId": fmt.Sprintf("cnv-%d", i), "name": "Where is my order?"},
			"changes": []any{
				map[string]any{"property": "assigned_users", "before": []string{"usr-1"}, "after": []string{"usr-1", "usr-2"}},
				map[string]any{"property": "status", "before": "open", "after": "snoozed", "beforeText": "Open", "afterText": "Snoozed"},
			}[:1+i%2],
			"details": map[string]any{"conversation": map[string]any{"conversation": map[string]any{"externalId": fmt.Sprintf("cnv-%d", i)}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	if err := os.WriteFile(path, lines.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
