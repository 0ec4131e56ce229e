package store

import (
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// condition is one of the things a filter asks of an event; all of them must
// hold.
type condition struct {
	// holds says of a row of events whether it meets the condition. SQLite never
	// picks an index for it.
	holds *sql.Predicate
	// routes are ranges of indexes, ordered by event, on one of which each event
	// lies that meets the condition, and no other. None at all means that no
	// event does; nil, that no index helps.
	routes []route
	// fewer are as few routes as will do, for a statement that would be too large
	// with more; nil if one for each value is the fewest.
	fewer  []route
	rarity rarity
	// clock and instants are set for a range of time, which is a range of the
	// order by that clock.
	clock    audit.OrderField
	instants *audit.TimeRange
}

// route is a range of one index: the rows of a table that meet where, as far as
// their events meet the checks.
type route struct {
	table    routeTable
	where    *sql.Predicate
	unsorted bool // the index does not give the rows in the order of events
	checks   []*sql.Predicate
}

type routeTable int

const (
	overEvents routeTable = iota
	overPropertyChanges
	overMergeSources
)

// rarity ranks conditions by how few events are expected to meet them. The
// rarest leads the way, the others are checked on what it finds.
type rarity int

const (
	byAction rarity = iota + 1
	byCategory
	bySection
	byDetail // what only events of one category have
	byActor
	byProperty
	byIdentity // one object or correlation: so few that they may be sorted
	byText     // events that were found already
)

// Bounds of the branches of a statement, each of which repeats all other
// conditions. What would need more is looked for along the order of the page.
const (
	maxRoutes   = 32
	maxRepeated = 3000 // values of the other conditions in all branches together
)

// keyed is the condition that an indexed column of events has one of the values.
func keyed(column string, rarity rarity, values []int64) condition {
	return indexed(column, rarity, anys(values))
}

func indexed(column string, rarity rarity, values []any) condition {
	return condition{
		holds: isOneOf(column, values), rarity: rarity,
		routes: routesTo(column, rarity, values, maxRoutes), fewer: routesTo(column, rarity, values, 1),
	}
}

// routesTo are the routes to the values of a column: one for each, or if that is
// more than most, one for all to what is rare enough to be sorted.
func routesTo(column string, rarity rarity, values []any, most int) []route {
	if len(values) > most {
		if rarity < byIdentity {
			return nil
		}
		return []route{{where: sql.In(eventColumn(column), values...), unsorted: true}}
	}
	routes := make([]route, len(values))
	for i, value := range values {
		routes[i].where = sql.EQ(eventColumn(column), value)
	}
	return routes
}

// plain is the condition that a column of events without an index of its own
// has one of the values.
func plain(column string, values []any) condition {
	return condition{holds: isOneOf(column, values)}
}

func isOneOf(column string, values []any) *sql.Predicate {
	if len(values) == 0 {
		return sql.False()
	}
	return sql.P(func(b *sql.Builder) {
		withoutIndex(b, eventColumn(column)).WriteString(" IN ").Wrap(func(b *sql.Builder) { b.Args(values...) })
	})
}

// withoutIndex writes a column so that SQLite picks no index for it. Knowing
// nothing of how common a value is, it would leave the order of the page for
// any index there is, and sort.
func withoutIndex(b *sql.Builder, column string) *sql.Builder {
	if b.Dialect() == dialect.SQLite {
		b.WriteByte('+')
	}
	return b.Ident(column)
}

// comparison is a comparison of a column of events that uses no index.
func comparison(column string, op sql.Op, value any) *sql.Predicate {
	return sql.P(func(b *sql.Builder) { withoutIndex(b, eventColumn(column)).WriteOp(op).Arg(value) })
}

// anyBit says whether a column has one of the mask's bits.
func anyBit(column string, mask int64) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		b.WriteByte('(').Ident(column).WriteString(" & ").Arg(mask).WriteString(") <> 0")
	})
}

// stands is a comparison of a column of events that stands in the definition of
// an index in the same words, by which SQLite knows that it may use it.
func stands(column, comparison string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) { b.Ident(eventColumn(column)).WriteString(" " + comparison) })
}

// allOf holds when all of the predicates do; always, when there are none.
func allOf(predicates ...*sql.Predicate) *sql.Predicate {
	return combine(" AND ", "TRUE", predicates)
}

// anyOf holds when one of the predicates does; never, when there are none.
func anyOf(predicates ...*sql.Predicate) *sql.Predicate {
	return combine(" OR ", "FALSE", predicates)
}

// combine joins predicates as a balanced tree, because SQLite refuses
// expressions that are a thousand operators deep.
func combine(operator, none string, predicates []*sql.Predicate) *sql.Predicate {
	switch n := len(predicates); n {
	case 0:
		return sql.ExprP(none)
	case 1:
		return predicates[0]
	default:
		left, right := combine(operator, none, predicates[:n/2]), combine(operator, none, predicates[n/2:])
		return sql.P(func(b *sql.Builder) {
			b.WriteByte('(').Join(left).WriteString(operator).Join(right).WriteByte(')')
		})
	}
}

// eventColumn names a column of events in any statement.
func eventColumn(name string) string { return sql.Table("events").C(name) }

// isEvent says whether a row of events is the one whose id a column of another
// table has: the key of events is the organization and the id.
func isEvent(organization audit.OrganizationID, column string) *sql.Predicate {
	return sql.And(sql.EQ(eventColumn("organization"), int64(organization)), sql.ColumnsEQ(eventColumn("id"), column))
}

// changeColumn names a column of property_changes in any statement.
func changeColumn(name string) string { return sql.Table("property_changes").C(name) }

// sourceColumn names a column of merge_sources in any statement.
func sourceColumn(name string) string { return sql.Table("merge_sources").C(name) }
