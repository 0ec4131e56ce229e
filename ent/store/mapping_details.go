package store

import (
	"encoding"
	"fmt"
	"strconv"

	"daybook/audit"
)

// encodeDetails makes the text of the column "details". Who the event is about
// is not in it, but in columns of its own.
func encodeDetails(d audit.Details) ([]byte, error) {
	text, err := marshalJSON(d)
	if err != nil {
		return nil, fmt.Errorf("encode details: %w", err)
	}
	return text, nil
}

// decodeDetails reads what encodeDetails wrote for an event of that category.
// about is the user or agent that some details speak of.
func decodeDetails(c audit.Category, data []byte, about *audit.Participant) (audit.Details, error) {
	s := detailsScanner{storedScanner{rest: data}}
	details := s.details(c, about)
	if s.err == nil && len(s.rest) > 0 {
		s.err = errMalformed
	}
	if details == nil {
		return nil, fmt.Errorf("decode details: category %d is unknown", c)
	}
	if s.err != nil {
		return nil, fmt.Errorf("decode details: %w", s.err)
	}
	return details, nil
}

// detailsScanner reads details, field by field in the order of the structs that
// they are written from. Fields without a value are not there.
type detailsScanner struct{ storedScanner }

func (s *detailsScanner) details(c audit.Category, about *audit.Participant) (details audit.Details) {
	s.expect("{")
	switch c {
	case audit.CategoryAuthorization:
		details = s.authorization(about)
	case audit.CategoryBilling:
		details = s.billing()
	case audit.CategoryConversation:
		details = s.conversation()
	case audit.CategoryCustomer:
		details = s.customer()
	case audit.CategorySettings:
		d := &audit.SettingsDetails{}
		s.enum("area", &d.Area)
		details = d
	case audit.CategoryWorkSession:
		details = s.workSession(about)
	}
	s.expect("}")
	return details
}

func (s *detailsScanner) authorization(about *audit.Participant) *audit.AuthorizationDetails {
	d := &audit.AuthorizationDetails{About: about}
	s.enum("outcome", &d.Outcome)
	d.AttemptedLogin = s.text("attemptedLogin")
	return d
}

func (s *detailsScanner) billing() *audit.BillingDetails {
	d := &audit.BillingDetails{}
	if s.open("plan") {
		d.Plan = &audit.PlanChange{Before: s.text("before"), After: s.text("after")}
		s.expect("}")
	}
	s.list("seats", func() {
		var seats audit.SeatChange
		s.enum("kind", &seats.Kind)
		seats.Before, seats.After = s.optionalNumber("before"), s.optionalNumber("after")
		d.Seats = append(d.Seats, seats)
	})
	return d
}

func (s *detailsScanner) conversation() *audit.ConversationDetails {
	d := &audit.ConversationDetails{Conversation: s.subject("conversation")}
	s.list("surveyAnswers", func() {
		d.SurveyAnswers = append(d.SurveyAnswers, audit.SurveyAnswer{
			Question: s.text("question"), Score: s.score("score"), Answer: s.text("answer"),
		})
	})
	return d
}

func (s *detailsScanner) customer() *audit.CustomerDetails {
	d := &audit.CustomerDetails{Customer: s.subject("customer")}
	s.list("mergedFrom", func() { d.MergedFrom = append(d.MergedFrom, s.subjectFields()) })
	return d
}

func (s *detailsScanner) workSession(about *audit.Participant) *audit.WorkSessionDetails {
	d := &audit.WorkSessionDetails{About: about, WorkSessionExternalID: s.text("workSession")}
	if s.open("status") {
		d.Status = &audit.StatusChange{}
		d.Status.Before = s.routingStatus("before")
		if after := s.routingStatus("after"); after != nil {
			d.Status.After = *after
		}
		s.enum("cause", &d.Status.Cause)
		s.expect("}")
	}
	if s.open("capacity") {
		d.Capacity = &audit.CapacityChange{}
		d.Capacity.Before = s.capacity("before")
		if after := s.capacity("after"); after != nil {
			d.Capacity.After = *after
		}
		s.expect("}")
	}
	d.Conversation = s.subject("conversation")
	return d
}

func (s *detailsScanner) routingStatus(field string) *audit.RoutingStatus {
	if !s.open(field) {
		return nil
	}
	status := &audit.RoutingStatus{}
	if name := s.text("name"); name != nil {
		status.Name = *name
	}
	s.enum("type", &status.Type)
	s.expect("}")
	return status
}

func (s *detailsScanner) capacity(field string) *audit.Capacity {
	if !s.open(field) {
		return nil
	}
	capacity := &audit.Capacity{Used: s.number("used"), Total: s.number("total")}
	s.expect("}")
	return capacity
}

func (s *detailsScanner) subject(field string) *audit.Subject {
	if !s.open(field) {
		return nil
	}
	subject := s.subjectFields()
	s.expect("}")
	return &subject
}

func (s *detailsScanner) subjectFields() (subject audit.Subject) {
	if id := s.text("externalId"); id != nil {
		subject.ExternalID = *id
	}
	subject.Name = s.text("name")
	return subject
}

// field moves past a field's name if it comes next, and says whether it did. A
// field that is null is passed over.
func (s *detailsScanner) field(name string) bool {
	comma := 0
	if len(s.rest) > 0 && s.rest[0] == ',' {
		comma = 1
	}
	end := comma + len(name) + len(`"":`)
	if len(s.rest) < end || s.rest[comma] != '"' || string(s.rest[comma+1:end-2]) != name || string(s.rest[end-2:end]) != `":` {
		return false
	}
	s.rest = s.rest[end:]
	return !s.skip("null")
}

// open moves past the beginning of an object in a field, if there is one.
func (s *detailsScanner) open(field string) bool { return s.field(field) && s.expect("{") }

// list calls read within each object of a list in a field, if there is one.
func (s *detailsScanner) list(field string, read func()) {
	if !s.field(field) {
		return
	}
	s.expect("[")
	for s.err == nil && s.expect("{") {
		read()
		s.expect("}")
		if !s.skip(",") {
			break
		}
	}
	s.expect("]")
}

func (s *detailsScanner) text(field string) *string {
	if !s.field(field) {
		return nil
	}
	text := s.string()
	return &text
}

func (s *detailsScanner) enum(field string, into encoding.TextUnmarshaler) {
	if !s.field(field) {
		s.err = errMalformed
		return
	}
	if err := into.UnmarshalText([]byte(s.string())); err != nil && s.err == nil {
		s.err = err
	}
}

func (s *detailsScanner) number(field string) int32 {
	if number := s.optionalNumber(field); number != nil {
		return *number
	}
	s.err = errMalformed
	return 0
}

func (s *detailsScanner) optionalNumber(field string) *int32 {
	if !s.field(field) {
		return nil
	}
	number, err := strconv.ParseInt(s.literal(), 10, 32)
	if err != nil {
		s.err = errMalformed
	}
	narrow := int32(number)
	return &narrow
}

func (s *detailsScanner) score(field string) *float64 {
	if !s.field(field) {
		return nil
	}
	score, err := strconv.ParseFloat(s.literal(), 64)
	if err != nil {
		s.err = errMalformed
	}
	return &score
}

// literal reads a number as it is written.
func (s *detailsScanner) literal() string {
	end := valueEnd(s.rest)
	text := string(s.rest[:end])
	s.rest = s.rest[end:]
	return text
}
