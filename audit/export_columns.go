package audit

import "strconv"

// exportRow is what a row of a table is made of; change is nil for an event
// without changes.
type exportRow struct {
	event  *Event
	change *Change
	cursor string
	names  *DisplayNames
}

// exportColumn is a column that a table may have.
type exportColumn struct {
	name  string
	needs Fields
	text  func(*exportRow) string
}

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
	{"id", Fields{}, func(r *exportRow) string { return r.event.ID.String() }},
	{"sequence", Fields{}, func(r *exportRow) string { return strconv.FormatInt(r.event.Sequence, 10) }},
	{"category", Fields{}, func(r *exportRow) string { return r.event.Category.String() }},
	{"action", Fields{}, func(r *exportRow) string { return r.event.Action.String() }},
	{"eventName", Fields{}, func(r *exportRow) string { return textOf(r.event.Name) }},
	{"occurredAt", Fields{}, func(r *exportRow) string { return instantText(r.event.OccurredAt) }},
	{"recordedAt", Fields{}, func(r *exportRow) string { return instantText(r.event.RecordedAt) }},
	{"performedBy", Fields{Actors: true, Names: true}, func(r *exportRow) string { return r.event.Performer.shownName() }},
	{"performedByName", Fields{Names: true}, func(r *exportRow) string { return textOf(r.event.PerformedByName()) }},
	{"performedByKind", Fields{Actors: true}, func(r *exportRow) string { return r.event.PerformedBy().kindText() }},
	{"performedByExternalId", Fields{Actors: true}, func(r *exportRow) string { return r.event.PerformedBy().externalIDText() }},
	{"performedByEmail", Fields{Actors: true}, func(r *exportRow) string { return r.event.PerformedBy().emailText() }},
	{"onBehalfOf", Fields{Actors: true, Names: true}, func(r *exportRow) string { return r.event.OnBehalf.shownName() }},
	{"onBehalfOfName", Fields{Names: true}, func(r *exportRow) string { return textOf(r.event.OnBehalfOfName()) }},
	{"onBehalfOfKind", Fields{Actors: true}, func(r *exportRow) string { return r.event.OnBehalfOf().kindText() }},
	{"onBehalfOfExternalId", Fields{Actors: true}, func(r *exportRow) string { return r.event.OnBehalfOf().externalIDText() }},
	{"section", Fields{Sections: true}, ofSection(func(s *Section) string { return s.Name })},
	{"sectionKey", Fields{Sections: true}, ofSection(func(s *Section) string { return s.Key })},
	{"objectType", Fields{}, ofObject(func(o *Object) string { return o.Type })},
	{"objectExternalId", Fields{}, ofObject(func(o *Object) string { return o.ExternalID })},
	{"objectName", Fields{}, ofObject(func(o *Object) string { return textOf(o.Name) })},
	{"changeId", Fields{}, ofChange(func(c *Change) string { return c.ID().String() })},
	{"property", Fields{}, ofChange(func(c *Change) string { return c.Property })},
	{"propertyName", Fields{}, func(r *exportRow) string {
		if r.change == nil {
			return ""
		}
		return r.names.Of(r.change.Property)
	}},
	{"operation", Fields{}, ofChange(func(c *Change) string { return c.Operation.String() })},
	{"before", Fields{}, ofChange(func(c *Change) string { return string(c.Before) })},
	{"after", Fields{}, ofChange(func(c *Change) string { return string(c.After) })},
	{"beforeText", Fields{}, ofChange(func(c *Change) string { return textOf(c.BeforeText()) })},
	{"afterText", Fields{}, ofChange(func(c *Change) string { return textOf(c.AfterText()) })},
	{"redacted", Fields{}, ofChange(func(c *Change) string { return strconv.FormatBool(c.Redacted) })},
	{"ipAddress", Fields{}, func(r *exportRow) string { return textOf(r.event.IPAddress) }},
	{"userAgent", Fields{}, func(r *exportRow) string { return textOf(r.event.UserAgent) }},
	{"correlationId", Fields{}, func(r *exportRow) string { return textOf(r.event.CorrelationID) }},
	{"causedBy", Fields{}, func(r *exportRow) string {
		if r.event.CausedBy == nil {
			return ""
		}
		return r.event.CausedBy.String()
	}},
	{"metadata", Fields{}, func(r *exportRow) string { return string(r.event.Metadata) }},
	{"details", Fields{Actors: true}, func(r *exportRow) string { return detailsText(r.event.Details) }},
	{"cursor", Fields{}, func(r *exportRow) string { return r.cursor }},
}

func ofSection(text func(*Section) string) func(*exportRow) string {
	return func(r *exportRow) string {
		if r.event.Section == nil {
			return ""
		}
		return text(r.event.Section)
	}
}

func ofObject(text func(*Object) string) func(*exportRow) string {
	return func(r *exportRow) string {
		if r.event.Object == nil {
			return ""
		}
		return text(r.event.Object)
	}
}

func ofChange(text func(*Change) string) func(*exportRow) string {
	return func(r *exportRow) string {
		if r.change == nil {
			return ""
		}
		return text(r.change)
	}
}

// shownName is how a table names who had the part: as recorded, else the latest
// name, else the host application's identifier.
func (p *Participant) shownName() string {
	switch {
	case p == nil:
		return ""
	case p.RecordedName != nil:
		return *p.RecordedName
	case p.Actor != nil && p.Actor.Name != nil:
		return *p.Actor.Name
	default:
		return p.Actor.externalIDText()
	}
}

func (a *Actor) kindText() string {
	if a == nil {
		return ""
	}
	return a.Kind.String()
}

func (a *Actor) externalIDText() string {
	if a == nil {
		return ""
	}
	return a.ExternalID
}

func (a *Actor) emailText() string {
	if a == nil {
		return ""
	}
	return textOf(a.Email)
}

// detailsText are the details as the object that a line of JSON has of them.
func detailsText(details Details) string {
	o := exportObject{[]byte{'{'}}
	o.details("details", details)
	return string(o.to[len(`{"details":`):])
}

// textOf is the text, empty for none.
func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
