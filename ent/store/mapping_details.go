package store

import (
	"fmt"
	"strconv"

	"daybook/audit"
)

// The letters of stored details, a JSON object with those that have a value in this
// order. Enumerations are their numbers.
//
// A conversation or customer that is the event's object, of the same name, is left
// out: most are. null stands for none where the object could be taken for it.
const (
	// Of sign-ins.
	detailOutcome = "o"
	detailLogin   = "l"
	// Of billing. A plan has before and after, a seat kind, before and after.
	detailPlan  = "p"
	detailSeats = "s"
	detailKind  = "k"
	// Of conversations, as in work sessions, and of customers.
	detailConversation = "c"
	detailCustomer     = "u"
	detailMergedFrom   = "m"
	detailExternalID   = "i"
	detailName         = "n"
	// Of surveys.
	detailSurvey   = "q"
	detailQuestion = "q"
	detailScore    = "s"
	detailAnswer   = "a"
	// Of settings.
	detailArea = "r"
	// Of work sessions. A status has name and type, a capacity used and total.
	detailSession  = "w"
	detailStatus   = "s"
	detailCause    = "c"
	detailCapacity = "p"
	detailType     = "t"
	detailUsed     = "u"
	detailTotal    = "t"

	detailBefore = "b"
	detailAfter  = "a"
)

// impliedSubject is the conversation or customer that an event's details speak of
// where they do not say: its object, if it is of that type.
func impliedSubject(object *audit.Object, objectType string) *audit.Subject {
	if object == nil || object.Type != objectType {
		return nil
	}
	return &audit.Subject{ExternalID: object.ExternalID, Name: object.Name}
}

