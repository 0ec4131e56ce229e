package store

import (
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// history is the condition that an object took part in an event. Each of its three
// parts has an index of its own, which finds objects by a hash; that it is the same
// object is asked of the row.
func (r *filterReader) history(object audit.ObjectRef) condition {
	key := audit.ObjectKey(object.Type, object.ExternalID)
	is, isSubject := isObject(object), r.isSubject(object)
	c := condition{rarity: byIdentity, routes: []route{
		{where: allOf(sql.EQ(eventColumn("object_key"), key), is)},
		{where: allOf(sql.EQ(eventColumn("subject_key"), key), isSubject)},
	}}
	parts := []*sql.Predicate{
		allOf(isOneOf("object_key", []any{key}), is),
		allOf(isOneOf("subject_key", []any{key}), isSubject),
	}
	if object.Type == audit.ObjectCustomer {
		isSource := r.isMergeSource(object)
		c.routes = append(c.routes, route{table: overMergeSources, where: allOf(sql.EQ(sourceColumn("object_key"), key), isSource)})
		parts = append(parts, allOf(r.mergedFrom(key), isSource))
	}
	c.fewer, c.holds = c.routes, anyOf(parts...)
	return c
}

// mergedFrom says whether the event has a row of merge_sources with the key.
func (r *filterReader) mergedFrom(key int64) *sql.Predicate {
	return sql.Exists(sql.SelectExpr(sql.Raw("1")).From(sql.Table("merge_sources")).Where(allOf(
		sql.EQ(sourceColumn("organization"), int64(r.organization)),
		sql.ColumnsEQ(sourceColumn("event"), eventColumn("id")),
		sql.EQ(sourceColumn("object_key"), key),
	)))
}

// isSubject says whether the object is the one the details speak of, of an event
// that happened to another: they have it under the letter of its type.
func (r *filterReader) isSubject(object audit.ObjectRef) *sql.Predicate {
	letter := map[string]string{audit.ObjectConversation: detailConversation, audit.ObjectCustomer: detailCustomer}[object.Type]
	if letter == "" {
		return sql.False()
	}
	return sql.P(func(b *sql.Builder) {
		b.Ident(eventColumn("details")).WriteString(" -> '" + letter + "' ->> '" + detailExternalID + "' = ").Arg(object.ExternalID)
	})
}

// isMergeSource says whether the customer is one of those that the details merged
// into another.
func (r *filterReader) isMergeSource(customer audit.ObjectRef) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		elements := "json_array_elements("
		if r.engine == dialect.SQLite {
			elements = "json_each("
		}
		b.WriteString("EXISTS (SELECT 1 FROM " + elements).Ident(eventColumn("details")).WriteString(" -> '" + detailMergedFrom + "') AS source WHERE source.value ->> '" + detailExternalID + "' = ")
		b.Arg(customer.ExternalID).WriteByte(')')
	})
}
