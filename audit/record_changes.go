package audit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// changes takes the changes as given, or makes them from the details.
func (p *preparation) changes() {
	if p.input.Changes == nil {
		p.entry.Changes, p.values = changesOf(p.entry.Details)
	} else if p.count("/changes", len(p.input.Changes), maxChanges) {
		p.givenChanges()
	}
}

// digests makes the rows by which filters find the changes. Of changes that say
// the same again only the first is found.
func (p *preparation) digests() {
	if len(p.entry.Changes) == 1 { // as with most events
		p.entry.Digests = changeDigests(&p.entry.Changes[0], p.values[0])
	} else {
		p.distinctDigests()
	}
	p.count("/changes", len(p.entry.Digests), maxDigests)
}

func (p *preparation) distinctDigests() {
	seen := map[propertyDigestKey]bool{}
	for i := range p.entry.Changes {
		digests := changeDigests(&p.entry.Changes[i], p.values[i])
		if whole := digests[0].key(); !seen[whole] {
			seen[whole] = true
			p.entry.Digests = append(p.entry.Digests, digests...)
		}
	}
}

func (p *preparation) givenChanges() {
	p.entry.Changes = slices.Grow(p.entry.Changes, len(p.input.Changes))
	p.values = slices.Grow(p.values, len(p.input.Changes))
	for i := range p.input.Changes {
		in, path := &p.input.Changes[i], at("/changes", i)
		p.key(path, "/property", &in.Property)
		values := changeValues{before: p.value(path, "/before", in.Before), after: p.value(path, "/after", in.After)}
		p.text(path, "/beforeText", in.BeforeText, maxDisplayText)
		p.text(path, "/afterText", in.AfterText, maxDisplayText)
		change := Change{
			Ordinal: i, Property: in.Property, Operation: changeOperation(in.Before, in.After), Redacted: in.Redacted,
			GivenTexts: ChangeTexts{Before: in.BeforeText, After: in.AfterText},
		}
		if !in.Before.IsNull() {
			change.Before = in.Before
		}
		if !in.After.IsNull() {
			change.After = in.After
		}
		p.entry.Changes = append(p.entry.Changes, change)
		p.values = append(p.values, values)
	}
}

// changesOf makes the changes that the details speak of: plan, seats, status
// and capacity.
func changesOf(details Details) (changes []Change, values []changeValues) {
	add := func(property string, before, after *jsonValue, texts ChangeTexts) {
		change := Change{Ordinal: len(changes), Property: property, GivenTexts: texts}
		if before != nil {
			change.Before = before.compact(nil)
		}
		if after != nil {
			change.After = after.compact(nil)
		}
		change.Operation = changeOperation(change.Before, change.After)
		changes = append(changes, change)
		values = append(values, changeValues{before: before, after: after})
	}
	switch d := details.(type) {
	case *BillingDetails:
		if d.Plan != nil {
			add("plan", stringValue(d.Plan.Before), stringValue(d.Plan.After), ChangeTexts{})
		}
		for _, seat := range d.Seats {
			add(strings.ToLower(seat.Kind.String())+"_seats", numberValue(seat.Before), numberValue(seat.After), ChangeTexts{})
		}
	case *WorkSessionDetails:
		if s := d.Status; s != nil {
			var before *string
			if s.Before != nil {
				before = &s.Before.Name
			}
			add("status", stringValue(before), stringValue(&s.After.Name), ChangeTexts{})
		}
		if c := d.Capacity; c != nil {
			add("capacity", capacityValue(c.Before), capacityValue(&c.After),
				ChangeTexts{Before: capacityText(c.Before), After: capacityText(&c.After)})
		}
	}
	return changes, values
}

func stringValue(s *string) *jsonValue {
	if s == nil {
		return nil
	}
	return &jsonValue{kind: jsonString, text: *s}
}

func numberValue(n *int32) *jsonValue {
	if n == nil {
		return nil
	}
	return &jsonValue{kind: jsonNumber, text: strconv.Itoa(int(*n))}
}

func capacityValue(c *Capacity) *jsonValue {
	if c == nil {
		return nil
	}
	return &jsonValue{kind: jsonObject, keys: []string{"used", "total"}, elems: []*jsonValue{numberValue(&c.Used), numberValue(&c.Total)}}
}

func capacityText(c *Capacity) *string {
	if c == nil {
		return nil
	}
	text := fmt.Sprintf("%d/%d", c.Used, c.Total)
	return &text
}

// propertyDigestKey tells distinct changes of one event apart.
type propertyDigestKey struct {
	Property            string
	Kind                DigestKind
	HasBefore, HasAfter bool
	BeforeSum, AfterSum int64
}

func (d PropertyDigest) key() propertyDigestKey {
	key := propertyDigestKey{Property: d.Property, Kind: d.Kind}
	if d.Before != nil {
		key.HasBefore, key.BeforeSum = true, *d.Before
	}
	if d.After != nil {
		key.HasAfter, key.AfterSum = true, *d.After
	}
	return key
}

// changeDigests gives the rows by which filters find a change: one for the
// whole, and one for each element that a list gained or lost. Redacted values
// leave no digest.
func changeDigests(change *Change, values changeValues) []PropertyDigest {
	whole := PropertyDigest{Property: change.Property, Change: change.Ordinal, Kind: DigestKind(change.Operation)}
	if change.Redacted {
		return []PropertyDigest{whole}
	}
	whole.Before, whole.After = digestOf(values.before), digestOf(values.after)
	digests := []PropertyDigest{whole}
	gained, lost := listDifference(values.before, values.after)
	for _, sum := range gained {
		digests = append(digests, PropertyDigest{Property: change.Property, Change: change.Ordinal, Kind: DigestElementAdded, After: &sum})
	}
	for _, sum := range lost {
		digests = append(digests, PropertyDigest{Property: change.Property, Change: change.Ordinal, Kind: DigestElementRemoved, Before: &sum})
	}
	return digests
}

func digestOf(value *jsonValue) *int64 {
	if value == nil || value.kind == jsonNull {
		return nil
	}
	sum := value.digest()
	return &sum
}

// listDifference gives the digests of the elements that a list gained and lost.
// A missing list counts as empty; a repeated element counts as often as it
// stands there.
func listDifference(before, after *jsonValue) (gained, lost []int64) {
	if !isList(before) && !isList(after) {
		return nil, nil
	}
	balance := map[int64]int{}
	var order []int64
	count := func(list *jsonValue, by int) {
		if !isList(list) {
			return
		}
		for _, elem := range list.elems {
			sum := elem.digest()
			if _, known := balance[sum]; !known {
				order = append(order, sum)
			}
			balance[sum] += by
		}
	}
	count(before, -1)
	count(after, +1)
	for _, sum := range order {
		switch {
		case balance[sum] > 0:
			gained = append(gained, sum)
		case balance[sum] < 0:
			lost = append(lost, sum)
		}
	}
	return gained, lost
}

func isList(value *jsonValue) bool { return value != nil && value.kind == jsonArray }
