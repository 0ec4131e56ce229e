package audit

import (
	"context"
	"time"
)

// pause is the waiting of one writer while the database is unavailable. The
// batches it writes together share it, so that many organizations wait no longer
// than one.
type pause struct {
	patience time.Duration
	since    time.Time // of the first failure; zero: none yet
	delay    time.Duration
}

func newPause(patience time.Duration) *pause {
	return &pause{patience: patience, delay: 5 * time.Millisecond}
}

// begin starts the waiting, after a failure, of one group that waits by itself.
func (p *pause) begin() *pause {
	if p.since.IsZero() {
		p.since = time.Now()
	}
	own := *p
	return &own
}

// over says, after a failure, whether patience or ctx has ended. Tries that take
// long count as waiting.
func (p *pause) over(ctx context.Context) bool {
	if p.since.IsZero() {
		p.since = time.Now()
	}
	return ctx.Err() != nil || time.Since(p.since) >= p.patience
}

// wait pauses before another try, twice as long each time up to a second.
func (p *pause) wait(ctx context.Context) {
	timer := time.NewTimer(p.delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
		p.delay = min(2*p.delay, time.Second)
	}
}
