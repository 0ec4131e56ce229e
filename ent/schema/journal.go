package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"

	"daybook/audit"
)

// JournalBundle has up to 16 journal entries of one group: what tells an event's
// place in the order of commits, and its digest. It outlives retention.
type JournalBundle struct{ ent.View }

// Annotations of the JournalBundle.
func (JournalBundle) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "journal"}, entsql.Skip()}
}

// Fields of the JournalBundle.
func (JournalBundle) Fields() []ent.Field {
	return []ent.Field{
		organization(),
		field.Int64("sequence").
			Comment("Of the last entry. The entries of an organization are numbered 1, 2, 3 ... without a gap."),
		field.Time("recorded_at").SchemaType(instantColumn).
			Comment("When the events were recorded."),
		field.Int64("token").
			Comment("Tells the group from any other."),
		field.Bytes("event_ids").
			Comment("The events; 16 bytes for each, in order."),
		field.Bytes("digests").
			Comment("audit.Digest of each; 32 bytes, in the same order."),
	}
}

// IdempotencyKey says which event was recorded with a key.
type IdempotencyKey struct{ ent.View }

// Annotations of the IdempotencyKey.
func (IdempotencyKey) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "idempotency_keys"}, entsql.Skip()}
}

// Fields of the IdempotencyKey.
func (IdempotencyKey) Fields() []ent.Field {
	return []ent.Field{
		organization(),
		field.Bytes("key_hash").
			Comment("Of the key; 16 bytes, unique in the organization."),
		field.Bytes("fingerprint").
			Comment("Of the caller's input, by which a key that is used for something else is noticed; 16 bytes."),
		eventField(),
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
