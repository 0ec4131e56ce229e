package audit

import (
	"encoding/binary"
	"math"
)

// appendBytes writes one member of the details' content: a tag, a length and the
// bytes; see detailsContent.
func appendBytes(to []byte, tag byte, value []byte) []byte {
	to = append(to, tag)
	to = binary.BigEndian.AppendUint32(to, uint32(len(value)))
	return append(to, value...)
}

func appendText(to []byte, tag byte, value *string) []byte {
	if value == nil {
		return to
	}
	return appendBytes(to, tag, []byte(*value))
}

func appendNumber(to []byte, tag byte, value int64) []byte {
	return binary.BigEndian.AppendUint64(append(to, tag, 0, 0, 0, 8), uint64(value))
}

func appendCount(to []byte, tag byte, value *int32) []byte {
	if value == nil {
		return to
	}
	return appendNumber(to, tag, int64(*value))
}

// detailsContent is the details as bytes: members in the order of their
// declaration, each a tag, a length (uint32, big endian) and its bytes; absent
// members are left out, nested values are bytes in the same form. Numbers are
// int64 big endian, scores IEEE 754 bits.
func detailsContent(details Details) []byte {
	switch d := details.(type) {
	case *AuthorizationDetails:
		return appendText(appendNumber(nil, 1, int64(d.Outcome)), 2, d.AttemptedLogin)
	case *BillingDetails:
		return billingContent(d)
	case *ConversationDetails:
		return conversationContent(d)
	case *CustomerDetails:
		content := appendSubject(nil, 1, d.Customer)
		for i := range d.MergedFrom {
			content = appendSubject(content, 2, &d.MergedFrom[i])
		}
		return content
	case *SettingsDetails:
		return appendNumber(nil, 1, int64(d.Area))
	case *WorkSessionDetails:
		return workSessionContent(d)
	}
	return nil
}

func billingContent(d *BillingDetails) []byte {
	var content []byte
	if d.Plan != nil {
		content = appendBytes(content, 1, appendText(appendText(nil, 1, d.Plan.Before), 2, d.Plan.After))
	}
	for _, seat := range d.Seats {
		one := appendNumber(nil, 1, int64(seat.Kind))
		one = appendCount(appendCount(one, 2, seat.Before), 3, seat.After)
		content = appendBytes(content, 2, one)
	}
	return content
}

func conversationContent(d *ConversationDetails) []byte {
	content := appendSubject(nil, 1, d.Conversation)
	for _, answer := range d.SurveyAnswers {
		one := appendText(nil, 1, answer.Question)
		if answer.Score != nil {
			one = appendNumber(one, 2, int64(math.Float64bits(*answer.Score)))
		}
		content = appendBytes(content, 2, appendText(one, 3, answer.Answer))
	}
	return content
}

func workSessionContent(d *WorkSessionDetails) []byte {
	content := appendText(nil, 1, d.WorkSessionExternalID)
	if s := d.Status; s != nil {
		status := appendStatus(nil, 1, s.Before)
		status = appendStatus(status, 2, &s.After)
		content = appendBytes(content, 2, appendNumber(status, 3, int64(s.Cause)))
	}
	if c := d.Capacity; c != nil {
		content = appendBytes(content, 3, appendCapacity(appendCapacity(nil, 1, c.Before), 2, &c.After))
	}
	return appendSubject(content, 4, d.Conversation)
}

func appendSubject(to []byte, tag byte, subject *Subject) []byte {
	if subject == nil {
		return to
	}
	return appendBytes(to, tag, appendText(appendText(nil, 1, &subject.ExternalID), 2, subject.Name))
}

func appendStatus(to []byte, tag byte, status *RoutingStatus) []byte {
	if status == nil {
		return to
	}
	return appendBytes(to, tag, appendNumber(appendText(nil, 1, &status.Name), 2, int64(status.Type)))
}

func appendCapacity(to []byte, tag byte, capacity *Capacity) []byte {
	if capacity == nil {
		return to
	}
	return appendBytes(to, tag, appendNumber(appendNumber(nil, 1, int64(capacity.Used)), 2, int64(capacity.Total)))
}
