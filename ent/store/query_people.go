package store

import (
	"context"
	stdsql "database/sql"
	"slices"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// person is an actor one of whose names contains a text.
type person struct {
	actor    int64
	latest   bool    // the latest name does
	profiles []int64 // otherwise: the profiles with such a name
}

// findPeople looks up whom the names in a filter speak of, so that the events
// of a rare name are found by their actor. It leaves out names that fit too
// many, and those within anyOf and not, which no index could lead by.
func (s *Store) findPeople(ctx context.Context, organization audit.OrganizationID, f *audit.Filter) (map[string][]person, error) {
	people := map[string][]person{}
	for _, text := range distinct(requiredNames(f), func(text string) string { return text }) {
		found, err := queryRows(ctx, s, selectPeople(organization, text), scanPerson)
		if err != nil {
			return nil, err
		}
		if merged := mergePeople(found); len(found) <= maxFound && len(merged) <= maxRoutes {
			people[text] = merged
		}
	}
	return people, nil
}

// findKinds looks up who is of the kinds in a filter where they are few, as
// automations are: then their events are found by the actor.
func (s *Store) findKinds(ctx context.Context, organization audit.OrganizationID, f *audit.Filter) (map[*audit.ActorFilter][]int64, error) {
	kinds := map[*audit.ActorFilter][]int64{}
	for _, actor := range requiredActors(f) {
		if actor.Kinds == nil || actor.IDs != nil || actor.ExternalIDs != nil {
			continue
		}
		found, err := queryRows(ctx, s, actorsOfKind(organization, actor.Kinds).Limit(maxRoutes+1), scanNumber)
		if err != nil {
			return nil, err
		}
		if len(found) <= maxRoutes {
			kinds[actor] = found
		}
	}
	return kinds, nil
}

func actorsOfKind(organization audit.OrganizationID, kinds []audit.ActorKind) *sql.Selector {
	return sql.Select("id").From(sql.Table("actors")).
		Where(sql.And(sql.EQ("organization", int64(organization)), sql.In("kind", anys(numbers(kinds))...)))
}

// maxFound bounds the rows that selectPeople gives: most people have one or two
// names, and are found by the latest as well.
const maxFound = 3 * maxRoutes

// requiredNames are the parts of names that every matching event must meet.
func requiredNames(f *audit.Filter) []string {
	var names []string
	for _, actor := range requiredActors(f) {
		if actor.Name != nil {
			names = append(names, *actor.Name)
		}
	}
	return names
}

// requiredActors are the filters of actors that every matching event must meet.
func requiredActors(f *audit.Filter) []*audit.ActorFilter {
	if f == nil {
		return nil
	}
	actors := slices.DeleteFunc([]*audit.ActorFilter{f.PerformedBy, f.OnBehalfOf, f.About},
		func(a *audit.ActorFilter) bool { return a == nil })
	for i := range f.AllOf {
		actors = append(actors, requiredActors(&f.AllOf[i])...)
	}
	return actors
}

// selectPeople selects actors by their latest names, without a profile, and by
// the names of their profiles; one row more than maxFound tells that there are
// too many.
func selectPeople(organization audit.OrganizationID, text string) *sql.Selector {
	latest := named("id", "actors", organization, text).AppendSelectExprAs(sql.Raw("0"), "profile")
	earlier := named("actor", "actor_profiles", organization, text).AppendSelect("id")
	return latest.UnionAll(earlier).Limit(maxFound + 1)
}

func scanPerson(rows *stdsql.Rows) (person, error) {
	var found person
	var profile int64
	if err := rows.Scan(&found.actor, &profile); err != nil {
		return person{}, err
	}
	if found.latest = profile == 0; !found.latest {
		found.profiles = []int64{profile}
	}
	return found, nil
}

// mergePeople makes one person out of the rows of each actor.
func mergePeople(found []person) []person {
	index := map[int64]int{}
	people := make([]person, 0, len(found))
	for _, one := range found {
		i, known := index[one.actor]
		if !known {
			index[one.actor] = len(people)
			people = append(people, one)
			continue
		}
		people[i].latest = people[i].latest || one.latest
		people[i].profiles = append(people[i].profiles, one.profiles...)
	}
	return people
}
