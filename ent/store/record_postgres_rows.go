package store

import (
	"encoding/binary"
	"fmt"

	"github.com/lib/pq/oid"
)

// rowType is a type of rows that daybook_record_v1 takes, with the types of its
// columns.
type rowType struct {
	name    string
	columns []oid.Oid
}

// rowTypes gives each type the number that the database has for it.
type rowTypes map[string]oid.Oid

// rows are an argument of daybook_record_v1: an array of rows in the binary form
// of Postgres, which takes neither side any reading or quoting of text.
type rows struct {
	of      rowType
	count   int
	content []byte
}

// add appends a row of bool, int64, string, []byte or nil, one for each column.
func (r *rows) add(row ...any) error {
	start := len(r.content)
	r.content = binary.BigEndian.AppendUint32(r.content, 0) // its length
	r.content = binary.BigEndian.AppendUint32(r.content, uint32(len(row)))
	for i, value := range row {
		column := r.of.columns[i]
		r.content = binary.BigEndian.AppendUint32(r.content, uint32(column))
		if value == nil {
			r.content = append(r.content, 0xff, 0xff, 0xff, 0xff)
			continue
		}
		length := len(r.content)
		r.content = binary.BigEndian.AppendUint32(r.content, 0)
		var err error
		if r.content, err = appendBinary(r.content, column, value); err != nil {
			return fmt.Errorf("%s, column %d: %w", r.of.name, i+1, err)
		}
		binary.BigEndian.PutUint32(r.content[length:], uint32(len(r.content)-length-4))
	}
	binary.BigEndian.PutUint32(r.content[start:], uint32(len(r.content)-start-4))
	r.count++
	return nil
}

// appendBinary writes a value in the binary form of its column.
func appendBinary(to []byte, column oid.Oid, value any) ([]byte, error) {
	switch v := value.(type) {
	case bool:
		if v {
			return append(to, 1), nil
		}
		return append(to, 0), nil
	case int64:
		return appendNumber(to, column, v)
	case string:
		return append(to, v...), nil
	case []byte:
		return append(to, v...), nil
	default:
		return to, fmt.Errorf("no column takes a %T", value)
	}
}

func appendNumber(to []byte, column oid.Oid, v int64) ([]byte, error) {
	switch {
	case column == oid.T_int8:
		return binary.BigEndian.AppendUint64(to, uint64(v)), nil
	case column == oid.T_int4 && v == int64(int32(v)):
		return binary.BigEndian.AppendUint32(to, uint32(v)), nil
	case column == oid.T_int2 && v == int64(int16(v)):
		return binary.BigEndian.AppendUint16(to, uint16(v)), nil
	default:
		return to, fmt.Errorf("%w: %d", errOutOfRange, v)
	}
}

// argument is the array, NULL when it has no rows.
func (r *rows) argument(types rowTypes) any {
	if r.count == 0 {
		return nil
	}
	return append(arrayHead(types[r.of.name], r.count), r.content...)
}

// only is the single row itself.
func (r *rows) only() []byte { return r.content[4:] }

// arrayHead begins an array of one dimension without NULLs.
func arrayHead(element oid.Oid, count int) []byte {
	var head []byte
	for _, number := range []uint32{1, 0, uint32(element), uint32(count), 1} {
		head = binary.BigEndian.AppendUint32(head, number)
	}
	return head
}
