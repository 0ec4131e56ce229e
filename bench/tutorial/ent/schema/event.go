// Package schema describes an audit log as the tutorials of ent describe theirs.
package schema

import (
	"entgo.io/contrib/entgql"
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Event is one thing that happened.
type Event struct{ ent.Schema }

// Fields of the Event.
func (Event) Fields() []ent.Field {
	return []ent.Field{
		field.Int("organization"),
		field.Time("occurred_at").Annotations(entgql.OrderField("OCCURRED_AT")),
		field.String("category"),
		field.String("action"),
		field.String("event_name").Optional(),
		field.String("object_type").Optional(),
		field.String("object_id").Optional(),
		field.String("object_name").Optional(),
		field.String("ip_address").Optional(),
	}
}

// Edges of the Event.
func (Event) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("actor", Actor.Type).Unique().Required(),
		edge.To("section", Section.Type).Unique().Required(),
		edge.To("changes", Change.Type),
	}
}

// Indexes of the Event: what its pages are ordered and filtered by.
func (Event) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("organization", "occurred_at"),
		index.Fields("organization", "category", "occurred_at"),
	}
}

// Annotations of the Event.
func (Event) Annotations() []schema.Annotation {
	return []schema.Annotation{entgql.RelayConnection(), entgql.QueryField()}
}
