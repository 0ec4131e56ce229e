package store

import (
	"fmt"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// changes are the conditions on which properties the event changed, and how.
func (r *filterReader) changes(f *audit.Filter) ([]condition, error) {
	var list []condition
	if f.Properties != nil {
		var rows []*sql.Predicate
		for _, property := range r.keys.ofProperties(f.Properties) {
			rows = append(rows, sql.EQ(changeColumn("property"), property))
		}
		list = append(list, r.changed(rows))
	}
	if f.Changed != nil {
		var rows []*sql.Predicate
		for i := range f.Changed {
			row, err := r.change(&f.Changed[i])
			if err != nil {
				return nil, fmt.Errorf("change %d of the filter: %w", i, err)
			}
			if row != nil {
				rows = append(rows, row)
			}
		}
		list = append(list, r.changed(rows))
	}
	return list, nil
}

// changed is the condition that an event has one of the rows of
// property_changes.
func (r *filterReader) changed(rows []*sql.Predicate) condition {
	exists := make([]*sql.Predicate, len(rows))
	for i, row := range rows {
		exists[i] = r.hasRow(sql.Table("property_changes"), eventColumn("id"), row)
	}
	c := condition{holds: anyOf(exists...), rarity: byProperty}
	if len(rows) > maxRoutes {
		return c
	}
	c.routes = make([]route, len(rows))
	for i, row := range rows {
		c.routes[i] = route{table: overPropertyChanges, where: row}
	}
	return c
}

// hasRow says whether an event has a row in the table that holds its changes.
func (r *filterReader) hasRow(table *sql.SelectTable, event string, row *sql.Predicate) *sql.Predicate {
	return sql.Exists(sql.SelectExpr(sql.Raw("1")).From(table).Where(allOf(
		sql.EQ(table.C("organization"), int64(r.organization)),
		sql.ColumnsEQ(table.C("event"), event),
		row,
	)))
}

// change is what a filter asks of one row of property_changes, nil if no event
// can have such a row. That a list gained or lost an element stands in rows of
// its own, beside the row of the whole change.
func (r *filterReader) change(f *audit.ChangeFilter) (*sql.Predicate, error) {
	properties := r.keys.ofProperties([]string{f.Property})
	if len(properties) == 0 {
		return nil, nil
	}
	asked := []*sql.Predicate{sql.EQ(changeColumn("property"), properties[0])}
	whole, err := wholeChange(f)
	if err != nil {
		return nil, err
	}
	elements, err := elementChanges(f)
	if err != nil {
		return nil, err
	}
	if whole == nil && len(elements) > 0 {
		whole, elements = elements[0](changeColumn), elements[1:]
	}
	if whole != nil {
		asked = append(asked, whole)
	}
	for _, element := range elements {
		beside := sql.Table("property_changes").As("beside")
		asked = append(asked, r.hasRow(beside, changeColumn("event"), allOf(
			sql.EQ(beside.C("property"), properties[0]),
			element(beside.C),
		)))
	}
	return allOf(asked...), nil
}

// wholeChange is what the filter asks of the row of the whole change, nil for
// nothing.
func wholeChange(f *audit.ChangeFilter) (*sql.Predicate, error) {
	var asked []*sql.Predicate
	if f.Operations != nil {
		asked = append(asked, sql.In(changeColumn("kind"), anys(numbers(f.Operations))...))
	}
	before, err := side("before", f.Before, audit.DigestAdded)
	if err != nil {
		return nil, err
	}
	after, err := side("after", f.After, audit.DigestRemoved)
	if err != nil {
		return nil, err
	}
	asked = append(append(asked, before...), after...)
	if len(asked) == 0 {
		return nil, nil
	}
	return allOf(append(asked, sql.LTE(changeColumn("kind"), int64(audit.DigestRemoved)))...), nil
}

// side is what the filter asks of the value before or after the change. Null
// means that there was none, which only a change of the kind without can have;
// the column alone does not tell, being empty for a redacted value too.
func side(column string, value audit.JSON, without audit.DigestKind) ([]*sql.Predicate, error) {
	switch {
	case value == nil:
		return nil, nil
	case value.IsNull():
		return []*sql.Predicate{sql.EQ(changeColumn("kind"), int64(without))}, nil
	}
	digest, err := audit.ValueDigest(value)
	if err != nil {
		return nil, err
	}
	return []*sql.Predicate{sql.EQ(changeColumn(column), digest)}, nil
}

// elementChange says of a row, by its columns, whether it stands for a certain
// element.
type elementChange func(column func(string) string) *sql.Predicate

func elementChanges(f *audit.ChangeFilter) ([]elementChange, error) {
	var list []elementChange
	for _, one := range []struct {
		value  audit.JSON
		kind   audit.DigestKind
		column string
	}{
		{f.Added, audit.DigestElementAdded, "after"},
		{f.Removed, audit.DigestElementRemoved, "before"},
	} {
		if one.value == nil {
			continue
		}
		digest, err := audit.ValueDigest(one.value)
		if err != nil {
			return nil, err
		}
		list = append(list, func(column func(string) string) *sql.Predicate {
			return allOf(sql.EQ(column("kind"), int64(one.kind)), sql.EQ(column(one.column), digest))
		})
	}
	return list, nil
}
