package store

import (
	"context"
	"slices"
	"strconv"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// maxCauses is how many causes one statement asks for: each is a branch of it, and
// SQLite takes 500.
const maxCauses = 100

// FindConsequences implements [audit.HistoryFinder]: one statement for each hundred
// causes, in which each is a short walk along their index, and one for each of
// actors, names and sections.
func (s *Store) FindConsequences(ctx context.Context, organization audit.OrganizationID, causes []audit.EventID, query audit.EventQuery) ([]*audit.Event, error) {
	return reading(ctx, s, "find consequences", func(ctx context.Context) ([]*audit.Event, error) {
		if query.Limit <= 0 {
			return nil, nil
		}
		p := &scan{organization: organization, order: audit.OrderOccurredAt, limit: query.Limit, ids: idWindow(), sequences: sequenceWindow()}
		p.between(query)
		if p.empty() {
			return nil, nil
		}
		var events []*audit.Event
		for some := range slices.Chunk(causes, maxCauses) {
			found, err := s.events(ctx, p, p.fetch(p.causedBy(some), keyID))
			if err != nil {
				return nil, err
			}
			events = append(events, found...)
		}
		if query.FromEnd {
			slices.Reverse(events)
		}
		return events, s.complete(ctx, organization, events, query.Fields)
	})
}

// causedBy finds the first consequences of each of the causes.
func (p *scan) causedBy(causes []audit.EventID) *sql.Selector {
	var all *sql.Selector
	for i, cause := range causes {
		first := p.along(route{where: sql.EQ(eventColumn("caused_by"), cause)}, nil, keyID)
		branch := sql.Select("id").From(first.As("branch" + strconv.Itoa(i)))
		if all == nil {
			all = branch
		} else {
			all.UnionAll(branch)
		}
	}
	return all
}
