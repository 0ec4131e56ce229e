// Package store keeps Daybook's data in SQLite or Postgres. It implements the
// interfaces of package audit and is the only place that knows SQL.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"daybook/audit"
	"daybook/ent/gen"
)

// Options are what a caller may choose about a store. The zero value is a good
// choice.
type Options struct {
	// Migrate brings the tables up to date before Open returns.
	Migrate bool
	// Writers is how many connections record at once on Postgres; 4 when zero.
	// SQLite always has one.
	Writers int
	// Readers is how many connections read at once; 16 when zero.
	Readers int
	// ReadTimeout bounds one reading statement on Postgres; 10 seconds when zero.
	ReadTimeout time.Duration
	// PageBytes is how much recorded JSON one page may hold in memory; 64 MiB when
	// zero. Most pages have a thousandth of it, but one event may have a mebibyte.
	PageBytes int
}

func (o Options) withDefaults() Options {
	if o.Writers <= 0 {
		o.Writers = 4
	}
	if o.Readers <= 0 {
		o.Readers = 16
	}
	if o.ReadTimeout <= 0 {
		o.ReadTimeout = 10 * time.Second
	}
	if o.PageBytes <= 0 {
		o.PageBytes = 64 << 20
	}
	return o
}

// Store is one database. It is safe for concurrent use.
type Store struct {
	dialect string // dialect.SQLite or dialect.Postgres
	writer  *sql.DB
	reader  *sql.DB     // cannot write
	write   *gen.Client // over writer
	read    *gen.Client // over reader
	options Options

	known    knownByOrganization // to record
	recent   recentNames         // to read
	shared   sharedTexts         // to read
	prepared preparedStatements  // of the reader
	attempts attempts
	lanes    lanes
	inserts  sqliteInserts

	followers []follower
	advances  *advances
	texts     textBounds
}

// Open connects to a database: "sqlite:PATH" or "postgres://...". A SQLite file
// is created when missing. Errors never show a password.
func Open(ctx context.Context, url string, options Options) (*Store, error) {
	options = options.withDefaults()
	s, err := connect(url, options)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := errors.Join(s.Ping(ctx), s.checkEncoding(ctx)); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), s.Close())
	}
	if options.Migrate {
		if err := s.Migrate(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	s.followers = s.findFollowers()
	return s, nil
}

func connect(url string, options Options) (*Store, error) {
	scheme, rest, _ := strings.Cut(url, ":")
	s := &Store{options: options, advances: newAdvances(), texts: defaultTextBounds}
	var err error
	switch scheme {
	case "sqlite":
		s.dialect = dialect.SQLite
		s.writer, s.reader, err = connectSQLite(rest, options)
	case "postgres", "postgresql":
		s.dialect = dialect.Postgres
		s.writer, s.reader, err = connectPostgres(url, options)
	default:
		err = errors.New("the address must begin with sqlite: or postgres://")
	}
	if err != nil {
		return nil, err
	}
	s.write = gen.NewClient(gen.Driver(entsql.OpenDB(s.dialect, s.writer)))
	s.read = gen.NewClient(gen.Driver(entsql.OpenDB(s.dialect, s.reader)))
	return s, nil
}

// Close gives the connections back. Calls that are running fail. Connections
// that were lost already need no farewell.
func (s *Store) Close() error {
	s.lanes.close()
	err := errors.Join(s.reader.Close(), s.writer.Close())
	if unreachable(err) {
		return nil
	}
	return err
}

// Ping asks the database whether it answers. Its errors are
// [audit.ErrUnavailable].
func (s *Store) Ping(ctx context.Context) error {
	// The writer comes first: on SQLite it makes the file the readers look into.
	for _, db := range []*sql.DB{s.writer, s.reader} {
		if err := whenFree(ctx, db.PingContext); err != nil {
			return fmt.Errorf("%w: %w", audit.ErrUnavailable, err)
		}
	}
	return nil
}
