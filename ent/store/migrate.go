package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// ErrNewerDatabase says that the database was migrated by a later release than
// this program.
var ErrNewerDatabase = errors.New("the database is newer than this program")

var migrationFolder = map[string]string{dialect.SQLite: "sqlite", dialect.Postgres: "postgres"}

// beginMigration opens a transaction that no other migration runs beside.
// On Postgres it waits for the others however long they take, but DDL does not
// wait long for readers: it would hold up everyone behind it.
var beginMigration = map[string]string{
	dialect.SQLite: `BEGIN EXCLUSIVE`,
	dialect.Postgres: `BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
		SELECT pg_advisory_xact_lock(7237970109966541943); SET LOCAL lock_timeout = '30s'`,
}

// hasMigrationTable reads the catalogue itself on Postgres: to_regclass may
// answer from what the session knew before it waited for the lock.
var hasMigrationTable = map[string]string{
	dialect.SQLite: `SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'daybook_migrations')`,
	dialect.Postgres: `SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_class
		WHERE relname = 'daybook_migrations' AND pg_catalog.pg_table_is_visible(oid))`,
}

// createMigrationTable serves both engines; SQLite takes any name for a type.
const createMigrationTable = `CREATE TABLE IF NOT EXISTS daybook_migrations (
	version    integer PRIMARY KEY,
	name       text NOT NULL,
	sha256     text NOT NULL,
	applied_at timestamptz NOT NULL
)`

// Migrate brings the tables up to date, each migration in a transaction of its
// own, while no other program migrates the same database. With nothing to do it
// only reads, so that a role without the right to create tables may call it. It
// fails if a migration that was applied differs from this program's, and with
// [ErrNewerDatabase] if there are more than it knows.
func (s *Store) Migrate(ctx context.Context) error {
	known, err := loadMigrations(migrationFolder[s.dialect])
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return s.migrate(ctx, known)
}

func (s *Store) migrate(ctx context.Context, known []migration) error {
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.Close()
	for {
		pending, err := s.pendingMigrations(ctx, conn, known)
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		if len(pending) == 0 {
			return nil
		}
		if err := s.migrateNext(ctx, conn, known); err != nil {
			return fmt.Errorf("migrate to %s: %w", pending[0].name, explainMigration(err))
		}
	}
}

// migrateNext applies the first pending migration, if another program has not
// done so meanwhile.
func (s *Store) migrateNext(ctx context.Context, conn *sql.Conn, known []migration) (err error) {
	if _, err := conn.ExecContext(ctx, beginMigration[s.dialect]); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			// The connection may be gone or the context over; what counts is err.
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`)
		}
	}()
	pending, err := s.pendingMigrations(ctx, conn, known)
	if err != nil {
		return err
	}
	if len(pending) > 0 {
		if err := applyMigration(ctx, conn, pending[0]); err != nil {
			return err
		}
	}
	_, err = conn.ExecContext(ctx, `COMMIT`)
	return err
}

func applyMigration(ctx context.Context, conn *sql.Conn, next migration) error {
	for _, statement := range []string{createMigrationTable, next.sql} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	_, err := conn.ExecContext(ctx,
		`INSERT INTO daybook_migrations (version, name, sha256, applied_at) VALUES ($1, $2, $3, $4)`,
		next.version, next.name, next.sum, time.Now())
	return err
}

// pendingMigrations compares what the database has with what is known.
func (s *Store) pendingMigrations(ctx context.Context, conn *sql.Conn, known []migration) ([]migration, error) {
	var exists bool
	if err := conn.QueryRowContext(ctx, hasMigrationTable[s.dialect]).Scan(&exists); err != nil {
		return nil, err
	}
	if !exists {
		return known, nil
	}
	rows, err := conn.QueryContext(ctx, `SELECT version, sha256 FROM daybook_migrations ORDER BY version`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	applied := 0
	for ; rows.Next(); applied++ {
		var version int
		var sum string
		if err := rows.Scan(&version, &sum); err != nil {
			return nil, err
		}
		if err := checkApplied(known, applied, version, sum); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return known[applied:], nil
}

func checkApplied(known []migration, applied, version int, sum string) error {
	switch {
	case applied >= len(known):
		return fmt.Errorf("%w: it has migration %d, the program knows %d", ErrNewerDatabase, version, len(known))
	case version != applied+1:
		return fmt.Errorf("the database has migration %d but not %d", version, applied+1)
	case sum != known[applied].sum:
		return fmt.Errorf("the database was made with another text of migration %s", known[applied].name)
	}
	return nil
}

// explainMigration adds what to do when the role may not migrate.
func explainMigration(err error) error {
	if refused := pq.As(err, pqerror.InsufficientPrivilege); refused != nil {
		return fmt.Errorf("%w (let the owner of the database migrate it, then grant this role its rights)", err)
	}
	return err
}
