package audit

import "strconv"

// exportRow is what a row of a table is made of; change is nil for an event
// without changes.
type exportRow struct {
	event    *Event
	change   *Change
	cursors  *exportCursors
	names    *DisplayNames
	repeated *repeatedObjects
}

// exportColumn is a column that a table may have.
type exportColumn struct {
	name  string
	needs Fields
	write cellWriter
	each  bool // each row of an event has a cell of its own; else all have the same
	more  bool // it shows what a brief event has not
	safe  bool // it has letters, digits and marks that need no quotation and begin no formula
}

// cellWriter appends what a cell says, as plain text.
type cellWriter func(to []byte, r *exportRow) []byte

// DefaultExportColumns are the columns of a table when nothing else is asked for:
// the seven that an audit table shows, then identifiers.
func DefaultExportColumns() []string {
	return []string{
		"performedBy", "occurredAt", "action", "section", "propertyName", "beforeText", "afterText",
		"id", "sequence", "performedByExternalId", "objectType", "objectExternalId",
	}
}

// ExportColumns are the names of all columns.
func ExportColumns() []string {
	list := make([]string, len(exportColumns))
	for i, column := range exportColumns {
		list[i] = column.name
	}
	return list
}

// exportColumns are all columns. Their names are those of the GraphQL contract,
// with the names on the way to them put together.
var exportColumns = []exportColumn{
	{name: "id", safe: true, write: ofEvent(func(to []byte, e *Event) []byte { return e.ID.append(to, "evt_") })},
	{name: "sequence", safe: true, write: ofEvent(func(to []byte, e *Event) []byte { return strconv.AppendInt(to, e.Sequence, 10) })},
	{name: "category", more: true, safe: true, write: ofEvent(func(to []byte, e *Event) []byte { return append(to, e.Category.String()...) })},
	{name: "action", safe: true, write: ofEvent(func(to []byte, e *Event) []byte { return append(to, e.Action.String()...) })},
	{name: "eventName", more: true, write: ofEvent(func(to []byte, e *Event) []byte { return appendOptional(to, e.Name) })},
	{name: "occurredAt", safe: true, write: ofEvent(func(to []byte, e *Event) []byte { return AppendInstant(to, e.OccurredAt) })},
	{name: "recordedAt", more: true, safe: true, write: ofEvent(func(to []byte, e *Event) []byte { return AppendInstant(to, e.RecordedAt) })},
	{name: "performedBy", needs: Fields{Actors: true, Names: true}, write: shownName(performer)},
	{name: "performedByName", needs: Fields{Names: true}, write: recordedName(performer)},
	{name: "performedByKind", safe: true, needs: Fields{Actors: true}, write: ofActor(performer, kindOf)},
	{name: "performedByExternalId", needs: Fields{Actors: true}, write: ofActor(performer, externalIDOf)},
	{name: "performedByEmail", needs: Fields{Actors: true}, write: ofActor(performer, emailOf)},
	{name: "onBehalfOf", more: true, needs: Fields{Actors: true, Names: true}, write: shownName(principal)},
	{name: "onBehalfOfName", more: true, needs: Fields{Names: true}, write: recordedName(principal)},
	{name: "onBehalfOfKind", more: true, safe: true, needs: Fields{Actors: true}, write: ofActor(principal, kindOf)},
	{name: "onBehalfOfExternalId", more: true, needs: Fields{Actors: true}, write: ofActor(principal, externalIDOf)},
	{name: "section", needs: Fields{Sections: true}, write: ofSection(func(s *Section) string { return s.Name })},
	{name: "sectionKey", needs: Fields{Sections: true}, write: ofSection(func(s *Section) string { return s.Key })},
	{name: "objectType", write: ofObject(func(o *Object) string { return o.Type })},
	{name: "objectExternalId", write: ofObject(func(o *Object) string { return o.ExternalID })},
	{name: "objectName", more: true, write: ofObject(func(o *Object) string { return textOf(o.Name) })},
	{name: "changeId", safe: true, each: true, write: ofChange(func(to []byte, c *Change) []byte { return c.ID().append(to) })},
	{name: "property", each: true, write: ofChange(func(to []byte, c *Change) []byte { return append(to, c.Property...) })},
	{name: "propertyName", each: true, write: propertyName},
	{name: "operation", safe: true, each: true, write: ofChange(func(to []byte, c *Change) []byte { return append(to, c.Operation.String()...) })},
	{name: "before", each: true, write: ofChange(func(to []byte, c *Change) []byte { return append(to, c.Before...) })},
	{name: "after", each: true, write: ofChange(func(to []byte, c *Change) []byte { return append(to, c.After...) })},
	{name: "beforeText", each: true, write: ofChange(func(to []byte, c *Change) []byte { return appendDisplayText(to, c.GivenTexts.Before, c.Before) })},
	{name: "afterText", each: true, write: ofChange(func(to []byte, c *Change) []byte { return appendDisplayText(to, c.GivenTexts.After, c.After) })},
	{name: "redacted", safe: true, each: true, write: ofChange(func(to []byte, c *Change) []byte { return strconv.AppendBool(to, c.Redacted) })},
	{name: "ipAddress", more: true, write: ofEvent(func(to []byte, e *Event) []byte { return appendOptional(to, e.IPAddress) })},
	{name: "userAgent", more: true, write: ofEvent(func(to []byte, e *Event) []byte { return appendOptional(to, e.UserAgent) })},
	{name: "correlationId", more: true, write: ofEvent(func(to []byte, e *Event) []byte { return appendOptional(to, e.CorrelationID) })},
	{name: "causedBy", more: true, write: ofEvent(appendCause)},
	{name: "metadata", more: true, write: ofEvent(func(to []byte, e *Event) []byte { return append(to, e.Metadata...) })},
	{name: "details", more: true, needs: Fields{Actors: true}, write: appendDetails},
	{name: "cursor", write: func(to []byte, r *exportRow) []byte { return r.cursors.append(to, r.event) }},
}
