package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"daybook/bench/dataset"
	"daybook/bench/server"
	"daybook/ent/store"
)

// grownEvents is the largest log that is recorded to see how tables grow.
const grownEvents = 1_000_000

// relation is a table or an index, with its bytes for each event.
type relation struct {
	table, name string
	grown, bulk float64
}

// apart says whether a relation belongs to text search.
func (r relation) apart() bool {
	return textSearch.MatchString(r.name) || textSearch.MatchString(r.table)
}

var textSearch = regexp.MustCompile(`text|search|gram|word`)

// measureBytes is (f): the disk that an event takes, grown by recording and built
// in bulk.
func (s *stage) measureBytes(ctx context.Context, r *report) error {
	database := s.largest(grownEvents)
	s.say(fmt.Sprintf("recording %d events", database.Log.Events))
	address, err := s.record(ctx, database.Log)
	if err != nil {
		return err
	}
	grown, err := relations(ctx, address)
	if err != nil {
		return err
	}
	bulk, err := relations(ctx, database.Address)
	if err != nil {
		return err
	}
	perEvent := func(bytes int64) float64 { return float64(bytes) / float64(database.Log.Events) }
	r.sized = database.Log.Events
	for _, name := range sortedRelations(grown) {
		r.relations = append(r.relations, relation{grown[name].table, name, perEvent(grown[name].bytes), perEvent(bulk[name].bytes)})
	}
	return s.postgres.DropDatabase(ctx, grownName)
}

const grownName = "grown"

// record records a log into a database of its own.
func (s *stage) record(ctx context.Context, log dataset.Log) (address string, err error) {
	if err := s.postgres.DropDatabase(ctx, grownName); err != nil {
		return "", err
	}
	if address, err = s.postgres.NewDatabase(ctx, grownName); err != nil {
		return "", err
	}
	if _, err := server.PrepareDatabase(ctx, address, dataset.Organizations); err != nil {
		return "", err
	}
	engine, err := store.Open(ctx, address, store.Options{})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	return address, log.Record(ctx, engine, s.progress("recorded", log))
}

// progress tells how far a log has come, ten times.
func (s *stage) progress(what string, log dataset.Log) func(int) {
	return func(events int) {
		if events*10/log.Events > (events-dataset.ChunkSize)*10/log.Events {
			fmt.Fprintf(s.log, "%s %d of %d events\n", what, events, log.Events)
		}
	}
}

// size is what one relation takes.
type size struct {
	table string
	bytes int64
}

// relations are the tables and indexes of a database.
func relations(ctx context.Context, address string) (map[string]size, error) {
	db, err := sql.Open("postgres", address)
	if err != nil {
		return nil, err
	}
	defer db.Close() //nolint:errcheck // it was only read
	rows, err := db.QueryContext(ctx, `SELECT coalesce(i.indrelid, c.oid)::regclass::text, c.relname,
			CASE WHEN c.relkind = 'i' THEN pg_relation_size(c.oid) ELSE pg_table_size(c.oid) END
		FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i')`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]size{}
	for rows.Next() {
		var one size
		var name string
		if err := rows.Scan(&one.table, &name, &one.bytes); err != nil {
			return nil, err
		}
		found[name] = one
	}
	return found, rows.Err()
}

// sortedRelations are the names of relations, the indexes behind their tables.
func sortedRelations(all map[string]size) []string {
	var names []string
	for name := range all {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if order := strings.Compare(all[a].table, all[b].table); order != 0 {
			return order
		}
		if a == all[a].table {
			return -1
		}
		if b == all[b].table {
			return 1
		}
		return strings.Compare(a, b)
	})
	return names
}

// byteTable is the table of (f). What is less than half a byte is left out.
func (r *report) byteTable(b *strings.Builder) {
	if len(r.relations) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## Bytes on disk for each event, %d events\n\n| table or index | grown by recording | loaded, then indexed |\n|---|--:|--:|\n", r.sized)
	for _, one := range r.relations {
		if one.grown < 0.5 && one.bulk < 0.5 {
			continue
		}
		name := one.name
		if name != one.table {
			name = "- " + name
		}
		if one.apart() {
			name += " (text search, apart)"
		}
		fmt.Fprintf(b, "| %s | %.1f | %.1f |\n", name, one.grown, one.bulk)
	}
	grown, bulk := r.totalBytes()
	fmt.Fprintf(b, "| **total** without text search | **%.0f** | **%.0f** |\n", grown, bulk)
}

func (r *report) totalBytes() (grown, bulk float64) {
	for _, one := range r.relations {
		if !one.apart() {
			grown, bulk = grown+one.grown, bulk+one.bulk
		}
	}
	return grown, bulk
}

// byteGoals are those of S1.
func (r *report) byteGoals() {
	if len(r.relations) == 0 {
		return
	}
	grown, bulk := r.totalBytes()
	r.goals = append(r.goals,
		goal{"S1", fmt.Sprintf("bytes for each event, %d events, grown by recording", r.sized), "at most 1050", fmt.Sprintf("%.0f", grown), grown <= 1050},
		goal{"S1", "the same, loaded and then indexed", "at most 850", fmt.Sprintf("%.0f", bulk), bulk <= 850})
}
