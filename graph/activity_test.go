package graph_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"daybook/audit"
)

// Whatever is asked of the events of any number of agents, one read brings them.
func TestActivityReadsItsEventsTogether(t *testing.T) {
	log := newLog(t, filepath.Join("testdata", "golden", "agent-activity", "data.ndjson"))
	const lists = `timeline { event { id causedBy { id } } } assignments { event { performedByName } } capacityCrossings { event { id } } lapses { event { id } }`
	for name, c := range map[string]struct{ query, want string }{
		"an agent without events": {`{ agentActivity(agent: {externalId: "usr-priya"}, RANGE) { timeline { seconds } } }`, "0 pages, 0 counts, 0 by id"},
		"an agent":                {`{ agentActivity(agent: {externalId: "usr-priya"}, RANGE) { ` + lists + ` } }`, "0 pages, 0 counts, 1 by id"},
		"a team":                  {`{ teamActivity(RANGE) { ` + lists + ` } }`, "0 pages, 0 counts, 1 by id"},
	} {
		log.reads.taken()
		query := strings.Replace(c.query, "RANGE", `range: {from: "2026-03-11T00:00:00Z", to: "2026-03-12T00:00:00Z"}`, 1)
		answer := string(log.send(t, map[string]any{"query": query}, audit.ScopeReadAuditLog))
		// Nothing in this log has a cause, so that reading causes takes no read.
		if got := log.reads.taken(); got != c.want || strings.Contains(answer, `"errors"`) {
			t.Errorf("%s: %s, want %s: %s", name, got, c.want, answer)
		}
	}
}

// What would be too much is refused with the limit that it exceeds.
func TestActivityIsBounded(t *testing.T) {
	const agents = 60
	data := filepath.Join(t.TempDir(), "data.ndjson")
	var lines strings.Builder
	for i := range agents {
		fmt.Fprintf(&lines, `{"occurredAt": "2026-03-01T10:00:00Z", "action": "AGENT_STATUS_CHANGE", "section": "work_session", `+
			`"performedBy": {"user": {"externalId": "agent-%d"}}, "details": {"workSession": {"agent": {"externalId": "agent-%d"}, `+
			`"status": {"after": {"name": "Available", "type": "AVAILABLE"}}}}}`+"\n", i, i)
	}
	if err := os.WriteFile(data, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	log := newLog(t, data)
	for name, c := range map[string]struct{ query, limit string }{
		"a year of a team":      {`{ teamActivity(range: {from: "2025-07-31T00:00:00Z"}) { loggedInSeconds } }`, `"limit":20000`},
		"a year of named ones":  {`query ($agents: [ActorRef!]) { teamActivity(agents: $agents, range: {from: "2025-07-31T00:00:00Z"}) { loggedInSeconds } }`, `"limit":20000`},
		"an answer of all days": {`{ teamActivity(range: {from: "2025-09-05T00:00:00Z"}) { days { date a: date b: date c: date d: date e: date f: date g: date } } }`, `"limit":150000`},
	} {
		var refs []map[string]string
		for i := range agents {
			refs = append(refs, map[string]string{"externalId": fmt.Sprintf("agent-%d", i)})
		}
		request := map[string]any{"query": c.query}
		if strings.Contains(c.query, "$agents") {
			request["variables"] = map[string]any{"agents": refs}
		}
		answer := string(log.send(t, request, audit.ScopeReadAuditLog))
		if !strings.Contains(answer, "QUERY_TOO_EXPENSIVE") || !strings.Contains(answer, c.limit) {
			t.Errorf("%s: %.300s", name, answer)
		}
	}
}
