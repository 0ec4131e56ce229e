package store

import (
	"context"
	stdsql "database/sql"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// complete fetches what the page was asked for besides the rows of events, each
// kind with one statement.
func (s *Store) complete(ctx context.Context, organization audit.OrganizationID, events []*audit.Event, fields audit.Fields) error {
	if len(events) == 0 {
		return nil
	}
	if fields.Actors {
		if err := s.completeActors(ctx, organization, participants(events)); err != nil {
			return err
		}
	}
	if fields.Names {
		if err := s.completeNames(ctx, organization, participants(events)); err != nil {
			return err
		}
	}
	if fields.Sections {
		return s.completeSections(ctx, organization, events)
	}
	return nil
}

func participants(events []*audit.Event) []*audit.Participant {
	list := make([]*audit.Participant, 0, len(events))
	for _, e := range events {
		list = append(list, &e.Performer)
		if e.OnBehalf != nil {
			list = append(list, e.OnBehalf)
		}
		if e.About != nil {
			list = append(list, e.About)
		}
	}
	return list
}

func (s *Store) completeActors(ctx context.Context, organization audit.OrganizationID, list []*audit.Participant) error {
	ids := distinct(list, func(p *audit.Participant) audit.ActorID { return p.ActorID })
	actors, err := s.actorsByID(ctx, organization, ids)
	if err != nil {
		return err
	}
	byID := make(map[audit.ActorID]*audit.Actor, len(actors))
	for _, actor := range actors {
		byID[actor.ID] = actor
	}
	for _, p := range list {
		p.Actor = byID[p.ActorID]
	}
	return nil
}

// profileName is the name that one profile of an actor has.
type profileName struct {
	id   int64
	name *string
}

func (s *Store) completeNames(ctx context.Context, organization audit.OrganizationID, list []*audit.Participant) error {
	ids := distinct(list, func(p *audit.Participant) int32 { return p.ProfileID })
	query := sql.Select("id", "name").From(sql.Table("actor_profiles")).
		Where(sql.And(sql.In("id", anys(ids)...), sql.EQ("organization", int64(organization))))
	names, err := queryRows(ctx, s, query, func(rows *stdsql.Rows) (n profileName, err error) {
		err = rows.Scan(&n.id, &n.name)
		return n, err
	})
	if err != nil {
		return err
	}
	byProfile := make(map[int32]*string, len(names))
	for _, n := range names {
		byProfile[int32(n.id)] = n.name
	}
	for _, p := range list {
		p.RecordedName = byProfile[p.ProfileID]
	}
	return nil
}

func (s *Store) completeSections(ctx context.Context, organization audit.OrganizationID, events []*audit.Event) error {
	ids := distinct(events, func(e *audit.Event) audit.SectionID { return e.SectionID })
	sections, err := s.sectionsByID(ctx, organization, ids)
	if err != nil {
		return err
	}
	byID := make(map[audit.SectionID]*audit.Section, len(sections))
	for _, section := range sections {
		byID[section.ID] = section
	}
	for _, e := range events {
		e.Section = byID[e.SectionID]
	}
	return nil
}

// distinct lists the keys of the values, each once.
func distinct[V any, K comparable](values []V, key func(V) K) []K {
	seen := make(map[K]bool, len(values))
	var keys []K
	for _, value := range values {
		if k := key(value); !seen[k] {
			seen[k] = true
			keys = append(keys, k)
		}
	}
	return keys
}
