package store

import (
	"fmt"
	"strconv"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// changedProperty is a property with what is asked of its changes: that one of
// the alternatives holds for a row of property_changes, or nothing more than a
// row if there are none.
type changedProperty struct {
	property     int64
	alternatives []*sql.Predicate
}

func (c changedProperty) where() *sql.Predicate {
	property := sql.EQ(changeColumn("property"), c.property)
	if len(c.alternatives) == 0 {
		return property
	}
	return allOf(property, anyOf(c.alternatives...))
}

// changes are the conditions on which properties the event changed, and how.
func (r *filterReader) changes(f *audit.Filter) ([]condition, error) {
	var list []condition
	if f.Properties != nil {
		var properties []changedProperty
		for _, property := range r.keys.ofProperties(f.Properties) {
			properties = append(properties, changedProperty{property: property})
		}
		list = append(list, r.changed(properties))
	}
	if f.Changed != nil {
		properties, err := r.changedProperties(f.Changed)
		if err != nil {
			return nil, err
		}
		list = append(list, r.changed(properties))
	}
	return list, nil
}

// changedProperties gathers the filters of each property. Those of properties
// that never changed are left out.
func (r *filterReader) changedProperties(filters []audit.ChangeFilter) ([]changedProperty, error) {
	var list []changedProperty
	index := map[int64]int{}
	for i := range filters {
		for _, property := range r.keys.ofProperties([]string{filters[i].Property}) {
			alternative, err := change(property, &filters[i])
			if err != nil {
				return nil, fmt.Errorf("change %d of the filter: %w", i, err)
			}
			at, known := index[property]
			if !known {
				at, index[property] = len(list), len(list)
				list = append(list, changedProperty{property: property})
			}
			list[at].alternatives = append(list[at].alternatives, alternative)
		}
	}
	return list, nil
}

// changed is the condition that an event changed one of the properties as asked.
func (r *filterReader) changed(properties []changedProperty) condition {
	numbers := make([]any, len(properties))
	ways := make([]*sql.Predicate, len(properties))
	routes := make([]route, len(properties))
	for i, property := range properties {
		numbers[i], ways[i] = property.property, property.where()
		routes[i] = route{table: overPropertyChanges, where: ways[i]}
	}
	// The list of numbers repeats what the ways say, for the sake of the index.
	c := condition{rarity: byProperty, holds: hasChange(sql.Table("property_changes"), eventColumn("id"),
		allOf(sql.In(changeColumn("property"), numbers...), anyOf(ways...)))}
	if len(routes) <= maxRoutes {
		c.routes = routes
	}
	return c
}

// hasChange says whether an event has a row of property_changes. The organization
// is that of the property, which the row is asked for.
func hasChange(changes *sql.SelectTable, event string, row *sql.Predicate) *sql.Predicate {
	return sql.Exists(sql.SelectExpr(sql.Raw("1")).From(changes).Where(allOf(sql.ColumnsEQ(changes.C("event"), event), row)))
}

// kindIs says of a row by its column "change" whether its kind is one of these.
func kindIs[K ~int16](change string, kinds ...K) *sql.Predicate {
	if len(kinds) == 0 {
		return sql.False()
	}
	return sql.P(func(b *sql.Builder) {
		b.Ident(change).WriteString(" & " + strconv.Itoa(1<<digestKindBits-1) + " IN ").Wrap(func(b *sql.Builder) { b.Args(anys(numbers(kinds))...) })
	})
}

// sameChange says whether two rows of an event and a property are of one change.
func sameChange(a, b string) *sql.Predicate {
	shift := " >> " + strconv.Itoa(digestKindBits)
	return sql.P(func(to *sql.Builder) { to.Ident(a).WriteString(shift + " = ").Ident(b).WriteString(shift) })
}

// change is what a filter asks of one row of property_changes, besides the
// property. That a list gained or lost an element stands in rows of its own,
// beside the row of the whole change and with the same number.
func change(property int64, f *audit.ChangeFilter) (*sql.Predicate, error) {
	whole, err := wholeChange(f)
	if err != nil {
		return nil, err
	}
	elements, err := elementChanges(f)
	if err != nil {
		return nil, err
	}
	if len(whole) == 0 && len(elements) > 0 {
		whole, elements = []*sql.Predicate{elements[0](changeColumn)}, elements[1:]
	}
	asked := whole
	for _, element := range elements {
		beside := sql.Table("property_changes").As("beside")
		asked = append(asked, hasChange(beside, changeColumn("event"),
			allOf(sql.EQ(beside.C("property"), property), sameChange(beside.C("change"), changeColumn("change")), element(beside.C))))
	}
	return allOf(asked...), nil
}

// wholeChange is what the filter asks of the row of the whole change.
func wholeChange(f *audit.ChangeFilter) ([]*sql.Predicate, error) {
	var asked []*sql.Predicate
	if f.Operations != nil {
		asked = append(asked, kindIs(changeColumn("change"), f.Operations...))
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
	return append(asked, kindIs(changeColumn("change"), audit.DigestAdded, audit.DigestChanged, audit.DigestRemoved)), nil
}

// side is what the filter asks of the value before or after the change. Null
// means that there was none, which only a change of the kind without can have;
// the column alone does not tell, being empty for a redacted value too.
func side(column string, value audit.JSON, without audit.DigestKind) ([]*sql.Predicate, error) {
	switch {
	case value == nil:
		return nil, nil
	case value.IsNull():
		return []*sql.Predicate{kindIs(changeColumn("change"), without)}, nil
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
			return allOf(kindIs(column("change"), one.kind), sql.EQ(column(one.column), digest))
		})
	}
	return list, nil
}
