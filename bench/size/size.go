// Package size says how many bytes a log takes on disk, and where.
package size

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Part is a table without its indexes, one index, or one column.
type Part struct {
	Name  string
	Bytes int64
}

// Log is what a log takes: for itself, and beyond that so that texts are found in it.
type Log struct{ Itself, TextSearch []Part }

// searchText is the column of events that text search looks in. It is counted
// without the room that alignment takes.
const searchText = `SELECT coalesce(sum(pg_column_size(search_text)), 0) FROM events`

// Which tables grow with the events, by the beginnings of their names.
const (
	ofItself     = "^(events|shared_texts|property_changes|merge_sources|journal|idempotency_keys)"
	ofTextSearch = "^text_"
)

// tables are those whose names match, and their indexes. A partition counts as a
// part of its own.
const tables = `
	SELECT part.relname, pg_total_relation_size(part.oid) - CASE WHEN part.relkind = 'r' THEN pg_indexes_size(part.oid) ELSE 0 END
	FROM pg_class part
	LEFT JOIN pg_index i ON i.indexrelid = part.oid
	JOIN pg_class tab ON tab.oid = coalesce(i.indrelid, part.oid)
	WHERE part.relkind IN ('r', 'i') AND tab.relnamespace = current_schema()::regnamespace
		AND tab.relname ~ $1
	ORDER BY tab.relname, part.relkind DESC, part.relname`

// OfLog measures the log in a Postgres database.
func OfLog(ctx context.Context, db *sql.DB) (*Log, error) {
	var log Log
	var err error
	if log.Itself, err = parts(ctx, db, ofItself); err != nil {
		return nil, err
	}
	if log.TextSearch, err = parts(ctx, db, ofTextSearch); err != nil {
		return nil, err
	}
	column := Part{Name: "events.search_text"}
	if err := db.QueryRowContext(ctx, searchText).Scan(&column.Bytes); err != nil {
		return nil, fmt.Errorf("size of %s: %w", column.Name, err)
	}
	for i := range log.Itself {
		if part := &log.Itself[i]; part.Name == "events" {
			part.Name, part.Bytes = "events but search_text", part.Bytes-column.Bytes
		}
	}
	log.TextSearch = append([]Part{column}, log.TextSearch...)
	return &log, nil
}

func parts(ctx context.Context, db *sql.DB, names string) ([]Part, error) {
	rows, err := db.QueryContext(ctx, tables, names)
	if err != nil {
		return nil, fmt.Errorf("size of the log: %w", err)
	}
	defer rows.Close()
	var list []Part
	for rows.Next() {
		var part Part
		if err := rows.Scan(&part.Name, &part.Bytes); err != nil {
			return nil, fmt.Errorf("size of the log: %w", err)
		}
		list = append(list, part)
	}
	return list, rows.Err()
}

// Total is the bytes of all parts.
func Total(parts []Part) int64 {
	var total int64
	for _, part := range parts {
		total += part.Bytes
	}
	return total
}

// Table shows several states of one log side by side, in bytes per event, as
// Markdown. Each state has the same parts.
func Table(events int, titles []string, states ...*Log) string {
	var table strings.Builder
	line := func(name string, bytes func(state *Log) int64) {
		fmt.Fprintf(&table, "| %s |", name)
		for _, state := range states {
			fmt.Fprintf(&table, " %.0f |", float64(bytes(state))/float64(events))
		}
		table.WriteByte('\n')
	}
	fmt.Fprintf(&table, "| bytes per event | %s |\n|---|%s\n", strings.Join(titles, " | "), strings.Repeat("--:|", len(titles)))
	for _, half := range []struct {
		title string
		of    func(*Log) []Part
	}{
		{"all, text search apart", func(l *Log) []Part { return l.Itself }},
		{"text search", func(l *Log) []Part { return l.TextSearch }},
	} {
		for i, part := range half.of(states[0]) {
			line(part.Name, func(state *Log) int64 { return half.of(state)[i].Bytes })
		}
		line("**"+half.title+"**", func(state *Log) int64 { return Total(half.of(state)) })
	}
	return table.String()
}
