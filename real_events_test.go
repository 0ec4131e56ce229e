package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// sentEvent is a line of the real events, as far as it is compared.
type sentEvent struct {
	OccurredAt  time.Time
	Action      string
	EventName   *string
	PerformedBy map[string]struct {
		Kind, ExternalID string
		Name, Email      *string
	}
	Section string
	Object  *struct {
		Type, ExternalID string
		Name             *string
	}
	Changes []struct {
		Property      string
		Before, After json.RawMessage
	}
	IPAddress *string
	UserAgent *string
	Details   map[string]json.RawMessage
}

// readEvent is an event as the API answers it.
type readEvent struct {
	ID              string
	Sequence        int
	Category        string
	OccurredAt      time.Time
	Action          string
	EventName       *string
	PerformedBy     struct{ Kind, ExternalID string }
	PerformedByName *string
	Section         struct{ Key string }
	Object          *struct {
		Type, ExternalID string
		Name             *string
	}
	Changes []struct {
		Property      string
		Before, After json.RawMessage
		Redacted      bool
	}
	IPAddress *string
	UserAgent *string
}

// auditLogQuery asks for a page with the given selection on its events.
func auditLogQuery(selection string) string {
	return `query Page($order: AuditOrder, $first: Int, $after: String, $last: Int, $before: String) {
  auditLog(orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { ` + selection + ` } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`
}

var wholeEvent = auditLogQuery(`id sequence category occurredAt action eventName performedBy { kind externalId } performedByName
  section { key } object { type externalId name } changes { property before after redacted } ipAddress userAgent`)

// page is the answer to auditLogQuery.
type page struct {
	AuditLog struct {
		Edges []struct {
			Cursor string
			Node   readEvent
		}
		PageInfo struct {
			HasNextPage, HasPreviousPage bool
			StartCursor, EndCursor       *string
		}
	}
}

// walk reads all pages of a size, forwards or backwards, in the one order that
// both ways share.
func walk(s *server, query, field, direction string, size int, backwards bool) []readEvent {
	var events []readEvent
	variables := map[string]any{"order": map[string]string{"field": field, "direction": direction}, "first": size}
	if backwards {
		delete(variables, "first")
		variables["last"] = size
	}
	for {
		var p page
		s.query(query, variables, &p)
		read := make([]readEvent, len(p.AuditLog.Edges))
		for i, edge := range p.AuditLog.Edges {
			read[i] = edge.Node
		}
		info := p.AuditLog.PageInfo
		if backwards {
			events = append(read, events...)
			variables["before"] = info.StartCursor
		} else {
			events = append(events, read...)
			variables["after"] = info.EndCursor
		}
		if backwards && !info.HasPreviousPage || !backwards && !info.HasNextPage {
			return events
		}
	}
}

func TestRealEventsComeBackAsTheyWereSent(t *testing.T) {
	file := filepath.Join(testData(t), "real-events.ndjson")
	sent := readSent(t, file)
	eachEngine(t, func(t *testing.T, database string) {
		for _, want := range []string{
			fmt.Sprintf("%d created, 0 duplicates, 0 conflicts, 0 invalid", len(sent)),
			fmt.Sprintf("0 created, %d duplicates, 0 conflicts, 0 invalid", len(sent)),
		} {
			output, err := runProgram(t, "import", "--database", database, file)
			if err != nil || !strings.Contains(output, want) {
				t.Fatalf("%v: %s, want %s", err, output, want)
			}
		}
		verifyLog(t, database)
		s := serve(t, database)
		recorded := walk(s, wholeEvent, "RECORDED_AT", "ASC", 500, false)
		if len(recorded) != len(sent) {
			t.Fatalf("%d events came back of %d", len(recorded), len(sent))
		}
		for i := range sent {
			compareEvent(t, i+1, &sent[i], &recorded[i])
		}
		checkPages(t, s, recorded)
		occurred := walk(s, wholeEvent, "OCCURRED_AT", "ASC", 500, false)
		checkStates(t, s, occurred)
		checkReplay(t, sent, occurred)
	})
}

func readSent(t *testing.T, path string) []sentEvent {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var events []sentEvent
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var event sentEvent
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			t.Fatal(err)
		}
		events = append(events, event)
	}
	return events
}

