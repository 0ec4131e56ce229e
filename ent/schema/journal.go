package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"

	"daybook/audit"
)

// JournalEntry is one event in commit order. It outlives retention.
type JournalEntry struct{ ent.View }

// Annotations of the JournalEntry.
func (JournalEntry) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "journal"}, entsql.Skip()}
}

// Fields of the JournalEntry.
func (JournalEntry) Fields() []ent.Field {
	return []ent.Field{
		organization(),
		field.Int64("sequence").
			Comment("1, 2, 3 ... without a gap."),
		eventField(),
		field.Time("recorded_at").SchemaType(instantColumn).
			Comment("When it was recorded."),
		field.Int64("token").Optional().Nillable().
			Comment("Tells the group that ends here from any other; NULL: it goes on."),
		field.Bytes("key_hash").Optional().
			Comment("Of the idempotency key; 16 bytes, unique in the organization."),
		field.Bytes("fingerprint").Optional().
			Comment("Of the caller's input where it has a key; 16 bytes."),
		field.Bytes("digest").
			Comment("audit.Digest; 32 bytes."),
	}
}

// PropertyChange is a narrow row by which events are found that changed a
// property in a certain way.
type PropertyChange struct{ ent.View }

// Annotations of the PropertyChange.
func (PropertyChange) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "property_changes"}, entsql.Skip()}
}

// Fields of the PropertyChange.
func (PropertyChange) Fields() []ent.Field {
	return []ent.Field{
		field.Int32("property").
			Comment("The property; its organization is the event's."),
		eventField(),
		field.Int16("ordinal").
			Comment("Counts an event's rows of one property, from 0."),
		field.Int16("change").
			Comment("8 times the ordinal of the change it belongs to among the event's changes, and the audit.DigestKind: " +
				"a whole change, or an element that a list gained or lost."),
		field.Int64("after").Optional().Nillable().
			Comment("audit.ValueDigest of the new value; NULL: none, or redacted."),
		field.Int64("before").Optional().Nillable().
			Comment("audit.ValueDigest of the old value; NULL: none, or redacted."),
	}
}

// MergeSource says that an event merged a customer into another.
type MergeSource struct{ ent.View }

// Annotations of the MergeSource.
func (MergeSource) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "merge_sources"}, entsql.Skip()}
}

// Fields of the MergeSource.
func (MergeSource) Fields() []ent.Field {
	return []ent.Field{
		organization(),
		field.Int64("object_key").
			Comment("audit.ObjectKey of the customer that was merged."),
		eventField(),
	}
}

func eventField() ent.Field {
	return field.UUID("event", audit.EventID{}).SchemaType(eventIDColumn).
		Comment("The event.")
}
