package dataset

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"sync"
)

// builder drops indexes for the time of loading and builds them afterwards.
type builder struct {
	db      *sql.DB
	say     io.Writer
	indexes []string // their definitions
}

// loaded are the tables that grow with the log.
const loaded = `ARRAY['events', 'property_changes', 'merge_sources', 'journal']::regclass[]`

// dropIndexes drops all but those of primary keys, and keeps vacuum away.
func (b *builder) dropIndexes(ctx context.Context) error {
	rows, err := b.db.QueryContext(ctx, `SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index
		WHERE indrelid = ANY (`+loaded+`) AND NOT indisprimary ORDER BY 1`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name, definition string
		if err := rows.Scan(&name, &definition); err != nil {
			return err
		}
		names, b.indexes = append(names, name), append(b.indexes, definition)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, name := range names {
		if _, err := b.db.ExecContext(ctx, "DROP INDEX "+name); err != nil {
			return err
		}
	}
	return b.each(ctx, "SET (autovacuum_enabled = false)")
}

// each alters every table that grows.
func (b *builder) each(ctx context.Context, how string) error {
	_, err := b.db.ExecContext(ctx, `DO $$ DECLARE t regclass; BEGIN
		FOREACH t IN ARRAY `+loaded+` LOOP EXECUTE format('ALTER TABLE %s `+how+`', t); END LOOP; END $$`)
	return err
}

// buildIndexes builds them, two at a time.
func (b *builder) buildIndexes(ctx context.Context) error {
	definitions := make(chan string, len(b.indexes))
	for _, definition := range b.indexes {
		definitions <- definition
	}
	close(definitions)
	var running sync.WaitGroup
	failures := make(chan error, len(b.indexes))
	for range 2 {
		running.Go(func() {
			for definition := range definitions {
				fmt.Fprintf(b.say, "building: %s\n", definition)
				if _, err := b.db.ExecContext(ctx, definition); err != nil {
					failures <- fmt.Errorf("%s: %w", definition, err)
				}
			}
		})
	}
	running.Wait()
	close(failures)
	return <-failures
}

// settle leaves the tables as they are when nothing was written for a while.
func (b *builder) settle(ctx context.Context) error {
	if err := b.each(ctx, "RESET (autovacuum_enabled)"); err != nil {
		return err
	}
	for _, statement := range []string{"VACUUM ANALYZE", "CHECKPOINT"} {
		if _, err := b.db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
