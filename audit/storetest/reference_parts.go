package storetest

import (
	"slices"
	"strings"

	"daybook/audit"
)

func (r recorded) matchesActors(f *audit.Filter) bool {
	return matchesActor(f.PerformedBy, &r.event.Performer, &r.entry.Performer) &&
		matchesActor(f.OnBehalfOf, r.event.OnBehalf, r.entry.OnBehalf) &&
		matchesActor(f.About, r.event.About, r.entry.About)
}

// matchesActor takes the latest name from the event that was read, and all else
// from what was recorded.
func matchesActor(f *audit.ActorFilter, read *audit.Participant, said *audit.EntryActor) bool {
	if f == nil {
		return true
	}
	return said != nil &&
		oneOf(f.IDs, read.ActorID) &&
		oneOf(f.ExternalIDs, said.ExternalID) &&
		oneOf(f.Kinds, said.Kind) &&
		(f.Name == nil || hasName(read.Actor.Name, *f.Name) || hasName(said.Name, *f.Name))
}

func hasName(name *string, part string) bool {
	return name != nil && strings.Contains(audit.Fold(*name), audit.Fold(part))
}

func (r recorded) matchesObjects(f *audit.Filter) bool {
	e := r.entry
	return (f.Objects == nil || slices.ContainsFunc(f.Objects, r.isObject)) &&
		(f.ObjectTypes == nil || e.Object != nil && slices.Contains(f.ObjectTypes, e.Object.Type)) &&
		r.hasSubject(f.Conversations, audit.ObjectConversation, audit.CategoryConversation, audit.CategoryWorkSession) &&
		r.hasSubject(f.Customers, audit.ObjectCustomer, audit.CategoryCustomer) &&
		(f.History == nil || r.hasPart(*f.History))
}

// hasPart says whether the object took part in the event.
func (r recorded) hasPart(object audit.ObjectRef) bool {
	return r.isObject(object) ||
		object == audit.ObjectRef{Type: r.entry.SubjectType, ExternalID: r.entry.SubjectID} ||
		object.Type == audit.ObjectCustomer && slices.Contains(r.entry.MergedFrom, object.ExternalID)
}

func (r recorded) isObject(ref audit.ObjectRef) bool {
	object := r.entry.Object
	return object != nil && object.Type == ref.Type && object.ExternalID == ref.ExternalID
}

// hasSubject looks at the subject of the details, or at the object where details
// that could have such a subject have none.
func (r recorded) hasSubject(externalIDs []string, objectType string, categories ...audit.Category) bool {
	if externalIDs == nil {
		return true
	}
	e := r.entry
	subject := audit.ObjectRef{Type: e.SubjectType, ExternalID: e.SubjectID}
	if e.SubjectType == "" && e.Object != nil && slices.Contains(categories, e.Category) {
		subject = audit.ObjectRef{Type: e.Object.Type, ExternalID: e.Object.ExternalID}
	}
	return subject.Type == objectType && slices.Contains(externalIDs, subject.ExternalID)
}

func (r recorded) matchesChanges(f *audit.Filter) bool {
	changes := func(property string) bool {
		return slices.ContainsFunc(r.entry.Changes, func(c audit.Change) bool { return c.Property == property })
	}
	changed := func(wanted audit.ChangeFilter) bool {
		return slices.ContainsFunc(r.entry.Changes, func(c audit.Change) bool { return matchesChange(wanted, c) })
	}
	return (f.Properties == nil || slices.ContainsFunc(f.Properties, changes)) &&
		(f.Changed == nil || slices.ContainsFunc(f.Changed, changed))
}

func matchesChange(f audit.ChangeFilter, c audit.Change) bool {
	before, after := elementDigests(c.Before), elementDigests(c.After)
	return f.Property == c.Property &&
		oneOf(f.Operations, c.Operation) &&
		isValue(f.Before, c.Before, c.Operation == audit.OperationAdded) &&
		isValue(f.After, c.After, c.Operation == audit.OperationRemoved) &&
		(f.Added == nil || slices.Contains(without(after, before), *elementDigest(f.Added))) &&
		(f.Removed == nil || slices.Contains(without(before, after), *elementDigest(f.Removed)))
}

// isValue says whether a change's side is the value wanted. Of a redacted side
// it is known only whether there was one: the operation tells.
func isValue(wanted, value audit.JSON, none bool) bool {
	switch {
	case wanted == nil:
		return true
	case wanted.IsNull():
		return none
	case value.IsNull():
		return false
	default:
		return *valueDigest(wanted) == *valueDigest(value)
	}
}

// elementDigest is a value's digest as an element of a list, where null is a
// value like any other.
func elementDigest(value audit.JSON) *int64 {
	return &elementDigests(slices.Concat(audit.JSON("["), value, audit.JSON("]")))[0]
}

func (r recorded) matchesDetails(f *audit.Filter) bool {
	auth, _ := r.entry.Details.(*audit.AuthorizationDetails)
	billing, _ := r.entry.Details.(*audit.BillingDetails)
	settings, _ := r.entry.Details.(*audit.SettingsDetails)
	return (f.Outcomes == nil || auth != nil && slices.Contains(f.Outcomes, auth.Outcome)) &&
		(f.SettingsAreas == nil || settings != nil && slices.Contains(f.SettingsAreas, settings.Area)) &&
		(f.SeatKinds == nil || billing != nil && slices.ContainsFunc(billing.Seats, func(seat audit.SeatChange) bool {
			return slices.Contains(f.SeatKinds, seat.Kind)
		})) &&
		r.matchesWorkSession(f)
}

func (r recorded) matchesWorkSession(f *audit.Filter) bool {
	session, _ := r.entry.Details.(*audit.WorkSessionDetails)
	if session == nil {
		return f.WorkSessionExternalIDs == nil && f.Status == nil && f.Capacity == nil
	}
	return oneOfOptional(f.WorkSessionExternalIDs, session.WorkSessionExternalID) &&
		matchesStatus(f.Status, session.Status) &&
		matchesCapacity(f.Capacity, session.Capacity)
}

func matchesStatus(f *audit.StatusFilter, status *audit.StatusChange) bool {
	if f == nil {
		return true
	}
	return status != nil &&
		(f.From == nil || status.Before != nil && slices.Contains(f.From, status.Before.Type)) &&
		oneOf(f.To, status.After.Type) &&
		oneOf(f.Causes, status.Cause)
}

func matchesCapacity(f *audit.CapacityFilter, capacity *audit.CapacityChange) bool {
	if f == nil {
		return true
	}
	return capacity != nil &&
		(f.From == nil || capacity.Before != nil && slices.Contains(f.From, capacity.Before.State())) &&
		oneOf(f.To, capacity.After.State())
}
