package audit

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Recorder records events.
//
// It promises: a result CREATED means that the event, its property rows and its
// journal row are durably committed; a crash after that loses nothing, a crash
// before it leaves nothing.
//
// What waits while a commit is under way goes together into the next one, so
// many callers share a commit and a lone caller waits for nobody.
type Recorder struct {
	appender Appender
	options  RecorderOptions
	queue    *queue
	workers  sync.WaitGroup
	stop     context.CancelFunc
}

// RecorderOptions are the bounds of a Recorder. Zero values take the defaults.
type RecorderOptions struct {
	// QueueEvents and QueueBytes bound what waits for a commit; beyond them calls
	// fail with CodeOverloaded. 20,000 events and 64 MiB by default.
	QueueEvents int
	QueueBytes  int
	// GroupEvents bounds what one commit carries: 500 by default. A call is never
	// divided over two commits.
	GroupEvents int
	// Patience is how long after its first failure a group is tried again while
	// the database is unavailable: 10 s by default.
	Patience time.Duration
	// Ahead is how far in the future occurredAt may lie: 24 hours by default.
	Ahead time.Duration
	// Redaction says which values must not be kept; nil keeps everything.
	Redaction *Redaction
	// Now is the clock; time.Now by default.
	Now func() time.Time
	// Log takes what goes wrong; slog.Default by default.
	Log *slog.Logger
}

