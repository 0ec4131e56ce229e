package audit

import "strconv"

// The parts of an event as fields of a JSON object, by their names in the GraphQL
// contract.

func (o *exportObject) actor(name string, actor *Actor) {
	if actor == nil {
		o.null(name)
		return
	}
	o.name(name)
	o.to = o.repeated.actors.append(o.to, actor, actor.appendObject)
}

func (a *Actor) appendObject(to []byte) []byte {
	o := exportObject{to: append(to, '{')}
	o.numberID("id", "act_", int32(a.ID))
	o.text("externalId", a.ExternalID)
	o.text("kind", a.Kind.String())
	o.optional("name", a.Name)
	o.optional("email", a.Email)
	return append(o.to, '}')
}

func (o *exportObject) section(name string, section *Section) {
	if section == nil {
		o.null(name)
		return
	}
	o.name(name)
	o.to = o.repeated.sections.append(o.to, section, section.appendObject)
}

func (s *Section) appendObject(to []byte) []byte {
	o := exportObject{to: append(to, '{')}
	o.numberID("id", "sec_", int32(s.ID))
	o.text("key", s.Key)
	o.text("name", s.Name)
	return append(o.to, '}')
}

func (o *exportObject) object(name string, object *Object) {
	if object == nil {
		o.null(name)
		return
	}
	o.within(name, func() { o.objectFields(object) })
}

func (o *exportObject) objectFields(object *Object) {
	o.text("type", object.Type)
	o.text("externalId", object.ExternalID)
	o.optional("name", object.Name)
}

func (o *exportObject) cause(name string, id *EventID) {
	if id == nil {
		o.null(name)
		return
	}
	o.within(name, func() { o.eventID("id", *id) })
}

func (o *exportObject) changes(name string, changes []Change, names *DisplayNames) {
	o.list(name, len(changes), func(i int) {
		change := &changes[i]
		o.changeID("id", change.ID())
		o.text("property", change.Property)
		o.text("propertyName", names.Of(change.Property))
		o.text("operation", change.Operation.String())
		o.json("before", change.Before)
		o.json("after", change.After)
		o.displayText("beforeText", change.GivenTexts.Before, change.Before)
		o.displayText("afterText", change.GivenTexts.After, change.After)
		o.boolean("redacted", change.Redacted)
	})
}

func (o *exportObject) details(name string, details Details) {
	if details == nil {
		o.null(name)
		return
	}
	o.within(name, func() { o.detailsFields(details) })
}

func (o *exportObject) detailsFields(details Details) {
	switch d := details.(type) {
	case *AuthorizationDetails:
		o.text("__typename", "AuthorizationDetails")
		o.actor("user", d.User())
		o.text("outcome", d.Outcome.String())
		o.optional("attemptedLogin", d.AttemptedLogin)
	case *BillingDetails:
		o.text("__typename", "BillingDetails")
		o.billing(d)
	case *ConversationDetails:
		o.text("__typename", "ConversationDetails")
		o.object("conversation", d.ConversationObject())
		o.surveyAnswers("surveyAnswers", d.SurveyAnswers)
	case *CustomerDetails:
		o.text("__typename", "CustomerDetails")
		o.object("customer", d.CustomerObject())
		merged := d.MergedFromObjects()
		o.list("mergedFrom", len(merged), func(i int) { o.objectFields(&merged[i]) })
	case *SettingsDetails:
		o.text("__typename", "SettingsDetails")
		o.text("area", d.Area.String())
	case *WorkSessionDetails:
		o.text("__typename", "WorkSessionDetails")
		o.workSession(d)
	}
}

func (o *exportObject) billing(d *BillingDetails) {
	if d.Plan == nil {
		o.null("plan")
	} else {
		o.within("plan", func() {
			o.optional("before", d.Plan.Before)
			o.optional("after", d.Plan.After)
		})
	}
	o.list("seats", len(d.Seats), func(i int) {
		o.text("kind", d.Seats[i].Kind.String())
		o.optionalNumber("before", d.Seats[i].Before)
		o.optionalNumber("after", d.Seats[i].After)
	})
}

func (o *exportObject) surveyAnswers(name string, answers []SurveyAnswer) {
	o.list(name, len(answers), func(i int) {
		answer := &answers[i]
		o.optional("question", answer.Question)
		if answer.Score == nil {
			o.null("score")
		} else {
			o.json("score", strconv.AppendFloat(nil, *answer.Score, 'g', -1, 64))
		}
		o.optional("answer", answer.Answer)
	})
}

func (o *exportObject) workSession(d *WorkSessionDetails) {
	o.actor("agent", d.Agent())
	o.optional("workSessionExternalId", d.WorkSessionExternalID)
	if d.Status == nil {
		o.null("status")
	} else {
		o.within("status", func() {
			o.routingStatus("before", d.Status.Before)
			o.routingStatus("after", &d.Status.After)
			o.text("cause", d.Status.Cause.String())
		})
	}
	if d.Capacity == nil {
		o.null("capacity")
	} else {
		o.within("capacity", func() {
			o.capacity("before", d.Capacity.Before)
			o.capacity("after", &d.Capacity.After)
		})
	}
	o.object("conversation", d.ConversationObject())
}

func (o *exportObject) routingStatus(name string, status *RoutingStatus) {
	if status == nil {
		o.null(name)
		return
	}
	o.within(name, func() {
		o.text("name", status.Name)
		o.text("type", status.Type.String())
	})
}

func (o *exportObject) capacity(name string, capacity *Capacity) {
	if capacity == nil {
		o.null(name)
		return
	}
	o.within(name, func() {
		o.number("used", int64(capacity.Used))
		o.number("total", int64(capacity.Total))
		o.text("state", capacity.State().String())
	})
}
