package store

import (
	"context"
	stdsql "database/sql"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// keys are the numbers under which the database knows the sections, properties,
// actors and event names that a filter names. Looking them up first gives the planner of
// Postgres values whose frequency it knows, lets each value be a branch of its
// own, and answers at once what names nothing.
type keys struct {
	sections, properties, actors, eventNames map[string][]int64
	people                                   map[string][]person // by part of a name
	kinds                                    map[*audit.ActorFilter][]int64
}

func (k *keys) ofSections(names []string) []int64   { return all(k.sections, names) }
func (k *keys) ofProperties(names []string) []int64 { return all(k.properties, names) }
func (k *keys) ofEventNames(names []string) []int64 { return all(k.eventNames, names) }

// ofActors are the actors of every kind with one of these external ids.
func (k *keys) ofActors(externalIDs []string) []int64 { return all(k.actors, externalIDs) }

// all are the numbers of the names, each once.
func all(numbers map[string][]int64, names []string) []int64 {
	var list []int64
	for _, name := range distinct(names, func(name string) string { return name }) {
		list = append(list, numbers[name]...)
	}
	return list
}

// findKeys looks up what the filter names, with one statement for each table,
// and one for each part of a name and list of kinds that every event must meet.
func (s *Store) findKeys(ctx context.Context, organization audit.OrganizationID, f *audit.Filter) (keys, error) {
	var named filterNames
	named.add(f)
	var k keys
	for _, one := range []struct {
		table, column, key string
		names              []string
		into               *map[string][]int64
	}{
		{"sections", "key", "key", named.sections, &k.sections},
		{"properties", "key", "key", named.properties, &k.properties},
		{"actors", "external_id", "external_id", named.actors, &k.actors},
		{"shared_texts", "text", "digest", named.eventNames, &k.eventNames},
	} {
		found, err := s.findNumbers(ctx, organization, one.table, one.column, one.key, one.names)
		if err != nil {
			return keys{}, err
		}
		*one.into = found
	}
	var err error
	if k.people, err = s.findPeople(ctx, organization, f); err != nil {
		return keys{}, err
	}
	k.kinds, err = s.findKinds(ctx, organization, f)
	return k, err
}

// numbered is one row of a table whose rows have a name.
type numbered struct {
	name   string
	number int64
}

// findNumbers looks up names, which stand in a column of a table, by their keys:
// themselves or their digests.
func (s *Store) findNumbers(ctx context.Context, organization audit.OrganizationID, table, column, key string, names []string) (map[string][]int64, error) {
	if len(names) == 0 {
		return nil, nil
	}
	values := anys(distinct(names, func(name string) string { return name }))
	if key == "digest" {
		for i, name := range values {
			values[i] = textDigest(name.(string))
		}
	}
	query := sql.Select(column, "id").From(sql.Table(table)).OrderBy("id").
		Where(sql.And(sql.EQ("organization", int64(organization)), sql.In(key, values...)))
	rows, err := queryRows(ctx, s, query, func(rows *stdsql.Rows) (n numbered, err error) {
		err = rows.Scan(&n.name, &n.number)
		return n, err
	})
	if err != nil {
		return nil, err
	}
	numbers := make(map[string][]int64, len(rows))
	for _, row := range rows {
		numbers[row.name] = append(numbers[row.name], row.number)
	}
	return numbers, nil
}

// filterNames are the names in a filter and in all filters within it.
type filterNames struct{ sections, properties, actors, eventNames []string }

func (n *filterNames) add(f *audit.Filter) {
	if f == nil {
		return
	}
	n.sections = append(n.sections, f.Sections...)
	n.properties = append(n.properties, f.Properties...)
	n.eventNames = append(n.eventNames, f.EventNames...)
	for i := range f.Changed {
		n.properties = append(n.properties, f.Changed[i].Property)
	}
	for _, actor := range []*audit.ActorFilter{f.PerformedBy, f.OnBehalfOf, f.About} {
		if actor != nil {
			n.actors = append(n.actors, actor.ExternalIDs...)
		}
	}
	for i := range f.AllOf {
		n.add(&f.AllOf[i])
	}
	for i := range f.AnyOf {
		n.add(&f.AnyOf[i])
	}
	n.add(f.Not)
}
