package scalar

import (
	"regexp"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
)

// MarshalDateTime writes an instant in UTC with six digits of a second.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	return plainText(string(audit.AppendInstant(nil, t)))
}

// UnmarshalDateTime reads an instant as RFC 3339 has it, and cuts off what is
// finer than a microsecond. Instants of variables have been read already.
func UnmarshalDateTime(v any) (time.Time, error) {
	if instant, ok := v.(time.Time); ok {
		return instant, nil
	}
	text, ok := v.(string)
	if !ok {
		return time.Time{}, badInput("A DateTime is text such as 2026-03-11T18:02:09Z, not %s.", kindOf(v))
	}
	return ParseDateTime(text)
}

// dateTimeShape is the grammar of RFC 3339, section 5.6. time.Parse alone takes
// more: one digit for the hour, a comma before the fraction, an offset of 24 hours.
var dateTimeShape = regexp.MustCompile(`^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// ParseDateTime reads an instant as [UnmarshalDateTime] does.
func ParseDateTime(text string) (time.Time, error) {
	if !dateTimeShape.MatchString(text) {
		return time.Time{}, badInput("%.40q is not a DateTime such as 2026-03-11T18:02:09Z.", text)
	}
	if text[len("2006-01-02T15:04:"):][:2] == "60" {
		return time.Time{}, badInput("%.40q has a leap second, which cannot be kept.", text)
	}
	t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(text))
	if err != nil {
		return time.Time{}, badInput("%.40q is not an instant of the calendar.", text)
	}
	t = t.UTC().Truncate(time.Microsecond)
	if t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, badInput("%.40q is outside the years 0001 to 9999.", text)
	}
	return t, nil
}
