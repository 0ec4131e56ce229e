package storetest

import "daybook/audit"

// expectation is what the rules say of one event of a call.
type expectation struct {
	status audit.RecordStatus
	id     *audit.EventID // of an event recorded before the call
	first  int            // the event of the call that holds the key, -1 for none
	// cause is an event recorded before the call, or causeFirst one of the call.
	cause      *audit.EventID
	causeFirst int
}

// causeID is the id of the cause, once the call is answered.
func (e expectation) causeID(results []audit.RecordResult) *audit.EventID {
	if e.causeFirst >= 0 {
		return results[e.causeFirst].EventID
	}
	return e.cause
}

// expect says what a call must be answered; nil when it fails as a whole.
func (r *rules) expect(events []ruledEvent, atomic bool) []expectation {
	list := make([]expectation, len(events))
	for i := range list {
		list[i] = expectation{first: -1, causeFirst: -1}
	}
	refused := r.refuseInvalid(events, list)
	switch {
	case !atomic:
		r.settle(events, list)
	case refused:
		skip(list)
	default:
		return r.settleAtomic(events, list)
	}
	return list
}

// refuseInvalid finds what is INVALID before anything is tried: by itself, or
// for a cause that is neither recorded nor an earlier event of the call.
func (r *rules) refuseInvalid(events []ruledEvent, list []expectation) (refused bool) {
	for i, e := range events {
		causeFirst := earlier(events, i, e.cause)
		recorded, known := r.byKey[e.cause]
		switch {
		case e.invalid, e.cause != "" && causeFirst < 0 && !known:
			list[i].status, refused = audit.RecordInvalid, true
		case causeFirst >= 0:
			list[i].causeFirst = causeFirst
		case known:
			list[i].cause = &recorded.id
		}
	}
	return refused
}

// earlier is the first event before i that is valid by itself and has the key,
// -1 for none.
func earlier(events []ruledEvent, i int, key string) int {
	for n, e := range events[:i] {
		if key != "" && e.key == key && !e.invalid {
			return n
		}
	}
	return -1
}

// settle takes the events one after another.
func (r *rules) settle(events []ruledEvent, list []expectation) {
	holders := map[string]int{}
	for i, e := range events {
		if list[i].status != 0 {
			continue
		}
		if cause := list[i].causeFirst; cause >= 0 && list[cause].status == audit.RecordInvalid {
			list[i].status = audit.RecordInvalid
			continue
		}
		recorded, known := r.byKey[e.key]
		holder, held := holders[e.key]
		switch {
		case e.key != "" && known:
			list[i].status, list[i].id = against(e, recorded.ruledEvent), &recorded.id
		case held:
			list[i].status, list[i].first = against(e, events[holder]), holder
		case e.content == poison:
			list[i].status = audit.RecordInvalid
		default:
			list[i].status = audit.RecordCreated
			if e.key != "" {
				holders[e.key] = i
			}
		}
	}
}

func against(e, holder ruledEvent) audit.RecordStatus {
	if e.same(holder) {
		return audit.RecordDuplicate
	}
	return audit.RecordConflict
}

// settleAtomic takes all or none; nil says that the call fails as a whole. A key
// with two contents in the call refuses it before anything recorded is looked at.
func (r *rules) settleAtomic(events []ruledEvent, list []expectation) []expectation {
	refused := false
	for i, e := range events {
		if holder := earlier(events, i, e.key); holder >= 0 && !e.same(events[holder]) {
			list[i].status, refused = audit.RecordConflict, true
		}
	}
	if refused {
		return skip(list)
	}
	for _, e := range events {
		if e.content == poison && len(events) > 1 {
			return nil
		}
	}
	r.settle(events, list)
	for i := range list {
		refused = refused || list[i].status == audit.RecordConflict
	}
	if !refused {
		return list
	}
	for i := range list {
		if list[i].id == nil {
			list[i].status = 0
		}
	}
	return skip(list)
}

// skip ends a refused atomic call.
func skip(list []expectation) []expectation {
	for i := range list {
		if list[i].status == 0 {
			list[i] = expectation{status: audit.RecordSkipped, first: -1, causeFirst: -1}
		}
	}
	return list
}
