package store

import (
	"context"
	stdsql "database/sql"

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

// maxFound bounds the rows that selectPeople gives: most people have one or two
// names, and are found by the latest as well.
const maxFound = 3 * maxRoutes

// requiredNames are the parts of names that every matching event must meet.
func requiredNames(f *audit.Filter) []string {
	if f == nil {
		return nil
	}
	var names []string
	for _, actor := range []*audit.ActorFilter{f.PerformedBy, f.OnBehalfOf, f.About} {
		if actor != nil && actor.Name != nil {
			names = append(names, *actor.Name)
		}
	}
	for i := range f.AllOf {
		names = append(names, requiredNames(&f.AllOf[i])...)
	}
	return names
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