func (o RecorderOptions) withDefaults() RecorderOptions {
	setDefault(&o.QueueEvents, 20_000)
	setDefault(&o.QueueBytes, 64<<20)
	setDefault(&o.GroupEvents, MaxRecordEvents)
	setDefault(&o.Patience, 10*time.Second)
	setDefault(&o.Ahead, defaultAhead)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

func setDefault[T comparable](value *T, to T) {
	var zero T
	if *value == zero {
		*value = to
	}
}

// MaxRecordEvents is how many events one call may carry.
const MaxRecordEvents = 500

// NewRecorder starts a Recorder over an engine. Close stops it.
func NewRecorder(appender Appender, options RecorderOptions) *Recorder {
	ctx, stop := context.WithCancel(context.Background())
	r := &Recorder{appender: appender, options: options.withDefaults(), stop: stop}
	writers, groups := appender.Lanes()
	r.queue = newQueue(r.options.QueueEvents, r.options.QueueBytes, groups)
	for range writers {
		r.workers.Go(func() { r.write(ctx) })
	}
	return r
}

// Close takes no more calls, finishes what was accepted, and returns. When ctx
// ends first, what is not yet committed is answered with an error.
func (r *Recorder) Close(ctx context.Context) error {
	r.queue.close()
	finished := make(chan struct{})
	go func() {
		r.workers.Wait()
		close(finished)
	}()
	select {
	case <-finished:
		r.stop()
		return nil
	case <-ctx.Done():
		r.stop()
		<-finished
		return fmt.Errorf("finish recording: %w", ctx.Err())
	}
}

// Record records events and says what became of each, in their order.
//
// An event with problems is INVALID and does not harm its neighbours, unless
// atomic is set: then all are recorded or none, and the valid ones of a refused
// call are SKIPPED. An idempotency key that is already recorded gives DUPLICATE
// for the same content and CONFLICT for other content.
//
// It fails as a whole with CodeBadInput for too many events, and with
// CodeOverloaded when the queue is full or the database stays unavailable;
// repeating the call is then safe for events with an idempotency key. When ctx
// ends first, what was accepted is still committed.
func (r *Recorder) Record(ctx context.Context, organization OrganizationID, events []EventInput, atomic bool) ([]RecordResult, error) {
	if len(events) > MaxRecordEvents {
		return nil, BadInput("events", "events has %d elements; one call takes at most %d.", len(events), MaxRecordEvents)
	}
	s := newSubmission(organization, events, atomic, r.options.Now().Add(r.options.Ahead), r.options.Redaction)
	if err := r.resolveCauses(ctx, s); err != nil {
		return nil, publicError(err)
	}
	if atomic && s.anyRefused() {
		s.skipOpen()
	}
	if s.open() == 0 {
		return s.results(), nil
	}
	if err := r.queue.push(s); err != nil {
		return nil, err
	}
	select {
	case <-s.answered:
		if s.err != nil {
			return nil, publicError(s.err)
		}
		return s.results(), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// publicError keeps errors that already have a code, and turns an unavailable
// database into one that says that repeating is safe.
func publicError(err error) error {
	var known *Error
	if errors.As(err, &known) || !(errors.Is(err, ErrUnavailable) || errors.Is(err, ErrUnknownOutcome)) {
		return err
	}
	return &Error{
		Code: CodeOverloaded, RetryAfter: time.Second, Cause: err,
		Message: "The database is not available at the moment. Try again; events with an idempotencyKey are recorded once only.",
	}
}

// write is one writer: it takes what is ready, appends it and answers.
func (r *Recorder) write(ctx context.Context) {
	for {
		batches := r.queue.take(r.options.GroupEvents)
		if batches == nil {
			return
		}
		r.append(ctx, batches)
	}
}

// append writes the batches, each until all its submissions are answered. A batch
// waits for no other: it is given back to the queue as soon as it is done.
func (r *Recorder) append(ctx context.Context, batches []*batch) {
	pause, again := newPause(r.options.Patience), false
	attempts := make([]*attempt, len(batches))
	for i, b := range batches {
		attempts[i] = newAttempt(b)
	}
	for {
		var groups []Group
		var open []*attempt
		for _, a := range attempts {
			if group := a.plan(); len(group.Entries) > 0 {
				groups, open = append(groups, group), append(open, a)
			} else {
				r.finish(a.batch)
			}
		}
		if len(open) == 0 {
			return
		}
		if again {
			pause.wait(ctx)
		}
		attempts, again = r.settleAll(ctx, open, groups, r.appender.Append(ctx, groups), pause)
	}
}

// settleAll applies the outcomes of one call. It gives the attempts that are not
// postponed, and says whether to pause before the next try. Groups of unknown
// outcome are asked about at once: the database may take its time for each.
func (r *Recorder) settleAll(ctx context.Context, open []*attempt, groups []Group, outcomes []Outcome, pause *pause) (kept []*attempt, again bool) {
	retries := make([]bool, len(open))
	var unknown sync.WaitGroup
	for i, outcome := range outcomes {
		switch {
		case errors.Is(outcome.Err, ErrBusy):
			r.queue.postpone(open[i].batch)
			continue
		case errors.Is(outcome.Err, ErrUnknownOutcome):
			own := pause.begin()
			unknown.Go(func() { retries[i] = r.settleUnknown(ctx, open[i], groups[i], outcome.Err, own) })
		default:
			retries[i] = r.settle(ctx, open[i], groups[i], outcome, pause)
		}
		kept = append(kept, open[i])
	}
	unknown.Wait()
	return kept, slices.Contains(retries, true)
}

// finish answers who is not yet answered and gives the line back.
func (r *Recorder) finish(b *batch) {
	for _, s := range b.submissions {
		s.answer(nil)
	}
	r.queue.done(b)
}

// settle applies the known outcome of one group to the submissions behind it. It
// says whether to pause before the next try.
func (r *Recorder) settle(ctx context.Context, a *attempt, group Group, outcome Outcome, pause *pause) (again bool) {
	switch {
	case outcome.Appended != nil:
		a.created(outcome.Appended)
	case outcome.Found != nil:
		a.found(group, outcome.Found)
	case errors.Is(outcome.Err, ErrRejected):
		a.divide(outcome.Err)
	case errors.Is(outcome.Err, ErrUnavailable) && !pause.over(ctx):
		return true
	default:
		r.options.Log.Error("recording failed", "organization", group.Organization, "events", len(group.Entries), "error", outcome.Err)
		a.fail(outcome.Err)
	}
	return false
}

// settleUnknown asks the engine what became of a group whose commit was cut off.
// It says whether the group was not written and is to be tried again.
func (r *Recorder) settleUnknown(ctx context.Context, a *attempt, group Group, cause error, pause *pause) (again bool) {
	for {
		appended, err := r.appender.Settle(ctx, group)
		switch {
		case err == nil && appended != nil:
			a.created(appended)
			return false
		case pause.over(ctx):
			r.options.Log.Error("recording failed at its commit", "organization", group.Organization, "events", len(group.Entries),
				"error", cause, "known", err == nil)
			a.fail(cause)
			return false
		case err == nil:
			return true
		}
		pause.wait(ctx)
	}
}

// newToken is a random number that tells one attempt's journal rows from all
// others of its organization.
func newToken() int64 {
	var raw [8]byte
	_, _ = rand.Read(raw[:]) // never fails: crypto/rand
	return int64(binary.BigEndian.Uint64(raw[:]))
}
