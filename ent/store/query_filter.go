package store

import (
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// filterReader takes filters apart into conditions.
type filterReader struct {
	engine       string // the dialect
	organization audit.OrganizationID
	keys         keys
}

// conditions are what a filter asks of an event. Those of its allOf stand
// beside its own.
func (r *filterReader) conditions(f *audit.Filter) ([]condition, error) {
	if f == nil {
		return nil, nil
	}
	list := r.clocks(f)
	list = append(list, r.basics(f)...)
	list = append(list, r.actors(f)...)
	list = append(list, r.objects(f)...)
	if f.History != nil {
		list = append(list, r.history(*f.History))
	}
	list = append(list, r.details(f)...)
	for _, more := range []func(*audit.Filter) ([]condition, error){r.addresses, r.changes, r.combined} {
		conditions, err := more(f)
		if err != nil {
			return nil, err
		}
		list = append(list, conditions...)
	}
	return list, nil
}

// clocks are the ranges of time.
func (r *filterReader) clocks(f *audit.Filter) []condition {
	var list []condition
	if f.OccurredAt != nil {
		holds := between("id", f.OccurredAt, func(t time.Time) any { return audit.FirstEventIDAt(t) })
		list = append(list, condition{holds: holds, clock: audit.OrderOccurredAt, instants: f.OccurredAt})
	}
	if f.RecordedAt != nil {
		holds := between("recorded_at", f.RecordedAt, func(t time.Time) any { return instantArg(r.engine, t) })
		list = append(list, condition{holds: holds, clock: audit.OrderRecordedAt, instants: f.RecordedAt})
	}
	return list
}

// between compares a column with the ends of a range, from inclusive, to not.
func between(column string, instants *audit.TimeRange, first func(time.Time) any) *sql.Predicate {
	var ends []*sql.Predicate
	if instants.From != nil {
		ends = append(ends, comparison(column, sql.OpGTE, first(*instants.From)))
	}
	if instants.To != nil {
		ends = append(ends, comparison(column, sql.OpLT, first(*instants.To)))
	}
	return allOf(ends...)
}

// basics are the conditions on what every event has.
func (r *filterReader) basics(f *audit.Filter) []condition {
	var list []condition
	if f.Categories != nil {
		list = append(list, keyed("category", byCategory, numbers(f.Categories)))
	}
	if f.Actions != nil {
		list = append(list, action(f.Actions))
	}
	if f.EventNames != nil {
		list = append(list, eventName(r.keys.ofEventNames(f.EventNames)))
	}
	if f.Sections != nil {
		list = append(list, keyed("section", bySection, r.keys.ofSections(f.Sections)))
	}
	if f.CorrelationIDs != nil {
		list = append(list, indexed("correlation_id", byIdentity, anys(f.CorrelationIDs)))
	}
	if f.CausedBy != nil {
		list = append(list, indexed("caused_by", byIdentity, anys(f.CausedBy)))
	}
	if f.Text != nil {
		list = append(list, condition{holds: sql.Contains(eventColumn("search_text"), audit.Fold(*f.Text))})
	}
	return list
}

// eventName is the condition that the event has one of the names, which have no
// index but are known, if any event has them.
func eventName(texts []int64) condition {
	if len(texts) == 0 {
		return keyed("event_name", byIdentity, nil)
	}
	return plain("event_name", anys(texts))
}

// action is the condition that the event has one of the verbs. Creations and
// updates are most of any log; the others have an index.
func action(actions []audit.Action) condition {
	c := plain("action", anys(numbers(actions)))
	if slices.ContainsFunc(actions, func(a audit.Action) bool { return a <= audit.ActionUpdate }) {
		return c
	}
	c.rarity, c.routes = byAction, routesTo("action", byAction, anys(numbers(actions)), maxRoutes)
	for i := range c.routes {
		c.routes[i].where = allOf(c.routes[i].where, stands("action", "> 2"))
	}
	return c
}

// combined are the conditions made of other filters.
func (r *filterReader) combined(f *audit.Filter) ([]condition, error) {
	var list []condition
	for i := range f.AllOf {
		conditions, err := r.conditions(&f.AllOf[i])
		if err != nil {
			return nil, err
		}
		list = append(list, conditions...)
	}
	if f.AnyOf != nil {
		c, err := r.alternatives(f.AnyOf)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	if f.Not != nil {
		inner, err := r.predicate(f.Not)
		if err != nil {
			return nil, err
		}
		list = append(list, condition{holds: isNotTrue(inner)})
	}
	return list, nil
}

// predicate is a whole filter as one predicate over events.
func (r *filterReader) predicate(f *audit.Filter) (*sql.Predicate, error) {
	conditions, err := r.conditions(f)
	if err != nil {
		return nil, err
	}
	return allOf(predicates(conditions)...), nil
}

func predicates(conditions []condition) []*sql.Predicate {
	list := make([]*sql.Predicate, len(conditions))
	for i := range conditions {
		list[i] = conditions[i].holds
	}
	return list
}

// isNotTrue is NOT with two values: an event that lacks what is asked about
// does not match, and so its opposite does.
func isNotTrue(p *sql.Predicate) *sql.Predicate {
	return sql.P(func(b *sql.Builder) { b.WriteByte('(').Join(p).WriteString(") IS NOT TRUE") })
}

// numbers are enumeration values as they are stored.
func numbers[T ~int16 | ~int32](values []T) []int64 {
	list := make([]int64, len(values))
	for i, value := range values {
		list[i] = int64(value)
	}
	return list
}
