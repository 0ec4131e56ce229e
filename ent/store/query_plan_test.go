package store

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"

	"daybook/audit"
)

const (
	planEvents = 20_000
	planPage   = audit.DefaultPageSize + 1
	// maxPages is how many pages of the database (of 8 kB) a page of 51 events may
	// touch on Postgres. A walk over the whole log would touch ten times as many,
	// and ever more as the log grows.
	maxPages = 600
)

// planQuery is a question that must cost the same however long the log is.
type planQuery struct {
	audit.EventQuery
	index string // that SQLite must find the events by
}

// planQueries are pages anywhere and filters with several values; what serves a
// single field says servedFilters.
func planQueries(t *testing.T) map[string]planQuery {
	t.Helper()
	from, to := bulkStart.Add(100*time.Hour), bulkStart.Add(200*time.Hour)
	middle, err := audit.NewEventID(from, planEvents/3, 1)
	if err != nil {
		t.Fatal(err)
	}
	recorded := audit.Order{Field: audit.OrderRecordedAt, Direction: audit.Ascending}
	days := &audit.TimeRange{From: &from, To: &to}
	objects := []audit.ObjectRef{{Type: "conversation", ExternalID: "object-30"}, {Type: "conversation", ExternalID: "object-31"}}
	filtered := func(index string, f audit.Filter) planQuery { return planQuery{audit.EventQuery{Filter: &f}, index} }
	return map[string]planQuery{
		"newest":              {audit.EventQuery{}, "events_pkey"},
		"far from the newest": {audit.EventQuery{After: &audit.Position{ID: middle}}, "events_pkey (organization=? AND id<?)"},
		"oldest":              {audit.EventQuery{FromEnd: true}, "events_pkey"},
		"range":               filtered("events_pkey (organization=? AND id>? AND id<?)", audit.Filter{OccurredAt: days}),
		"two categories":      filtered("events_category", audit.Filter{Categories: audit.Categories()[:2]}),
		"two actors":          filtered("events_actor", audit.Filter{PerformedBy: &audit.ActorFilter{ExternalIDs: []string{"actor-7", "actor-200"}}}),
		"objects":             filtered("events_object", audit.Filter{Objects: objects}),
		"two properties":      filtered("PRIMARY KEY", audit.Filter{Properties: []string{"property-3", "property-30"}}),
		"object and property": filtered("events_object", audit.Filter{Objects: objects[:1], Properties: []string{"property-3"}}),
		"sign-ins from an address": filtered("events_sign_in", audit.Filter{
			Categories: []audit.Category{audit.CategoryAuthorization}, IPAddresses: []string{"::7"},
		}),
		"within allOf": filtered("events_object", audit.Filter{
			AllOf: []audit.Filter{{Categories: audit.Categories()}, {Objects: objects[:1]}},
		}),
		"recording":        {audit.EventQuery{Order: recorded}, "PRIMARY KEY"},
		"recorded far in":  {audit.EventQuery{Order: recorded, After: &audit.Position{Sequence: planEvents / 3}}, "sequence>?"},
		"recorded range":   {audit.EventQuery{Order: recorded, Filter: &audit.Filter{RecordedAt: days}}, "sequence>? AND sequence<?"},
		"recorded, object": {audit.EventQuery{Order: recorded, Filter: &audit.Filter{Objects: objects[:1]}}, "events_object"},
	}
}

