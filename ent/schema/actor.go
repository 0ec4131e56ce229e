package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"daybook/audit"
)

// Actor is an identity of the host application: a person or an automation.
type Actor struct{ ent.Schema }

// Fields of the Actor.
func (Actor) Fields() []ent.Field {
	return []ent.Field{
		field.Int32("id").GoType(audit.ActorID(0)).
			Comment("Number inside Daybook."),
		organization(),
		field.Int16("kind").GoType(audit.ActorKind(0)).Immutable().
			Comment("What sort of actor it is."),
		field.Text("external_id").Immutable().
			Comment("The host application's id."),
		field.Text("name").Optional().Nillable().
			Comment("The latest recorded name."),
		field.Text("email").Optional().Nillable().
			Comment("The latest recorded e-mail."),
		field.Text("name_folded").Optional().Nillable().
			Comment("audit.Fold of the name, for searching in any case."),
	}
}

// Indexes of the Actor.
func (Actor) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("organization", "id").StorageKey("actors_organization"),
		index.Fields("organization", "kind", "id").StorageKey("actors_kind"),
		index.Fields("organization", "external_id", "kind").Unique().StorageKey("actors_identity"),
	}
}

// ActorProfile is one name and e-mail that an actor had when it did something.
// Events point to it, so that they show the name as it was.
type ActorProfile struct{ ent.Schema }

// Fields of the ActorProfile.
func (ActorProfile) Fields() []ent.Field {
	return []ent.Field{
		field.Int32("id").
			Comment("Number inside Daybook."),
		organization(),
		field.Int32("actor").GoType(audit.ActorID(0)).Immutable().
			Comment("The identity it belongs to."),
		field.Text("name").Optional().Nillable().
			Comment("The name as recorded; NULL: none was given."),
		field.Text("email").Optional().Nillable().
			Comment("The e-mail as recorded; NULL: none was given."),
		field.Text("name_folded").Optional().Nillable().
			Comment("audit.Fold of the name, for searching in any case."),
		field.Bytes("digest").Immutable().
			Comment("The first 16 bytes of SHA-256 over name and e-mail; makes profiles distinct."),
	}
}

// Indexes of the ActorProfile.
func (ActorProfile) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("organization").StorageKey("actor_profiles_organization"),
		index.Fields("actor", "digest").Unique().StorageKey("actor_profiles_identity"),
	}
}
