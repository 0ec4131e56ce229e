package storetest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"daybook/audit"
)

func (m *memory) FindEvents(ctx context.Context, organization audit.OrganizationID, query audit.EventQuery) ([]*audit.Event, error) {
	m.mu.Lock()
	ids := (&reference{recorded: m.logs[organization].recorded}).find(query)
	m.mu.Unlock()
	events, err := m.EventsByID(ctx, organization, ids, query.Fields)
	slices.SortFunc(events, func(a, b *audit.Event) int { return compare(query.Order, position(a), position(b)) })
	if query.Bytes > 0 && recordedBytes(events) > query.Bytes {
		return nil, audit.Errorf(audit.CodeQueryTooExpensive, "The events have more than %d bytes.", query.Bytes)
	}
	return events, err
}

func recordedBytes(events []*audit.Event) (n int) {
	for _, e := range events {
		n += len(e.Metadata)
		for i := range e.Changes {
			n += len(e.Changes[i].Before) + len(e.Changes[i].After)
		}
	}
	return n
}

func (m *memory) SearchedThrough(context.Context, audit.OrganizationID, *audit.Filter) (*time.Time, error) {
	return nil, nil //nolint:nilnil // it looks at everything
}

func (m *memory) EventsByID(_ context.Context, organization audit.OrganizationID, ids []audit.EventID, fields audit.Fields) ([]*audit.Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	wanted := map[audit.EventID]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	var events []*audit.Event
	for _, one := range m.logs[organization].recorded {
		if wanted[one.event.ID] {
			events = append(events, cutDown(*one.event, fields))
		}
	}
	return events, nil
}

func (m *memory) VisitObject(_ context.Context, organization audit.OrganizationID, query audit.ObjectQuery, visit func(*audit.ObjectEvent) bool) error {
	m.mu.Lock()
	events := (&reference{recorded: m.logs[organization].recorded}).matching(&audit.Filter{Categories: query.Categories})
	m.mu.Unlock()
	for _, said := range saidOf(events, query) {
		if !visit(&said) {
			return nil
		}
	}
	return nil
}

func (m *memory) FindActors(_ context.Context, organization audit.OrganizationID, query audit.ActorQuery) ([]*audit.Actor, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := *cmp.Or(query.Filter, &audit.ActorFilter{})
	var actors []*audit.Actor
	for _, actor := range m.actors {
		named := f.Name == nil || slices.ContainsFunc(actor.names, func(name string) bool {
			return strings.Contains(name, audit.Fold(*f.Name))
		})
		if actor.organization == organization && oneOf(f.IDs, actor.ID) && oneOf(f.ExternalIDs, actor.ExternalID) &&
			oneOf(f.Kinds, actor.Kind) && named && actor.ID > query.After && (query.Before == 0 || actor.ID < query.Before) {
			actors = append(actors, &actor.Actor)
		}
	}
	n := min(query.Limit, len(actors))
	if query.FromEnd {
		return actors[len(actors)-n:], nil
	}
	return actors[:n], nil
}

func (m *memory) ActorsByID(ctx context.Context, organization audit.OrganizationID, ids []audit.ActorID) ([]*audit.Actor, error) {
	filter := &audit.ActorFilter{IDs: slices.Concat([]audit.ActorID{}, ids)}
	return m.FindActors(ctx, organization, audit.ActorQuery{Filter: filter, Limit: len(ids)})
}

func (m *memory) FindSections(_ context.Context, organization audit.OrganizationID, category audit.Category) ([]*audit.Section, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var sections []*audit.Section
	for _, section := range m.sections {
		if section.organization == organization && (category == 0 || section.Categories.Has(category)) {
			sections = append(sections, &section.Section)
		}
	}
	slices.SortFunc(sections, func(a, b *audit.Section) int { return strings.Compare(a.Key, b.Key) })
	return sections, nil
}

func (m *memory) SectionsByID(ctx context.Context, organization audit.OrganizationID, ids []audit.SectionID) ([]*audit.Section, error) {
	sections, err := m.FindSections(ctx, organization, 0)
	return slices.DeleteFunc(sections, func(s *audit.Section) bool { return !slices.Contains(ids, s.ID) }), err
}

func (m *memory) FindProperties(_ context.Context, organization audit.OrganizationID, query audit.PropertyQuery) ([]audit.Property, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	keys := map[string]bool{}
	for _, section := range m.sections {
		if section.organization == organization && oneOf(query.Sections, section.Key) {
			maps.Copy(keys, section.properties)
		}
	}
	var properties []audit.Property
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if strings.HasPrefix(key, query.StartsWith) {
			properties = append(properties, audit.Property{Key: key, Name: audit.DisplayName(key)})
		}
	}
	return properties[:min(query.Limit, len(properties))], nil
}

func (m *memory) FindConsequences(ctx context.Context, organization audit.OrganizationID, causes []audit.EventID, query audit.EventQuery) ([]*audit.Event, error) {
	var all []*audit.Event
	for _, cause := range causes {
		query.Filter = &audit.Filter{CausedBy: []audit.EventID{cause}}
		events, err := m.FindEvents(ctx, organization, query)
		if err != nil {
			return nil, err
		}
		all = append(all, events...)
	}
	return all, nil
}
