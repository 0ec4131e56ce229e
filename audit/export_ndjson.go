package audit

// exportObjects writes newline-delimited JSON: an object for each event with the
// fields of AuditEvent by their names in the GraphQL contract, null where there is
// nothing, and after them the event's cursor.
//
// What follows from other fields is left out: the differences of a change, the
// categories of a section. Of causedBy there is the id. details has its type's
// name as __typename. Stored JSON stands as it was recorded, but that a line break
// between its tokens, which would break the line, is a space.
//
// The last line is the end marker: {"end":true,"events":N,"cursor":"..."}.
type exportObjects struct {
	names    DisplayNames
	repeated repeatedObjects
}

func (*exportObjects) fields() Fields { return AllFields }

func (*exportObjects) begin(to []byte) []byte { return to }

func (x *exportObjects) event(to []byte, e *Event, _ int, cursors *exportCursors) (text []byte, next int) {
	o := exportObject{append(to, '{'), &x.repeated}
	o.eventID("id", e.ID)
	o.text("category", e.Category.String())
	o.text("action", e.Action.String())
	o.optional("eventName", e.Name)
	o.instant("occurredAt", e.OccurredAt)
	o.instant("recordedAt", e.RecordedAt)
	o.number("sequence", e.Sequence)
	o.actor("performedBy", e.PerformedBy())
	o.optional("performedByName", e.PerformedByName())
	o.actor("onBehalfOf", e.OnBehalfOf())
	o.optional("onBehalfOfName", e.OnBehalfOfName())
	o.section("section", e.Section)
	o.object("object", e.Object)
	o.changes("changes", e.Changes, &x.names)
	o.optional("ipAddress", e.IPAddress)
	o.optional("userAgent", e.UserAgent)
	o.optional("correlationId", e.CorrelationID)
	o.cause("causedBy", e.CausedBy)
	o.json("metadata", e.Metadata)
	o.details("details", e.Details)
	o.name("cursor")
	return append(cursors.append(append(o.to, '"'), e), '"', '}', '\n'), 0
}

func (*exportObjects) end(to []byte, end exportEnd) []byte {
	o := exportObject{to: append(to, '{')}
	o.boolean("end", true)
	o.number("events", int64(end.events))
	o.optional("cursor", end.cursor)
	return append(o.to, '}', '\n')
}

func (*exportObjects) failure(to []byte, problem JSON) []byte {
	o := exportObject{to: append(to, '{')}
	o.json("error", problem)
	return append(o.to, '}', '\n')
}
