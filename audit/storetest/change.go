package storetest

import (
	"encoding/json"
	"fmt"
	"slices"

	"daybook/audit"
)

// changed is one property's change; an empty text means that there was no value
// on that side.
func changed(property, before, after string) audit.Change {
	change := audit.Change{Property: property, Before: jsonOf(before), After: jsonOf(after)}
	switch {
	case change.Before.IsNull() && !change.After.IsNull():
		change.Operation = audit.OperationAdded
	case !change.Before.IsNull() && change.After.IsNull():
		change.Operation = audit.OperationRemoved
	default:
		change.Operation = audit.OperationChanged
	}
	return change
}

// redacted is a change of which only the operation is known.
func redacted(property string, operation audit.ChangeOperation) audit.Change {
	return audit.Change{Property: property, Operation: operation, Redacted: true}
}

func jsonOf(text string) audit.JSON {
	if text == "" {
		return nil
	}
	return audit.JSON(text)
}

// propertyDigests are the rows by which the changes are found: the whole change
// and every element that a list gained or lost.
func propertyDigests(changes []audit.Change) []audit.PropertyDigest {
	var digests []audit.PropertyDigest
	for i, c := range changes {
		digests = append(digests, audit.PropertyDigest{
			Property: c.Property, Change: i, Kind: audit.DigestKind(c.Operation), Before: valueDigest(c.Before), After: valueDigest(c.After),
		})
		before, after := elementDigests(c.Before), elementDigests(c.After)
		for _, d := range without(after, before) {
			digests = append(digests, audit.PropertyDigest{Property: c.Property, Change: i, Kind: audit.DigestElementAdded, After: &d})
		}
		for _, d := range without(before, after) {
			digests = append(digests, audit.PropertyDigest{Property: c.Property, Change: i, Kind: audit.DigestElementRemoved, Before: &d})
		}
	}
	return digests
}

// valueDigest is nil where there is no value.
func valueDigest(value audit.JSON) *int64 {
	if value.IsNull() {
		return nil
	}
	digest, err := audit.ValueDigest(value)
	if err != nil {
		panic(fmt.Sprintf("the suite's own value %.60q: %v", value, err))
	}
	return &digest
}

// elementDigests are those of a list's elements, none for anything else.
func elementDigests(value audit.JSON) []int64 {
	var elements []json.RawMessage
	if value.IsNull() || json.Unmarshal(value, &elements) != nil {
		return nil
	}
	digests := make([]int64, len(elements))
	for i, element := range elements {
		digest, err := audit.ValueDigest(audit.JSON(element))
		if err != nil {
			panic(fmt.Sprintf("the suite's own value %.60q: %v", element, err))
		}
		digests[i] = digest
	}
	return digests
}

// without is list less others; what stands in both goes once for each time it
// stands in others.
func without(list, others []int64) []int64 {
	list = slices.Clone(list)
	for _, other := range others {
		if i := slices.Index(list, other); i >= 0 {
			list = slices.Delete(list, i, i+1)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