// decodeDetails reads what encodeDetails wrote for an event of that category, which
// happened to that object. about is the user or agent that some details speak of.
func decodeDetails(c audit.Category, data []byte, object *audit.Object, about *audit.Participant) (audit.Details, error) {
	if data == nil {
		data = []byte("{}")
	}
	s := detailsScanner{storedScanner{rest: data}, object}
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

// detailsScanner reads details, field by field in the order in which they are
// written.
type detailsScanner struct {
	storedScanner
	object *audit.Object
}

func (s *detailsScanner) details(c audit.Category, about *audit.Participant) (details audit.Details) {
	s.expect("{")
	switch c {
	case audit.CategoryAuthorization:
		details = &audit.AuthorizationDetails{
			About: about, Outcome: readEnum[audit.AuthorizationOutcome](s, detailOutcome), AttemptedLogin: s.text(detailLogin),
		}
	case audit.CategoryBilling:
		details = s.billing()
	case audit.CategoryConversation:
		details = s.conversation()
	case audit.CategoryCustomer:
		details = s.customer()
	case audit.CategorySettings:
		details = &audit.SettingsDetails{Area: readEnum[audit.SettingsArea](s, detailArea)}
	case audit.CategoryWorkSession:
		details = s.workSession(about)
	}
	s.expect("}")
	return details
}

func (s *detailsScanner) billing() *audit.BillingDetails {
	d := &audit.BillingDetails{}
	if s.open(detailPlan) {
		d.Plan = &audit.PlanChange{Before: s.text(detailBefore), After: s.text(detailAfter)}
		s.expect("}")
	}
	s.list(detailSeats, func() {
		d.Seats = append(d.Seats, audit.SeatChange{
			Kind: readEnum[audit.SeatKind](s, detailKind), Before: s.optionalNumber(detailBefore), After: s.optionalNumber(detailAfter),
		})
	})
	return d
}

func (s *detailsScanner) conversation() *audit.ConversationDetails {
	d := &audit.ConversationDetails{Conversation: s.subject(detailConversation, audit.ObjectConversation)}
	s.list(detailSurvey, func() {
		d.SurveyAnswers = append(d.SurveyAnswers, audit.SurveyAnswer{
			Question: s.text(detailQuestion), Score: s.score(detailScore), Answer: s.text(detailAnswer),
		})
	})
	return d
}

func (s *detailsScanner) customer() *audit.CustomerDetails {
	d := &audit.CustomerDetails{Customer: s.subject(detailCustomer, audit.ObjectCustomer)}
	s.list(detailMergedFrom, func() { d.MergedFrom = append(d.MergedFrom, s.subjectFields()) })
	return d
}

func (s *detailsScanner) workSession(about *audit.Participant) *audit.WorkSessionDetails {
	d := &audit.WorkSessionDetails{About: about, WorkSessionExternalID: s.text(detailSession)}
	if s.open(detailStatus) {
		d.Status = &audit.StatusChange{}
		d.Status.Before = s.routingStatus(detailBefore)
		if after := s.routingStatus(detailAfter); after != nil {
			d.Status.After = *after
		}
		d.Status.Cause = readEnum[audit.StatusCause](s, detailCause)
		s.expect("}")
	}
	if s.open(detailCapacity) {
		d.Capacity = &audit.CapacityChange{}
		d.Capacity.Before = s.capacity(detailBefore)
		if after := s.capacity(detailAfter); after != nil {
			d.Capacity.After = *after
		}
		s.expect("}")
	}
	d.Conversation = s.subject(detailConversation, audit.ObjectConversation)
	return d
}

func (s *detailsScanner) routingStatus(letter string) *audit.RoutingStatus {
	if !s.open(letter) {
		return nil
	}
	status := &audit.RoutingStatus{}
	if name := s.text(detailName); name != nil {
		status.Name = *name
	}
	status.Type = readEnum[audit.StatusType](s, detailType)
	s.expect("}")
	return status
}

func (s *detailsScanner) capacity(letter string) *audit.Capacity {
	if !s.open(letter) {
		return nil
	}
	capacity := &audit.Capacity{Used: s.int32(detailUsed), Total: s.int32(detailTotal)}
	s.expect("}")
	return capacity
}

func (s *detailsScanner) subject(letter, objectType string) *audit.Subject {
	if !s.field(letter) {
		return impliedSubject(s.object, objectType)
	}
	if s.skip("null") {
		return nil
	}
	s.expect("{")
	subject := s.subjectFields()
	s.expect("}")
	return &subject
}

func (s *detailsScanner) subjectFields() (subject audit.Subject) {
	if id := s.text(detailExternalID); id != nil {
		subject.ExternalID = *id
	}
	subject.Name = s.text(detailName)
	return subject
}

// field moves past a field's letter if it comes next, and says whether it did.
func (s *detailsScanner) field(letter string) bool {
	comma := 0
	if len(s.rest) > 0 && s.rest[0] == ',' {
		comma = 1
	}
	end := comma + len(letter) + len(`"":`)
	if len(s.rest) < end || s.rest[comma] != '"' || string(s.rest[comma+1:end-2]) != letter || string(s.rest[end-2:end]) != `":` {
		return false
	}
	s.rest = s.rest[end:]
	return true
}

// open moves past the beginning of an object in a field, if there is one.
func (s *detailsScanner) open(letter string) bool { return s.field(letter) && s.expect("{") }

// list calls read within each object of a list in a field, if there is one.
func (s *detailsScanner) list(letter string, read func()) {
	if !s.field(letter) {
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

func (s *detailsScanner) text(letter string) *string {
	if !s.field(letter) {
		return nil
	}
	text := s.string()
	return &text
}

// readEnum reads the number of an enumeration.
func readEnum[T interface {
	~int16
	String() string
}](s *detailsScanner, letter string) T {
	value := T(s.int32(letter))
	if value.String() == "" {
		s.err = errMalformed
	}
	return value
}

// int32 reads a number that must be there.
func (s *detailsScanner) int32(letter string) int32 {
	if number := s.optionalNumber(letter); number != nil {
		return *number
	}
	s.err = errMalformed
	return 0
}

func (s *detailsScanner) optionalNumber(letter string) *int32 {
	if !s.field(letter) {
		return nil
	}
	number, err := strconv.ParseInt(s.literal(), 10, 32)
	if err != nil {
		s.err = errMalformed
	}
	narrow := int32(number)
	return &narrow
}

func (s *detailsScanner) score(letter string) *float64 {
	if !s.field(letter) {
		return nil
	}
	score, err := strconv.ParseFloat(s.literal(), 64)
	if err != nil {
		s.err = errMalformed
	}
	return &score
}
