package audit

// details checks the one member given and makes the entry's details of it.
func (p *preparation) details() {
	in := &p.input.Details
	if !p.exactlyOne("/details", "authorization, billing, conversation, customer, settings, workSession",
		in.Authorization != nil, in.Billing != nil, in.Conversation != nil, in.Customer != nil, in.Settings != nil, in.WorkSession != nil) {
		return
	}
	switch {
	case in.Authorization != nil:
		p.authorization("/details/authorization", in.Authorization)
	case in.Billing != nil:
		p.billing("/details/billing", in.Billing)
	case in.Conversation != nil:
		p.conversation("/details/conversation", in.Conversation)
	case in.Customer != nil:
		p.customer("/details/customer", in.Customer)
	case in.Settings != nil:
		p.settings("/details/settings", in.Settings)
	default:
		p.workSession("/details/workSession", in.WorkSession)
	}
	if p.entry.Details != nil {
		p.entry.Category = p.entry.Details.category()
	}
}

func (p *preparation) authorization(path string, in *AuthorizationDetailsInput) {
	if in.User != nil {
		p.entry.About = p.user(path+"/user", in.User)
		p.entry.SubjectType, p.entry.SubjectID = ObjectUser, in.User.ExternalID
	}
	p.text(path, "/attemptedLogin", in.AttemptedLogin, maxNameText)
	outcome := OutcomeSuccess
	failed := p.input.Action == ActionLoginFailed || p.input.Action == ActionLockout
	if failed {
		outcome = OutcomeFailure
	}
	succeeded := p.input.Action == ActionLogin || p.input.Action == ActionLogout
	if in.Outcome != nil {
		if failed && *in.Outcome == OutcomeSuccess || succeeded && *in.Outcome == OutcomeFailure {
			p.add(ProblemContradiction, path+"/outcome", "%s contradicts the action %s", *in.Outcome, p.input.Action)
		}
		outcome = *in.Outcome
	}
	p.entry.Details = &AuthorizationDetails{Outcome: outcome, AttemptedLogin: in.AttemptedLogin}
}

func (p *preparation) billing(path string, in *BillingDetailsInput) {
	if in.Plan != nil {
		if in.Plan.Before == nil && in.Plan.After == nil {
			p.add(ProblemRequired, path+"/plan", "give before, after or both")
		}
		p.text(path, "/plan/before", in.Plan.Before, maxNameText)
		p.text(path, "/plan/after", in.Plan.After, maxNameText)
	}
	if p.count(path+"/seats", len(in.Seats), maxDetailsList) {
		for i := range in.Seats {
			p.notNegative(at(path+"/seats", i)+"/before", in.Seats[i].Before)
			p.notNegative(at(path+"/seats", i)+"/after", in.Seats[i].After)
			if in.Seats[i].Before == nil && in.Seats[i].After == nil {
				p.add(ProblemRequired, at(path+"/seats", i), "give before, after or both")
			}
			if in.Seats[i].Kind.String() == "" {
				p.add(ProblemRequired, at(path+"/seats", i)+"/kind", "must be given")
			}
		}
	}
	p.entry.Details = &BillingDetails{Plan: in.Plan, Seats: in.Seats}
}

func (p *preparation) conversation(path string, in *ConversationDetailsInput) {
	p.subject(path+"/conversation", &in.Conversation)
	p.entry.SubjectType, p.entry.SubjectID = ObjectConversation, in.Conversation.ExternalID
	if p.count(path+"/surveyAnswers", len(in.SurveyAnswers), maxDetailsList) {
		for i, answer := range in.SurveyAnswers {
			here := at(path+"/surveyAnswers", i)
			p.text(here, "/question", answer.Question, maxDisplayText)
			p.text(here, "/answer", answer.Answer, maxDisplayText)
			if answer.Score != nil && !finite(*answer.Score) {
				p.add(ProblemOutOfRange, here+"/score", "is not a finite number")
			}
		}
	}
	conversation := in.Conversation
	p.entry.Details = &ConversationDetails{Conversation: &conversation, SurveyAnswers: in.SurveyAnswers}
}

func (p *preparation) customer(path string, in *CustomerDetailsInput) {
	if in.Customer != nil {
		p.subject(path+"/customer", in.Customer)
		p.entry.SubjectType, p.entry.SubjectID = ObjectCustomer, in.Customer.ExternalID
	}
	if p.count(path+"/mergedFrom", len(in.MergedFrom), maxDetailsList) {
		for i := range in.MergedFrom {
			p.subject(at(path+"/mergedFrom", i), &in.MergedFrom[i])
			p.entry.MergedFrom = append(p.entry.MergedFrom, in.MergedFrom[i].ExternalID)
		}
	}
	p.entry.Details = &CustomerDetails{Customer: in.Customer, MergedFrom: in.MergedFrom}
}

func (p *preparation) settings(path string, in *SettingsDetailsInput) {
	if in.Area.String() == "" {
		p.add(ProblemRequired, path+"/area", "must be given")
	}
	p.entry.Details = &SettingsDetails{Area: in.Area}
}

func (p *preparation) workSession(path string, in *WorkSessionDetailsInput) {
	p.entry.About = p.user(path+"/agent", &in.Agent)
	p.key(path, "/workSessionExternalId", in.WorkSessionExternalID)
	if s := in.Status; s != nil {
		p.status(path+"/status/before", s.Before)
		p.status(path+"/status/after", &s.After)
		if s.Cause == 0 {
			s.Cause = CauseUnknown
		}
	}
	if c := in.Capacity; c != nil {
		p.capacity(path+"/capacity/before", c.Before)
		p.capacity(path+"/capacity/after", &c.After)
	}
	if in.Conversation != nil {
		p.subject(path+"/conversation", in.Conversation)
		p.entry.SubjectType, p.entry.SubjectID = ObjectConversation, in.Conversation.ExternalID
	}
	p.entry.Details = &WorkSessionDetails{
		WorkSessionExternalID: in.WorkSessionExternalID, Status: in.Status, Capacity: in.Capacity, Conversation: in.Conversation,
	}
}

func (p *preparation) subject(path string, subject *Subject) {
	p.key(path, "/externalId", &subject.ExternalID)
	p.text(path, "/name", subject.Name, maxNameText)
}

func (p *preparation) status(path string, status *RoutingStatus) {
	if status == nil {
		return
	}
	p.key(path, "/name", &status.Name)
	if status.Type.String() == "" {
		p.add(ProblemRequired, path+"/type", "must be given")
	}
}

func (p *preparation) capacity(path string, capacity *Capacity) {
	if capacity != nil {
		p.notNegative(path+"/used", &capacity.Used)
		p.notNegative(path+"/total", &capacity.Total)
	}
}
