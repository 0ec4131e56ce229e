package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// SharedText is a text that many events share: an event name or a user agent.
// Triggers refuse to change it.
type SharedText struct{ ent.Schema }

// Fields of the SharedText.
func (SharedText) Fields() []ent.Field {
	return []ent.Field{
		field.Int32("id").
			Comment("Number inside Daybook."),
		organization(),
		field.Bytes("digest").Immutable().
			Comment("SHA-256 of the text, by which it is found; 32 bytes."),
		field.Text("text").Immutable().
			Comment("The text, byte for byte as it was recorded."),
	}
}

// Indexes of the SharedText.
func (SharedText) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("organization", "digest").Unique().StorageKey("shared_texts_identity"),
	}
}
