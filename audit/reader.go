package audit

import (
	"context"
	"slices"
	"time"
)

// Reader answers questions about what was recorded. It checks filters, page
// sizes and cursors, keeps every read within the viewer's organization, and
// asks an engine for the rows.
type Reader struct {
	events     EventFinder
	catalogue  Catalogue
	work       WorkFinder
	cursorKeys CursorKeys
}

// CursorKeys gives the key that authenticates an organization's cursors.
type CursorKeys interface {
	CursorKey(ctx context.Context, organization OrganizationID) ([]byte, error)
}

// NewReader makes a Reader over an engine.
func NewReader(events EventFinder, catalogue Catalogue, work WorkFinder, cursorKeys CursorKeys) *Reader {
	return &Reader{events: events, catalogue: catalogue, work: work, cursorKeys: cursorKeys}
}

// EventPageRequest asks for one page of events.
type EventPageRequest struct {
	Filter *Filter // nil: all
	Order  Order
	Page   PageRequest
	Fields Fields
	// CountOnly leaves the rows out; the page then serves TotalCount alone.
	CountOnly bool
	// SearchedThrough and Coverage ask for the fields of the page.
	SearchedThrough, Coverage bool
}

// EventEdge is an event and its place in the order.
type EventEdge struct {
	Cursor string
	Node   *Event
}

// EventPage is one page of events in the order asked for.
type EventPage struct {
	Edges    []EventEdge
	PageInfo PageInfo
	// SearchedThrough is the recordedAt up to which events were searched for the
	// filter's texts; nil if all were, or it was not asked for.
	SearchedThrough *time.Time
	Coverage        *Coverage // of before the events were read; nil if it was not asked for

	reader       *Reader
	organization OrganizationID
	filter       *Filter
}

// Nodes are the events without their cursors.
func (p *EventPage) Nodes() []*Event {
	nodes := make([]*Event, len(p.Edges))
	for i, edge := range p.Edges {
		nodes[i] = edge.Node
	}
	return nodes
}

// Events gives one page of events.
//
// It fails with CodeBadInput for a filter or page size out of bounds, with
// CodeQueryTooExpensive for a filter with too many values in all, with
// CodeBadCursor for a cursor of another order or organization, and with
// CodeForbidden when the viewer may only see the history of one conversation or
// customer and the filter does not name exactly one.
func (r *Reader) Events(ctx context.Context, viewer Viewer, request EventPageRequest) (*EventPage, error) {
	if err := request.Filter.check(); err != nil {
		return nil, err
	}
	filter, err := viewer.restrict(request.Filter)
	if err != nil {
		return nil, err
	}
	w, err := request.Page.window()
	if err != nil {
		return nil, err
	}
	page := &EventPage{reader: r, organization: viewer.Organization, filter: filter}
	cursors, err := r.cursors(ctx, viewer)
	if err != nil {
		return nil, err
	}
	query := EventQuery{Filter: filter, Order: request.Order, FromEnd: w.fromEnd, Limit: w.size + 1, Fields: request.Fields}
	if query.After, err = cursors.readEvent(request.Order, request.Page.After); err != nil {
		return nil, err
	}
	if query.Before, err = cursors.readEvent(request.Order, request.Page.Before); err != nil {
		return nil, err
	}
	if err := page.readAhead(ctx, request, query); err != nil || request.CountOnly {
		return page, err
	}
	rows, err := r.events.FindEvents(ctx, viewer.Organization, query)
	if err != nil {
		return nil, err
	}
	page.fill(rows, w, request, cursors)
	return page, nil
}

// fill takes what a scan for the page found.
func (p *EventPage) fill(rows []*Event, w window, request EventPageRequest, cursors *cursorKey) {
	rows, p.PageInfo = cut(rows, w, request.Page)
	p.Edges = make([]EventEdge, len(rows))
	for i, event := range rows {
		p.Edges[i] = EventEdge{Cursor: cursors.event(request.Order, event), Node: event}
	}
	if len(rows) > 0 {
		p.PageInfo.StartCursor = &p.Edges[0].Cursor
		p.PageInfo.EndCursor = &p.Edges[len(rows)-1].Cursor
	}
}

func (r *Reader) cursors(ctx context.Context, viewer Viewer) (*cursorKey, error) {
	key, err := r.cursorKeys.CursorKey(ctx, viewer.Organization)
	if err != nil {
		return nil, err
	}
	return newCursorKey(key), nil
}

// EventsByID gives the events of these ids, in any order; ids the viewer's
// organization does not have are left out. It fails with CodeForbidden for a
// viewer that may only see one object's history.
func (r *Reader) EventsByID(ctx context.Context, viewer Viewer, ids []EventID, fields Fields) ([]*Event, error) {
	if err := viewer.mayReadAll(); err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return r.events.EventsByID(ctx, viewer.Organization, ids, fields)
}

// ActorEdge is an actor and its place in the list.
type ActorEdge struct {
	Cursor string
	Node   *Actor
}

// ActorPage is one page of actors, oldest first.
type ActorPage struct {
	Edges    []ActorEdge
	PageInfo PageInfo
}

// Nodes are the actors without their cursors.
func (p *ActorPage) Nodes() []*Actor {
	nodes := make([]*Actor, len(p.Edges))
	for i, edge := range p.Edges {
		nodes[i] = edge.Node
	}
	return nodes
}

