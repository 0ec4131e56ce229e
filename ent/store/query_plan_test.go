package store

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"

	"daybook/audit"
)

const (
	planEvents = 20_000
	// maxPages is how many pages of the database (of 8 kB) a page of 51 events
	// may touch on Postgres. A walk over the whole log would touch ten times as
	// many, and ever more as the log grows.
	maxPages = 1000
)

// planQuery is a question that must cost the same however long the log is.
type planQuery struct {
	audit.EventQuery
	index string // that SQLite must find the events by
}

func planQueries(t *testing.T) map[string]planQuery {
	t.Helper()
	from, to := bulkStart.Add(100*time.Hour), bulkStart.Add(200*time.Hour)
	middle, err := audit.NewEventID(from, planEvents/3, 1)
	if err != nil {
		t.Fatal(err)
	}
	name, recorded := "agent 250", audit.Order{Field: audit.OrderRecordedAt, Direction: audit.Ascending}
	days := &audit.TimeRange{From: &from, To: &to}
	objects := []audit.ObjectRef{{Type: "conversation", ExternalID: "object-30"}, {Type: "conversation", ExternalID: "object-31"}}
	filtered := func(index string, f audit.Filter) planQuery { return planQuery{audit.EventQuery{Filter: &f}, index} }
	by := func(f audit.ActorFilter) audit.Filter { return audit.Filter{PerformedBy: &f} }
	return map[string]planQuery{
		"newest":              {audit.EventQuery{}, "events_time"},
		"far from the newest": {audit.EventQuery{After: &audit.Position{ID: middle}}, "events_time (organization=? AND id<?)"},
		"oldest":              {audit.EventQuery{FromEnd: true}, "events_time"},
		"range":               filtered("events_time (organization=? AND id>? AND id<?)", audit.Filter{OccurredAt: days}),
		"category":            filtered("events_category", audit.Filter{Categories: []audit.Category{audit.CategoryBilling}}),
		"two categories":      filtered("events_category", audit.Filter{Categories: audit.Categories()[:2]}),
		"actor":               filtered("events_actor", by(audit.ActorFilter{ExternalIDs: []string{"actor-7"}})),
		"two actors":          filtered("events_actor", by(audit.ActorFilter{ExternalIDs: []string{"actor-7", "actor-200"}})),
		"name":                filtered("events_actor", by(audit.ActorFilter{Name: &name})),
		"section":             filtered("events_section", audit.Filter{Sections: []string{"section-3"}}),
		"object":              filtered("events_object", audit.Filter{Objects: objects[:1]}),
		"objects":             filtered("events_object", audit.Filter{Objects: objects}),
		"conversation":        filtered("events_subject", audit.Filter{Conversations: []string{"object-30"}}),
		"property":            filtered("PRIMARY KEY", audit.Filter{Properties: []string{"property-30"}}),
		"two properties":      filtered("PRIMARY KEY", audit.Filter{Properties: []string{"property-3", "property-30"}}),
		"object and property": filtered("events_object", audit.Filter{Objects: objects[:1], Properties: []string{"property-3"}}),
		"within allOf": filtered("events_object", audit.Filter{
			AllOf: []audit.Filter{{Categories: audit.Categories()}, {Objects: objects[:1]}},
		}),
		"recording":        {audit.EventQuery{Order: recorded}, "PRIMARY KEY"},
		"recorded far in":  {audit.EventQuery{Order: recorded, After: &audit.Position{Sequence: planEvents / 3}}, "sequence>?"},
		"recorded range":   {audit.EventQuery{Order: recorded, Filter: &audit.Filter{RecordedAt: days}}, "sequence>? AND sequence<?"},
		"recorded, object": {audit.EventQuery{Order: recorded, Filter: &audit.Filter{Objects: objects[:1]}}, "events_object"},
	}
}

// TestPlans: no page sorts a table or reads one from end to end.
func TestPlans(t *testing.T) {
	if testing.Short() {
		t.Skip("fills two databases")
	}
	check := map[string]func(*testing.T, *Store, string, string, []any){dialect.SQLite: checkSQLitePlan, dialect.Postgres: checkPostgresPlan}
	eachEngine(t, func(t *testing.T, s *Store) {
		fillBulk(t, s, planEvents)
		for name, query := range planQueries(t) {
			t.Run(name, func(t *testing.T) {
				query.Limit = audit.DefaultPageSize + 1
				if query.Order.Field == 0 {
					query.Order = audit.Order{Field: audit.OrderOccurredAt, Direction: audit.Descending}
				}
				text, args := pageStatement(t, s, query.EventQuery)
				check[s.dialect](t, s, query.index, text, args)
			})
		}
	})
}

func pageStatement(t *testing.T, s *Store, query audit.EventQuery) (string, []any) {
	t.Helper()
	scan, err := s.newScan(t.Context(), 1, query.Filter, query.Order.Field, query.Limit)
	if err != nil {
		t.Fatal(err)
	}
	scan.between(query)
	if scan.empty() {
		t.Fatal("the query asks for nothing")
	}
	page := scan.page()
	page.SetDialect(s.dialect)
	return page.Query()
}

var bigTables = []string{"events", "journal", "property_changes"}

// checkSQLitePlan expects that the index is used, that big tables are searched,
// not scanned, and that nothing is sorted but what a branch or the index of an
// object found.
func checkSQLitePlan(t *testing.T, s *Store, index, text string, args []any) {
	t.Helper()
	rows, err := s.reader.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	steps := map[int][]string{} // by parent
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps[parent] = append(steps[parent], step)
		plan = append(plan, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(plan, "\n"), index) {
		t.Errorf("does not use %s:\n%s", index, strings.Join(plan, "\n"))
	}
	small := regexp.MustCompile(`SCAN branch\d+|USING INDEX events_(object|subject|correlation)`)
	for _, siblings := range steps {
		all := strings.Join(siblings, "\n")
		if strings.Contains(all, "TEMP B-TREE") && !small.MatchString(all) {
			t.Errorf("sorts what it finds:\n%s", strings.Join(plan, "\n"))
		}
	}
	for _, table := range bigTables {
		if strings.Contains(strings.Join(plan, "\n")+"\n", "SCAN "+table+"\n") {
			t.Errorf("scans %s:\n%s", table, strings.Join(plan, "\n"))
		}
	}
}

// postgresPlan is a node of EXPLAIN's answer.
type postgresPlan struct {
	NodeType string         `json:"Node Type"`
	Table    string         `json:"Relation Name"`
	Hit      int            `json:"Shared Hit Blocks"`
	Read     int            `json:"Shared Read Blocks"`
	Plans    []postgresPlan `json:"Plans"`
}

// checkPostgresPlan expects that big tables are read through indexes, and few
// pages of them.
func checkPostgresPlan(t *testing.T, s *Store, _, text string, args []any) {
	t.Helper()
	var answer []byte
	if err := s.reader.QueryRowContext(t.Context(), "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "+text, args...).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	var explained []struct{ Plan postgresPlan }
	if err := json.Unmarshal(answer, &explained); err != nil {
		t.Fatal(err)
	}
	root := explained[0].Plan
	if pages := root.Hit + root.Read; pages > maxPages {
		t.Errorf("touches %d pages, more than %d:\n%s", pages, maxPages, answer)
	}
	for _, table := range bigTables {
		if root.scans(table) {
			t.Errorf("scans %s:\n%s", table, answer)
		}
	}
}

func (p postgresPlan) scans(table string) bool {
	for _, child := range p.Plans {
		if child.scans(table) {
			return true
		}
	}
	return p.NodeType == "Seq Scan" && p.Table == table
}
