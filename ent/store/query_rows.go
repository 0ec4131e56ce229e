package store

import (
	"bytes"
	"context"
	stdsql "database/sql"
	"fmt"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// eventColumns are what an event is read from, in the order of eventRow.fill.
var eventColumns = [...]string{
	"id", "recorded_at", "category", "action", "event_name",
	"actor", "profile", "behalf_actor", "behalf_profile", "about_actor", "about_profile",
	"section", "object_type", "object_id", "object_name",
	"address", "address_key", "user_agent", "correlation_id", "caused_by", "changes", "details", "metadata",
}

// bytesOf are the functions of Postgres that give a value's bytes, where it and
// the driver would write a text and read it again.
var bytesOf = map[string]string{"id": "uuid_send", "caused_by": "uuid_send", "recorded_at": "timestamptz_send"}

// moreColumns are those that a brief event is read without.
var moreColumns = map[string]bool{
	"event_name": true, "about_actor": true, "about_profile": true, "address": true, "address_key": true, "user_agent": true,
	"correlation_id": true, "caused_by": true, "details": true, "metadata": true,
}

func selectEvents() *sql.Selector { return selectEventsOf(false) }

// selectEventsOf selects all columns, those that a brief event is read without as
// NULL.
func selectEventsOf(brief bool) *sql.Selector {
	query := sql.Select()
	for _, column := range eventColumns {
		if brief && moreColumns[column] {
			query.AppendSelectExpr(sql.Raw("NULL"))
			continue
		}
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

// eventScan reads rows of eventColumns, one after the other.
type eventScan struct {
	row   rowScan
	into  [len(eventColumns)]any
	spare []eventRow // memory for the next rows
	rows  int        // as how many spare began
	bytes int        // of recorded JSON, in all rows so far
	limit int        // of bytes
	brief bool       // rows have none of moreColumns
}

// Rows are made in pieces of memory, each twice the one before: few for a page,
// and little for one event.
const (
	leastRows = 4
	mostRows  = 128
)

func (s *Store) newEventScan() *eventScan {
	scan := &eventScan{row: rowScan{values: make([]cell, len(eventColumns))}, limit: s.options.PageBytes}
	for i := range scan.into {
		scan.into[i] = &scan.row.values[i]
	}
	return scan
}

// readEvents runs a selection of rows of events, which are brief or not.
func (s *Store) readEvents(ctx context.Context, organization audit.OrganizationID, query *sql.Selector, brief bool) ([]*audit.Event, error) {
	scan := s.newEventScan()
	scan.brief = brief
	events, err := queryRows(ctx, s, query, scan.event)
	if err != nil {
		return nil, err
	}
	return events, s.fillTexts(ctx, organization, scan.row.shared)
}

// event reads the row that rows is at, but for its shared texts.
func (s *eventScan) event(rows *stdsql.Rows) (*audit.Event, error) {
	if err := rows.Scan(s.into[:]...); err != nil {
		return nil, err
	}
	s.row.at, s.row.err = 0, nil
	r := s.next()
	changes, details := r.fill(&s.row)
	if s.row.err != nil {
		return nil, fmt.Errorf("event %s: %w", r.event.ID, s.row.err)
	}
	e := &r.event
	if s.bytes += len(changes) + len(details) + len(e.Metadata); s.bytes > s.limit {
		return nil, &audit.Error{
			Code: audit.CodeQueryTooExpensive, Limit: s.limit,
			Message: fmt.Sprintf("The events of this page have more than %d MiB. Ask for fewer at once.", s.limit>>20),
		}
	}
	var err error
	if e.Changes, err = decodeChanges(e.ID, bytes.Clone(changes)); err != nil {
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
// stay as they are until the next row is read.
func (r *eventRow) fill(row *rowScan) (changes, details []byte) {
	e := &r.event
	row.id(&e.ID)
	e.OccurredAt = e.ID.OccurredAt()
	e.Sequence = e.ID.Sequence()
	e.RecordedAt = row.instant()
	e.Category, e.Action = audit.Category(row.number()), audit.Action(row.number())
	row.sharedText(&e.Name)
	row.participant(&e.Performer)
	e.OnBehalf = row.participant(&r.behalf)
	e.About = row.participant(&r.about)
	e.SectionID = audit.SectionID(row.number())
	kind, id := row.text(&r.object.Type), row.text(&r.object.ExternalID)
	if r.object.Name = row.text(&r.objectName); kind != nil && id != nil {
		e.Object = &r.object
	}
	e.IPAddress = row.address(&r.address)
	row.sharedText(&e.UserAgent)
	e.CorrelationID = row.text(&r.correlationID)
	e.CausedBy = row.id(&r.causedBy)
	changes, details = row.stored(), row.stored()
	e.Metadata = bytes.Clone(row.stored())
	return changes, details
}
