package audit

import "time"

// item is one event of a submission on its way.
type item struct {
	of       *submission
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
	accepted     int    // events, when it was accepted
	leave        func() // gives back its room in the queue
	answered     chan struct{}
	err          error
}

func newSubmission(organization OrganizationID, inputs []EventInput, atomic bool, latest time.Time, redaction *Redaction) *submission {
	s := &submission{organization: organization, inputs: inputs, atomic: atomic, answered: make(chan struct{})}
	s.items = make([]*item, len(inputs))
	for i := range inputs {
		it := &item{of: s, index: i, position: -1}
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
		s.leave()
		close(s.answered)
	}
}
