package store

import (
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
)

// groupByFacets selects the top values of every facet of the events on a page,
// and the number of them all. Each row has the facet, its value as number or as
// text, and how many events have it; those of one facet stand in order.
func groupByFacets(page *sql.Selector, facets []facet, top int) *sql.Selector {
	counted := sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("(SELECT ")
		noFacet.columns(b, "0", "''", "count(*)").WriteString(" FROM page")
		for _, facet := range facets {
			b.WriteString(" UNION ALL SELECT * FROM (SELECT ")
			facet.group(b)
			b.WriteString(" ORDER BY events DESC, number, text LIMIT ").Arg(top)
			b.WriteString(") AS by_" + string(facet))
		}
		b.WriteString(") AS counted")
	})
	with := sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("WITH page AS ").Wrap(func(b *sql.Builder) { b.Join(page) })
	})
	return sql.Select("facet", "number", "text", "events").FromExpr(counted).Prefix(with).
		OrderBy("facet", sql.Desc("events"), "number", "text")
}

// columns writes the columns of a row, which have the same types for every facet.
// Texts are ordered by their bytes on both engines, whatever the language of a
// Postgres database.
func (f facet) columns(b *sql.Builder, number, text, events string) *sql.Builder {
	b.WriteString("'" + string(f) + "' AS facet, CAST(" + number + " AS bigint) AS number, CAST(" + text + " AS text)")
	if b.Dialect() == dialect.Postgres {
		b.WriteString(` COLLATE "C"`)
	}
	return b.WriteString(" AS text, " + events + " AS events")
}

// group writes what follows SELECT.
func (f facet) group(b *sql.Builder) {
	column := string(f)
	switch f {
	case facetName:
		f.columns(b, "0", "text", "named").WriteString(" FROM (SELECT event_name, count(*) AS named FROM page GROUP BY event_name) AS names" +
			" JOIN shared_texts ON shared_texts.id = names.event_name")
	case facetProperty:
		f.columns(b, "0", "property", "count(*)").WriteString(" FROM (SELECT DISTINCT page.id, ")
		if b.Dialect() == dialect.Postgres {
			b.WriteString("change ->> 0 AS property FROM page, json_array_elements(page.changes) AS change")
		} else {
			b.WriteString("change.value ->> 0 AS property FROM page, json_each(page.changes) AS change")
		}
		b.WriteString(") AS changed GROUP BY property")
	default:
		f.columns(b, column, "''", "count(*)").WriteString(" FROM page GROUP BY " + column)
	}
}
