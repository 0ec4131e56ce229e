package storetest

import (
	"slices"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"daybook/audit"
)

// seen is what one query saw while others recorded.
type seen struct {
	query audit.EventQuery
	found []audit.EventID
	// The log had at least so many events when the query began, and at most so
	// many when it ended.
	least, most int
}

// anyQueryOfRealEventsAgreesWhileRecording asks drawn queries, each while a
// group of events is being recorded. Each must see the log as it was at one
// instant: with some of the groups, whole and in their order.
func anyQueryOfRealEventsAgreesWhileRecording(t *testing.T, w *workspace) {
	const queries, size = 300, 4
	entries := realEntries(t, 2000)
	before := len(entries) - queries*size
	appended := w.recordAll(t, w.org, entries[:before])
	values := valuesOf(newReference(entries[:before], w.read(t, w.org, appended)))

	var begun, ended atomic.Int64
	begun.Store(int64(before))
	ended.Store(int64(before))
	next, done := make(chan int), make(chan struct{})
	go func() {
		defer close(done)
		for at := range next {
			begun.Add(size)
			outcome := w.Append(w.ctx, []audit.Group{w.group(w.org, entries[at:at+size]...)})[0]
			if outcome.Err != nil {
				t.Errorf("record events %d to %d: %v", at, at+size, outcome.Err)
			}
			appended = append(appended, outcome.Appended...)
			ended.Add(size)
		}
	}()
	drawn := rapid.Custom(func(t *rapid.T) audit.EventQuery { return drawQuery(t, values) })
	var all []seen
	for i := range queries {
		next <- before + i*size // waits for the group before
		one := seen{query: drawn.Example(i), least: int(ended.Load())}
		events, err := w.FindEvents(w.ctx, w.org, one.query)
		if err != nil {
			t.Errorf("FindEvents(%s): %v", show(one.query), err)
			continue
		}
		one.found, one.most = idsOf(events), int(begun.Load())
		all = append(all, one)
	}
	close(next)
	<-done
	reference := newReference(entries, w.read(t, w.org, appended))
	for _, one := range all {
		reference.checkSeen(t, one, size)
	}
}

// checkSeen expects of a query what the reference answers of the log at one of
// the instants.
func (r *reference) checkSeen(t *testing.T, one seen, step int) {
	t.Helper()
	var want []audit.EventID
	for length := one.least; length <= one.most; length += step {
		then := reference{recorded: r.recorded[:length]}
		if want = then.find(one.query); slices.Equal(one.found, want) {
			return
		}
	}
	t.Errorf("FindEvents(%s) with %d to %d events gave %s; in the end %s", show(one.query), one.least, one.most, showIDs(one.found), showIDs(want))
}
