package store

import (
	"fmt"
	"time"

	"daybook/audit"
)

// cell is a value as the driver gives it. Bytes in it are the driver's own until
// the next row is read; database/sql would copy them first.
type cell struct{ value any }

// Scan implements [sql.Scanner].
func (c *cell) Scan(value any) error {
	c.value = value
	return nil
}

// columns reads the columns of a row in their order. database/sql would put each
// into its variable by reflection.
type columns interface {
	begin()                                // before the first column of each row
	number() int64                         // an integer, 0 for NULL
	text(into *string) *string             // a text, read into a place; nil for NULL
	id(into *audit.EventID) *audit.EventID // an id, read into a place; nil for NULL
	stored() []byte                        // text or bytes, as they are until the next row is read; nil for NULL
	instant() time.Time
	failure() error // the first that any of the others met
}

// participant reads the actor and profile of one part in an event into a place,
// and gives it; nil where nobody had it.
func participant(row columns, into *audit.Participant) *audit.Participant {
	actor, profile := row.number(), row.number()
	if actor == 0 || profile == 0 {
		return nil
	}
	into.ActorID, into.ProfileID = audit.ActorID(actor), int32(profile)
	return into
}

// address reads the two columns of an address into a place, and gives it; nil for
// none.
func address(row columns, into *string) *string {
	text, key := row.text(into), row.stored()
	if text == nil && key != nil {
		*into, text = canonicalAddress(key), into
	}
	return text
}

// rowScan reads the values that the drivers give.
type rowScan struct {
	values []cell
	at     int
	err    error
}

func (s *rowScan) next() any {
	value := s.values[s.at].value
	s.at++
	return value
}

func (s *rowScan) fail(value any, want string) {
	if s.err == nil {
		s.err = fmt.Errorf("column %d is %T, which is no %s", s.at, value, want)
	}
}

func (s *rowScan) begin() { s.at, s.err = 0, nil }

func (s *rowScan) failure() error { return s.err }

func (s *rowScan) number() int64 {
	switch v := s.next().(type) {
	case int64:
		return v
	case nil:
	default:
		s.fail(v, "number")
	}
	return 0
}

func (s *rowScan) text(into *string) *string {
	switch v := s.next().(type) {
	case string:
		*into = v
		return into
	case []byte:
		*into = string(v)
		return into
	case nil:
	default:
		s.fail(v, "text")
	}
	return nil
}

func (s *rowScan) id(into *audit.EventID) *audit.EventID {
	value := s.next()
	if value == nil {
		return nil
	}
	if err := into.Scan(value); err != nil && s.err == nil {
		s.err = err
	}
	return into
}

func (s *rowScan) stored() []byte {
	switch v := s.next().(type) {
	case []byte:
		return v
	case string:
		return []byte(v)
	case nil:
	default:
		s.fail(v, "text")
	}
	return nil
}

func (s *rowScan) instant() time.Time {
	var i instant
	if err := i.Scan(s.next()); err != nil && s.err == nil {
		s.err = err
	}
	return time.Time(i)
}
