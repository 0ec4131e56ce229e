package main

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// TestAccess holds who may see and do what: keys, scopes, organizations.
func TestAccess(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, database)
		for _, key := range []string{"conversation-1", "conversation-2"} {
			var recorded recordAnswer
			s.query(recordOne, map[string]any{"event": anEvent(key)}, &recorded)
		}
		t.Run("without a valid key", func(t *testing.T) { withoutKey(t, s) })
		t.Run("scopes", func(t *testing.T) { scopes(t, s) })
		t.Run("object history only", func(t *testing.T) { objectHistoryOnly(t, s) })
		t.Run("revoked and expired", func(t *testing.T) { revoked(t, s) })
		t.Run("organizations are apart", func(t *testing.T) { apart(t, s, database) })
	})
}

func withoutKey(t *testing.T, s *server) {
	for _, key := range []string{"wrong", strings.Repeat("x", 5000)} {
		a, err := s.post(key, `{ viewer { name } }`, nil)
		if err != nil || a.Status != http.StatusUnauthorized || len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "UNAUTHENTICATED" || a.Data != nil {
			t.Errorf("%.10s: %v %+v", key, err, a)
		}
	}
}

// newKey makes a key with these scopes.
func newKey(t *testing.T, s *server, scopes ...string) (id, secret string) {
	t.Helper()
	var made struct {
		CreateAPIKey struct {
			APIKey struct{ ID string }
			Secret string
		}
	}
	s.query(`mutation K($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } secret } }`,
		map[string]any{"input": map[string]any{"name": "test", "scopes": scopes}}, &made)
	return made.CreateAPIKey.APIKey.ID, made.CreateAPIKey.Secret
}

// refused expects a query to fail with a code.
func refused(t *testing.T, s *server, key, code, query string, variables any) {
	t.Helper()
	a, err := s.post(key, query, variables)
	if err != nil || len(a.Errors) == 0 || a.Errors[0].Extensions["code"] != code {
		t.Errorf("%s: %v %+v, want %s", query, err, a, code)
	}
}

func scopes(t *testing.T, s *server) {
	_, recorder := newKey(t, s, "RECORD_EVENTS")
	_, reader := newKey(t, s, "READ_AUDIT_LOG")
	_, manager := newKey(t, s, "MANAGE_ACCESS")
	var answer recordAnswer
	s.queryAs(recorder, recordOne, map[string]any{"event": anEvent("scopes-1")}, &answer)
	var read page
	s.queryAs(reader, auditLogQuery("id"), nil, &read)
	var keys struct{ APIKeys []struct{ Name string } }
	s.queryAs(manager, `{ apiKeys { name prefix scopes createdAt } }`, nil, &keys)

	refused(t, s, recorder, "FORBIDDEN", auditLogQuery("id"), nil)
	refused(t, s, recorder, "FORBIDDEN", `{ node(id: "`+answer.RecordEvent.Result.EventID+`") { id } }`, nil)
	refused(t, s, recorder, "FORBIDDEN", `{ actors { nodes { id } } }`, nil)
	refused(t, s, reader, "FORBIDDEN", recordOne, map[string]any{"event": anEvent("scopes-2")})
	refused(t, s, reader, "FORBIDDEN", `{ apiKeys { name } }`, nil)
	refused(t, s, manager, "FORBIDDEN", `{ sections { key } }`, nil)
	refused(t, s, manager, "FORBIDDEN", `{ properties { key } }`, nil)
	refused(t, s, reader, "FORBIDDEN", `mutation { revokeApiKey(id: "key_1") { apiKey { id } } }`, nil)

	// What records may look at what it recorded, but not follow causes to other events.
	event := anEvent("scopes-3")
	event["causedBy"] = map[string]any{"idempotencyKey": "conversation-1"}
	refused(t, s, recorder, "FORBIDDEN",
		`mutation R($event: EventInput!) { recordEvent(event: $event) { result { status event { sequence causedBy { id } } } } }`, map[string]any{"event": event})
}

func objectHistoryOnly(t *testing.T, s *server) {
	_, agent := newKey(t, s, "READ_OBJECT_HISTORY")
	var one struct {
		ConversationEvents struct {
			Nodes []struct{ Object struct{ ExternalID string } }
		}
	}
	s.queryAs(agent, `{ conversationEvents(filter: {conversationExternalIds: ["cnv-conversation-1"]}) { nodes { object { externalId } } } }`, nil, &one)
	if nodes := one.ConversationEvents.Nodes; len(nodes) != 1 || nodes[0].Object.ExternalID != "cnv-conversation-1" {
		t.Errorf("an agent sees %+v of one conversation", nodes)
	}
	for _, query := range []string{
		`{ auditLog { nodes { id } } }`,
		`{ conversationEvents { nodes { id } } }`,
		`{ conversationEvents(filter: {conversationExternalIds: ["cnv-conversation-1", "cnv-conversation-2"]}) { nodes { id } } }`,
		`{ auditLog(filter: {anyOf: [{objects: [{type: "conversation", externalId: "cnv-conversation-1"}]}]}) { nodes { id } } }`,
		`{ settingsEvents { nodes { id } } }`,
		`{ auditLog(filter: {objects: [{type: "business_rule", externalId: "r1"}]}) { nodes { id } } }`,
		`{ actors { nodes { id } } }`,
		`{ sections { key } }`,
	} {
		refused(t, s, agent, "FORBIDDEN", query, nil)
	}
}

