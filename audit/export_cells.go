package audit

// What the cells of a table say of an event's parts.

func ofEvent(write func(to []byte, e *Event) []byte) cellWriter {
	return func(to []byte, r *exportRow) []byte { return write(to, r.event) }
}

func ofSection(text func(*Section) string) cellWriter {
	return func(to []byte, r *exportRow) []byte {
		if r.event.Section == nil {
			return to
		}
		return append(to, text(r.event.Section)...)
	}
}

func ofObject(text func(*Object) string) cellWriter {
	return func(to []byte, r *exportRow) []byte {
		if r.event.Object == nil {
			return to
		}
		return append(to, text(r.event.Object)...)
	}
}

func ofChange(write func(to []byte, c *Change) []byte) cellWriter {
	return func(to []byte, r *exportRow) []byte {
		if r.change == nil {
			return to
		}
		return write(to, r.change)
	}
}

func propertyName(to []byte, r *exportRow) []byte {
	if r.change == nil {
		return to
	}
	return append(to, r.names.Of(r.change.Property)...)
}

// performer and principal are the parts in an event that tables show; nil where
// nobody has it.
func performer(e *Event) *Participant { return &e.Performer }
func principal(e *Event) *Participant { return e.OnBehalf }

func ofActor(part func(*Event) *Participant, text func(*Actor) string) cellWriter {
	return func(to []byte, r *exportRow) []byte {
		actor := part(r.event).actor()
		if actor == nil {
			return to
		}
		return append(to, text(actor)...)
	}
}

func kindOf(a *Actor) string       { return a.Kind.String() }
func externalIDOf(a *Actor) string { return a.ExternalID }
func emailOf(a *Actor) string      { return textOf(a.Email) }

// recordedName is the name that somebody had then.
func recordedName(part func(*Event) *Participant) cellWriter {
	return func(to []byte, r *exportRow) []byte {
		if p := part(r.event); p != nil {
			return appendOptional(to, p.RecordedName)
		}
		return to
	}
}

// shownName is how a table names who had the part: as recorded, else the latest
// name, else the host application's identifier.
func shownName(part func(*Event) *Participant) cellWriter {
	return func(to []byte, r *exportRow) []byte {
		p := part(r.event)
		switch {
		case p == nil:
			return to
		case p.RecordedName != nil:
			return append(to, *p.RecordedName...)
		case p.Actor == nil:
			return to
		case p.Actor.Name != nil:
			return append(to, *p.Actor.Name...)
		default:
			return append(to, p.Actor.ExternalID...)
		}
	}
}

func appendCause(to []byte, e *Event) []byte {
	if e.CausedBy == nil {
		return to
	}
	return e.CausedBy.append(to, "evt_")
}

// appendDetails writes details as the object that a line of JSON has of them.
func appendDetails(to []byte, r *exportRow) []byte {
	if r.event.Details == nil {
		return append(to, "null"...)
	}
	o := exportObject{append(to, '{'), r.repeated}
	o.detailsFields(r.event.Details)
	return append(o.to, '}')
}

// appendDisplayText writes what [Change.BeforeText] and [Change.AfterText] give.
func appendDisplayText(to []byte, given *string, value JSON) []byte {
	if given == nil {
		if text := plainText(value); text != nil {
			return append(to, text...)
		}
	}
	return appendOptional(to, displayText(given, value))
}

// appendOptional writes a text, and nothing for none.
func appendOptional(to []byte, text *string) []byte {
	if text == nil {
		return to
	}
	return append(to, *text...)
}

// textOf is the text, empty for none.
func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
