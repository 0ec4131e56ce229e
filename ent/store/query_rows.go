package store

import (
	"bytes"
	"context"
	stdsql "database/sql"
	"fmt"
	"slices"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// eventColumns are what an event is read from, in the order of eventRow.fill.
var eventColumns = slices.Concat(briefColumns, []string{
	"recorded_at", "category", "behalf_actor", "behalf_profile", "object_name",
	"event_name", "about_actor", "about_profile", "address", "address_key", "user_agent", "correlation_id", "caused_by",
	"details", "metadata",
})

// briefColumns are those of a brief event.
var briefColumns = []string{"id", "action", "actor", "profile", "section", "object_type", "object_id", "changes"}

// bytesOf are the functions of Postgres that give a value's bytes, where it and
// the driver would write a text and read it again.
var bytesOf = map[string]string{"id": "uuid_send", "caused_by": "uuid_send", "recorded_at": "timestamptz_send"}

func selectEvents() *sql.Selector {
	query := sql.Select()
	for _, column := range eventColumns {
		query.AppendSelectExpr(sql.ExprFunc(func(b *sql.Builder) {
			if function := bytesOf[column]; function != "" && b.Dialect() == dialect.Postgres {
				b.WriteString(function).Wrap(func(b *sql.Builder) { b.Ident(eventColumn(column)) })
				return
			}
			b.Ident(eventColumn(column))
		}))
	}
	return query
}

// eventRow is an event with what it points to, in one piece of memory: a page
// has many.
type eventRow struct {
	event                              audit.Event
	behalf, about                      audit.Participant
	object                             audit.Object
	causedBy                           audit.EventID
	objectName, address, correlationID string
}

// eventScan reads rows of events, one after the other.
type eventScan struct {
	row     columns
	into    []any      // where database/sql puts the columns
	spare   []eventRow // memory for the next rows
	rows    int        // as how many spare began
	changes changeMemory
	shared  []textPlace // in all rows so far
	bytes   int         // of recorded JSON, in all rows so far
	limit   int         // of bytes
	brief   bool        // rows have the briefColumns alone
}

// Rows are made in pieces of memory, each twice the one before: few for a page,
// and little for one event.
const (
	leastRows = 4
	mostRows  = 128
)

// newEventScan reads what selectEvents selects, up to so many bytes.
func newEventScan(limit int) *eventScan {
	row := &rowScan{values: make([]cell, len(eventColumns))}
	scan := &eventScan{row: row, into: make([]any, len(eventColumns)), limit: limit}
	for i := range scan.into {
		scan.into[i] = &row.values[i]
	}
	return scan
}

// readEvents runs a selection of rows of events, up to so many bytes.
func (s *Store) readEvents(ctx context.Context, organization audit.OrganizationID, query *sql.Selector, limit int) ([]*audit.Event, error) {
	scan := newEventScan(limit)
	events, err := queryRows(ctx, s, query, scan.event)
	if err != nil {
		return nil, err
	}
	return events, s.fillTexts(ctx, organization, scan.shared)
}

// event reads the row that rows is at, but for its shared texts.
func (s *eventScan) event(rows *stdsql.Rows) (*audit.Event, error) {
	if err := rows.Scan(s.into...); err != nil {
		return nil, err
	}
	s.row.begin()
	r := s.next()
	changes, details := r.fill(s.row, s.brief, &s.shared)
	if err := s.row.failure(); err != nil {
		return nil, fmt.Errorf("event %s: %w", r.event.ID, err)
	}
	e := &r.event
	if s.bytes += len(changes) + len(details) + len(e.Metadata); s.bytes > s.limit {
		return nil, &audit.Error{
			Code: audit.CodeQueryTooExpensive, Limit: s.limit,
			Message: fmt.Sprintf("The events of this page have more than %d MiB. Ask for fewer at once.", s.limit>>20),
		}
	}
	var err error
	if e.Changes, err = s.changes.decode(e.ID, bytes.Clone(changes)); err != nil {
		return nil, err
	}
	if s.brief {
		return e, nil
	}
	if e.Details, err = decodeDetails(e.Category, details, e.Object, e.About); err != nil {
		return nil, fmt.Errorf("event %s: %w", e.ID, err)
	}
	return e, nil
}

// next is the memory of the next row.
func (s *eventScan) next() *eventRow {
	if len(s.spare) == 0 {
		s.rows = min(max(leastRows, 2*s.rows), mostRows)
		s.spare = make([]eventRow, s.rows)
	}
	r := &s.spare[0]
	s.spare = s.spare[1:]
	return r
}

// fill reads the columns in their order, and gives those that hold more, which
// stay as they are until the next row is read. A brief row ends with the changes.
func (r *eventRow) fill(row columns, brief bool, shared *[]textPlace) (changes, details []byte) {
	e := &r.event
	row.id(&e.ID)
	e.OccurredAt = e.ID.OccurredAt()
	e.Sequence = e.ID.Sequence()
	e.Action = audit.Action(row.number())
	participant(row, &e.Performer)
	e.SectionID = audit.SectionID(row.number())
	if row.text(&r.object.Type) == nil {
		r.object.Type = usualType
	}
	if row.text(&r.object.ExternalID) != nil {
		e.Object = &r.object
	}
	if changes = row.stored(); brief {
		return changes, nil
	}
	e.RecordedAt = row.instant()
	e.Category = audit.Category(row.number())
	e.OnBehalf = participant(row, &r.behalf)
	r.object.Name = row.text(&r.objectName)
	*shared = appendShared(*shared, row.number(), &e.Name)
	e.About = participant(row, &r.about)
	e.IPAddress = address(row, &r.address)
	*shared = appendShared(*shared, row.number(), &e.UserAgent)
	e.CorrelationID = row.text(&r.correlationID)
	e.CausedBy = row.id(&r.causedBy)
	details = row.stored()
	e.Metadata = bytes.Clone(row.stored())
	return changes, details
}
