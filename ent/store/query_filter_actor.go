package store

import (
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// part is a part an actor can have in an event, by its columns.
type part struct {
	actor, profile string
	optional       bool // not every event has somebody in it
}

var (
	performedBy = part{actor: "actor", profile: "profile"}
	onBehalfOf  = part{actor: "behalf_actor", profile: "behalf_profile", optional: true}
	about       = part{actor: "about_actor", profile: "about_profile", optional: true}
)

// actors are the conditions on who had a part in the event.
func (r *filterReader) actors(f *audit.Filter) []condition {
	list := r.part(performedBy, f.PerformedBy)
	list = append(list, r.part(onBehalfOf, f.OnBehalfOf)...)
	return append(list, r.part(about, f.About)...)
}

func (r *filterReader) part(p part, f *audit.ActorFilter) []condition {
	if f == nil {
		return nil
	}
	var list []condition
	if p.optional {
		list = append(list, condition{holds: sql.NotNull(eventColumn(p.actor))})
	}
	if f.IDs != nil {
		list = append(list, keyed(p.actor, byActor, numbers(f.IDs)))
	}
	if f.ExternalIDs != nil {
		list = append(list, keyed(p.actor, byActor, r.keys.ofActors(f.ExternalIDs)))
	}
	if f.Kinds != nil {
		list = append(list, r.ofKind(p, f))
	}
	if f.Name != nil {
		list = append(list, r.named(p, *f.Name))
	}
	return list
}

// named is the condition that the actor's latest name contains the text, or the
// name recorded with the event does.
func (r *filterReader) named(p part, text string) condition {
	c := condition{rarity: byActor, holds: anyOf(
		isIn(p.actor, named("id", "actors", r.organization, text)),
		isIn(p.profile, named("id", "actor_profiles", r.organization, text)),
	)}
	people, few := r.keys.people[text]
	if !few {
		return c
	}
	c.routes = make([]route, len(people))
	for i, person := range people {
		c.routes[i].where = sql.EQ(eventColumn(p.actor), person.actor)
		if !person.latest {
			c.routes[i].where = allOf(c.routes[i].where, isOneOf(p.profile, anys(person.profiles)))
		}
	}
	return c
}

// ofKind is the condition that the actor is of one of the filter's kinds.
func (r *filterReader) ofKind(p part, f *audit.ActorFilter) condition {
	c := condition{rarity: byActor, holds: isIn(p.actor, actorsOfKind(r.organization, f.Kinds))}
	if actors, few := r.keys.kinds[f]; few {
		c.routes = routesTo(p.actor, byActor, anys(actors), maxRoutes)
	}
	return c
}

// isIn says whether a column of events is in a selection.
func isIn(column string, selection *sql.Selector) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		withoutIndex(b, eventColumn(column)).WriteString(" IN ").Wrap(func(b *sql.Builder) { b.Join(selection) })
	})
}
