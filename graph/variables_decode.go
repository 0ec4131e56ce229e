package graph

import (
	"strings"

	"daybook/audit"
)

// value reads one value of a shape; nil is null, and also stands for a value
// that has a problem.
func (d *variableDecoder) value(shape inputShape) (any, error) {
	if len(d.problems) >= maxVariableProblems {
		return nil, errEnoughProblems
	}
	c := d.json.next()
	switch {
	case c == 'n' && shape.nonNull:
		return nil, d.refuse("must not be null")
	case c == 'n':
		return nil, d.json.word()
	case shape.item != nil:
		return d.list(c, *shape.item)
	case shape.named.kind == inputObject:
		return d.object(c, shape.named)
	default:
		return d.scalar(c, shape.named)
	}
}

// list reads an array, or one element that stands for a list of itself.
func (d *variableDecoder) list(c byte, item inputShape) (any, error) {
	if c != '[' {
		value, err := d.value(item)
		return []any{value}, err
	}
	list := []any{}
	err := d.elementsOf(func() error {
		value, err := d.value(item)
		list = append(list, value)
		return err
	})
	return list, err
}

// elementsOf reads an array, with read for each element.
func (d *variableDecoder) elementsOf(read func() error) error {
	if err := d.json.open(); err != nil {
		return err
	}
	d.path = append(d.path, pathStep{})
	defer d.leave()
	for n := 0; ; n++ {
		if more, err := d.json.more(']', n); !more {
			return err
		}
		if d.elements++; d.elements > maxListElements {
			d.problems = []*audit.Error{tooExpensive(maxListElements, "The lists in the variables have more than %d elements.")}
			return errEnoughProblems
		}
		d.path[len(d.path)-1].index = n
		if err := read(); err != nil {
			return err
		}
	}
}

// object reads an input object.
func (d *variableDecoder) object(c byte, t *inputType) (any, error) {
	if c != '{' {
		return nil, d.mismatch(c, t)
	}
	values := map[string]any{}
	if t.isEvent {
		values = make(map[string]any, len(t.fields))
	}
	err := d.fieldsOf(t, func() error { return d.field(t, values) }, func() { d.checkObject(t, values) })
	return values, err
}

// fieldsOf reads an object of a type, with read for each field, and checks it in
// the end.
func (d *variableDecoder) fieldsOf(t *inputType, read func() error, check func()) error {
	if t.isEvent && !d.inEvent {
		d.inEvent = true
		defer func() { d.inEvent = false }()
	}
	if err := d.json.open(); err != nil {
		return err
	}
	for n := 0; ; n++ {
		more, err := d.json.more('}', n)
		if err != nil {
			return err
		}
		if !more {
			check()
			return nil
		}
		if err := read(); err != nil {
			return err
		}
	}
}

// field reads one field of an input object.
func (d *variableDecoder) field(t *inputType, values map[string]any) error {
	key, err := d.json.key()
	if err != nil {
		return err
	}
	field, known := t.fields[string(key.raw)]
	if key.escaped {
		name, _ := key.decode()
		field, known = t.fields[name]
	}
	if !known {
		return d.unknownField(key, t)
	}
	return d.member(field.name, field.shape, values, (*variableDecoder).value)
}

// unknownField notes that an object has a field that its type does not have.
func (d *variableDecoder) unknownField(key jsonString, t *inputType) error {
	d.path = append(d.path, pathStep{name: pointerToken(key.raw)})
	defer d.leave()
	return d.refuse("is not a field of %s", t.name)
}

// lacks notes that an object lacks a field.
func (d *variableDecoder) lacks(name string) {
	d.path = append(d.path, pathStep{name: name})
	d.problem("is required")
	d.leave()
}

// pointerToken is a name that a caller made up, as part of a JSON Pointer.
func pointerToken(name []byte) string {
	if len(name) == 0 {
		return `""`
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(excerpt(name))
}

// checkObject looks for what an input object lacks.
func (d *variableDecoder) checkObject(t *inputType, values map[string]any) {
	for _, field := range t.required {
		if _, given := values[field.name]; !given {
			d.lacks(field.name)
		}
	}
	// The domain tells of each event by itself whether it names exactly one.
	if t.oneOf && !d.inEvent && !exactlyOne(values) {
		d.problem("must have exactly one field that is not null")
	}
}

func exactlyOne(values map[string]any) bool {
	for _, value := range values {
		if len(values) == 1 && value != nil {
			return true
		}
	}
	return false
}
