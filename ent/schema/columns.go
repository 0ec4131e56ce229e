package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"

	"daybook/audit"
)

// eventIDColumn keeps event ids in 16 bytes on both engines. SQLite's text form
// of a UUID would be more than twice as long.
var eventIDColumn = map[string]string{dialect.Postgres: "uuid", dialect.SQLite: "blob"}

// instantColumn names the precision that every instant is truncated to.
var instantColumn = map[string]string{dialect.Postgres: "timestamptz(6)"}

// jsonColumn keeps the exact text. jsonb would not, and cannot be sent in
// binary form; SQLite would turn 1.0 in a column declared json into 1.
var jsonColumn = map[string]string{dialect.Postgres: "json", dialect.SQLite: "text"}

// organization is whose row it is; every query names it.
func organization() ent.Field {
	return field.Int32("organization").GoType(audit.OrganizationID(0)).Immutable().
		Comment("The organization the row belongs to.")
}
