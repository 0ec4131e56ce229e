package store

import (
	"context"
	stdsql "database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"daybook/audit"
)

// maxArguments is how many values one statement may carry. SQLite takes 32,766,
// Postgres twice as many.
const maxArguments = 30_000

// reading runs one call of a reader under the time limit that all of its
// statements share, and puts its error into a form that may leave the store.
func reading[T any](ctx context.Context, s *Store, what string, read func(context.Context) (T, error)) (T, error) {
	limited, cancel := context.WithTimeout(ctx, s.options.ReadTimeout)
	defer cancel()
	result, err := read(limited)
	if err != nil {
		var none T
		return none, readError(ctx, what, err)
	}
	return result, nil
}

// readError tells a query that took too long from one whose caller went away,
// both of which the drivers report as a cancelled statement.
func readError(caller context.Context, what string, err error) error {
	if errors.Is(caller.Err(), context.Canceled) {
		return fmt.Errorf("%s: %w", what, context.Cause(caller))
	}
	if errors.Is(err, context.DeadlineExceeded) || pq.As(err, pqerror.QueryCanceled) != nil {
		return &audit.Error{
			Code:    audit.CodeQueryTooExpensive,
			Message: "The query took too long. Ask for a shorter range of time, or for fewer things at once.",
			Cause:   fmt.Errorf("%s: %w", what, err),
		}
	}
	if unreachable(err) {
		return &audit.Error{
			Code: audit.CodeOverloaded, RetryAfter: time.Second, Message: "The database is not available at the moment. Try again.",
			Cause: fmt.Errorf("%s: %w", what, err),
		}
	}
	return fmt.Errorf("%s: %w", what, err)
}

// unreachable says whether the database could not be asked at all: no
// connection, one that was lost, or a server that starts, stops or has no room.
func unreachable(err error) bool {
	if e := pq.As(err); e != nil {
		switch e.Code.Class() {
		case "08", "53":
			return true
		}
		return e.Fatal()
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// queryRows runs a query and reads each of its rows with scan.
func queryRows[T any](ctx context.Context, s *Store, query *sql.Selector, scan func(*stdsql.Rows) (T, error)) ([]T, error) {
	text, args, err := s.statement(query)
	if err != nil {
		return nil, err
	}
	return queryText(ctx, s, text, scan, args...)
}

// queryText is queryRows for a statement that is text already.
func queryText[T any](ctx context.Context, s *Store, text string, scan func(*stdsql.Rows) (T, error), args ...any) ([]T, error) {
	rows, err := s.reader.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	return readRows(rows, scan)
}

// readRows reads each of the rows with scan.
func readRows[T any](rows *stdsql.Rows, scan func(*stdsql.Rows) (T, error)) (results []T, err error) {
	defer rows.Close()
	for rows.Next() {
		result, err := scan(rows)
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return results, rows.Err()
}

// statement is a query as text and arguments.
func (s *Store) statement(query *sql.Selector) (text string, args []any, err error) {
	query.SetDialect(s.dialect)
	text, args = query.Query()
	if err := query.Err(); err != nil {
		return "", nil, err
	}
	if len(args) > maxArguments {
		return "", nil, &audit.Error{
			Code: audit.CodeQueryTooExpensive, Limit: maxArguments,
			Message: fmt.Sprintf("The filter has too many values; at most %d are allowed.", maxArguments),
		}
	}
	return text, args, nil
}

// eachRow runs a statement and gives its rows to do, one after the other, until it
// is false.
func (s *Store) eachRow(ctx context.Context, text string, args []any, do func(*stdsql.Rows) (more bool, err error)) error {
	rows, err := s.reader.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if more, err := do(rows); err != nil || !more {
			return err
		}
	}
	return rows.Err()
}

// anys is a list as arguments of a statement.
func anys[T any](values []T) []any {
	args := make([]any, len(values))
	for i, value := range values {
		args[i] = value
	}
	return args
}
