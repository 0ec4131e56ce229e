package audit

import (
	"context"
	"slices"
)

// ObjectQuery is one scan of what events say about an object: those with ids from
// From on and before Before, at most Limit of them, in the order of their ids. The
// zero id is no bound.
type ObjectQuery struct {
	Object     ObjectRef
	Categories []Category // nil: all
	From       EventID
	Before     EventID
	Limit      int
}

// HistoryFinder is what an engine offers for telling the story of an object.
// Implementations MUST look only at the organization they are given.
type HistoryFinder interface {
	// VisitObject calls visit with what events say about the object, one after the
	// other, until there are no more or visit returns false. It keeps none of them,
	// and reads only the object's own events and those that merged it away; objects
	// are told apart by type and id, not by [ObjectKey] alone.
	VisitObject(ctx context.Context, organization OrganizationID, query ObjectQuery, visit func(*ObjectEvent) bool) error
	// FindConsequences gives, for each of the causes, what FindEvents gives with a
	// filter for its consequences, all in one list in which the events of one cause
	// stand in the order of the query. Causes are given once. The filter of the query
	// is nil and its order that of time. A number of causes takes no more statements
	// than one does; many take some.
	FindConsequences(ctx context.Context, organization OrganizationID, causes []EventID, query EventQuery) ([]*Event, error)
}

// ObjectHistory gives one page of the events that an object took part in: as what
// they happened to, as the conversation or customer that their details speak of, or
// as a customer they merged into another. It fails as Events does, with
// CodeBadInput for a reference out of bounds, and with CodeForbidden for a viewer
// that may only see the history of conversations and customers when the object is
// neither.
func (r *Reader) ObjectHistory(ctx context.Context, viewer Viewer, object ObjectRef, request EventPageRequest) (*EventPage, error) {
	if err := viewer.mayReadObject(object); err != nil {
		return nil, err
	}
	request.Filter = &Filter{History: &object}
	return r.Events(ctx, viewer, request)
}

// VisitObject calls visit with what the events in the viewer's sight say about an
// object, as [HistoryFinder] does. It fails as ObjectHistory does.
func (r *Reader) VisitObject(ctx context.Context, viewer Viewer, query ObjectQuery, visit func(*ObjectEvent) bool) error {
	if err := viewer.mayReadObject(query.Object); err != nil {
		return err
	}
	if viewer.ObjectHistoryOnly {
		query.Categories = historyCategories()
	}
	return r.events.VisitObject(ctx, viewer.Organization, query, visit)
}

// EventsOfObject gives those of the events that say something about the object and
// that the viewer may see, in any order. It fails as ObjectHistory does.
func (r *Reader) EventsOfObject(ctx context.Context, viewer Viewer, object ObjectRef, ids []EventID, fields Fields) ([]*Event, error) {
	if err := viewer.mayReadObject(object); err != nil || len(ids) == 0 {
		return nil, err
	}
	events, err := r.events.EventsByID(ctx, viewer.Organization, ids, fields)
	return slices.DeleteFunc(events, func(event *Event) bool {
		_, about := ObjectEventOf(event, object)
		return !about || viewer.ObjectHistoryOnly && !slices.Contains(historyCategories(), event.Category)
	}), err
}

// mayReadObject checks a reference, and refuses a viewer that may not read the
// object's history.
func (v Viewer) mayReadObject(object ObjectRef) error {
	c := &filterCheck{}
	c.text("object/type", &object.Type)
	c.text("object/externalId", &object.ExternalID)
	if c.err != nil || !v.ObjectHistoryOnly || !hasNoHistory(object) {
		return c.err
	}
	return &Error{
		Code: CodeForbidden, Scopes: []Scope{ScopeReadAuditLog},
		Message: "This key may only read the history of conversations and customers.",
	}
}

// historyCategories are those of the events in a conversation's or a customer's
// history that everybody may see who may see the history.
func historyCategories() []Category { return []Category{CategoryConversation, CategoryCustomer} }
