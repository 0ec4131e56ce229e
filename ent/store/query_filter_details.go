package store

import (
	"daybook/audit"
)

// details are the conditions on what only some categories have.
func (r *filterReader) details(f *audit.Filter) []condition {
	var list []condition
	if f.SettingsAreas != nil {
		list = append(list, keyed("settings_area", byDetail, numbers(f.SettingsAreas)))
	}
	if f.Outcomes != nil {
		list = append(list, keyed("outcome", byDetail, numbers(f.Outcomes)))
	}
	if f.SeatKinds != nil {
		list = append(list, keyed("seat_kinds", byDetail, seatKindsWith(f.SeatKinds)))
	}
	if f.WorkSessionExternalIDs != nil {
		list = append(list, indexed("work_session", byIdentity, anys(f.WorkSessionExternalIDs)))
	}
	list = append(list, status(f.Status)...)
	return append(list, capacity(f.Capacity)...)
}

// seatKindsWith are the values of the column "seat_kinds" with one of the kinds:
// so few that each can be looked for.
func seatKindsWith(kinds []audit.SeatKind) []int64 {
	wanted, possible := seatKindBits(kinds), seatKindBits(audit.SeatKinds())
	var values []int64
	for value := possible; value > 0; value = (value - 1) & possible {
		if value&wanted != 0 {
			values = append(values, int64(value))
		}
	}
	return values
}

// status are the conditions on a change of status. What it was before is no
// route of its own: every such event lies on one of the routes to what it
// became, and the same index tells what it was before.
func status(f *audit.StatusFilter) []condition {
	if f == nil {
		return nil
	}
	var list []condition
	if f.Causes != nil {
		list = append(list, keyed("status_cause", byDetail, numbers(f.Causes)))
	}
	if f.From != nil {
		list = append(list, plain("status_from", anys(numbers(f.From))))
	}
	return append(list, became("status_to", f.To, audit.StatusTypes()))
}

// capacity are the conditions on a change of capacity, alike.
func capacity(f *audit.CapacityFilter) []condition {
	if f == nil {
		return nil
	}
	var list []condition
	if f.From != nil {
		list = append(list, plain("capacity_from", anys(numbers(f.From))))
	}
	return append(list, became("capacity_to", f.To, audit.CapacityStates()))
}

// became is the condition that a column which only changes have has one of the
// values; with nil, that it has any.
func became[T ~int16](column string, values, possible []T) condition {
	if values == nil {
		values = possible
	}
	return keyed(column, byDetail, numbers(values))
}
