package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"daybook/audit"
)

// fault is what goes wrong with one group.
type fault int

const (
	goesWell fault = iota
	isRejected
	isUnavailable
	isLostBefore // the connection is lost, and nothing was written
	isLostAfter  // the connection is lost after the commit
	isBusy       // somebody else is recording; alone, the group waits
)

// faulty is an engine that goes wrong as a test wants, and can be held back
// until calls wait.
type faulty struct {
	audit.Appender

	mu      sync.Mutex
	fault   func(audit.Group) fault // asked for every group
	settles int                     // how many calls of Settle fail
	groups  []audit.OrganizationID  // whose groups came, in their order
	gate    chan struct{}           // Append waits until it is closed
	held    chan struct{}           // a value for each Append that waits
}

func newFaulty(engine audit.Appender) *faulty {
	f := &faulty{Appender: engine, gate: make(chan struct{}), held: make(chan struct{}, 1000)}
	close(f.gate)
	return f
}

// goWrong sets the fault of every group from now on.
func (f *faulty) goWrong(fault func(audit.Group) fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault = fault
}

// goWrongInTurn gives the first groups these faults.
func (f *faulty) goWrongInTurn(faults ...fault) {
	f.goWrong(func(audit.Group) fault {
		if len(faults) == 0 {
			return goesWell
		}
		next := faults[0]
		faults = faults[1:]
		return next
	})
}

func (f *faulty) failSettles(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.settles = n
}

// hold keeps every Append waiting until release.
func (f *faulty) hold() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gate = make(chan struct{})
}

func (f *faulty) release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.gate)
}

// Append implements [audit.Appender].
func (f *faulty) Append(ctx context.Context, groups []audit.Group) []audit.Outcome {
	faults := f.arrive(ctx, groups)
	outcomes := make([]audit.Outcome, len(groups))
	var sent []audit.Group
	var places []int
	for i, group := range groups {
		if outcomes[i].Err = faults[i].before(len(groups) == 1); outcomes[i].Err == nil {
			sent, places = append(sent, group), append(places, i)
		}
	}
	if len(sent) == 0 {
		return outcomes
	}
	for n, outcome := range f.Appender.Append(ctx, sent) {
		if faults[places[n]] == isLostAfter {
			outcome = audit.Outcome{Err: fmt.Errorf("%w: the answer was lost", audit.ErrUnknownOutcome)}
		}
		outcomes[places[n]] = outcome
	}
	return outcomes
}

func (k fault) before(alone bool) error {
	switch k {
	case isBusy:
		if alone {
			return nil
		}
		return fmt.Errorf("%w: as the test wants", audit.ErrBusy)
	case isRejected:
		return fmt.Errorf("%w: as the test wants", audit.ErrRejected)
	case isUnavailable:
		return fmt.Errorf("%w: as the test wants", audit.ErrUnavailable)
	case isLostBefore:
		return fmt.Errorf("%w: the statement was lost", audit.ErrUnknownOutcome)
	default:
		return nil
	}
}

// arrive notes the groups, waits while they are held, and gives their faults.
func (f *faulty) arrive(ctx context.Context, groups []audit.Group) []fault {
	f.mu.Lock()
	gate := f.gate
	faults := make([]fault, len(groups))
	for i, group := range groups {
		f.groups = append(f.groups, group.Organization)
		if f.fault != nil {
			faults[i] = f.fault(group)
		}
	}
	f.mu.Unlock()
	select {
	case <-gate:
		return faults
	default:
	}
	f.held <- struct{}{}
	select {
	case <-gate:
	case <-ctx.Done():
	}
	return faults
}

// Settle implements [audit.Appender].
func (f *faulty) Settle(ctx context.Context, group audit.Group) ([]audit.Appended, error) {
	f.mu.Lock()
	fails := f.settles > 0
	f.settles--
	f.mu.Unlock()
	if fails {
		return nil, fmt.Errorf("%w: as the test wants", audit.ErrUnavailable)
	}
	return f.Appender.Settle(ctx, group)
}

// poison is the name of events that the engine rejects.
const poison = "poison"

// rejectPoison rejects groups with a poisoned event in them.
func rejectPoison(group audit.Group) fault {
	for _, e := range group.Entries {
		if e.EventName != nil && *e.EventName == poison {
			return isRejected
		}
	}
	return goesWell
}

// call is a call of Record that was started.
type call struct {
	answered chan struct{}
	list     []audit.RecordResult
	err      error
}

// start makes a call and returns when its events are accepted, or answered.
func start(r *audit.Recorder, organization audit.OrganizationID, atomic bool, events ...audit.EventInput) *call {
	c := &call{answered: make(chan struct{})}
	ctx := &awaited{Context: context.Background(), accepted: make(chan struct{})}
	go func() {
		defer close(c.answered)
		c.list, c.err = r.Record(ctx, organization, events, atomic)
	}()
	select {
	case <-ctx.accepted:
	case <-c.answered:
	}
	return c
}

// awaited is a context that tells when its end is waited for: Record does so
// once it has accepted the events (of which none names a cause, whose look-up
// waits as well).
type awaited struct {
	context.Context //nolint:containedctx // it is one
	once            sync.Once
	accepted        chan struct{}
}

// Done implements [context.Context].
func (c *awaited) Done() <-chan struct{} {
	c.once.Do(func() { close(c.accepted) })
	return c.Context.Done()
}

func (c *call) results(t *testing.T) []audit.RecordResult {
	t.Helper()
	<-c.answered
	if c.err != nil {
		t.Fatalf("Record: %v", c.err)
	}
	return c.list
}

// together makes calls that go into one group, behind one event that goes
// alone.
func (f *faulty) together(r *audit.Recorder, organization audit.OrganizationID, calls int, events func(i int) []audit.EventInput) []*call {
	f.hold()
	first := start(r, organization, false, input())
	<-f.held
	started := make([]*call, calls)
	for i := range started {
		started[i] = start(r, organization, false, events(i)...)
	}
	f.release()
	<-first.answered
	return started
}
