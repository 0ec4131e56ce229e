package store

import (
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// alternatives is the condition that one of the filters holds. Where each of
// them has a condition that can lead, the routes of all of these lead together,
// each with what its filter asks besides.
func (r *filterReader) alternatives(filters []audit.Filter) (condition, error) {
	c := condition{rarity: byIdentity, routes: []route{}}
	ways := make([]*sql.Predicate, len(filters))
	for i := range filters {
		conditions, err := r.conditions(&filters[i])
		if err != nil {
			return condition{}, err
		}
		ways[i] = allOf(predicates(conditions)...)
		c.add(conditions)
	}
	c.holds = anyOf(ways...)
	return c, nil
}

// add adds the routes of one more filter. One that has none leaves none at all.
func (c *condition) add(conditions []condition) {
	leader := leading(conditions)
	if c.routes == nil || leader == nil || len(c.routes)+len(leader.routes) > maxRoutes {
		c.routes = nil
		return
	}
	c.rarity = min(c.rarity, leader.rarity)
	for _, route := range leader.routes {
		for i := range conditions {
			if &conditions[i] != leader {
				route.checks = append(route.checks[:len(route.checks):len(route.checks)], conditions[i].holds)
			}
		}
		c.routes = append(c.routes, route)
	}
}
