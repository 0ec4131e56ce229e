package store

import (
	"fmt"
	"strconv"

	"daybook/audit"
)

// encodeDetails makes the text of the column "details" of an event with that object.
// Who the event is about is not in it, but in columns of its own. It is nil where
// nothing is left to say.
func encodeDetails(d audit.Details, object *audit.Object) ([]byte, error) {
	w := detailsWriter{text: []byte{'{'}, object: object}
	switch d := d.(type) {
	case *audit.AuthorizationDetails:
		w.number(detailOutcome, int64(d.Outcome))
		w.optional(detailLogin, d.AttemptedLogin)
	case *audit.BillingDetails:
		w.billing(d)
	case *audit.ConversationDetails:
		w.conversation(d)
	case *audit.CustomerDetails:
		w.customer(d)
	case *audit.SettingsDetails:
		w.number(detailArea, int64(d.Area))
	case *audit.WorkSessionDetails:
		w.workSession(d)
	default:
		return nil, fmt.Errorf("encode details: nothing is known of %T", d)
	}
	if len(w.text) == 1 {
		return nil, nil
	}
	return append(w.text, '}'), nil
}

// detailsWriter appends fields to the object it has begun.
type detailsWriter struct {
	text   []byte
	object *audit.Object
}

func (w *detailsWriter) billing(d *audit.BillingDetails) {
	if d.Plan != nil {
		w.open(detailPlan)
		w.optional(detailBefore, d.Plan.Before)
		w.optional(detailAfter, d.Plan.After)
		w.close()
	}
	writeList(w, detailSeats, d.Seats, func(seats *audit.SeatChange) {
		w.number(detailKind, int64(seats.Kind))
		w.optionalNumber(detailBefore, seats.Before)
		w.optionalNumber(detailAfter, seats.After)
	})
}

func (w *detailsWriter) conversation(d *audit.ConversationDetails) {
	w.subject(detailConversation, d.Conversation, audit.ObjectConversation)
	writeList(w, detailSurvey, d.SurveyAnswers, func(answer *audit.SurveyAnswer) {
		w.optional(detailQuestion, answer.Question)
		if answer.Score != nil {
			w.field(detailScore)
			w.text = strconv.AppendFloat(w.text, *answer.Score, 'g', -1, 64)
		}
		w.optional(detailAnswer, answer.Answer)
	})
}

func (w *detailsWriter) customer(d *audit.CustomerDetails) {
	w.subject(detailCustomer, d.Customer, audit.ObjectCustomer)
	writeList(w, detailMergedFrom, d.MergedFrom, w.subjectFields)
}

func (w *detailsWriter) workSession(d *audit.WorkSessionDetails) {
	w.optional(detailSession, d.WorkSessionExternalID)
	if d.Status != nil {
		w.open(detailStatus)
		w.routingStatus(detailBefore, d.Status.Before)
		w.routingStatus(detailAfter, &d.Status.After)
		w.number(detailCause, int64(d.Status.Cause))
		w.close()
	}
	if d.Capacity != nil {
		w.open(detailCapacity)
		w.capacity(detailBefore, d.Capacity.Before)
		w.capacity(detailAfter, &d.Capacity.After)
		w.close()
	}
	w.subject(detailConversation, d.Conversation, audit.ObjectConversation)
}

func (w *detailsWriter) routingStatus(letter string, status *audit.RoutingStatus) {
	if status == nil {
		return
	}
	w.open(letter)
	w.optional(detailName, &status.Name)
	w.number(detailType, int64(status.Type))
	w.close()
}

func (w *detailsWriter) capacity(letter string, capacity *audit.Capacity) {
	if capacity == nil {
		return
	}
	w.open(letter)
	w.number(detailUsed, int64(capacity.Used))
	w.number(detailTotal, int64(capacity.Total))
	w.close()
}

func (w *detailsWriter) subject(letter string, subject *audit.Subject, objectType string) {
	implied := impliedSubject(w.object, objectType)
	switch {
	case subject == nil && implied == nil || subject != nil && implied != nil && sameSubject(subject, implied):
		return
	case subject == nil:
		w.field(letter)
		w.text = append(w.text, "null"...)
	default:
		w.open(letter)
		w.subjectFields(subject)
		w.close()
	}
}

func sameSubject(a, b *audit.Subject) bool {
	if a.ExternalID != b.ExternalID || (a.Name == nil) != (b.Name == nil) {
		return false
	}
	return a.Name == nil || *a.Name == *b.Name
}

func (w *detailsWriter) subjectFields(subject *audit.Subject) {
	w.optional(detailExternalID, &subject.ExternalID)
	w.optional(detailName, subject.Name)
}

// field begins a field.
func (w *detailsWriter) field(letter string) {
	if last := w.text[len(w.text)-1]; last != '{' {
		w.text = append(w.text, ',')
	}
	w.text = append(append(append(w.text, '"'), letter...), `":`...)
}

// open begins an object in a field, close ends it.
func (w *detailsWriter) open(letter string) {
	w.field(letter)
	w.text = append(w.text, '{')
}

func (w *detailsWriter) close() { w.text = append(w.text, '}') }

func (w *detailsWriter) optional(letter string, text *string) {
	if text != nil {
		w.field(letter)
		w.text = appendString(w.text, *text)
	}
}

func (w *detailsWriter) number(letter string, number int64) {
	w.field(letter)
	w.text = strconv.AppendInt(w.text, number, 10)
}

func (w *detailsWriter) optionalNumber(letter string, number *int32) {
	if number != nil {
		w.number(letter, int64(*number))
	}
}

// writeList writes a list of objects, if it has any.
func writeList[T any](w *detailsWriter, letter string, list []T, write func(*T)) {
	if len(list) == 0 {
		return
	}
	w.field(letter)
	w.text = append(w.text, '[')
	for i := range list {
		if i > 0 {
			w.text = append(w.text, ',')
		}
		w.text = append(w.text, '{')
		write(&list[i])
		w.close()
	}
	w.text = append(w.text, ']')
}
