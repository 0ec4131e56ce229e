package main

import (
	"context"
	"database/sql"
	"fmt"

	_ "github.com/lib/pq" // the driver "postgres"

	"daybook/bench/cell"
	"daybook/bench/dataset"
	"daybook/bench/event"
	"daybook/bench/load"
)

// The lines of (c) that goals compare.
const (
	onePage      = "a page of 50"
	histogramAll = "histogram by day, 24 months"
	rawHistogram = "the same by SQL, a scan"
	facetsMonth  = "facets, a month"
	facetsAll    = "facets, 24 months"
	countAll     = "totalCount of everything"
)

// countCase is a question whose answer is numbers.
type countCase struct {
	name   string
	count  bool // it is a totalCount
	filter map[string]any
	fields string // of the connection
	want   string // in every answer
}

func countCases() []countCase {
	month := map[string]any{"occurredAt": map[string]any{"from": "2025-03-01T00:00:00Z", "to": "2025-04-01T00:00:00Z"}}
	const total, histogram = `totalCount { value exact }`, `histogram(interval: DAY) { exact buckets { start count categories { category count } } }`
	const facets = `facets(top: 10) { exact categories { category count } actions { action count } eventNames { eventName count }
		actors { actor { id } count } sections { section { id } count } properties { property { key } count } }`
	return []countCase{
		{countAll, true, map[string]any{}, total, `"value":`},
		{"totalCount of half of it", true, map[string]any{"categories": []string{"CONVERSATION"}}, total, `"value":`},
		{"totalCount of a rare category", true, map[string]any{"categories": []string{"BILLING"}}, total, `"value":`},
		{"totalCount of a month", true, month, total, `"value":`},
		{"totalCount of a rare property", true, map[string]any{"properties": []string{"property_110"}}, total, `"value":`},
		{"totalCount of a user", true, map[string]any{"performedBy": map[string]any{"externalIds": []string{"usr-00003"}}}, total, `"value":`},
		{histogramAll, false, map[string]any{}, histogram, `"count":`},
		{"histogram by day, 24 months, a user", false, map[string]any{"performedBy": map[string]any{"externalIds": []string{"usr-00003"}}}, histogram, `"count":`},
		{facetsMonth, false, month, facets, `"count":`},
		{facetsAll, false, map[string]any{}, facets, `"count":`},
	}
}

// rawCounts are the same by one statement each, without any server. When an event
// happened is in its id: the first 48 bits are milliseconds.
var rawCounts = map[string]string{
	"the exact count by SQL": `SELECT count(*) FROM events WHERE organization = 1`,
	rawHistogram: `SELECT ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 86400000, category, count(*)
		FROM events WHERE organization = 1 GROUP BY 1, 2`,
}

// measureCounts is (c): counts, facets and histograms, by one caller.
func (s *stage) measureCounts(ctx context.Context, r *report) error {
	for _, database := range s.databases {
		cells, err := s.countCells(ctx, database)
		if err != nil {
			return err
		}
		samples, err := cell.Measure(ctx, cells, s.plan("answers"))
		if err != nil {
			return err
		}
		for i := range cells {
			r.counts = append(r.counts, countLine{database.Log.Events, cells[i].Name, samples[i]})
		}
	}
	return nil
}

// countLine is one measurement of (c).
type countLine struct {
	events  int
	what    string
	samples []cell.Sample
}

func (s *stage) countCells(ctx context.Context, database *dataset.Database) ([]cell.Cell, error) {
	started, err := s.serve(ctx, database)
	if err != nil {
		return nil, err
	}
	secret := database.Secrets[reader-1]
	request := func(query string, filter map[string]any, want string) load.Request {
		return load.Post(started.Host, secret, event.Body(query, map[string]any{"filter": filter}), 1, want)
	}
	page := request(`query($filter: AuditFilter) { auditLog(filter: $filter, first: 50) { nodes {
		id occurredAt category action eventName performedBy { id kind name } section { key name } object { type externalId name }
		ipAddress changes { property before after } } } }`, nil, `"nodes":[{`)
	cells := []cell.Cell{{Name: onePage, Run: cell.Requesting(started.Host, []load.Request{page}, 1)}}
	for _, c := range countCases() {
		one := request(`query($filter: AuditFilter) { auditLog(filter: $filter, first: 0) { `+c.fields+` } }`, c.filter, c.want)
		if err := load.SendOnce(ctx, started.Host, []load.Request{one}); err != nil {
			s.skipped = append(s.skipped, fmt.Sprintf("%s on %d events: %.200s", c.name, database.Log.Events, err))
			continue
		}
		cells = append(cells, cell.Cell{Name: c.name, Run: cell.Requesting(started.Host, []load.Request{one}, 1)})
	}
	for i := range cells {
		cells[i].Program, cells[i].Profiler = started.Process, started.Profiler
	}
	raw, err := s.rawCells(database)
	cells = append(cells, raw...)
	for i := range cells {
		cells[i].Database = s.postgres.Server
	}
	return cells, err
}

func (s *stage) rawCells(database *dataset.Database) ([]cell.Cell, error) {
	db, err := sql.Open("postgres", database.Address)
	if err != nil {
		return nil, err
	}
	s.onClose(func() { _ = db.Close() })
	var cells []cell.Cell
	for _, name := range []string{"the exact count by SQL", rawHistogram} {
		cells = append(cells, cell.Cell{Name: name, Run: cell.Calling(func(ctx context.Context) (int, error) {
			rows, err := db.QueryContext(ctx, rawCounts[name])
			if err != nil {
				return 0, err
			}
			defer rows.Close()
			for rows.Next() {
			}
			return 1, rows.Err()
		})})
	}
	return cells, nil
}

// plan is how cells are measured.
func (s *stage) plan(unit string) cell.Plan {
	return cell.Plan{
		Rounds: s.options.rounds, Length: s.options.length, Unit: unit,
		Profile: s.options.profile, Log: s.log,
	}
}