// compareEvent compares every string and JSON value, byte for byte.
func compareEvent(t *testing.T, line int, sent *sentEvent, read *readEvent) {
	t.Helper()
	differs := func(field string, want, got any) {
		if w, g := fmt.Sprint(want), fmt.Sprint(got); w != g {
			t.Errorf("line %d: %s is %.80q, was sent as %.80q", line, field, g, w)
		}
	}
	differs("sequence", line, read.Sequence)
	differs("occurredAt", sent.OccurredAt.UTC(), read.OccurredAt)
	differs("action", sent.Action, read.Action)
	differs("eventName", text(sent.EventName), text(read.EventName))
	differs("section", sent.Section, read.Section.Key)
	differs("ipAddress", text(sent.IPAddress), text(read.IPAddress))
	differs("userAgent", text(sent.UserAgent), text(read.UserAgent))
	for member, actor := range sent.PerformedBy {
		kind := strings.ToUpper(member)
		if member == "automation" {
			kind = actor.Kind
		}
		differs("performedBy", kind+" "+actor.ExternalID, read.PerformedBy.Kind+" "+read.PerformedBy.ExternalID)
		differs("performedByName", text(actor.Name), text(read.PerformedByName))
	}
	for member := range sent.Details {
		differs("category", strings.ReplaceAll(strings.ToUpper(member), "WORKSESSION", "WORK_SESSION"), read.Category)
	}
	if sent.Object != nil {
		differs("object", sent.Object.Type+" "+sent.Object.ExternalID+text(sent.Object.Name), read.Object.Type+" "+read.Object.ExternalID+text(read.Object.Name))
	}
	if len(sent.Changes) != len(read.Changes) {
		t.Errorf("line %d: %d changes, %d were sent", line, len(read.Changes), len(sent.Changes))
		return
	}
	for i, change := range sent.Changes {
		differs("property", change.Property, read.Changes[i].Property)
		if read.Changes[i].Redacted && strings.Contains(strings.ToLower(change.Property), "password") {
			continue // the real events hold a few passwords; redaction_test.go holds that they go
		}
		differs("before", string(change.Before), string(read.Changes[i].Before))
		differs("after", string(change.After), string(read.Changes[i].After))
	}
}

func text(s *string) string {
	if s == nil {
		return "(none)"
	}
	return "'" + *s + "'"
}

// checkPages walks in every way and expects each event exactly once, in order.
func checkPages(t *testing.T, s *server, recorded []readEvent) {
	t.Helper()
	byOccurrence := slices.Clone(recorded)
	slices.SortStableFunc(byOccurrence, func(a, b readEvent) int { return a.OccurredAt.Compare(b.OccurredAt) })
	query := auditLogQuery("id")
	for _, size := range []int{1, 7, 100, 500} {
		for _, order := range []struct {
			field, direction string
			want             []readEvent
		}{{"OCCURRED_AT", "ASC", byOccurrence}, {"RECORDED_AT", "DESC", reversed(recorded)}, {"OCCURRED_AT", "DESC", reversed(byOccurrence)}} {
			for _, backwards := range []bool{false, true} {
				if size < 100 && (order.field != "OCCURRED_AT" || order.direction != "ASC") {
					continue // thousands of small pages: once each way is enough
				}
				got := walk(s, query, order.field, order.direction, size, backwards)
				if !slices.EqualFunc(got, order.want, func(a, b readEvent) bool { return a.ID == b.ID }) {
					t.Errorf("pages of %d by %s %s, backwards %v: %d events, not the %d expected in order",
						size, order.field, order.direction, backwards, len(got), len(order.want))
				}
			}
		}
	}
}

func reversed(events []readEvent) []readEvent {
	events = slices.Clone(events)
	slices.Reverse(events)
	return events
}

// checkReplay applies each object's changes oldest to newest and expects the
// state that the events as sent lead to.
func checkReplay(t *testing.T, sent []sentEvent, read []readEvent) {
	t.Helper()
	read = slices.DeleteFunc(read, func(e readEvent) bool { return sent[e.Sequence-1].Object == nil }) // it got its subject
	sent = slices.DeleteFunc(slices.Clone(sent), func(e sentEvent) bool { return e.Object == nil })
	slices.SortStableFunc(sent, func(a, b sentEvent) int { return a.OccurredAt.Compare(b.OccurredAt) })
	want, got := map[string][]byte{}, map[string][]byte{}
	for _, event := range sent {
		for _, change := range event.Changes {
			if strings.Contains(strings.ToLower(change.Property), "password") {
				continue
			}
			want[event.Object.Type+"/"+event.Object.ExternalID+"/"+change.Property] = change.After
		}
	}
	for _, event := range read {
		for _, change := range event.Changes {
			if strings.Contains(strings.ToLower(change.Property), "password") {
				continue
			}
			got[event.Object.Type+"/"+event.Object.ExternalID+"/"+change.Property] = change.After
		}
	}
	if len(want) != len(got) {
		t.Errorf("the states have %d properties, want %d", len(got), len(want))
	}
	for key, value := range want {
		if !bytes.Equal(got[key], value) {
			t.Errorf("%s ends as %s, want %s", key, got[key], value)
		}
	}
}
