package store

import (
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// details are the conditions on what only some categories have.
func (r *filterReader) details(f *audit.Filter) []condition {
	var list []condition
	if f.SettingsAreas != nil {
		list = append(list, plain("settings_area", anys(numbers(f.SettingsAreas))))
	}
	if f.Outcomes != nil {
		list = append(list, plain("outcome", anys(numbers(f.Outcomes))))
	}
	if f.SeatKinds != nil {
		list = append(list, condition{holds: anyBit(eventColumn("seat_kinds"), int64(seatKindBits(f.SeatKinds)))})
	}
	if f.WorkSessionExternalIDs != nil {
		list = append(list, plain("work_session", anys(f.WorkSessionExternalIDs)))
	}
	list = append(list, status(f.Status)...)
	return append(list, capacity(f.Capacity)...)
}

func status(f *audit.StatusFilter) []condition {
	if f == nil {
		return nil
	}
	list := []condition{{holds: sql.NotNull(eventColumn("status_to"))}}
	if f.From != nil {
		list = append(list, plain("status_from", anys(numbers(f.From))))
	}
	if f.To != nil {
		list = append(list, plain("status_to", anys(numbers(f.To))))
	}
	if f.Causes != nil {
		list = append(list, plain("status_cause", anys(numbers(f.Causes))))
	}
	return list
}

func capacity(f *audit.CapacityFilter) []condition {
	if f == nil {
		return nil
	}
	list := []condition{{holds: sql.NotNull(eventColumn("capacity_to"))}}
	if f.From != nil {
		list = append(list, plain("capacity_from", anys(numbers(f.From))))
	}
	if f.To != nil {
		list = append(list, plain("capacity_to", anys(numbers(f.To))))
	}
	return list
}

// addresses is the condition that the event came from one of the addresses or
// blocks of addresses. Single addresses stand in one list: SQLite compares each
// end of a range with those of all others before it runs a statement.
func (r *filterReader) addresses(f *audit.Filter) ([]condition, error) {
	if f.IPAddresses == nil {
		return nil, nil
	}
	ranges, err := audit.AddressRanges(f.IPAddresses)
	if err != nil {
		return nil, err
	}
	var single []any
	var ways []*sql.Predicate
	for _, keys := range ranges {
		if keys.First == keys.Last {
			single = append(single, keys.First[:])
			continue
		}
		ways = append(ways, allOf(
			comparison("address_key", sql.OpGTE, keys.First[:]),
			comparison("address_key", sql.OpLTE, keys.Last[:]),
		))
	}
	if len(single) > 0 {
		ways = append(ways, isOneOf("address_key", single))
	}
	return []condition{{holds: anyOf(ways...)}}, nil
}
