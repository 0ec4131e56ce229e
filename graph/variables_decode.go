package graph

import (
	"encoding/json"
	"strconv"
	"strings"

	"daybook/audit"
	"daybook/graph/scalar"
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
	if err := d.json.open(); err != nil {
		return nil, err
	}
	list := []any{}
	d.path = append(d.path, pathStep{})
	defer d.leave()
	for {
		if more, err := d.json.more(']', len(list)); !more {
			return list, err
		}
		if d.elements++; d.elements > maxListElements {
			d.problems = []*audit.Error{tooExpensive(maxListElements, "The lists in the variables have more than %d elements.")}
			return nil, errEnoughProblems
		}
		d.path[len(d.path)-1].index = len(list)
		value, err := d.value(item)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
}

// object reads an input object.
func (d *variableDecoder) object(c byte, t *inputType) (any, error) {
	if c != '{' {
		return nil, d.mismatch(c, t)
	}
	if t.isEvent && !d.inEvent {
		d.inEvent = true
		defer func() { d.inEvent = false }()
	}
	if err := d.json.open(); err != nil {
		return nil, err
	}
	values := map[string]any{}
	if t.isEvent {
		values = make(map[string]any, len(t.fields))
	}
	for n := 0; ; n++ {
		more, err := d.json.more('}', n)
		if err != nil {
			return nil, err
		}
		if !more {
			d.checkObject(t, values)
			return values, nil
		}
		if err := d.field(t, values); err != nil {
			return nil, err
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
		d.path = append(d.path, pathStep{name: pointerToken(key.raw)})
		defer d.leave()
		return d.refuse("is not a field of %s", t.name)
	}
	return d.member(field.name, field.shape, values)
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
		if _, given := values[field.name]; given {
			continue
		}
		d.path = append(d.path, pathStep{name: field.name})
		d.problem("is required")
		d.leave()
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

// scalar reads a leaf value.
func (d *variableDecoder) scalar(c byte, t *inputType) (any, error) {
	isNumber := c == '-' || isDigit(c)
	switch t.kind {
	case inputJSON:
		return d.rawJSON()
	case inputBoolean:
		if c == 't' || c == 'f' {
			return c == 't', d.json.word()
		}
	case inputInt:
		if isNumber {
			return d.integer(t)
		}
	case inputFloat:
		if isNumber {
			return d.float(t)
		}
	case inputEnum:
		if c == '"' {
			return d.enum(t)
		}
	case inputString:
		if c == '"' {
			return d.text(d.inEvent)
		}
	case inputID:
		if c == '"' {
			return d.text(d.inEvent)
		}
		if isNumber {
			return d.numberID(t)
		}
	case inputDateTime:
		if c == '"' {
			return d.dateTime()
		}
	case inputScalar:
		if c == '"' {
			return d.text(false)
		}
		if isNumber {
			number, err := d.json.number()
			return json.Number(number), err
		}
	}
	return nil, d.mismatch(c, t)
}

func (d *variableDecoder) rawJSON() (any, error) {
	raw, err := d.json.skip()
	if err != nil {
		return nil, err
	}
	if !d.inEvent && !validText(raw) {
		d.problem("has text that is not valid Unicode")
	}
	return audit.JSON(raw), nil
}

func (d *variableDecoder) text(keepInvalid bool) (any, error) {
	s, err := d.json.string()
	if err != nil {
		return nil, err
	}
	text, valid := s.decode()
	if !valid && !keepInvalid {
		d.problem("is not valid Unicode (invalid UTF-8, or half of a surrogate pair)")
	}
	return text, nil
}

// dateTime reads an instant. One that is malformed fails the request before any
// of it is run.
func (d *variableDecoder) dateTime() (any, error) {
	s, err := d.json.string()
	if err != nil {
		return nil, err
	}
	text, _ := s.decode()
	instant, err := scalar.ParseDateTime(text)
	if err != nil {
		d.problem("must be an instant such as 2026-03-11T18:02:09Z: %s", strings.TrimSuffix(err.Error(), "."))
	}
	return instant, nil
}

func (d *variableDecoder) enum(t *inputType) (any, error) {
	s, err := d.json.string()
	if err != nil {
		return nil, err
	}
	value, known := t.values[string(s.raw)]
	if s.escaped {
		name, _ := s.decode()
		value, known = t.values[name]
	}
	if !known {
		d.problem("is \"%s\", which is not a value of %s", excerpt(s.raw), t.name)
	}
	return value, nil
}

func (d *variableDecoder) integer(t *inputType) (any, error) {
	number, err := d.json.number()
	if err != nil {
		return nil, err
	}
	value, err := strconv.ParseInt(string(number), 10, 32)
	if err != nil {
		d.problem("must be %s, not %s", wanted(t), excerpt(number))
	}
	return value, nil
}

func (d *variableDecoder) float(t *inputType) (any, error) {
	number, err := d.json.number()
	if err != nil {
		return nil, err
	}
	value, err := strconv.ParseFloat(string(number), 64)
	if err != nil {
		d.problem("must be %s, not %s", wanted(t), excerpt(number))
	}
	return value, nil
}

func (d *variableDecoder) numberID(t *inputType) (any, error) {
	number, err := d.json.number()
	if err != nil {
		return nil, err
	}
	for _, c := range number {
		if c != '-' && !isDigit(c) {
			d.problem("must be %s, not %s", wanted(t), excerpt(number))
			break
		}
	}
	return string(number), nil
}

// mismatch notes that the next value is of the wrong kind, and passes over it.
func (d *variableDecoder) mismatch(c byte, t *inputType) error {
	value, err := d.json.skip()
	if err != nil {
		return err
	}
	found := excerpt(value)
	switch c {
	case '{':
		found = "an object"
	case '[':
		found = "a list"
	}
	d.problem("must be %s, not %s", wanted(t), found)
	return nil
}

// wanted is what a value of the type is called in a message.
func wanted(t *inputType) string {
	switch t.kind {
	case inputInt:
		return "an Int (a whole number of 32 bits)"
	case inputID:
		return "an ID (a string or a whole number)"
	case inputEnum:
		return "a string that names a value of " + t.name
	case inputObject:
		return "an object (" + t.name + ")"
	case inputFloat, inputString, inputBoolean:
		return "a " + t.name
	default:
		return "a string or a number (" + t.name + ")"
	}
}
