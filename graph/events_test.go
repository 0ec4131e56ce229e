package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"daybook/audit"
)

// countingFinder counts the reads of events.
type countingFinder struct {
	audit.EventFinder
	pages, counts, byID, consequences, coverages, late atomic.Int32
}

func (f *countingFinder) FindCoverage(ctx context.Context, organization audit.OrganizationID) (*audit.Coverage, error) {
	f.coverages.Add(1)
	return f.EventFinder.FindCoverage(ctx, organization)
}

func (f *countingFinder) CountLate(ctx context.Context, organization audit.OrganizationID, query audit.LateQuery) (int, error) {
	f.late.Add(1)
	return f.EventFinder.CountLate(ctx, organization, query)
}

func (f *countingFinder) FindConsequences(ctx context.Context, organization audit.OrganizationID, causes []audit.EventID, query audit.EventQuery) ([]*audit.Event, error) {
	f.consequences.Add(1)
	return f.EventFinder.FindConsequences(ctx, organization, causes, query)
}

func (f *countingFinder) FindEvents(ctx context.Context, organization audit.OrganizationID, query audit.EventQuery) ([]*audit.Event, error) {
	f.pages.Add(1)
	return f.EventFinder.FindEvents(ctx, organization, query)
}

func (f *countingFinder) CountEvents(ctx context.Context, organization audit.OrganizationID, filter *audit.Filter, limit int) (int, error) {
	f.counts.Add(1)
	return f.EventFinder.CountEvents(ctx, organization, filter, limit)
}

func (f *countingFinder) EventsByID(ctx context.Context, organization audit.OrganizationID, ids []audit.EventID, fields audit.Fields) ([]*audit.Event, error) {
	f.byID.Add(1)
	return f.EventFinder.EventsByID(ctx, organization, ids, fields)
}

// taken gives the reads since it was last called.
func (f *countingFinder) taken() string {
	text := fmt.Sprintf("%d pages, %d counts, %d by id", f.pages.Swap(0), f.counts.Swap(0), f.byID.Swap(0))
	if n := f.consequences.Swap(0); n > 0 {
		text += fmt.Sprintf(", %d consequences", n)
	}
	if n, late := f.coverages.Swap(0), f.late.Swap(0); n+late > 0 {
		text += fmt.Sprintf(", %d coverages, %d late", n, late)
	}
	return text
}

func TestAnAnswerTakesAFixedNumberOfReads(t *testing.T) {
	log := newLog(t, filepath.Join("testdata", "golden", "data.ndjson"))
	const columns = `id performedBy { name } performedByName section { name } changes { id } details { __typename ... on WorkSessionDetails { agent { name } } }`
	var ids []string
	for line := range strings.Lines(string(log.send(t, map[string]any{"query": `{ auditLog { nodes { id } } }`}, audit.ScopeReadAuditLog))) {
		for _, part := range strings.Split(line, `"`) {
			if strings.HasPrefix(part, "evt_") {
				ids = append(ids, part)
			}
		}
	}
	log.reads.taken()
	for name, c := range map[string]struct{ query, want string }{
		"a small page":             {`{ auditLog(first: 1) { nodes { ` + columns + ` } } }`, "1 pages, 0 counts, 0 by id"},
		"a large page":             {`{ auditLog(first: 500) { nodes { ` + columns + ` } } }`, "1 pages, 0 counts, 0 by id"},
		"a page and its count":     {`{ auditLog { edges { node { id } } totalCount { value } } }`, "1 pages, 1 counts, 0 by id"},
		"a count alone":            {`{ auditLog { totalCount { value } } }`, "0 pages, 1 counts, 0 by id"},
		"what a page covers":       {`{ auditLog { nodes { id } coverage { oldestOccurredAt lastSequence } } }`, "1 pages, 0 counts, 0 by id, 1 coverages, 0 late"},
		"late events alone":        {`{ auditLog { coverage { late(since: 1) { value } } } }`, "0 pages, 0 counts, 0 by id, 1 coverages, 1 late"},
		"coverage of consequences": {`{ auditLog(first: 3) { nodes { consequences { coverage { lastSequence } } } } }`, "1 pages, 0 counts, 0 by id, 1 coverages, 0 late"},
		"a page with causes":       {`{ auditLog { nodes { causedBy { ` + columns + ` } } } }`, "1 pages, 0 counts, 1 by id"},
		"causes of causes":         {`{ auditLog { edges { node { causedBy { causedBy { id } } } } nodes { causedBy { id } } } }`, "1 pages, 0 counts, 2 by id"},
		"consequences":             {`{ auditLog { nodes { consequences { nodes { ` + columns + ` } } } } }`, "1 pages, 0 counts, 0 by id, 1 consequences"},
		"consequences of causes":   {`{ auditLog { nodes { causedBy { consequences { edges { node { consequences { nodes { id } } } } } } } } }`, "1 pages, 0 counts, 1 by id, 2 consequences"},
		"a count of consequences":  {`{ auditLog(first: 3) { nodes { consequences { totalCount { value } } } } }`, "1 pages, 3 counts, 0 by id"},
		"one event":                {`query ($ids: [ID!]!) { nodes(ids: $ids) { ... on AuditEvent { ` + columns + ` } } }`, "0 pages, 0 counts, 1 by id"},
		"many events with causes":  {`query ($ids: [ID!]!) { nodes(ids: $ids) { ... on AuditEvent { causedBy { id } } } }`, "0 pages, 0 counts, 2 by id"},
		"actors without an event":  {`{ nodes(ids: ["act_1", "sec_1"]) { id } }`, "0 pages, 0 counts, 0 by id"},
		"an event that is unknown": {`{ node(id: "evt_00000000000000000000000000") { id } }`, "0 pages, 0 counts, 1 by id"},
	} {
		request := map[string]any{"query": c.query, "variables": map[string]any{"ids": ids}}
		if body := log.send(t, request, audit.ScopeReadAuditLog); strings.Contains(string(body), `"errors"`) {
			t.Errorf("%s: %s", name, body)
		}
		if got := log.reads.taken(); got != c.want {
			t.Errorf("%s takes %s, want %s", name, got, c.want)
		}
	}
}

func TestRecordedEventsAreReadBackInOneGo(t *testing.T) {
	log := newLog(t, filepath.Join("testdata", "golden", "record-event", "data.ndjson"))
	var events []json.RawMessage
	for i := range audit.MaxRecordEvents {
		events = append(events, json.RawMessage(fmt.Sprintf(`{
			"idempotencyKey": "k%d", "action": "UPDATE", "performedBy": {"user": {"externalId": "usr-ana"}}, "section": "team",
			"causedBy": %s, "details": {"settings": {"area": "OTHER"}}
		}`, i, map[bool]string{true: "null", false: fmt.Sprintf(`{"idempotencyKey": "k%d"}`, i/2)}[i == 0])))
	}
	body := string(log.send(t, map[string]any{
		"query":     `mutation ($events: [EventInput!]!) { recordEvents(events: $events) { created results { event { id causedBy { sequence } } } } }`,
		"variables": map[string]any{"events": events},
	}, audit.ScopeRecordEvents, audit.ScopeReadAuditLog))
	if !strings.Contains(body, `"created":500`) || strings.Count(body, `"causedBy":{"sequence":`) != 499 {
		t.Errorf("the answer is %.300s", body)
	}
	if got := log.reads.taken(); got != "0 pages, 0 counts, 2 by id" {
		t.Errorf("it takes %s", got)
	}
}
