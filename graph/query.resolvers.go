package graph

import (
	"context"
	"daybook/audit"
	"daybook/graph/gen"
)

func (r *auditEventConnectionResolver) Facets(ctx context.Context, obj *audit.EventPage, top int) (*audit.Facets, error) {
	return obj.Facets(ctx, selectedFacets(ctx), top)
}

func (r *queryResolver) AuditLog(ctx context.Context, filter *audit.Filter, orderBy *audit.Order, first *int, after *string, last *int, before *string) (*audit.EventPage, error) {
	return r.events(ctx, filter, orderBy, pageRequest(first, after, last, before))
}

func (r *queryResolver) AuthorizationEvents(ctx context.Context, filter *gen.AuthorizationFilter, orderBy *audit.Order, first *int, after *string, last *int, before *string) (*audit.EventPage, error) {
	page, err := r.events(ctx, authorizationFilter(filter), orderBy, pageRequest(first, after, last, before))
	return page, named(err, "about", "user")
}

func (r *queryResolver) BillingEvents(ctx context.Context, filter *gen.BillingFilter, orderBy *audit.Order, first *int, after *string, last *int, before *string) (*audit.EventPage, error) {
	return r.events(ctx, billingFilter(filter), orderBy, pageRequest(first, after, last, before))
}

func (r *queryResolver) SettingsEvents(ctx context.Context, filter *gen.SettingsFilter, orderBy *audit.Order, first *int, after *string, last *int, before *string) (*audit.EventPage, error) {
	return r.events(ctx, settingsFilter(filter), orderBy, pageRequest(first, after, last, before))
}

func (r *queryResolver) WorkSessionEvents(ctx context.Context, filter *gen.WorkSessionFilter, orderBy *audit.Order, first *int, after *string, last *int, before *string) (*audit.EventPage, error) {
	page, err := r.events(ctx, workSessionFilter(filter), orderBy, pageRequest(first, after, last, before))
	return page, named(err, "about", "agent")
}

func (r *queryResolver) ConversationEvents(ctx context.Context, filter *gen.ConversationFilter, orderBy *audit.Order, first *int, after *string, last *int, before *string) (*audit.EventPage, error) {
	return r.events(ctx, conversationFilter(filter), orderBy, pageRequest(first, after, last, before))
}

func (r *queryResolver) CustomerEvents(ctx context.Context, filter *gen.CustomerFilter, orderBy *audit.Order, first *int, after *string, last *int, before *string) (*audit.EventPage, error) {
	return r.events(ctx, customerFilter(filter), orderBy, pageRequest(first, after, last, before))
}

func (r *queryResolver) Actors(ctx context.Context, filter *audit.ActorFilter, first *int, after *string, last *int, before *string) (*audit.ActorPage, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	return r.reader.Actors(ctx, v.Viewer, filter, pageRequest(first, after, last, before))
}

func (r *queryResolver) Sections(ctx context.Context, category *audit.Category) ([]audit.Section, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	sections, err := r.reader.Sections(ctx, v.Viewer, valueOrZero(category))
	return values(sections), err
}

func (r *queryResolver) Properties(ctx context.Context, sections []string, startsWith *string, first int) ([]audit.Property, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	query := audit.PropertyQuery{Sections: sections, StartsWith: valueOrZero(startsWith), Limit: first}
	properties, err := r.reader.Properties(ctx, v.Viewer, query)
	return orEmpty(properties), err
}

func (r *Resolver) AuditEventConnection() gen.AuditEventConnectionResolver {
	return &auditEventConnectionResolver{r}
}

func (r *Resolver) Query() gen.QueryResolver { return &queryResolver{r} }

type (
	auditEventConnectionResolver struct{ *Resolver }
	queryResolver                struct{ *Resolver }
)
