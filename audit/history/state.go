package history

import (
	"time"

	"daybook/audit"
)

// State is what the log tells of an object at an instant.
type State struct {
	// Object is the object with the name it had then, or the next one it had.
	Object audit.Object
	// At is the instant, to the microsecond. What happened at it is included.
	At time.Time
	// Exists is true once the object was created or changed, and false before its
	// creation and after its deletion or merge. It is nil when the log does not
	// tell: there was nothing but events without changes, or something changed the
	// object after its end.
	Exists *bool
	// Complete says that the log has the object's creation, the last one if there
	// were several.
	Complete bool
	// MergedInto is the object that this one was merged into; nil when it was not,
	// or into which is not known.
	MergedInto *audit.Object
	// Properties are those that had a value, and those whose value was removed, by
	// key.
	Properties []Property
}

// Property is what one property was at an instant.
type Property struct {
	Key       string
	Value     audit.JSON // nil when it had none any more; audit.Redacted in place of a secret
	ValueText *string    // the short form: as sent, else made from the value
	Redacted  bool       // something of the value was withheld
	// Since is when it was set; nil when the log knows it only as the value before
	// a later change.
	Since *time.Time
	// SetBy is the event that set it; nil when Since is, and unless it was asked
	// for.
	SetBy *audit.Event
	// Gap says that the event that set it names another value before than the log
	// has: a change between the two was not recorded.
	Gap bool

	told audit.ChangeID // the change that tells it
}

// PropertyName is the property as a person reads it.
func (p *Property) PropertyName() string { return audit.DisplayName(p.Key) }

func (p *Property) hasValue() bool { return p.Value != nil || p.ValueText != nil || p.Redacted }

// value is what the property was, if it had a value.
func (f fact) value() audit.JSON {
	switch {
	case f.change == nil:
		return nil
	case f.before:
		return f.change.Before
	default:
		return f.change.After
	}
}

// property is the fact as it is shown.
func (f fact) property() Property {
	c := f.change
	p := Property{Key: c.Property, Value: f.value(), Gap: f.gap, told: c.ID()}
	if f.before {
		p.ValueText = c.BeforeText()
		p.Redacted = c.Redacted && c.Operation != audit.OperationAdded
		return p
	}
	since := c.EventID.OccurredAt()
	p.Since = &since
	p.ValueText = c.AfterText()
	p.Redacted = c.Redacted && c.Operation != audit.OperationRemoved
	return p
}
