package audit

import (
	"context"
	"time"
)

// item is one event of a submission on its way.
type item struct {
	index    int
	entry    *Entry // nil when the input was invalid
	result   RecordResult
	done     bool     // result is final
	causeKey [16]byte // key of the cause, when given by key
	cause    *item    // the cause, when it is an earlier event of the same call
	position int      // index in the group of the current attempt, -1 when not in it
	holder   *item    // the item of this group that has the same key and content
}

func (it *item) refuse(problem Problem) {
	it.entry = nil
	it.finish(RecordInvalid, nil, problem)
}

func (it *item) finish(status RecordStatus, id *EventID, problems ...Problem) {
	it.result.Status, it.result.EventID, it.result.Problems = status, id, problems
	it.done = true
}

// submission is one call of Record.
type submission struct {
	organization OrganizationID
	inputs       []EventInput
	items        []*item
	atomic       bool
	accepted     struct{ events, bytes int }
	answered     chan struct{}
	err          error
}

func newSubmission(organization OrganizationID, inputs []EventInput, atomic bool, latest time.Time, redaction *Redaction) *submission {
	s := &submission{organization: organization, inputs: inputs, atomic: atomic, answered: make(chan struct{})}
	s.items = make([]*item, len(inputs))
	for i := range inputs {
		it := &item{index: i, position: -1}
		it.result.Index = i
		entry, problems := prepare(&inputs[i], latest, redaction)
		if it.entry = entry; entry == nil {
			it.finish(RecordInvalid, nil, problems...)
		}
		s.items[i] = it
	}
	return s
}

func (s *submission) anyRefused() bool {
	for _, it := range s.items {
		if it.done && it.result.Status == RecordInvalid {
			return true
		}
	}
	return false
}

// skipOpen ends a refused atomic call.
func (s *submission) skipOpen() {
	for _, it := range s.items {
		if !it.done {
			it.finish(RecordSkipped, nil)
		}
	}
}

// open is the number of events without a final result.
func (s *submission) open() int {
	n := 0
	for _, it := range s.items {
		if !it.done {
			n++
		}
	}
	return n
}

func (s *submission) size() int {
	n := 0
	for _, it := range s.items {
		if !it.done {
			n += it.entry.Size
		}
	}
	return n
}

func (s *submission) results() []RecordResult {
	results := make([]RecordResult, len(s.items))
	for i, it := range s.items {
		results[i] = it.result
	}
	return results
}

// answer releases the caller, once.
func (s *submission) answer(err error) {
	select {
	case <-s.answered:
	default:
		s.err = err
		close(s.answered)
	}
}

// attempt is the work on one batch: what is known of its keys, and how much of
// it goes into one group.
type attempt struct {
	organization OrganizationID
	submissions  []*submission
	recorded     map[[16]byte]Existing // keys known to be recorded
	limit        int                   // events in one group, halved to find a poisoned one
	current      []*item               // what the group under way carries
	delay        time.Duration
	waited       time.Duration
}

func newAttempt(b *batch) *attempt {
	a := &attempt{
		organization: b.line.organization, submissions: b.submissions,
		recorded: map[[16]byte]Existing{}, delay: 5 * time.Millisecond,
	}
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
		settled, conflict := a.settleKey(it, holders, s.atomic)
		refused = refused || conflict
		if settled {
			continue
		}
		it.position = len(a.current)
		a.current = append(a.current, it)
		if it.entry.KeyHash != nil {
			holders[*it.entry.KeyHash] = it
		}
	}
	if refused && s.atomic {
		a.withdraw(s, start, holders)
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

// settleKey settles an item by its key: against what is recorded, or against an
// earlier item of the same group. An item that shares key and group with another
// is left for the next plan, when the other is recorded, unless it would have to
// take its atomic submission out of this group.
func (a *attempt) settleKey(it *item, holders map[[16]byte]*item, atomic bool) (settled, conflict bool) {
	if it.entry.KeyHash == nil {
		return false, false
	}
	key := *it.entry.KeyHash
	if existing, ok := a.recorded[key]; ok {
		if existing.Fingerprint == it.entry.Fingerprint {
			it.finish(RecordDuplicate, &existing.ID)
			return true, false
		}
		it.conflict(&existing.ID)
		return true, true
	}
	holder := holders[key]
	switch {
	case holder == nil:
		return false, false
	case atomic && holder.entry.Fingerprint != it.entry.Fingerprint:
		it.conflict(nil)
		return true, true
	default:
		it.holder = holder
		return true, false
	}
}

func (it *item) conflict(existing *EventID) {
	it.finish(RecordConflict, existing, Problem{
		Path: "/idempotencyKey", Code: ProblemKeyReused, Message: "was used before for an event with other content",
	})
}

// withdraw takes a refused atomic submission out of the group again.
func (a *attempt) withdraw(s *submission, start int, holders map[[16]byte]*item) {
	for _, it := range a.current[start:] {
		if it.entry.KeyHash != nil && holders[*it.entry.KeyHash] == it {
			delete(holders, *it.entry.KeyHash)
		}
		it.position = -1
	}
	a.current = a.current[:start]
	s.skipOpen()
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

// divide halves the next group, or refuses the one event that is left.
func (a *attempt) divide(cause error) {
	if len(a.current) > 1 {
		a.limit = len(a.current) / 2
		if whole := a.atomicAlone(); whole != nil {
			whole.answer(&Error{
				Code: CodeBadInput, Path: "events", Cause: cause,
				Message: "The database cannot keep one of these events; nothing of this atomic call was recorded.",
			})
			whole.skipOpen()
		}
		return
	}
	a.current[0].refuse(Problem{Code: ProblemBadFormat, Message: "cannot be kept by the database"})
	a.limit = MaxRecordEvents
}

// atomicAlone is the atomic submission that alone makes up the group under way.
func (a *attempt) atomicAlone() *submission {
	for _, s := range a.submissions {
		if !s.atomic || s.open() != len(a.current) {
			continue
		}
		for _, it := range s.items {
			if it == a.current[0] {
				return s
			}
		}
	}
	return nil
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

// wait pauses before another try, twice as long each time; false when patience
// or ctx has ended.
func (a *attempt) wait(ctx context.Context, patience time.Duration) bool {
	if a.waited >= patience {
		return false
	}
	timer := time.NewTimer(a.delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		a.waited += a.delay
		a.delay = min(2*a.delay, time.Second)
		return true
	}
}
