package audit

import "slices"

// ObjectEvent is what one event says about one object: that it changed it, or
// merged it into another.
type ObjectEvent struct {
	ID EventID
	// Own says that the event happened to the object itself. An event that
	// happened to another object, of which this one is only the subject, says
	// nothing about this one: what it changed, it changed of the other.
	Own     bool
	Action  Action
	Name    *string  // the object's name then; nil when none was sent
	Changes []Change // nil unless the event is the object's own
	// Merged says that the event merged the object into another.
	Merged     bool
	MergedInto *Object // nil when it is not known
}

// ObjectEventOf is what an event says about an object; false if that is nothing.
func ObjectEventOf(event *Event, object ObjectRef) (ObjectEvent, bool) {
	said := ObjectEvent{ID: event.ID, Action: event.Action}
	if said.Own = event.Object.is(object); said.Own {
		said.Name, said.Changes = event.Object.Name, event.Changes
	}
	details, isCustomer := event.Details.(*CustomerDetails)
	if isCustomer && details.merges(object) {
		said.Merged, said.MergedInto = true, details.CustomerObject()
		if said.MergedInto == nil && !said.Own {
			said.MergedInto = event.Object
		}
	}
	return said, said.Own || said.Merged
}

// is says whether the object is the one named; nil is none.
func (o *Object) is(ref ObjectRef) bool {
	return o != nil && o.Type == ref.Type && o.ExternalID == ref.ExternalID
}

// merges says whether the object is one of those that were merged into the
// customer. Nothing is merged into itself.
func (d *CustomerDetails) merges(object ObjectRef) bool {
	return object.Type == ObjectCustomer && !d.CustomerObject().is(object) &&
		slices.ContainsFunc(d.MergedFrom, func(source Subject) bool { return source.ExternalID == object.ExternalID })
}
