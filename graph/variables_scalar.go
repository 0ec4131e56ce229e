package graph

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"daybook/audit"
	"daybook/graph/scalar"
)

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

func (d *variableDecoder) rawJSON() (audit.JSON, error) {
	raw, err := d.json.skip()
	if err != nil {
		return nil, err
	}
	if !d.inEvent && !validText(raw) {
		d.problem("has text that is not valid Unicode")
	}
	return raw, nil
}

func (d *variableDecoder) text(keepInvalid bool) (string, error) {
	s, err := d.json.string()
	if err != nil {
		return "", err
	}
	text, valid := s.decode()
	if !valid && !keepInvalid {
		d.problem("is not valid Unicode (invalid UTF-8, or half of a surrogate pair)")
	}
	return text, nil
}

// dateTime reads an instant. One that is malformed fails the request before any
// of it is run.
func (d *variableDecoder) dateTime() (time.Time, error) {
	s, err := d.json.string()
	if err != nil {
		return time.Time{}, err
	}
	text, _ := s.decode()
	instant, err := scalar.ParseDateTime(text)
	if err != nil {
		d.problem("must be an instant such as 2026-03-11T18:02:09Z: %s", strings.TrimSuffix(err.Error(), "."))
	}
	return instant, nil
}

func (d *variableDecoder) enum(t *inputType) (string, error) {
	s, err := d.json.string()
	if err != nil {
		return "", err
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

func (d *variableDecoder) integer(t *inputType) (int64, error) {
	number, err := d.json.number()
	if err != nil {
		return 0, err
	}
	value, err := strconv.ParseInt(string(number), 10, 32)
	if err != nil {
		d.problem("must be %s, not %s", wanted(t), excerpt(number))
	}
	return value, nil
}

func (d *variableDecoder) float(t *inputType) (float64, error) {
	number, err := d.json.number()
	if err != nil {
		return 0, err
	}
	value, err := strconv.ParseFloat(string(number), 64)
	if err != nil {
		d.problem("must be %s, not %s", wanted(t), excerpt(number))
	}
	return value, nil
}

func (d *variableDecoder) numberID(t *inputType) (string, error) {
	number, err := d.json.number()
	if err != nil {
		return "", err
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
