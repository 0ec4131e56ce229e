package graph

import "daybook/audit"

func (r *eventReaders) details() reader[audit.DetailsInput] {
	type details = audit.DetailsInput
	settings := object(r, "SettingsDetailsInput", map[string]place[audit.SettingsDetailsInput]{
		"area": in(func(s *audit.SettingsDetailsInput) *audit.SettingsArea { return &s.Area }, readName),
	})
	return object(r, "EventDetailsInput", map[string]place[details]{
		"authorization": in(func(d *details) **audit.AuthorizationDetailsInput { return &d.Authorization }, optional(r.authorization())),
		"billing":       in(func(d *details) **audit.BillingDetailsInput { return &d.Billing }, optional(r.billing())),
		"conversation":  in(func(d *details) **audit.ConversationDetailsInput { return &d.Conversation }, optional(r.conversation())),
		"customer":      in(func(d *details) **audit.CustomerDetailsInput { return &d.Customer }, optional(r.customer())),
		"settings":      in(func(d *details) **audit.SettingsDetailsInput { return &d.Settings }, optional(settings)),
		"workSession":   in(func(d *details) **audit.WorkSessionDetailsInput { return &d.WorkSession }, optional(r.workSession())),
	})
}

func (r *eventReaders) authorization() reader[audit.AuthorizationDetailsInput] {
	type details = audit.AuthorizationDetailsInput
	return object(r, "AuthorizationDetailsInput", map[string]place[details]{
		"user":           in(func(d *details) **audit.UserInput { return &d.User }, optional(r.user())),
		"outcome":        in(func(d *details) **audit.AuthorizationOutcome { return &d.Outcome }, optional(readName[audit.AuthorizationOutcome])),
		"attemptedLogin": in(func(d *details) **string { return &d.AttemptedLogin }, optional(readText)),
	})
}

func (r *eventReaders) billing() reader[audit.BillingDetailsInput] {
	type details = audit.BillingDetailsInput
	plan := object(r, "PlanChangeInput", map[string]place[audit.PlanChange]{
		"before": in(func(p *audit.PlanChange) **string { return &p.Before }, optional(readText)),
		"after":  in(func(p *audit.PlanChange) **string { return &p.After }, optional(readText)),
	})
	seat := object(r, "SeatChangeInput", map[string]place[audit.SeatChange]{
		"kind":   in(func(s *audit.SeatChange) *audit.SeatKind { return &s.Kind }, readName),
		"before": in(func(s *audit.SeatChange) **int32 { return &s.Before }, optional(readInt)),
		"after":  in(func(s *audit.SeatChange) **int32 { return &s.After }, optional(readInt)),
	})
	return object(r, "BillingDetailsInput", map[string]place[details]{
		"plan":  in(func(d *details) **audit.PlanChange { return &d.Plan }, optional(plan)),
		"seats": in(func(d *details) *[]audit.SeatChange { return &d.Seats }, listOf(seat)),
	})
}

func (r *eventReaders) conversation() reader[audit.ConversationDetailsInput] {
	type details = audit.ConversationDetailsInput
	answer := object(r, "SurveyAnswerInput", map[string]place[audit.SurveyAnswer]{
		"question": in(func(a *audit.SurveyAnswer) **string { return &a.Question }, optional(readText)),
		"score":    in(func(a *audit.SurveyAnswer) **float64 { return &a.Score }, optional(readFloat)),
		"answer":   in(func(a *audit.SurveyAnswer) **string { return &a.Answer }, optional(readText)),
	})
	return object(r, "ConversationDetailsInput", map[string]place[details]{
		"conversation":  in(func(d *details) *audit.Subject { return &d.Conversation }, r.subject()),
		"surveyAnswers": in(func(d *details) *[]audit.SurveyAnswer { return &d.SurveyAnswers }, listOf(answer)),
	})
}

func (r *eventReaders) customer() reader[audit.CustomerDetailsInput] {
	type details = audit.CustomerDetailsInput
	return object(r, "CustomerDetailsInput", map[string]place[details]{
		"customer":   in(func(d *details) **audit.Subject { return &d.Customer }, optional(r.subject())),
		"mergedFrom": in(func(d *details) *[]audit.Subject { return &d.MergedFrom }, listOf(r.subject())),
	})
}

func (r *eventReaders) workSession() reader[audit.WorkSessionDetailsInput] {
	type details = audit.WorkSessionDetailsInput
	return object(r, "WorkSessionDetailsInput", map[string]place[details]{
		"agent":                 in(func(d *details) *audit.UserInput { return &d.Agent }, r.user()),
		"workSessionExternalId": in(func(d *details) **string { return &d.WorkSessionExternalID }, optional(readText)),
		"status":                in(func(d *details) **audit.StatusChange { return &d.Status }, optional(r.statusChange())),
		"capacity":              in(func(d *details) **audit.CapacityChange { return &d.Capacity }, optional(r.capacityChange())),
		"conversation":          in(func(d *details) **audit.Subject { return &d.Conversation }, optional(r.subject())),
	})
}

func (r *eventReaders) statusChange() reader[audit.StatusChange] {
	status := object(r, "RoutingStatusInput", map[string]place[audit.RoutingStatus]{
		"name": in(func(s *audit.RoutingStatus) *string { return &s.Name }, readText),
		"type": in(func(s *audit.RoutingStatus) *audit.StatusType { return &s.Type }, readName),
	})
	return object(r, "StatusChangeInput", map[string]place[audit.StatusChange]{
		"before": in(func(c *audit.StatusChange) **audit.RoutingStatus { return &c.Before }, optional(status)),
		"after":  in(func(c *audit.StatusChange) *audit.RoutingStatus { return &c.After }, status),
		"cause":  in(func(c *audit.StatusChange) *audit.StatusCause { return &c.Cause }, readName),
	})
}

func (r *eventReaders) capacityChange() reader[audit.CapacityChange] {
	capacity := object(r, "CapacityInput", map[string]place[audit.Capacity]{
		"used":  in(func(c *audit.Capacity) *int32 { return &c.Used }, readInt),
		"total": in(func(c *audit.Capacity) *int32 { return &c.Total }, readInt),
	})
	return object(r, "CapacityChangeInput", map[string]place[audit.CapacityChange]{
		"before": in(func(c *audit.CapacityChange) **audit.Capacity { return &c.Before }, optional(capacity)),
		"after":  in(func(c *audit.CapacityChange) *audit.Capacity { return &c.After }, capacity),
	})
}
