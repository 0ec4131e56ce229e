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
	indexes []index
}

// index is one that is built after loading.
type index struct {
	table, name, definition string
	primary                 bool // it is its table's primary key
}

// loaded are the tables that grow with the log.
const loaded = `ARRAY['events', 'property_changes', 'merge_sources', 'journal', 'idempotency_keys']::regclass[]`

// dropIndexes drops all but the journal's primary key, by which the names of what
// is loaded get their ids, and keeps vacuum away.
func (b *builder) dropIndexes(ctx context.Context) error {
	if err := b.findIndexes(ctx); err != nil {
		return err
	}
	for _, one := range b.indexes {
		drop := "DROP INDEX " + one.name
		if one.primary {
			drop = "ALTER TABLE " + one.table + " DROP CONSTRAINT " + one.name
		}
		if _, err := b.db.ExecContext(ctx, drop); err != nil {
			return err
		}
	}
	return b.each(ctx, "SET (autovacuum_enabled = false)")
}

func (b *builder) findIndexes(ctx context.Context) error {
	rows, err := b.db.QueryContext(ctx, `SELECT indrelid::regclass, indexrelid::regclass, pg_get_indexdef(indexrelid), indisprimary
		FROM pg_index WHERE indrelid = ANY (`+loaded+`) AND NOT (indisprimary AND indrelid = 'journal'::regclass)
		ORDER BY indisprimary DESC, 1, 2`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var one index
		if err := rows.Scan(&one.table, &one.name, &one.definition, &one.primary); err != nil {
			return err
		}
		b.indexes = append(b.indexes, one)
	}
	return rows.Err()
}

// each alters every table that grows.
func (b *builder) each(ctx context.Context, how string) error {
	_, err := b.db.ExecContext(ctx, `DO $$ DECLARE t regclass; BEGIN
		FOREACH t IN ARRAY `+loaded+` LOOP EXECUTE format('ALTER TABLE %s `+how+`', t); END LOOP; END $$`)
	return err
}

// addPrimaryKeys builds those that were dropped, and gathers statistics, with
// which what follows is planned.
func (b *builder) addPrimaryKeys(ctx context.Context) error {
	if err := b.build(ctx, true); err != nil {
		return err
	}
	for _, one := range b.indexes {
		if !one.primary {
			continue
		}
		if _, err := b.db.ExecContext(ctx, "ALTER TABLE "+one.table+" ADD CONSTRAINT "+one.name+" PRIMARY KEY USING INDEX "+one.name); err != nil {
			return err
		}
	}
	_, err := b.db.ExecContext(ctx, "ANALYZE")
	return err
}

// buildIndexes builds all others.
func (b *builder) buildIndexes(ctx context.Context) error { return b.build(ctx, false) }

// build builds indexes, two at a time.
func (b *builder) build(ctx context.Context, primary bool) error {
	left := make(chan index, len(b.indexes))
	for _, one := range b.indexes {
		if one.primary == primary {
			left <- one
		}
	}
	close(left)
	var running sync.WaitGroup
	failures := make(chan error, len(b.indexes))
	for range 2 {
		running.Go(func() {
			for one := range left {
				fmt.Fprintf(b.say, "building %s\n", one.name)
				if _, err := b.db.ExecContext(ctx, one.definition); err != nil {
					failures <- fmt.Errorf("%s: %w", one.definition, err)
				}
			}
		})
	}
	running.Wait()
	close(failures)
	return <-failures
}

// settle leaves the database as it is when nothing was written for a while.
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
