// Package size says how many bytes a log takes on disk, and where.
package size

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Part is a table without its indexes, or one index.
type Part struct {
	Name  string
	Bytes int64
}

// logParts are the tables that grow with the events and their indexes. A
// partition counts as a part of its own.
const logParts = `
	SELECT part.relname, pg_total_relation_size(part.oid) - CASE WHEN part.relkind = 'r' THEN pg_indexes_size(part.oid) ELSE 0 END
	FROM pg_class part
	LEFT JOIN pg_index i ON i.indexrelid = part.oid
	JOIN pg_class tab ON tab.oid = coalesce(i.indrelid, part.oid)
	WHERE part.relkind IN ('r', 'i') AND tab.relnamespace = current_schema()::regnamespace
		AND tab.relname ~ '^(events|property_changes|merge_sources|journal)'
	ORDER BY tab.relname, part.relkind DESC, part.relname`

// OfLog lists the parts of a Postgres database that grow with the log.
func OfLog(ctx context.Context, db *sql.DB) ([]Part, error) {
	rows, err := db.QueryContext(ctx, logParts)
	if err != nil {
		return nil, fmt.Errorf("size of the log: %w", err)
	}
	defer rows.Close()
	var parts []Part
	for rows.Next() {
		var part Part
		if err := rows.Scan(&part.Name, &part.Bytes); err != nil {
			return nil, fmt.Errorf("size of the log: %w", err)
		}
		parts = append(parts, part)
	}
	return parts, rows.Err()
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
func Table(events int, titles []string, states ...[]Part) string {
	var table strings.Builder
	line := func(name string, bytes func(state []Part) int64) {
		fmt.Fprintf(&table, "| %s |", name)
		for _, state := range states {
			fmt.Fprintf(&table, " %.0f |", float64(bytes(state))/float64(events))
		}
		table.WriteByte('\n')
	}
	fmt.Fprintf(&table, "| bytes per event | %s |\n|---|%s\n", strings.Join(titles, " | "), strings.Repeat("--:|", len(titles)))
	for i, part := range states[0] {
		line(part.Name, func(state []Part) int64 { return state[i].Bytes })
	}
	line("**all**", Total)
	return table.String()
}
