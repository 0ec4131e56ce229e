package store

import (
	"context"
	stdsql "database/sql"
	"slices"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// FindActors implements [audit.Catalogue].
func (s *Store) FindActors(ctx context.Context, organization audit.OrganizationID, query audit.ActorQuery) ([]*audit.Actor, error) {
	return reading(ctx, s, "find actors", func(ctx context.Context) ([]*audit.Actor, error) {
		if query.Limit <= 0 {
			return nil, nil
		}
		actors, err := queryRows(ctx, s, actorPage(organization, query), scanActor)
		if query.FromEnd {
			slices.Reverse(actors)
		}
		return actors, err
	})
}

// ActorsByID implements [audit.Catalogue].
func (s *Store) ActorsByID(ctx context.Context, organization audit.OrganizationID, ids []audit.ActorID) ([]*audit.Actor, error) {
	return reading(ctx, s, "fetch actors", func(ctx context.Context) ([]*audit.Actor, error) {
		return s.actorsByID(ctx, organization, ids)
	})
}

func (s *Store) actorsByID(ctx context.Context, organization audit.OrganizationID, ids []audit.ActorID) ([]*audit.Actor, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return queryRows(ctx, s, selectActors(organization).Where(sql.In("id", anys(ids)...)), scanActor)
}

func selectActors(organization audit.OrganizationID) *sql.Selector {
	return sql.Select("id", "kind", "external_id", "name", "email").From(sql.Table("actors")).
		Where(sql.EQ("organization", int64(organization)))
}

func scanActor(rows *stdsql.Rows) (*audit.Actor, error) {
	var actor audit.Actor
	err := rows.Scan(&actor.ID, &actor.Kind, &actor.ExternalID, &actor.Name, &actor.Email)
	return &actor, err
}

func actorPage(organization audit.OrganizationID, query audit.ActorQuery) *sql.Selector {
	selector := selectActors(organization).Limit(query.Limit)
	if query.FromEnd {
		selector.OrderBy(sql.Desc("id"))
	} else {
		selector.OrderBy("id")
	}
	if query.After != 0 {
		selector.Where(sql.GT("id", int64(query.After)))
	}
	if query.Before != 0 {
		selector.Where(sql.LT("id", int64(query.Before)))
	}
	if query.Filter != nil {
		for _, predicate := range actorPredicates(organization, query.Filter) {
			selector.Where(predicate)
		}
	}
	return selector
}

// actorPredicates are what a filter asks of a row of actors.
func actorPredicates(organization audit.OrganizationID, f *audit.ActorFilter) []*sql.Predicate {
	var list []*sql.Predicate
	if f.IDs != nil {
		list = append(list, sql.In("id", anys(f.IDs)...))
	}
	if f.ExternalIDs != nil {
		list = append(list, sql.In("external_id", anys(f.ExternalIDs)...))
	}
	if f.Kinds != nil {
		list = append(list, sql.In("kind", anys(f.Kinds)...))
	}
	if f.Name != nil {
		list = append(list, sql.Or(
			sql.Contains("name_folded", audit.Fold(*f.Name)),
			sql.In("id", named("actor", "actor_profiles", organization, *f.Name)),
		))
	}
	return list
}

// named selects a column of those actors or profiles whose name contains the
// text, in any case.
func named(column, table string, organization audit.OrganizationID, text string) *sql.Selector {
	return sql.Select(column).From(sql.Table(table)).
		Where(sql.And(sql.EQ("organization", int64(organization)), sql.Contains("name_folded", audit.Fold(text))))
}
