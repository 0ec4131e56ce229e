package audit

// What a table of events shows in its columns, out of the parts an Event is
// made of.

// PerformedBy is who did it, with the latest name; nil unless the page was
// asked for actors.
func (e *Event) PerformedBy() *Actor { return e.Performer.Actor }

// PerformedByName is the performer's name as recorded.
func (e *Event) PerformedByName() *string { return e.Performer.RecordedName }

// OnBehalfOf is for whom it was done, with the latest name; nil for nobody.
func (e *Event) OnBehalfOf() *Actor { return e.OnBehalf.actor() }

// OnBehalfOfName is the name, as recorded, of whom it was done for.
func (e *Event) OnBehalfOfName() *string {
	if e.OnBehalf == nil {
		return nil
	}
	return e.OnBehalf.RecordedName
}

// CategoryList are the categories the section was used in, in order.
func (s *Section) CategoryList() []Category { return s.Categories.List() }

// User is the user the event is about; nil when unknown, and unless the page
// was asked for actors.
func (d *AuthorizationDetails) User() *Actor { return d.About.actor() }

// Agent is the agent the event is about; nil unless the page was asked for
// actors.
func (d *WorkSessionDetails) Agent() *Actor { return d.About.actor() }

// ConversationObject is the conversation as an object.
func (d *ConversationDetails) ConversationObject() *Object {
	return d.Conversation.Object(ObjectConversation)
}

// ConversationObject is the conversation as an object; nil when the event has
// none.
func (d *WorkSessionDetails) ConversationObject() *Object {
	return d.Conversation.Object(ObjectConversation)
}

// CustomerObject is the customer as an object; nil when the event has none.
func (d *CustomerDetails) CustomerObject() *Object { return d.Customer.Object(ObjectCustomer) }

// MergedFromObjects are the merged customers as objects.
func (d *CustomerDetails) MergedFromObjects() []Object {
	objects := make([]Object, len(d.MergedFrom))
	for i := range d.MergedFrom {
		objects[i] = *d.MergedFrom[i].Object(ObjectCustomer)
	}
	return objects
}

func (p *Participant) actor() *Actor {
	if p == nil {
		return nil
	}
	return p.Actor
}
