package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"daybook/audit"
)

// Event is one thing that happened. Its row is all that a page shows of it but
// for names of actors and sections, and shared texts. Triggers refuse to change it.
//
// In the tables the organization stands before the id in the primary key, of
// which ent would make a column alone.
type Event struct{ ent.Schema }

// Fields of the Event.
func (Event) Fields() []ent.Field {
	fields := []ent.Field{
		field.UUID("id", audit.EventID{}).Immutable().SchemaType(eventIDColumn).
			Comment("When it happened, its sequence and its organization; sorts in that order."),
		organization(),
		field.Time("recorded_at").Immutable().SchemaType(instantColumn).
			Comment("When it was recorded; never runs backwards along sequence."),
		field.Int16("category").GoType(audit.Category(0)).Immutable().
			Comment("The area of the platform."),
		field.Int16("action").GoType(audit.Action(0)).Immutable().
			Comment("The coarse verb."),
		optionalSharedText("event_name", "The SharedText that is the service's own name of the event."),
	}
	fields = append(fields, participantFields()...)
	fields = append(fields, objectFields()...)
	fields = append(fields, originFields()...)
	fields = append(fields, filterFields()...)
	return append(fields, contentFields()...)
}

func participantFields() []ent.Field {
	return []ent.Field{
		field.Int32("actor").GoType(audit.ActorID(0)).Immutable().
			Comment("Who did it."),
		field.Int32("profile").Immutable().
			Comment("The name that actor had then."),
		optionalActor("behalf_actor", "On whose behalf it was done."),
		optionalProfile("behalf_profile", "The name that actor had then."),
		optionalActor("about_actor", "The user or agent it is about."),
		optionalProfile("about_profile", "The name that actor had then."),
		field.Int32("section").GoType(audit.SectionID(0)).Immutable().
			Comment("The standard object or setting it belongs to."),
	}
}

func objectFields() []ent.Field {
	return []ent.Field{
		optionalKey("object_key", "audit.ObjectKey of the object it happened to."),
		optionalText("object_type", "The object's type; NULL: audit.ObjectConversation, which most are, or no object."),
		optionalText("object_id", "The host application's id of the object."),
		optionalText("object_name", "The object's name then."),
		optionalKey("subject_key", "audit.ObjectKey of the conversation or customer of its details, where that is not the object."),
	}
}

func originFields() []ent.Field {
	return []ent.Field{
		optionalText("address", "The IP address as sent, without a port; NULL where address_key is written so."),
		field.Bytes("address_key").Optional().Immutable().
			Comment("The address: 4 bytes of an IPv4 address, 16 of another."),
		optionalSharedText("user_agent", "The SharedText that is the user agent as sent."),
		optionalText("correlation_id", "What ties events of one operation together."),
		field.UUID("caused_by", audit.EventID{}).Optional().Nillable().Immutable().SchemaType(eventIDColumn).
			Comment("The event that caused it."),
	}
}

// filterFields repeat, for filters, what details say.
func filterFields() []ent.Field {
	return []ent.Field{
		optionalNumber("outcome", "audit.AuthorizationOutcome of a sign-in."),
		optionalNumber("settings_area", "audit.SettingsArea of a settings event."),
		optionalNumber("seat_kinds", "The kinds of seats that changed: one bit for each audit.SeatKind."),
		optionalNumber("status_from", "audit.StatusType before a change of status."),
		optionalNumber("status_to", "audit.StatusType after it."),
		optionalNumber("status_cause", "audit.StatusCause of it."),
		optionalNumber("capacity_from", "audit.CapacityState before a change of capacity."),
		optionalNumber("capacity_to", "audit.CapacityState after it."),
		optionalText("work_session", "The host application's id of the work session."),
	}
}

func contentFields() []ent.Field {
	return []ent.Field{
		field.JSON("changes", audit.JSON{}).Optional().Immutable().SchemaType(jsonColumn).
			Comment("What changed, in order; NULL: nothing."),
		field.JSON("details", audit.JSON{}).Optional().Immutable().SchemaType(jsonColumn).
			Comment("What the category adds; NULL: nothing beyond the other columns."),
		field.JSON("metadata", audit.JSON{}).Optional().Immutable().SchemaType(jsonColumn).
			Comment("What the service added."),
		field.Text("search_text").Immutable().
			Comment("Folded text that is searched."),
		field.Bytes("seed").Immutable().Sensitive().
			Comment("Seed of the salts behind the journal's digest; 16 bytes."),
	}
}

// Indexes of the Event: each gives the events of one filter in the order of
// their ids. What stands behind the id is checked there, without reading rows.
func (Event) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("organization", "category", "id", "action").StorageKey("events_category"),
		index.Fields("organization", "actor", "id", "category", "action", "section").StorageKey("events_actor"),
		index.Fields("organization", "section", "id", "category", "action", "actor").StorageKey("events_section"),
		// Creations and updates are most of any log.
		partial("events_action", "action > 2", "action"),
		partial("events_sign_in", "category = 1", "address_key"),
		given("events_object", "object_key"),
		given("events_subject", "subject_key"),
		given("events_behalf", "behalf_actor", "category", "action"),
		given("events_about", "about_actor", "category", "action", "status_to", "status_cause"),
		given("events_correlation", "correlation_id"),
		given("events_caused_by", "caused_by"),
		given("events_work_session", "work_session"),
		given("events_area", "settings_area", "actor"),
		given("events_outcome", "outcome", "actor"),
		given("events_seats", "seat_kinds", "actor"),
		given("events_status", "status_to", "status_from", "status_cause", "actor", "about_actor"),
		given("events_cause", "status_cause", "status_from", "status_to", "actor", "about_actor"),
		given("events_capacity", "capacity_to", "capacity_from", "actor", "about_actor"),
		// The state of an agent when a range of time begins.
		partial("events_agent_status", "status_to IS NOT NULL", "about_actor"),
		partial("events_agent_capacity", "capacity_to IS NOT NULL", "about_actor"),
	}
}

// given is an index of the events that have a column.
func given(name, column string, checked ...string) ent.Index {
	return partial(name, column+" IS NOT NULL", column, checked...)
}

func partial(name, where, column string, checked ...string) ent.Index {
	return index.Fields(append([]string{"organization", column, "id"}, checked...)...).StorageKey(name).
		Annotations(entsql.IndexWhere(where))
}

func optionalText(name, comment string) ent.Field {
	return field.Text(name).Optional().Nillable().Immutable().Comment(comment)
}

func optionalSharedText(name, comment string) ent.Field {
	return field.Int32(name).Optional().Nillable().Immutable().Comment(comment)
}

func optionalActor(name, comment string) ent.Field {
	return field.Int32(name).GoType(audit.ActorID(0)).Optional().Nillable().Immutable().Comment(comment)
}

func optionalProfile(name, comment string) ent.Field {
	return field.Int32(name).Optional().Nillable().Immutable().Comment(comment)
}

func optionalKey(name, comment string) ent.Field {
	return field.Int64(name).Optional().Nillable().Immutable().Comment(comment)
}

func optionalNumber(name, comment string) ent.Field {
	return field.Int16(name).Optional().Nillable().Immutable().Comment(comment)
}