func revoked(t *testing.T, s *server) {
	id, secret := newKey(t, s, "READ_AUDIT_LOG")
	var read page
	s.queryAs(secret, auditLogQuery("id"), nil, &read)
	var revoked struct {
		RevokeAPIKey struct {
			APIKey struct{ RevokedAt *string }
		}
	}
	s.query(`mutation R($id: ID!) { revokeApiKey(id: $id) { apiKey { revokedAt } } }`, map[string]any{"id": id}, &revoked)
	if revoked.RevokeAPIKey.APIKey.RevokedAt == nil {
		t.Error("a revoked key does not say so")
	}
	if a, err := s.post(secret, `{ viewer { name } }`, nil); err != nil || a.Status != http.StatusUnauthorized {
		t.Errorf("a revoked key: %v %+v", err, a)
	}
	refused(t, s, testKey, "NOT_FOUND", `mutation { revokeApiKey(id: "key_zzzz") { apiKey { id } } }`, nil)
	refused(t, s, testKey, "BAD_INPUT", `mutation { createApiKey(input: {name: "late", scopes: [READ_AUDIT_LOG], expiresAt: "2020-01-01T00:00:00Z"}) { secret } }`, nil)
}

func apart(t *testing.T, s *server, database string) {
	output, err := runProgramEnv(t, func(string) string { return "" }, "organization", "--database", database, "create", "Another")
	if err != nil {
		t.Fatal(err)
	}
	other := strings.TrimSpace(output[strings.LastIndex(output, ": ")+2:])
	var mine page
	s.query(auditLogQuery("id performedBy { kind externalId }"), nil, &mine)
	if len(mine.AuditLog.Edges) == 0 {
		t.Fatal("no events to hide")
	}
	var theirs page
	s.queryAs(other, auditLogQuery("id"), nil, &theirs)
	if len(theirs.AuditLog.Edges) != 0 {
		t.Errorf("another organization sees %d events", len(theirs.AuditLog.Edges))
	}
	var nodes struct{ Nodes []any }
	var actor struct {
		Actors struct{ Nodes []struct{ ID string } }
	}
	s.query(`{ actors(first: 1) { nodes { id } } }`, nil, &actor)
	s.queryAs(other, `query N($ids: [ID!]!) { nodes(ids: $ids) { id } }`,
		map[string]any{"ids": []string{mine.AuditLog.Edges[0].Node.ID, actor.Actors.Nodes[0].ID, "sec_1", "key_1", "org_1"}}, &nodes)
	for i, node := range nodes.Nodes {
		if node != nil {
			t.Errorf("another organization sees node %d: %v", i, node)
		}
	}
	refused(t, s, other, "BAD_CURSOR", auditLogQuery("id"), map[string]any{"after": mine.AuditLog.Edges[0].Cursor})
	refused(t, s, other, "NOT_FOUND", `mutation { revokeApiKey(id: "key_1") { apiKey { id } } }`, nil)
	var recorded recordAnswer
	s.queryAs(other, recordOne, map[string]any{"event": anEvent("conversation-1")}, &recorded)
	if status := recorded.RecordEvent.Result.Status; status != "CREATED" {
		t.Errorf("a key of another organization is not free: %s", status)
	}
}

// TestBootstrapKey holds what an empty database's first start prints.
func TestBootstrapKey(t *testing.T) {
	database := "sqlite:" + filepath.Join(t.TempDir(), "odd name?#%20.db")
	output, err := runProgramEnv(t, func(string) string { return "" }, "organization", "--database", database, "create", "First")
	if err != nil || !strings.Contains(output, "dbk_") {
		t.Fatalf("%v: %s", err, output)
	}
	short := func(name string) string { return map[string]string{"DAYBOOK_BOOTSTRAP_KEY": "short"}[name] }
	if _, err := runProgramEnv(t, short, "organization", "--database", database, "create", "Second"); err == nil || !strings.Contains(err.Error(), "32") {
		t.Errorf("a short secret was taken: %v", err)
	}
	listed, err := runProgramEnv(t, short, "organization", "--database", database, "list")
	if want := fmt.Sprintf("%s\t%s\n", "org_1", "First"); err != nil || listed != want {
		t.Errorf("%v: %q, want %q", err, listed, want)
	}
}
