package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"daybook/audit"
)

// Organization has a log of its own. On Postgres its row is the append lock of its log
// and is never updated by recording.
type Organization struct{ ent.Schema }

// Fields of the Organization.
func (Organization) Fields() []ent.Field {
	return []ent.Field{
		field.Int32("id").GoType(audit.OrganizationID(0)).
			Comment("1, 2, 3 ... in order of creation; part of every event id."),
		field.Text("name").
			Comment("What people call it."),
		field.Bytes("cursor_key").Immutable().Sensitive().
			Comment("Authenticates the organization's cursors."),
		field.Time("created_at").Immutable().SchemaType(instantColumn).
			Comment("When it was made."),
	}
}

// Indexes of the Organization.
func (Organization) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("name").Unique().StorageKey("organizations_name"),
	}
}
