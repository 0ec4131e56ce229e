package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteSettings hold for every connection. Instants are stored as integer Unix
// microseconds, the precision of Postgres, because text in mixed zones neither
// sorts nor compares.
var sqliteSettings = []string{
	"_busy_timeout=10000",
	"_fk=1", // ent insists on it
	"_time_integer_format=unix_micro",
	"_inttotime=1",
	"_timezone=UTC",
	"_dqs=0",
}

// sqliteWriterSettings make a commit durable when it is acknowledged (FULL), a
// transaction take its lock at once instead of failing half-way, REPLACE fire
// the triggers that forbid it, and checkpoints rarer than the default, which
// costs half the speed of recording.
var sqliteWriterSettings = []string{
	"_journal=WAL",
	"_sync=FULL",
	"_txlock=immediate",
	"_pragma=recursive_triggers(1)",
	"_pragma=wal_autocheckpoint(20000)",
	"_pragma=cache_size(-32768)", // in KiB: the leaves of the indexes that events go into
	"_pragma=temp_store(memory)", // what savepoints may have to undo need not be written to a file
}

var sqliteReaderSettings = []string{"_query_only=1"}

func connectSQLite(path string, options Options) (writer, reader *sql.DB, err error) {
	if path == "" || path == ":memory:" {
		return nil, nil, errors.New("sqlite: needs the path of a file")
	}
	if writer, err = openSQLite(path, 1, sqliteWriterSettings); err != nil {
		return nil, nil, err
	}
	if reader, err = openSQLite(path, options.Readers, sqliteReaderSettings); err != nil {
		return nil, nil, errors.Join(err, writer.Close())
	}
	return writer, reader, nil
}

func openSQLite(path string, connections int, settings []string) (*sql.DB, error) {
	uri, err := sqliteURI(path)
	if err != nil {
		return nil, err
	}
	query := strings.Join(append(sqliteSettings[:len(sqliteSettings):len(sqliteSettings)], settings...), "&")
	connector, err := sqlite.NewConnector(uri + "?" + query)
	if err != nil {
		return nil, err
	}
	return pool(sql.OpenDB(sqliteConnector{connector}), connections), nil
}

// sqliteURI names a file whatever characters are in its path.
func sqliteURI(path string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	slashed := filepath.ToSlash(absolute)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // a drive letter
	}
	return (&url.URL{Scheme: "file", Path: slashed}).String(), nil
}

// pool keeps as many connections idle as may be open: making one costs more
// than most queries.
func pool(db *sql.DB, connections int) *sql.DB {
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db
}

// whenFree repeats what SQLite refuses as busy without waiting: while one
// connection switches a new file to its write-ahead log, others cannot.
func whenFree(ctx context.Context, try func(context.Context) error) error {
	for pause := time.Millisecond; ; pause *= 2 {
		err := try(ctx)
		var refused *sqlite.Error
		if !errors.As(err, &refused) || refused.Code()&0xff != sqlite3.SQLITE_BUSY || pause > time.Second {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}
