package store

import (
	"context"
	"sync"
	"time"

	"daybook/audit"
)

// advances are the organizations whose journals have grown beyond what followers
// have seen, as far as this program knows, and how busy its recorder is.
type advances struct {
	wake chan struct{} // has a value when an organization was added

	mutex     sync.Mutex
	queue     []audit.OrganizationID // the one that waits longest comes first
	waiting   map[audit.OrganizationID]advance
	events    int64 // of all that wait, about
	recording int   // calls under way
	recorded  time.Time
}

// advance is how long an organization waits, with how many events.
type advance struct {
	since  time.Time
	events int64
}

func newAdvances() *advances {
	return &advances{wake: make(chan struct{}, 1), waiting: map[audit.OrganizationID]advance{}}
}

// begin notes that a call begins to record.
func (a *advances) begin() {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.recording++
}

// end notes that a call of begin has recorded the groups that have outcomes.
func (a *advances) end(groups []audit.Group, outcomes []audit.Outcome) {
	for i, outcome := range outcomes {
		if len(outcome.Appended) > 0 {
			a.add(groups[i].Organization, int64(len(outcome.Appended)))
		}
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.recording--
	a.recorded = time.Now()
}

// add puts an organization into the queue, or events to those it is there with.
func (a *advances) add(organization audit.OrganizationID, events int64) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	known, waits := a.waiting[organization]
	if !waits {
		a.queue = append(a.queue, organization)
		known.since = time.Now()
	}
	known.events += events
	a.waiting[organization] = known
	a.events += events
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// has says whether an organization is in the queue.
func (a *advances) has(organization audit.OrganizationID) bool {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	_, waits := a.waiting[organization]
	return waits
}

// next takes the organization that waits longest.
func (a *advances) next() (organization audit.OrganizationID, since time.Time, found bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if len(a.queue) == 0 {
		return 0, time.Time{}, false
	}
	organization, a.queue = a.queue[0], a.queue[1:]
	one := a.waiting[organization]
	delete(a.waiting, organization)
	a.events -= one.events
	return organization, one.since, true
}

// busy says whether something is or was just recorded, and how many events wait.
func (a *advances) busy(quiet time.Duration) (busy bool, events int64) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.recording > 0 || time.Since(a.recorded) < quiet, a.events
}

// waitForRecorder returns when the recorder is quiet, or patience with it is at
// its end.
func (a *advances) waitForRecorder(ctx context.Context, pace followPace, since time.Time) {
	for ctx.Err() == nil && time.Since(since) < pace.patience {
		if busy, events := a.busy(pace.quiet); !busy || events >= pace.patientEvents {
			return
		}
		pause(ctx, pace.quiet)
	}
}

// rest leaves the database to a busy recorder for a while, after some work.
func (a *advances) rest(ctx context.Context, pace followPace, worked time.Duration) {
	if busy, _ := a.busy(pace.quiet); busy {
		pause(ctx, time.Duration(pace.rest)*worked)
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