// Actors gives one page of the organization's actors in the order in which they
// were first recorded. It fails as Events does.
func (r *Reader) Actors(ctx context.Context, viewer Viewer, filter *ActorFilter, request PageRequest) (*ActorPage, error) {
	if err := viewer.mayReadAll(); err != nil {
		return nil, err
	}
	if err := filter.check("filter"); err != nil {
		return nil, err
	}
	w, err := request.window()
	if err != nil {
		return nil, err
	}
	cursors, err := r.cursors(ctx, viewer)
	if err != nil {
		return nil, err
	}
	query := ActorQuery{Filter: filter, FromEnd: w.fromEnd, Limit: w.size + 1}
	if query.After, err = cursors.readActor(request.After); err != nil {
		return nil, err
	}
	if query.Before, err = cursors.readActor(request.Before); err != nil {
		return nil, err
	}
	rows, err := r.catalogue.FindActors(ctx, viewer.Organization, query)
	if err != nil {
		return nil, err
	}
	page := &ActorPage{}
	rows, page.PageInfo = cut(rows, w, request)
	page.Edges = make([]ActorEdge, len(rows))
	for i, actor := range rows {
		page.Edges[i] = ActorEdge{Cursor: cursors.actor(actor.ID), Node: actor}
	}
	if len(rows) > 0 {
		page.PageInfo.StartCursor = &page.Edges[0].Cursor
		page.PageInfo.EndCursor = &page.Edges[len(rows)-1].Cursor
	}
	return page, nil
}

// ActorsByID gives the actors of these ids, in any order; unknown ids are left
// out. It fails as EventsByID does.
func (r *Reader) ActorsByID(ctx context.Context, viewer Viewer, ids []ActorID) ([]*Actor, error) {
	if err := viewer.mayReadAll(); err != nil {
		return nil, err
	}
	return r.catalogue.ActorsByID(ctx, viewer.Organization, ids)
}

// Sections lists the sections in use, by key; category 0 lists those of all
// categories. It fails as EventsByID does.
func (r *Reader) Sections(ctx context.Context, viewer Viewer, category Category) ([]*Section, error) {
	if err := viewer.mayReadAll(); err != nil {
		return nil, err
	}
	return r.catalogue.FindSections(ctx, viewer.Organization, category)
}

// SectionsByID gives the sections of these ids, in any order; unknown ids are
// left out. It fails as EventsByID does.
func (r *Reader) SectionsByID(ctx context.Context, viewer Viewer, ids []SectionID) ([]*Section, error) {
	if err := viewer.mayReadAll(); err != nil {
		return nil, err
	}
	return r.catalogue.SectionsByID(ctx, viewer.Organization, ids)
}

// MaxProperties is how many properties one call lists at most.
const MaxProperties = 1000

// Properties lists the properties that were ever changed, by key. It fails with
// CodeBadInput for a limit out of bounds and as EventsByID does.
func (r *Reader) Properties(ctx context.Context, viewer Viewer, query PropertyQuery) ([]Property, error) {
	if err := viewer.mayReadAll(); err != nil {
		return nil, err
	}
	if query.Limit < 0 || query.Limit > MaxProperties {
		return nil, BadInput("first", "first is %d; it must be between 0 and %d.", query.Limit, MaxProperties)
	}
	c := &filterCheck{}
	c.texts("sections", query.Sections)
	c.text("startsWith", &query.StartsWith)
	if c.err != nil {
		return nil, c.err
	}
	return r.catalogue.FindProperties(ctx, viewer.Organization, query)
}

// mayReadAll refuses a viewer that may only see one object's history.
func (v Viewer) mayReadAll() error {
	if !v.ObjectHistoryOnly {
		return nil
	}
	return &Error{
		Code: CodeForbidden, Scopes: []Scope{ScopeReadAuditLog},
		Message: "This key may only read the history of one conversation or customer.",
	}
}

// restrict narrows the filter to what the viewer may see.
func (v Viewer) restrict(filter *Filter) (*Filter, error) {
	if filter == nil {
		filter = &Filter{}
	}
	if !v.ObjectHistoryOnly {
		return filter, nil
	}
	if filter.named() != 1 || slices.ContainsFunc(filter.Objects, hasNoHistory) || filter.History != nil && hasNoHistory(*filter.History) {
		return nil, &Error{
			Code: CodeForbidden, Scopes: []Scope{ScopeReadAuditLog},
			Message: "This key may only read the history of one conversation or customer: name exactly one in the filter.",
		}
	}
	return &Filter{AllOf: []Filter{*filter}, Categories: historyCategories()}, nil
}

// named is how many objects the filter names.
func (f *Filter) named() int {
	n := len(f.Objects) + len(f.Conversations) + len(f.Customers)
	if f.History != nil {
		n++
	}
	return n
}

// hasNoHistory says whether an object is neither a conversation nor a customer.
// Events of their categories may have happened to other objects too; those are
// found by the conversation or customer they are about.
func hasNoHistory(object ObjectRef) bool {
	return object.Type != ObjectConversation && object.Type != ObjectCustomer
}

// eventIDs lists distinct ids in the order of their first appearance.
func eventIDs(ids []EventID) []EventID {
	seen := make(map[EventID]bool, len(ids))
	return slices.DeleteFunc(slices.Clone(ids), func(id EventID) bool {
		again := seen[id]
		seen[id] = true
		return again
	})
}
