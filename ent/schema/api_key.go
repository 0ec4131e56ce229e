package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"daybook/audit"
)

// APIKey is a credential of an organization. The secret itself is not kept.
type APIKey struct{ ent.Schema }

// Fields of the APIKey.
func (APIKey) Fields() []ent.Field {
	return []ent.Field{
		field.Int32("id").GoType(audit.APIKeyID(0)).
			Comment("Number inside Daybook."),
		organization(),
		field.Text("name").Immutable().
			Comment("What people call it."),
		field.Text("prefix").Immutable().
			Comment("The first characters of the secret, to recognise it by."),
		field.Bytes("hash").Immutable().Sensitive().
			Comment("SHA-256 of the secret."),
		field.Int32("scopes").Immutable().
			Comment("The permissions: one bit for each audit.Scope."),
		field.Time("created_at").Immutable().SchemaType(instantColumn).
			Comment("When it was made."),
		field.Time("expires_at").Immutable().Optional().Nillable().SchemaType(instantColumn).
			Comment("From when on it is refused; NULL: never."),
		field.Time("revoked_at").Optional().Nillable().SchemaType(instantColumn).
			Comment("When it was revoked."),
		field.Time("last_used_at").Optional().Nillable().SchemaType(instantColumn).
			Comment("When it was last used, to the minute."),
	}
}

// Indexes of the APIKey.
func (APIKey) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("hash").Unique().StorageKey("api_keys_hash"),
		index.Fields("organization").StorageKey("api_keys_organization"),
	}
}
