package store

import (
	"context"
	stdsql "database/sql"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// complete adds what the page was asked for besides the rows of events: each kind
// with one statement at most, for those not read a moment ago.
func (s *Store) complete(ctx context.Context, organization audit.OrganizationID, events []*audit.Event, fields audit.Fields) error {
	if len(events) == 0 {
		return nil
	}
	var people []*audit.Participant
	if fields.Actors || fields.Names {
		people = participants(events)
	}
	if fields.Actors {
		if err := s.completeActors(ctx, organization, people); err != nil {
			return err
		}
	}
	if fields.Names {
		if err := s.completeNames(ctx, organization, people); err != nil {
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
	places := make([]place[audit.ActorID, *audit.Actor], len(list))
	for i, p := range list {
		places[i] = place[audit.ActorID, *audit.Actor]{p.ActorID, &p.Actor}
	}
	return s.recent.actors.fill(organization, places, func(ids []audit.ActorID) (map[audit.ActorID]*audit.Actor, error) {
		actors, err := s.actorsByID(ctx, organization, ids)
		return indexBy(actors, func(a *audit.Actor) audit.ActorID { return a.ID }), err
	})
}

// profileName is the name that one profile of an actor has.
type profileName struct {
	id   int64
	name *string
}

func (s *Store) completeNames(ctx context.Context, organization audit.OrganizationID, list []*audit.Participant) error {
	places := make([]place[int32, *string], len(list))
	for i, p := range list {
		places[i] = place[int32, *string]{p.ProfileID, &p.RecordedName}
	}
	return s.recent.names.fill(organization, places, func(ids []int32) (map[int32]*string, error) {
		return s.profileNames(ctx, organization, ids)
	})
}

func (s *Store) profileNames(ctx context.Context, organization audit.OrganizationID, ids []int32) (map[int32]*string, error) {
	query := sql.Select("id", "name").From(sql.Table("actor_profiles")).
		Where(sql.And(sql.In("id", anys(ids)...), sql.EQ("organization", int64(organization))))
	names, err := queryRows(ctx, s, query, func(rows *stdsql.Rows) (n profileName, err error) {
		err = rows.Scan(&n.id, &n.name)
		return n, err
	})
	byProfile := make(map[int32]*string, len(names))
	for _, n := range names {
		byProfile[int32(n.id)] = n.name
	}
	return byProfile, err
}

func (s *Store) completeSections(ctx context.Context, organization audit.OrganizationID, events []*audit.Event) error {
	places := make([]place[audit.SectionID, *audit.Section], len(events))
	for i, e := range events {
		places[i] = place[audit.SectionID, *audit.Section]{e.SectionID, &e.Section}
	}
	return s.recent.sections.fill(organization, places, func(ids []audit.SectionID) (map[audit.SectionID]*audit.Section, error) {
		sections, err := s.sectionsByID(ctx, organization, ids)
		return indexBy(sections, func(section *audit.Section) audit.SectionID { return section.ID }), err
	})
}

// indexBy gives the values by their keys.
func indexBy[V any, K comparable](values []V, key func(V) K) map[K]V {
	byKey := make(map[K]V, len(values))
	for _, value := range values {
		byKey[key(value)] = value
	}
	return byKey
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