// TestPlans: no page sorts a table or reads one from end to end, whatever an
// audit view combines. What the list calls a scan goes along an index as well;
// it is only not bounded.
func TestPlans(t *testing.T) {
	if testing.Short() {
		t.Skip("fills two databases")
	}
	check := map[string]func(*testing.T, *Store, planQuery, string, []any){dialect.SQLite: checkSQLitePlan, dialect.Postgres: checkPostgresPlan}
	eachEngine(t, func(t *testing.T, s *Store) {
		fillBulk(t, s, planEvents)
		queries := planQueries(t)
		for _, one := range servedFilters() {
			index := one.index
			if s.dialect == dialect.SQLite && index == "property_changes" {
				index = "SEARCH property_changes USING PRIMARY KEY"
			}
			queries["only "+one.field] = planQuery{audit.EventQuery{Filter: &one.filter}, index}
			queries["view with "+one.field] = planQuery{audit.EventQuery{Filter: inView(one.filter)}, ""}
		}
		for name, query := range queries {
			t.Run(name, func(t *testing.T) {
				query.Limit = planPage
				if query.Order.Field == 0 {
					query.Order = audit.Order{Field: audit.OrderOccurredAt, Direction: audit.Descending}
				}
				text, args := pageStatement(t, s, query.EventQuery)
				check[s.dialect](t, s, query, text, args)
			})
		}
	})
}

// inView is what an audit view asks for besides: a week, a category and a user.
func inView(f audit.Filter) *audit.Filter {
	from := bulkStart
	to := from.AddDate(0, 0, 7)
	return &audit.Filter{AllOf: []audit.Filter{f, {
		OccurredAt: &audit.TimeRange{From: &from, To: &to}, Categories: audit.Categories()[2:3],
		PerformedBy: &audit.ActorFilter{ExternalIDs: []string{"actor-0"}},
	}}}
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
// object found, or a page of entries of the journal.
func checkSQLitePlan(t *testing.T, s *Store, query planQuery, text string, args []any) {
	t.Helper()
	index := query.index
	if index == scanned {
		index = "events_pkey"
	}
	index = strings.Replace(index, "events_pkey", "sqlite_autoindex_events_1", 1)
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
	small := regexp.MustCompile(`SCAN branch\d+|INDEX events_(object|subject|correlation|caused_by|work_session)|SEARCH merge_sources|SCAN page`)
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
	Index    string         `json:"Index Name"`
	Rows     float64        `json:"Actual Rows"`
	Hit      int            `json:"Shared Hit Blocks"`
	Read     int            `json:"Shared Read Blocks"`
	Plans    []postgresPlan `json:"Plans"`
}

// explain runs a statement on Postgres and gives its plan, also as it was answered.
func explain(t *testing.T, s *Store, text string, args []any) (plan postgresPlan, answer []byte) {
	t.Helper()
	if err := s.reader.QueryRowContext(t.Context(), "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "+text, args...).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	var explained []struct{ Plan postgresPlan }
	if err := json.Unmarshal(answer, &explained); err != nil {
		t.Fatal(err)
	}
	return explained[0].Plan, answer
}

// checkPostgresPlan expects that big tables are read through indexes, few pages
// of them, and that nothing is sorted but what the branches found.
func checkPostgresPlan(t *testing.T, s *Store, query planQuery, text string, args []any) {
	t.Helper()
	root, answer := explain(t, s, text, args)
	if pages := root.Hit + root.Read; pages > maxPages && query.index != scanned {
		t.Errorf("touches %d pages, more than %d:\n%s", pages, maxPages, answer)
	}
	if index, _, _ := strings.Cut(query.index, " "); regexp.MustCompile("^(events|journal)_").MatchString(index) && !root.uses(index) {
		t.Errorf("does not use %s:\n%s", index, answer)
	}
	branches := max(1, strings.Count(text, `AS "branch`))
	root.each(func(node postgresPlan) {
		if query.index != scanned && node.NodeType == "Seq Scan" && slices.Contains(bigTables, node.Table) {
			t.Errorf("scans %s:\n%s", node.Table, answer)
		}
		if query.index != scanned && node.NodeType == "Sort" && node.Plans[0].Rows > float64(branches*planPage+bundleSize) {
			t.Errorf("sorts %.0f rows:\n%s", node.Plans[0].Rows, answer)
		}
	})
}

// uses says whether the plan reads an index.
func (p postgresPlan) uses(index string) (found bool) {
	p.each(func(node postgresPlan) {
		found = found || node.Index == index
	})
	return found
}

func (p postgresPlan) each(look func(postgresPlan)) {
	look(p)
	for _, child := range p.Plans {
		child.each(look)
	}
}
