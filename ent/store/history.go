package store

import (
	"bytes"
	"context"
	stdsql "database/sql"
	"slices"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// VisitObject implements [audit.HistoryFinder] with one statement for the object's
// own events, whose rows are taken one at a time, and for a customer one for the
// events that merged it into another.
func (s *Store) VisitObject(ctx context.Context, organization audit.OrganizationID, query audit.ObjectQuery, visit func(*audit.ObjectEvent) bool) error {
	_, err := reading(ctx, s, "visit object", func(ctx context.Context) (struct{}, error) {
		merges, err := s.objectMerges(ctx, organization, query)
		if err != nil {
			return struct{}{}, err
		}
		visitor := objectVisitor{merges: merges, left: query.Limit, visit: visit}
		text, args, err := s.statement(s.ownEvents(organization, query))
		if err != nil {
			return struct{}{}, err
		}
		if err := s.eachRow(ctx, text, args, visitor.row); err != nil {
			return struct{}{}, err
		}
		visitor.mergesBefore(nil)
		return struct{}{}, nil
	})
	return err
}

// ownEvents selects what the object's own events say about it.
func (s *Store) ownEvents(organization audit.OrganizationID, query audit.ObjectQuery) *sql.Selector {
	where := []*sql.Predicate{
		sql.EQ(eventColumn("organization"), int64(organization)),
		sql.EQ(eventColumn("object_key"), audit.ObjectKey(query.Object.Type, query.Object.ExternalID)),
		isObject(query.Object),
	}
	if query.Categories != nil {
		where = append(where, isOneOf("category", anys(numbers(query.Categories))))
	}
	where = append(where, idsOf(query).bounds(eventColumn("id"))...)
	return sql.Select(sql.Table("events").Columns("id", "action", "object_name", "changes")...).From(sql.Table("events")).
		Where(allOf(where...)).OrderBy(eventColumn("id")).Limit(query.Limit)
}

func idsOf(query audit.ObjectQuery) *window[audit.EventID] {
	ids := idWindow()
	if !query.From.IsZero() {
		ids.from(query.From)
	}
	if !query.Before.IsZero() {
		ids.until(query.Before)
	}
	return &ids
}

// objectMerges gives what the events say about the object that merged it into
// another.
func (s *Store) objectMerges(ctx context.Context, organization audit.OrganizationID, query audit.ObjectQuery) ([]audit.ObjectEvent, error) {
	if query.Object.Type != audit.ObjectCustomer {
		return nil, nil
	}
	key := audit.ObjectKey(query.Object.Type, query.Object.ExternalID)
	where := []*sql.Predicate{
		sql.EQ(sourceColumn("organization"), int64(organization)), sql.EQ(sourceColumn("object_key"), key),
		isEvent(organization, sourceColumn("event")),
	}
	if query.Categories != nil {
		where = append(where, isOneOf("category", anys(numbers(query.Categories))))
	}
	where = append(where, idsOf(query).bounds(sourceColumn("event"))...)
	selector := selectEvents().FromExpr(sql.Raw("merge_sources CROSS JOIN events")).Where(allOf(where...)).
		OrderBy(sourceColumn("event")).Limit(query.Limit)
	events, err := queryRows(ctx, s, selector, newEventScan(s.options.PageBytes).event) // whose shared texts say nothing about an object
	if err != nil {
		return nil, err
	}
	merges := make([]audit.ObjectEvent, 0, len(events))
	for _, event := range events {
		if said, about := audit.ObjectEventOf(event, query.Object); about && said.Merged {
			merges = append(merges, said)
		}
	}
	return merges, nil
}

// objectVisitor puts an object's own events and its merges into one order.
type objectVisitor struct {
	merges []audit.ObjectEvent
	left   int
	visit  func(*audit.ObjectEvent) bool
}

// row visits the event of one row, and before it the merges that come first. It is
// false when no more rows are wanted.
func (v *objectVisitor) row(rows *stdsql.Rows) (bool, error) {
	event := audit.ObjectEvent{Own: true}
	var action int64
	var changes []byte
	if err := rows.Scan(&event.ID, &action, &event.Name, &changes); err != nil {
		return false, err
	}
	event.Action = audit.Action(action)
	var err error
	if event.Changes, err = new(changeMemory).decode(event.ID, changes); err != nil {
		return false, err
	}
	v.mergesBefore(&event.ID)
	if len(v.merges) > 0 && v.merges[0].ID == event.ID {
		event, v.merges = v.merges[0], v.merges[1:]
	}
	v.one(&event)
	return v.left > 0, nil
}

// mergesBefore visits the merges that come before an event; nil is the end.
func (v *objectVisitor) mergesBefore(id *audit.EventID) {
	n := len(v.merges)
	if id != nil {
		n, _ = slices.BinarySearchFunc(v.merges, *id, func(merge audit.ObjectEvent, id audit.EventID) int {
			return bytes.Compare(merge.ID[:], id[:])
		})
	}
	for i := range v.merges[:n] {
		v.one(&v.merges[i])
	}
	v.merges = v.merges[n:]
}

// one visits an event, unless enough were.
func (v *objectVisitor) one(event *audit.ObjectEvent) {
	if v.left--; v.left < 0 || !v.visit(event) {
		v.left = 0
	}
}
