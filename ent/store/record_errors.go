package store

import (
	"errors"
	"fmt"

	"github.com/lib/pq"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"daybook/audit"
)

// appendError puts a failure before the end of a transaction into the classes
// of package audit: the values' fault, or the database's.
func appendError(err error) error {
	if rejected(err) {
		return fmt.Errorf("%w: %w", audit.ErrRejected, err)
	}
	return fmt.Errorf("%w: %w", audit.ErrUnavailable, err)
}

// sentError is appendError for a statement that commits by itself. Without an
// answer about the statement nobody knows whether it did: a session that is
// ended (FATAL) may have been ended between its commit and the answer.
func sentError(err error) error {
	if e := pq.As(err); e == nil || e.Fatal() {
		return fmt.Errorf("%w: %w", audit.ErrUnknownOutcome, err)
	}
	return appendError(err)
}

// rejected says whether the database refused the values themselves.
func rejected(err error) bool {
	if e := pq.As(err); e != nil {
		switch e.Code.Class() {
		case "22", "23", "54": // data, integrity constraint, limit of the program
			return true
		}
		return false
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() & 0xff { // the primary code
		case sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE:
			return true
		}
		return false
	}
	return errors.Is(err, errOutOfRange) || errors.Is(err, errNoOrganization)
}

var (
	// errOutOfRange says that an event id cannot hold a value.
	errOutOfRange     = errors.New("out of the range of event ids")
	errNoOrganization = errors.New("the organization does not exist")
)
