// Package load makes many callers call at once, and says how often and how fast
// they were answered.
package load

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Call is one request of one caller: it returns how many events were recorded
// when the answer has come.
type Call func(ctx context.Context) (events int, err error)

// Window is when to measure.
type Window struct {
	Warm   time.Duration // callers call, but nothing counts
	Length time.Duration
	// Begin and End are called at the edges of the window.
	Begin, End func()
}

// Result is what was measured within a window.
type Result struct {
	Events   int64
	Elapsed  time.Duration
	P50, P99 time.Duration // of one call
}

// Rate is the number of events in a second.
func (r Result) Rate() float64 {
	if r.Elapsed == 0 {
		return 0
	}
	return float64(r.Events) / r.Elapsed.Seconds()
}

// Run lets each caller call again and again, the next time as soon as it is
// answered. What is answered within the window counts. The first error ends it.
func Run(ctx context.Context, callers []Call, window Window) (Result, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	s := &samples{}
	var running sync.WaitGroup
	for _, call := range callers {
		running.Go(func() {
			if err := s.caller(ctx, call); err != nil {
				stop(err)
			}
		})
	}
	result := s.measure(ctx, window)
	s.ended.Store(true)
	running.Wait()
	if err := context.Cause(ctx); err != nil {
		return Result{}, err
	}
	result.P50, result.P99 = Percentiles(s.latencies)
	return result, nil
}

// samples are what the callers saw.
type samples struct {
	counting, ended atomic.Bool
	events          atomic.Int64

	mutex     sync.Mutex
	latencies []time.Duration
}

// measure opens the window and closes it.
func (s *samples) measure(ctx context.Context, window Window) Result {
	wait(ctx, window.Warm)
	window.Begin()
	s.counting.Store(true)
	begun := time.Now()
	wait(ctx, window.Length)
	s.counting.Store(false)
	result := Result{Events: s.events.Load(), Elapsed: time.Since(begun)}
	window.End()
	return result
}

func (s *samples) caller(ctx context.Context, call Call) error {
	var latencies []time.Duration
	for !s.ended.Load() {
		begun := time.Now()
		events, err := call(ctx)
		if err != nil {
			return err
		}
		if s.counting.Load() {
			s.events.Add(int64(events))
			latencies = append(latencies, time.Since(begun))
		}
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.latencies = append(s.latencies, latencies...)
	return nil
}

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Percentiles are the median and the 99th percentile. It sorts the latencies.
func Percentiles(latencies []time.Duration) (p50, p99 time.Duration) {
	if len(latencies) == 0 {
		return 0, 0
	}
	slices.Sort(latencies)
	return latencies[len(latencies)/2], latencies[len(latencies)*99/100]
}
