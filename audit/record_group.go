package audit

// attempt is the work on one batch: what is known of its keys, and how much of
// it goes into one group.
type attempt struct {
	batch        *batch
	organization OrganizationID
	submissions  []*submission
	recorded     map[[16]byte]Existing // keys known to be recorded
	limit        int                   // events in one group, halved to find a poisoned one
	current      []*item               // what the group under way carries
}

func newAttempt(b *batch) *attempt {
	a := &attempt{batch: b, organization: b.line.organization, submissions: b.submissions, recorded: map[[16]byte]Existing{}}
	for _, s := range b.submissions {
		a.limit += s.open()
	}
	return a
}

// plan settles what can be settled from known keys and gives the next group.
// An empty group means that nothing is left to do.
func (a *attempt) plan() Group {
	a.current = a.current[:0]
	holders := map[[16]byte]*item{}
	for _, s := range a.submissions {
		if len(a.current) > 0 && len(a.current)+s.open() > a.limit && s.atomic {
			continue // in one of the next groups, whole
		}
		a.planSubmission(s, holders)
	}
	group := Group{Organization: a.organization, Token: newToken(), Entries: make([]*Entry, len(a.current))}
	for i, it := range a.current {
		a.setCause(it)
		group.Entries[i] = it.entry
	}
	return group
}

// planSubmission puts a submission's open items into the group. Of an atomic
// one all or none.
func (a *attempt) planSubmission(s *submission, holders map[[16]byte]*item) {
	start, refused := len(a.current), false
	for _, it := range s.items {
		it.position, it.holder = -1, nil
		if it.done || (!s.atomic && len(a.current) >= a.limit) || it.waitsForCause() {
			continue
		}
		switch a.settleKey(it, holders) {
		case keyIsFree:
			it.position = len(a.current)
			a.current = append(a.current, it)
			if it.entry.KeyHash != nil {
				holders[*it.entry.KeyHash] = it
			}
		case keyRefusesCall:
			refused = true
		case keyIsInDoubt:
			a.takeOut(start, holders)
			return
		case keyIsSettled:
		}
	}
	if refused {
		a.takeOut(start, holders)
		s.skipOpen()
	}
}

// waitsForCause says whether the item cannot go into the group yet, because its
// cause goes into a later one. An item whose cause was refused is refused too.
func (it *item) waitsForCause() bool {
	cause := it.cause
	switch {
	case cause == nil || cause.position >= 0 || cause.holder != nil:
		return false
	case cause.done && cause.result.EventID == nil:
		it.refuse(unknownKeyCause)
		return true
	default:
		return !cause.done
	}
}

// keyState is what an item's key says about its place in the group.
type keyState int

const (
	keyIsFree      keyState = iota // the item may go in
	keyIsSettled                   // the item has its result, or gets it when its holder is recorded
	keyRefusesCall                 // the item has its result, which refuses its atomic call
	keyIsInDoubt                   // what becomes of another call's item decides about the item's atomic call
)

// settleKey settles an item by its key: against what is recorded, or against an
// earlier item of the same group. An item that shares key and group with another
// is left for the next plan, when the other is recorded, and with other content
// its whole atomic submission is.
func (a *attempt) settleKey(it *item, holders map[[16]byte]*item) keyState {
	if it.entry.KeyHash == nil {
		return keyIsFree
	}
	if existing, ok := a.recorded[*it.entry.KeyHash]; ok {
		if existing.Fingerprint == it.entry.Fingerprint {
			it.finish(RecordDuplicate, &existing.ID)
			return keyIsSettled
		}
		return it.conflict(&existing.ID)
	}
	holder := holders[*it.entry.KeyHash]
	switch {
	case holder == nil:
		return keyIsFree
	case !it.of.atomic || holder.entry.Fingerprint == it.entry.Fingerprint:
		it.holder = holder
		return keyIsSettled
	case holder.of == it.of:
		return it.conflict(nil)
	default:
		return keyIsInDoubt
	}
}

func (it *item) conflict(existing *EventID) keyState {
	it.finish(RecordConflict, existing, Problem{
		Path: "/idempotencyKey", Code: ProblemKeyReused, Message: "was used before for an event with other content",
	})
	if it.of.atomic {
		return keyRefusesCall
	}
	return keyIsSettled
}

// takeOut takes an atomic submission, of which the first item is at start, out
// of the group again.
func (a *attempt) takeOut(start int, holders map[[16]byte]*item) {
	for _, it := range a.current[start:] {
		if it.entry.KeyHash != nil {
			delete(holders, *it.entry.KeyHash)
		}
		it.position = -1
	}
	a.current = a.current[:start]
}

// setCause points an entry at the event that caused it.
func (a *attempt) setCause(it *item) {
	it.entry.CauseIndex = -1
	cause := it.cause
	if cause == nil {
		return
	}
	if cause.holder != nil {
		cause = cause.holder
	}
	switch {
	case cause.done && cause.result.EventID != nil:
		it.entry.Cause = cause.result.EventID
	case cause.position >= 0:
		it.entry.CauseIndex = cause.position
	}
}

// created notes the positions of the group under way.
func (a *attempt) created(appended []Appended) {
	a.limit *= 2
	for i, it := range a.current {
		id := appended[i].ID
		it.finish(RecordCreated, &id)
		if it.entry.KeyHash != nil {
			a.recorded[*it.entry.KeyHash] = Existing{ID: id, Fingerprint: it.entry.Fingerprint}
		}
	}
	a.answerFinished()
}

// found notes keys that turned out to be recorded; the next plan settles them.
func (a *attempt) found(group Group, found map[int]Existing) {
	for i, existing := range found {
		a.recorded[*group.Entries[i].KeyHash] = existing
	}
}

// divide halves the next group, or refuses what is left: one event, or an atomic
// submission. From there groups grow again with each success, so that many
// poisoned events cost no more tries than single events would.
func (a *attempt) divide(cause error) {
	first, last := a.current[0], a.current[len(a.current)-1]
	switch {
	case first == last:
		first.refuse(Problem{Code: ProblemBadFormat, Message: "cannot be kept by the database"})
	case first.of.atomic && first.of == last.of: // it stands together
		first.of.answer(&Error{
			Code: CodeBadInput, Path: "events", Cause: cause,
			Message: "The database cannot keep one of these events; nothing of this atomic call was recorded.",
		})
		first.of.skipOpen()
	default:
		a.limit = len(a.current) / 2
	}
}

// fail answers every open submission with an error.
func (a *attempt) fail(err error) {
	for _, s := range a.submissions {
		if s.open() > 0 {
			s.answer(err)
			s.skipOpen()
		}
	}
}

// answerFinished releases callers whose events are all settled.
func (a *attempt) answerFinished() {
	for _, s := range a.submissions {
		if s.open() == 0 {
			s.answer(nil)
		}
	}
}
