package scalar

import (
	"github.com/99designs/gqlgen/graphql"

	"daybook/audit/activity"
)

// MarshalDate writes a day of the calendar: "2026-03-11".
func MarshalDate(d activity.Date) graphql.Marshaler { return plainText(d.String()) }

// UnmarshalDate refuses everything: no input takes a day.
func UnmarshalDate(any) (activity.Date, error) {
	return activity.Date{}, badInput("A day can not be given.")
}
