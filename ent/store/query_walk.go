package store

import (
	"strconv"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// alongEvents walks over events in the order of their ids, by the index of the
// leading condition if there is one.
func (p *scan) alongEvents(selector *sql.Selector, leader *condition) *sql.Selector {
	where := []*sql.Predicate{sql.EQ(eventColumn("organization"), int64(p.organization))}
	if leader != nil {
		where = append(append(where, leader.routes[0].where), leader.routes[0].checks...)
	}
	where = append(where, p.checks(leader)...)
	where = append(where, p.ids.bounds(eventColumn("id"))...)
	return selector.From(sql.Table("events")).Where(allOf(where...)).
		OrderBy(p.by(eventColumn("id"))).Limit(p.limit)
}

// alongJournal walks over the journal and looks at the event of each entry.
//
// Only whole bundles come from an index in order, so the walk goes by these, and on
// past the page by all but one entry of a bundle: wherever in one it ends, the page is
// among what it found. Asked for the order of entries, Postgres would sort the whole
// window whenever it took it for short.
func (p *scan) alongJournal(selector *sql.Selector) *sql.Selector {
	found := p.overJournal(sql.Select().AppendSelectExprAs(entryID(), keyID).AppendSelectExprAs(sql.Raw(entrySequence), keySequence)).
		OrderBy(p.by(sql.Table("journal").C("sequence"))).Limit(p.limit + bundleSize - 1)
	return p.rowsOf(selector, found, keySequence).Limit(p.limit)
}

// overJournal selects from the entries of the scan's window whose events match.
func (p *scan) overJournal(selector *sql.Selector) *sql.Selector {
	where := append(entriesWithin(p.organization, &p.sequences), p.checks(nil)...)
	return selector.FromExpr(eachEntrysEvent(p.organization)).Where(allOf(where...))
}

// merged finds the first events on each route of the leading condition, and of
// these the first of all. An event that lies on several routes counts once.
// Nothing but the keys is read.
func (p *scan) merged(leader *condition, key string) *sql.Selector {
	var all *sql.Selector
	for i, route := range leader.routes {
		branch := sql.Select(keyColumns(key)...).From(p.along(route, leader, key).As("branch" + strconv.Itoa(i)))
		if all == nil {
			all = branch
		} else {
			all.Union(branch)
		}
	}
	return all.OrderBy(p.by(key)).Limit(p.limit)
}

// fetch selects the rows of the events that were found, in order.
func (p *scan) fetch(found *sql.Selector, key string) *sql.Selector {
	return p.rowsOf(selectEvents(), found, key)
}

// rowsOf selects from the rows of the events that were found, in order.
func (p *scan) rowsOf(selector, found *sql.Selector, key string) *sql.Selector {
	page := sql.Table("page")
	from := sql.ExprFunc(func(b *sql.Builder) {
		b.Wrap(func(b *sql.Builder) { b.Join(found) }).WriteString(" AS page CROSS JOIN events")
	})
	return selector.FromExpr(from).Where(isEvent(p.organization, page.C("id"))).
		OrderBy(p.by(page.C(key)))
}

// along finds the first events on one route.
func (p *scan) along(route route, leader *condition, key string) *sql.Selector {
	switch route.table {
	case overPropertyChanges:
		return p.alongChanges(route, leader)
	case overMergeSources:
		return p.alongMerges(route, leader, key)
	}
	where := []*sql.Predicate{sql.EQ(eventColumn("organization"), int64(p.organization)), route.where}
	where = append(append(where, route.checks...), p.checks(leader)...)
	if p.order == audit.OrderRecordedAt {
		where = append(where, recordedWithin(&p.sequences)...)
	} else {
		where = append(where, p.ids.bounds(eventColumn("id"))...)
	}
	return selectKey(key).From(sql.Table("events")).Where(allOf(where...)).OrderBy(p.by(key)).Limit(p.limit)
}

// alongChanges finds the first events that have a row of property_changes, and
// looks at the events themselves only if more is asked of them.
func (p *scan) alongChanges(route route, leader *condition) *sql.Selector {
	event := changeColumn("event")
	where := append([]*sql.Predicate{route.where}, p.ids.bounds(event)...)
	if checks := append(p.checks(leader), route.checks...); len(checks) > 0 {
		// With the window named, Postgres can check from an index alone, and walk
		// along it beside this one.
		checks = append(checks, isEvent(p.organization, event))
		checks = append(checks, p.ids.bounds(eventColumn("id"))...)
		where = append(where, sql.Exists(sql.SelectExpr(sql.Raw("1")).From(sql.Table("events")).Where(allOf(checks...))))
	}
	return sql.Select(sql.As(event, "id")).Distinct().From(sql.Table("property_changes")).
		Where(allOf(where...)).OrderBy(p.by(event)).Limit(p.limit)
}

// alongMerges finds the first events that have a row of merge_sources. They are
// few, and looked at all.
func (p *scan) alongMerges(route route, leader *condition, key string) *sql.Selector {
	where := []*sql.Predicate{
		sql.EQ(sourceColumn("organization"), int64(p.organization)), route.where,
		isEvent(p.organization, sourceColumn("event")),
	}
	where = append(append(where, route.checks...), p.checks(leader)...)
	if p.order == audit.OrderRecordedAt {
		where = append(where, recordedWithin(&p.sequences)...)
	} else {
		where = append(where, p.ids.bounds(sourceColumn("event"))...)
	}
	return selectKey(key).FromExpr(sql.Raw("merge_sources CROSS JOIN events")).Where(allOf(where...)).
		OrderBy(p.by(key)).Limit(p.limit)
}

// checks are the conditions besides the leading one.
func (p *scan) checks(leader *condition) []*sql.Predicate {
	var list []*sql.Predicate
	for i := range p.conditions {
		if c := &p.conditions[i]; c != leader {
			list = append(list, c.holds)
		}
	}
	return list
}

func (p *scan) by(column string) string {
	if p.descending {
		return sql.Desc(column)
	}
	return column
}
