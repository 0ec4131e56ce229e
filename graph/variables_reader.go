package graph

import (
	"encoding"
	"encoding/json"
	"time"

	"daybook/audit"
)

// reader reads a value straight into where it belongs in the domain. The value is
// not null, and c is its first byte. Like the methods of [variableDecoder] it
// returns an error only when nothing more can be read.
type reader[V any] func(d *variableDecoder, shape *inputShape, c byte, to *V) error

// place reads the value of one field into where a T has it.
type place[T any] func(d *variableDecoder, shape *inputShape, to *T) error

// in is the place that of names, for values that read reads.
func in[T, V any](of func(*T) *V, read reader[V]) place[T] {
	return func(d *variableDecoder, shape *inputShape, to *T) error { return readInto(d, shape, of(to), read) }
}

// readInto reads a value that may be null, which leaves its place as it is.
func readInto[V any](d *variableDecoder, shape *inputShape, to *V, read reader[V]) error {
	if len(d.problems) >= maxVariableProblems {
		return errEnoughProblems
	}
	c := d.json.next()
	switch {
	case c == 'n' && shape.nonNull:
		return d.refuse("must not be null")
	case c == 'n':
		return d.json.word()
	}
	return read(d, shape, c, to)
}

// optional reads a value that a nil pointer stands for when it is not given.
func optional[V any](read reader[V]) reader[*V] {
	return func(d *variableDecoder, shape *inputShape, c byte, to **V) error {
		*to = new(V)
		return read(d, shape, c, *to)
	}
}

// listOf reads an array, or one element that stands for a list of itself.
func listOf[V any](read reader[V]) reader[[]V] {
	return func(d *variableDecoder, shape *inputShape, c byte, to *[]V) error {
		if c != '[' {
			*to = make([]V, 1)
			return readInto(d, shape.item, &(*to)[0], read)
		}
		list := []V{}
		err := d.elementsOf(func() error {
			var zero V
			list = append(list, zero)
			return readInto(d, shape.item, &list[len(list)-1], read)
		})
		*to = list
		return err
	}
}

// inputReader reads input objects into values of T.
type inputReader[T any] struct {
	of       *inputType
	fields   map[string]*fieldReader[T]
	required []*fieldReader[T]
	initial  T // what it is before anything is read: the defaults
}

type fieldReader[T any] struct {
	*inputField
	bit  uint64 // in the set of fields that are given
	read place[T]
}

// object makes the reader of an input object of the schema, of whose fields places
// says where a T has them.
func object[T any](r *eventReaders, name string, places map[string]place[T]) reader[T] {
	t := r.types[name]
	if t == nil {
		r.unknown = append(r.unknown, name)
		return nil
	}
	o := &inputReader[T]{of: t, fields: make(map[string]*fieldReader[T], len(t.fields))}
	for name, field := range t.fields {
		reader := &fieldReader[T]{inputField: field, bit: 1 << len(o.fields), read: places[name]}
		o.fields[name] = reader
		if reader.read == nil || reader.bit == 0 || !o.setDefault(reader) {
			r.unknown = append(r.unknown, t.name+"."+name)
		}
	}
	for _, field := range t.required {
		o.required = append(o.required, o.fields[field.name])
	}
	return o.read
}

// setDefault sets what a field is when it is left out. It is false when that cannot
// be read, or null were something else.
func (r *inputReader[T]) setDefault(field *fieldReader[T]) bool {
	if field.defaultValue == nil {
		return true
	}
	value, err := field.defaultValue.Value(nil)
	if err != nil || !field.shape.nonNull {
		return false
	}
	text, err := json.Marshal(value)
	if err != nil {
		return false
	}
	d := &variableDecoder{json: jsonReader{text: text}}
	err = field.read(d, &field.shape, &r.initial)
	return err == nil && len(d.problems) == 0
}

// read reads one object, as [variableDecoder.object] does.
func (r *inputReader[T]) read(d *variableDecoder, _ *inputShape, c byte, to *T) error {
	if c != '{' {
		return d.mismatch(c, r.of)
	}
	*to = r.initial
	given := uint64(0)
	return d.fieldsOf(r.of, func() error { return r.field(d, to, &given) }, func() {
		for _, field := range r.required {
			if given&field.bit == 0 {
				d.lacks(field.name)
			}
		}
	})
}

// field reads one field of an object.
func (r *inputReader[T]) field(d *variableDecoder, to *T, given *uint64) error {
	key, err := d.json.key()
	if err != nil {
		return err
	}
	field, known := r.fields[string(key.raw)]
	if key.escaped {
		name, _ := key.decode()
		field, known = r.fields[name]
	}
	if !known {
		return d.unknownField(key, r.of)
	}
	d.path = append(d.path, pathStep{name: field.name})
	defer d.leave()
	if *given&field.bit != 0 {
		return d.refuse("is given twice")
	}
	*given |= field.bit
	return field.read(d, &field.shape, to)
}

// The readers of scalars.

func readText(d *variableDecoder, shape *inputShape, c byte, to *string) (err error) {
	switch isNumber := c == '-' || isDigit(c); {
	case c == '"':
		*to, err = d.text(d.inEvent)
		return err
	case isNumber && shape.named.kind == inputID:
		*to, err = d.numberID(shape.named)
		return err
	}
	return d.mismatch(c, shape.named)
}

func readInstant(d *variableDecoder, shape *inputShape, c byte, to *time.Time) (err error) {
	if c != '"' {
		return d.mismatch(c, shape.named)
	}
	*to, err = d.dateTime()
	return err
}

func readJSON(d *variableDecoder, _ *inputShape, _ byte, to *audit.JSON) (err error) {
	*to, err = d.rawJSON()
	return err
}

// readName reads the name of a value of an enumeration.
func readName[E any, P interface {
	*E
	encoding.TextUnmarshaler
}](d *variableDecoder, shape *inputShape, c byte, to *E) error {
	if c != '"' {
		return d.mismatch(c, shape.named)
	}
	problems := len(d.problems)
	name, err := d.enum(shape.named)
	if err == nil && len(d.problems) == problems && P(to).UnmarshalText([]byte(name)) != nil {
		d.problem("is \"%s\", which is not a value of %s", name, shape.named.name)
	}
	return err
}

func readInt(d *variableDecoder, shape *inputShape, c byte, to *int32) error {
	if c != '-' && !isDigit(c) {
		return d.mismatch(c, shape.named)
	}
	value, err := d.integer(shape.named)
	*to = int32(value) // problems are noted for what does not fit
	return err
}

func readFloat(d *variableDecoder, shape *inputShape, c byte, to *float64) (err error) {
	if c != '-' && !isDigit(c) {
		return d.mismatch(c, shape.named)
	}
	*to, err = d.float(shape.named)
	return err
}

func readBoolean(d *variableDecoder, shape *inputShape, c byte, to *bool) error {
	if c != 't' && c != 'f' {
		return d.mismatch(c, shape.named)
	}
	*to = c == 't'
	return d.json.word()
}
