package store

import (
	"encoding/hex"
	"strconv"
	"strings"

	"daybook/audit"
)

// arrays are the columns of a table as literals of Postgres arrays. Binding a
// few arrays is cheaper than binding every value.
type arrays struct {
	columns []strings.Builder
	rows    int
}

func newArrays(columns int) *arrays {
	return &arrays{columns: make([]strings.Builder, columns)}
}

// add appends a row of int64, string, []byte or nil, one for each column.
func (a *arrays) add(row ...any) {
	for i, value := range row {
		column := &a.columns[i]
		if a.rows == 0 {
			column.WriteByte('{')
		} else {
			column.WriteByte(',')
		}
		appendElement(column, value)
	}
	a.rows++
}

// literals are the columns as arguments.
func (a *arrays) literals() []any {
	list := make([]any, len(a.columns))
	for i := range a.columns {
		if a.rows == 0 {
			list[i] = "{}"
			continue
		}
		a.columns[i].WriteByte('}')
		list[i] = a.columns[i].String()
	}
	return list
}

func appendElement(to *strings.Builder, value any) {
	switch v := value.(type) {
	case nil:
		to.WriteString("NULL")
	case int64:
		to.WriteString(strconv.FormatInt(v, 10))
	case []byte:
		to.WriteString(`"\\x`)
		to.WriteString(hex.EncodeToString(v))
		to.WriteByte('"')
	case string:
		appendQuoted(to, v)
	}
}

// appendQuoted writes a text element: only quotation marks and backslashes mean
// something between quotation marks.
func appendQuoted(to *strings.Builder, text string) {
	to.Grow(len(text) + 2)
	to.WriteByte('"')
	for {
		i := strings.IndexAny(text, `"\`)
		if i < 0 {
			break
		}
		to.WriteString(text[:i])
		to.WriteByte('\\')
		to.WriteByte(text[i])
		text = text[i+1:]
	}
	to.WriteString(text)
	to.WriteByte('"')
}

// knownID is an id for the function, NULL while it is unknown.
func knownID(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func (n *names) actorArrays() *arrays {
	a := newArrays(6)
	for i := range n.actors {
		actor := &n.actors[i]
		a.add(knownID(actor.id), int64(actor.kind), actor.externalID,
			optional(actor.name), optional(actor.email), optional(folded(actor.name)))
	}
	return a
}

func (n *names) profileArrays() *arrays {
	a := newArrays(6)
	for i := range n.profiles {
		profile := &n.profiles[i]
		a.add(knownID(profile.id), position(profile.actor),
			optional(profile.name), optional(profile.email), optional(folded(profile.name)), profile.digest[:])
	}
	return a
}

func (n *names) sectionArrays() *arrays {
	a := newArrays(4)
	for _, section := range n.sections {
		a.add(knownID(section.id), section.key, audit.DisplayName(section.key), int64(section.categories))
	}
	return a
}

func (n *names) propertyArrays() *arrays {
	a := newArrays(2)
	for _, property := range n.properties {
		a.add(knownID(property.id), property.key)
	}
	return a
}

func (n *names) pairArrays() *arrays {
	a := newArrays(2)
	for _, pair := range n.pairs {
		a.add(position(pair.section), position(pair.property))
	}
	return a
}
