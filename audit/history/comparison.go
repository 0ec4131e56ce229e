package history

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"daybook/audit"
)

// Comparison is what differs between an object's states at two instants.
type Comparison struct {
	Object audit.Object // as it was at To
	From   time.Time
	To     time.Time
	// Complete says that both states are.
	Complete bool
	// ExistsFrom and ExistsTo are [State.Exists] at the two instants.
	ExistsFrom *bool
	ExistsTo   *bool
	// Changes lead from the state at From to the one at To, by property. One of a
	// redacted property says that it was changed between the two, and nothing else.
	Changes []audit.Change
}

// Compare gives what differs between two states of one object.
func Compare(from, to *State) *Comparison {
	c := &Comparison{
		Object: to.Object, From: from.At, To: to.At, Complete: from.Complete && to.Complete,
		ExistsFrom: from.Exists, ExistsTo: to.Exists,
	}
	was, is := from.Properties, to.Properties
	for len(was) > 0 || len(is) > 0 {
		var before, after *Property
		order := compareFirst(was, is)
		if order <= 0 {
			before, was = &was[0], was[1:]
		}
		if order >= 0 {
			after, is = &is[0], is[1:]
		}
		c.add(before, after)
	}
	return c
}

// compareFirst says which of two lists has the first property by key; both have
// it when it is 0.
func compareFirst(a, b []Property) int {
	switch {
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	default:
		return cmp.Compare(a[0].Key, b[0].Key)
	}
}

// add notes what became of a property; nil is one that had no value.
func (c *Comparison) add(before, after *Property) {
	key := cmp.Or(before, after).Key
	before, after = orNone(before), orNone(after)
	if before.equal(after) {
		return
	}
	change := audit.Change{
		Ordinal: len(c.Changes), Property: key, Before: before.Value, After: after.Value,
		GivenTexts: audit.ChangeTexts{Before: before.ValueText, After: after.ValueText},
		Redacted:   before.Redacted || after.Redacted,
		Comparison: c.changeID(key, before, after),
	}
	change.Operation = operation(before, after)
	c.Changes = append(c.Changes, change)
}

// orNone is the property, or one without a value.
func orNone(p *Property) *Property {
	if p == nil {
		return &Property{}
	}
	return p
}

// equal says whether the log shows no difference. Redacted values are equal only
// if one change set both.
func (p *Property) equal(other *Property) bool {
	switch {
	case p.told == other.told && (p.Since == nil) == (other.Since == nil):
		return true
	case !p.hasValue() && !other.hasValue():
		return true
	case p.Redacted || other.Redacted || p.hasValue() != other.hasValue():
		return false
	case p.Value == nil && other.Value == nil:
		return *p.ValueText == *other.ValueText
	default:
		return p.Value.Equal(other.Value)
	}
}

func operation(before, after *Property) audit.ChangeOperation {
	switch {
	case !before.hasValue():
		return audit.OperationAdded
	case !after.hasValue():
		return audit.OperationRemoved
	default:
		return audit.OperationChanged
	}
}

// changeID identifies a change between two states by the two changes that tell
// them: whatever the instants were, the same id has the same values.
func (c *Comparison) changeID(property string, before, after *Property) string {
	text := strings.Join([]string{c.Object.Type, c.Object.ExternalID, property, before.source(), after.source()}, "\x00")
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// source says where the log tells the property.
func (p *Property) source() string {
	switch {
	case p.told == audit.ChangeID{}:
		return ""
	case p.Since == nil:
		return "before " + p.told.String()
	default:
		return p.told.String()
	}
}
