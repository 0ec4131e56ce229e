package audit

import "context"

// resolveCauses finds what the events say caused them. A key names an earlier
// event of the same call or one already recorded.
func (r *Recorder) resolveCauses(ctx context.Context, s *submission) error {
	var ids []EventID
	var keys [][16]byte
	earlier := map[[16]byte]*item{}
	for _, it := range s.items {
		if it.entry != nil {
			switch cause := s.inputs[it.index].CausedBy; {
			case cause == nil:
			case it.entry.Cause != nil:
				ids = append(ids, *it.entry.Cause)
			default:
				it.causeKey = keyHash(*cause.IdempotencyKey)
				if it.cause = earlier[it.causeKey]; it.cause == nil {
					keys = append(keys, it.causeKey)
				}
			}
			if key := it.entry.KeyHash; key != nil && earlier[*key] == nil {
				earlier[*key] = it
			}
		}
	}
	if len(ids)+len(keys) == 0 {
		return nil
	}
	have, err := r.appender.HaveEvents(ctx, s.organization, eventIDs(ids))
	if err != nil {
		return err
	}
	found, err := r.appender.FindKeys(ctx, s.organization, keys)
	if err != nil {
		return err
	}
	for _, it := range s.items {
		it.checkCause(have, found)
	}
	return nil
}

// unknownKeyCause is the problem of a cause that is not recorded.
var unknownKeyCause = Problem{
	Path: "/causedBy/idempotencyKey", Code: ProblemUnknownReference,
	Message: "names neither a recorded event nor one before this one in the same call",
}

// checkCause refuses an item whose cause is not recorded.
func (it *item) checkCause(have map[EventID]bool, found map[[16]byte]Existing) {
	switch {
	case it.entry == nil:
	case it.entry.Cause != nil && !have[*it.entry.Cause]:
		it.refuse(Problem{Path: "/causedBy/eventId", Code: ProblemUnknownReference, Message: "names no recorded event"})
	case it.causeKey == [16]byte{} || it.cause != nil:
	default:
		if existing, ok := found[it.causeKey]; ok {
			it.entry.Cause = &existing.ID
			return
		}
		it.refuse(unknownKeyCause)
	}
}
