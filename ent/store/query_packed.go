package store

import (
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"daybook/audit"
)

// A packed row is all columns of a row as one value, in the binary form that
// Postgres gives a row (record_send in its rowtypes.c): how many columns there are,
// then of each its type, its length and its bytes. Numbers are big-endian, of four
// bytes where they tell how many; a length of -1 stands for NULL. Reading one value
// takes the driver a third of what reading twenty takes, which counts where there are
// many rows.
//
// The driver asks for bytes as they are, and not as text, in prepared statements.

// packed writes columns of events as one.
func packed(columns []string) string { return "record_send(ROW(" + strings.Join(columns, ", ") + "))" }

// newPackedScan reads packed rows of eventColumns, or of briefColumns, up to so many
// bytes.
func newPackedScan(brief bool, limit int) *eventScan {
	row := &packedRow{}
	return &eventScan{row: row, into: []any{&row.packed}, limit: limit, brief: brief}
}

// errPacked says that a packed row has not the columns that were asked for.
var errPacked = errors.New("a packed row is malformed")

// packedRow reads the columns of a packed row.
type packedRow struct {
	packed cell
	rest   []byte // of the row, as it is until the next is read
	texts  string // the row, of which texts are parts
	err    error
}

func (r *packedRow) begin() {
	packed, _ := r.packed.value.([]byte)
	r.rest, r.texts, r.err = packed, string(packed), nil
	r.take(4)
}

func (r *packedRow) failure() error { return r.err }

// take moves past so many bytes, and gives them; nil if there are not as many.
func (r *packedRow) take(n int) []byte {
	if n > len(r.rest) {
		r.rest, r.err = nil, errPacked
		return nil
	}
	taken := r.rest[:n:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *packedRow) stored() []byte {
	head := r.take(8)
	if head == nil {
		return nil
	}
	length := int32(binary.BigEndian.Uint32(head[4:]))
	if length < 0 {
		return nil
	}
	return r.take(int(length))
}

func (r *packedRow) number() int64 {
	value := r.stored()
	if value == nil {
		return 0
	}
	switch len(value) {
	case 2:
		return int64(int16(binary.BigEndian.Uint16(value)))
	case 4:
		return int64(int32(binary.BigEndian.Uint32(value)))
	case 8:
		return int64(binary.BigEndian.Uint64(value))
	}
	r.err = errPacked
	return 0
}

func (r *packedRow) text(into *string) *string {
	value := r.stored()
	if value == nil {
		return nil
	}
	end := len(r.texts) - len(r.rest)
	*into = r.texts[end-len(value) : end] // as value, without copying it
	return into
}

func (r *packedRow) id(into *audit.EventID) *audit.EventID {
	value := r.stored()
	if value == nil {
		return nil
	}
	if len(value) != len(into) {
		r.err = errPacked
	}
	copy(into[:], value)
	return into
}

func (r *packedRow) instant() time.Time {
	var i instant
	if err := i.Scan(r.stored()); err != nil && r.err == nil {
		r.err = err
	}
	return time.Time(i)
}
