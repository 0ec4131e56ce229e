package dataset

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/lib/pq"

	"daybook/bench/cluster"
	"daybook/bench/server"
	"daybook/ent/store"
)

// Database is a Postgres database that has the log.
type Database struct {
	Log     Log
	Address string
	Secrets []string      // of an administrator of each organization
	Loading time.Duration // zero when it was there already
}

// Open gives the database of the log in a cluster, and loads it unless it is
// there: made by this version of the log and with the tables of this program.
func (l Log) Open(ctx context.Context, postgres *cluster.Cluster, say io.Writer) (*Database, error) {
	d := &Database{Log: l, Address: postgres.URL(l.name())}
	usable, err := d.usable(ctx, postgres)
	if err != nil {
		return nil, err
	}
	if !usable {
		begun := time.Now()
		if err := d.load(ctx, postgres, say); err != nil {
			return nil, fmt.Errorf("load %d events: %w", l.Events, err)
		}
		d.Loading = time.Since(begun)
	}
	d.Secrets, err = server.PrepareDatabase(ctx, d.Address, Organizations)
	return d, err
}

func (l Log) name() string { return fmt.Sprintf("events_%d", l.Events) }

// usable says whether a whole log is there.
func (d *Database) usable(ctx context.Context, postgres *cluster.Cluster) (bool, error) {
	made, err := d.mark(ctx)
	if pq.As(err) != nil && pq.As(err).Code == "3D000" { // no such database
		return false, nil
	} else if err != nil {
		return false, err
	}
	engine, err := store.Open(ctx, d.Address, store.Options{Migrate: true})
	if err != nil {
		return false, nil //nolint:nilerr // it has other tables than this program, and is made anew
	}
	defer engine.Close() //nolint:errcheck // nothing is under way
	now, err := d.recipe(ctx)
	return made == now, err
}

// mark reads what was noted when the log had been loaded.
func (d *Database) mark(ctx context.Context) (text string, err error) {
	err = d.query(ctx, &text, `SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = current_database()`)
	return text, err
}

// recipe tells databases apart that are filled differently.
func (d *Database) recipe(ctx context.Context) (text string, err error) {
	err = d.query(ctx, &text, `SELECT string_agg(name || ' ' || sha256, ', ' ORDER BY version) FROM daybook_migrations`)
	return fmt.Sprintf("version %d, %s", Version, text), err
}

func (d *Database) query(ctx context.Context, into *string, text string) error {
	db, err := sql.Open("postgres", d.Address)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // it was only read
	return db.QueryRowContext(ctx, text).Scan(into)
}

// load makes the database. Indexes but those of primary keys are built when the
// rows are there.
func (d *Database) load(ctx context.Context, postgres *cluster.Cluster, say io.Writer) (err error) {
	if err := postgres.DropDatabase(ctx, d.Log.name()); err != nil {
		return err
	}
	if _, err := postgres.NewDatabase(ctx, d.Log.name()); err != nil {
		return err
	}
	if _, err := server.PrepareDatabase(ctx, d.Address, Organizations); err != nil {
		return err
	}
	db, err := sql.Open("postgres", d.Address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	b := builder{db: db, say: say}
	if err := b.dropIndexes(ctx); err != nil {
		return err
	}
	if err := d.copy(ctx, say); err != nil {
		return err
	}
	if err := b.addPrimaryKeys(ctx); err != nil {
		return err
	}
	if err := d.buildAll(ctx, &b); err != nil {
		return err
	}
	if err := b.settle(ctx); err != nil {
		return err
	}
	recipe, err := d.recipe(ctx)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "COMMENT ON DATABASE "+pq.QuoteIdentifier(d.Log.name())+" IS "+pq.QuoteLiteral(recipe))
	return err
}

// buildAll builds the other indexes, and beside them what is built behind
// recording, which waits for its statements more than it computes.
func (d *Database) buildAll(ctx context.Context, b *builder) error {
	caughtUp := make(chan error, 1)
	go func() { caughtUp <- d.catchUp(ctx) }()
	return errors.Join(b.buildIndexes(ctx), <-caughtUp)
}

// copy writes the rows.
func (d *Database) copy(ctx context.Context, say io.Writer) (err error) {
	engine, err := store.Open(ctx, d.Address, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	return d.Log.Load(ctx, engine, func(events int) {
		if events%(d.Log.Events/10) == 0 {
			fmt.Fprintf(say, "loaded %d of %d events\n", events, d.Log.Events)
		}
	})
}

// catchUp builds what is built behind recording, so that no server does while
// something is measured.
func (d *Database) catchUp(ctx context.Context) (err error) {
	engine, err := store.Open(ctx, d.Address, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	return engine.CatchUp(ctx, func(int64, int64) {})
}
