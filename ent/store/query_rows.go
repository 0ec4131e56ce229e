package store

import (
	stdsql "database/sql"
	"fmt"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// eventColumns are what an event is read from, in the order of eventRow.scan.
var eventColumns = []string{
	"id", "sequence", "recorded_at", "category", "action", "event_name",
	"actor", "profile", "behalf_actor", "behalf_profile", "about_actor", "about_profile",
	"section", "object_type", "object_id", "object_name",
	"address", "user_agent", "correlation_id", "caused_by", "changes", "details", "metadata",
}

func selectEvents() *sql.Selector {
	return sql.Select(sql.Table("events").Columns(eventColumns...)...)
}

// eventRow is a row of events as the drivers give it. Numbers are int64 because
// anything else goes through text in database/sql.
type eventRow struct {
	event                        audit.Event
	recordedAt                   instant
	category, action, section    int64
	performer                    participantKeys
	behalf, about                participantKeys
	objectType, objectID, object *string
	changes, details, metadata   []byte
}

// participantKeys are the actor and profile of one part in an event, nil where
// nobody had it.
type participantKeys struct{ actor, profile *int64 }

func (k participantKeys) participant() *audit.Participant {
	if k.actor == nil || k.profile == nil {
		return nil
	}
	return &audit.Participant{ActorID: audit.ActorID(*k.actor), ProfileID: int32(*k.profile)}
}

// scanEvent reads one row of eventColumns.
func scanEvent(rows *stdsql.Rows) (*audit.Event, error) {
	var r eventRow
	if err := r.scan(rows); err != nil {
		return nil, err
	}
	e := &r.event
	e.OccurredAt = e.ID.OccurredAt()
	e.RecordedAt = time.Time(r.recordedAt)
	e.Category, e.Action = audit.Category(r.category), audit.Action(r.action)
	e.SectionID = audit.SectionID(r.section)
	if performer := r.performer.participant(); performer != nil {
		e.Performer = *performer
	}
	e.OnBehalf, e.About = r.behalf.participant(), r.about.participant()
	if r.objectType != nil && r.objectID != nil {
		e.Object = &audit.Object{Type: *r.objectType, ExternalID: *r.objectID, Name: r.object}
	}
	e.Metadata = r.metadata
	var err error
	if e.Changes, err = decodeChanges(e.ID, r.changes); err != nil {
		return nil, err
	}
	if e.Details, err = decodeDetails(e.Category, r.details, e.About); err != nil {
		return nil, fmt.Errorf("event %s: %w", e.ID, err)
	}
	return e, nil
}

func (r *eventRow) scan(rows *stdsql.Rows) error {
	e := &r.event
	return rows.Scan(
		&e.ID, &e.Sequence, &r.recordedAt, &r.category, &r.action, &e.Name,
		&r.performer.actor, &r.performer.profile, &r.behalf.actor, &r.behalf.profile, &r.about.actor, &r.about.profile,
		&r.section, &r.objectType, &r.objectID, &r.object,
		&e.IPAddress, &e.UserAgent, &e.CorrelationID, &e.CausedBy, &r.changes, &r.details, &r.metadata,
	)
}

// instant is a time as either engine keeps it.
type instant time.Time

// Scan reads a timestamp, or the microseconds since 1970 that SQLite keeps.
func (i *instant) Scan(src any) error {
	switch v := src.(type) {
	case time.Time:
		*i = instant(v.UTC())
	case int64:
		*i = instant(time.UnixMicro(v).UTC())
	default:
		return fmt.Errorf("instant: cannot read %T", src)
	}
	return nil
}

// instantArg is t as an argument that compares with stored instants as t would,
// which have whole microseconds: the first of those at or after t.
func instantArg(engine string, t time.Time) any {
	t = t.UTC()
	if whole := t.Truncate(time.Microsecond); whole.Before(t) {
		t = whole.Add(time.Microsecond)
	}
	if engine == dialect.SQLite {
		return t.UnixMicro()
	}
	return t
}
