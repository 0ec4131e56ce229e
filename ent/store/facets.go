package store

import (
	"context"
	stdsql "database/sql"

	"daybook/audit"
)

// CountFacets implements [audit.EventCounter]: categories and actions from what
// is counted beforehand if the filter is simple, the rest with one statement that
// groups what a scan finds.
func (s *Store) CountFacets(ctx context.Context, organization audit.OrganizationID, query audit.FacetQuery) (*audit.Facets, error) {
	return reading(ctx, s, "count facets", func(ctx context.Context) (*audit.Facets, error) {
		facets := &audit.Facets{Exact: true}
		done, err := s.rollUpFacets(ctx, organization, query, facets)
		if err != nil {
			return nil, err
		}
		if done {
			query.Kinds.Categories, query.Kinds.Actions = false, false
		}
		return facets, s.scanFacets(ctx, organization, query, facets)
	})
}

// scanFacets looks at the events themselves, the newest first.
func (s *Store) scanFacets(ctx context.Context, organization audit.OrganizationID, query audit.FacetQuery, into *audit.Facets) error {
	wanted := facetsOf(query.Kinds)
	if len(wanted) == 0 {
		return nil
	}
	scan, err := s.newScan(ctx, organization, query.Filter, audit.OrderOccurredAt, query.Most)
	if err != nil || scan.empty() {
		return err
	}
	columns := []string{eventColumn("id")}
	for _, facet := range wanted {
		columns = append(columns, eventColumn(string(facet)))
	}
	counts, err := queryRows(ctx, s, groupByFacets(scan.page().Select(columns...), wanted, query.Top), scanFacetCount)
	for _, count := range counts {
		if count.facet == noFacet {
			into.Exact = count.events < query.Most
		}
		count.addTo(into)
	}
	return err
}

// facet is a column of events that they are grouped by.
type facet string

const (
	noFacet       facet = "none" // all events together
	facetCategory facet = "category"
	facetAction   facet = "action"
	facetName     facet = "event_name"
	facetActor    facet = "actor"
	facetSection  facet = "section"
	facetProperty facet = "changes" // each of the properties in it
)

func facetsOf(kinds audit.FacetKinds) []facet {
	var list []facet
	for _, one := range []struct {
		wanted bool
		facet  facet
	}{
		{kinds.Categories, facetCategory},
		{kinds.Actions, facetAction},
		{kinds.EventNames, facetName},
		{kinds.Actors, facetActor},
		{kinds.Sections, facetSection},
		{kinds.Properties, facetProperty},
	} {
		if one.wanted {
			list = append(list, one.facet)
		}
	}
	return list
}

// facetCount is how many events have one value of a facet, which is a number or
// a text.
type facetCount struct {
	facet  facet
	number int64
	text   string
	events int
}

func scanFacetCount(rows *stdsql.Rows) (c facetCount, err error) {
	err = rows.Scan(&c.facet, &c.number, &c.text, &c.events)
	return c, err
}

// addTo puts the count behind those of its facet.
func (c facetCount) addTo(f *audit.Facets) {
	switch c.facet {
	case facetCategory:
		f.Categories = append(f.Categories, audit.CategoryCount{Category: audit.Category(c.number), Count: c.events})
	case facetAction:
		f.Actions = append(f.Actions, audit.ActionCount{Action: audit.Action(c.number), Count: c.events})
	case facetName:
		f.EventNames = append(f.EventNames, audit.EventNameCount{EventName: c.text, Count: c.events})
	case facetActor:
		f.Actors = append(f.Actors, audit.ActorCount{ActorID: audit.ActorID(c.number), Count: c.events})
	case facetSection:
		f.Sections = append(f.Sections, audit.SectionCount{SectionID: audit.SectionID(c.number), Count: c.events})
	case facetProperty:
		property := audit.Property{Key: c.text, Name: audit.DisplayName(c.text)}
		f.Properties = append(f.Properties, audit.PropertyCount{Property: property, Count: c.events})
	}
}
