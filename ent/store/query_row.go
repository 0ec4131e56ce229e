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

// rowScan reads the columns of a row in their order, from the values that the
// drivers give. database/sql would put each into its variable by reflection.
type rowScan struct {
	values []cell
	at     int
	err    error
	shared []textPlace // in all rows so far
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

// number reads an integer, 0 for NULL.
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

// text reads a text into a place, and gives it; nil for NULL.
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

// sharedText notes where the text of a number belongs, which is NULL for none.
func (s *rowScan) sharedText(into **string) {
	if id := s.number(); id != 0 {
		s.shared = append(s.shared, textPlace{int32(id), into})
	}
}

// address reads the two columns of an address into a place, and gives it; nil for
// none.
func (s *rowScan) address(into *string) *string {
	text, key := s.text(into), s.stored()
	if text == nil && key != nil {
		*into, text = canonicalAddress(key), into
	}
	return text
}

// id reads an id into a place, and gives it; nil for NULL.
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

// stored reads text or bytes as they were stored; nil for NULL. They stay as they
// are until the next row is read.
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

// participant reads the actor and profile of one part in an event into a place,
// and gives it; nil where nobody had it.
func (s *rowScan) participant(into *audit.Participant) *audit.Participant {
	actor, profile := s.number(), s.number()
	if actor == 0 || profile == 0 {
		return nil
	}
	into.ActorID, into.ProfileID = audit.ActorID(actor), int32(profile)
	return into
}

// instant reads a time.
func (s *rowScan) instant() time.Time {
	var i instant
	if err := i.Scan(s.next()); err != nil && s.err == nil {
		s.err = err
	}
	return time.Time(i)
}
