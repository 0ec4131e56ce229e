package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Actor is who did something.
type Actor struct{ ent.Schema }

// Fields of the Actor.
func (Actor) Fields() []ent.Field {
	return []ent.Field{field.String("kind"), field.String("name").Optional()}
}

// Section is the object or setting an event belongs to.
type Section struct{ ent.Schema }

// Fields of the Section.
func (Section) Fields() []ent.Field { return []ent.Field{field.String("key"), field.String("name")} }

// Change is what happened to one property.
type Change struct{ ent.Schema }

// Fields of the Change. Values are JSON as text.
func (Change) Fields() []ent.Field {
	return []ent.Field{field.String("property"), field.String("before").Optional(), field.String("after").Optional()}
}

// Edges of the Change.
func (Change) Edges() []ent.Edge {
	return []ent.Edge{edge.From("event", Event.Type).Ref("changes").Unique()}
}

// Indexes of the Change. Without it each page would read all changes.
func (Change) Indexes() []ent.Index { return []ent.Index{index.Edges("event")} }
