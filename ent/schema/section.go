package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"daybook/audit"
)

// Section is the standard object or setting that events belong to.
type Section struct{ ent.Schema }

// Fields of the Section.
func (Section) Fields() []ent.Field {
	return []ent.Field{
		field.Int32("id").GoType(audit.SectionID(0)).
			Comment("Number inside Daybook."),
		organization(),
		field.Text("key").Immutable().
			Comment("The host application's key."),
		field.Text("name").
			Comment("The key as a person reads it."),
		field.Int32("categories").GoType(audit.CategorySet(0)).
			Comment("The categories it was used in."),
	}
}

// Indexes of the Section.
func (Section) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("organization", "key").Unique().StorageKey("sections_identity"),
	}
}

// Property is an attribute that some event changed.
type Property struct{ ent.Schema }

// Fields of the Property.
func (Property) Fields() []ent.Field {
	return []ent.Field{
		field.Int32("id").
			Comment("Number inside Daybook."),
		organization(),
		field.Text("key").Immutable().
			Comment("The host application's key."),
	}
}

// Indexes of the Property.
func (Property) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("organization", "key").Unique().StorageKey("properties_identity"),
	}
}

// PropertySection says that a property was changed by events of a section.
type PropertySection struct{ ent.View }

// Annotations of the PropertySection.
func (PropertySection) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "section_properties"}, entsql.Skip()}
}

// Fields of the PropertySection.
func (PropertySection) Fields() []ent.Field {
	return []ent.Field{
		field.Int32("section").GoType(audit.SectionID(0)).
			Comment("The section."),
		field.Int32("property").
			Comment("The property."),
	}
}
