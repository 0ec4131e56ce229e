package audit

import (
	"slices"
	"sync"
	"time"
)

// queue holds the submissions that wait for a commit: one line per
// organization, and the organizations that have something waiting in turn, so
// that a busy one does not starve the others. An organization is with one
// writer at a time.
type queue struct {
	mu      sync.Mutex
	waiting *sync.Cond

	maxEvents, maxBytes int
	maxLines            int // in one call
	events, bytes       int // of what was accepted and is not yet answered
	lines               map[OrganizationID]*line
	ready               []*line // that have something waiting and are with no writer
	writing             int     // lines with writers, apart from calls that take long
	closed              bool
}

// line is what waits for one organization.
type line struct {
	organization  OrganizationID
	waiting       []*submission
	events, bytes int // accepted and not yet answered
	writing       bool
	alone         bool // what comes next goes into a call of its own
}

// batch is what a writer takes of one line.
type batch struct {
	line        *line
	submissions []*submission
	events      int
	alone       bool // no other line joins it
	call        *call
}

// call is what a writer takes at once.
type call struct {
	lines int // that the queue counts as being written
	timer *time.Timer
}

// slow is how long others wait to share a commit with more of them. It bounds
// what a call that hangs does to organizations it has nothing of.
const slow = 50 * time.Millisecond

func newQueue(maxEvents, maxBytes, maxLines int) *queue {
	q := &queue{maxEvents: maxEvents, maxBytes: maxBytes, maxLines: maxLines, lines: map[OrganizationID]*line{}}
	q.waiting = sync.NewCond(&q.mu)
	return q
}

// push accepts a submission or fails with CodeOverloaded. One organization may
// fill half of the queue; the rest is left for others. What is larger than that
// is taken when nothing else waits: trying it again later would not make it fit.
func (q *queue) push(s *submission) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return overloaded("The server is shutting down. Try again.")
	}
	l := q.lines[s.organization]
	if l == nil {
		l = &line{organization: s.organization}
	}
	events, size := s.open(), s.size()
	if q.events > 0 && exceeds(q.events+events, q.maxEvents, q.bytes+size, q.maxBytes) {
		return overloaded("More events are waiting than this server takes. Try again.")
	}
	if l.events > 0 && exceeds(l.events+events, q.maxEvents/2, l.bytes+size, q.maxBytes/2) {
		return overloaded("More events of this organization are waiting than this server takes. Try again.")
	}
	q.lines[s.organization] = l
	q.events, q.bytes = q.events+events, q.bytes+size
	l.events, l.bytes = l.events+events, l.bytes+size
	s.accepted, s.leave = events, func() { q.leave(l, events, size) }
	l.waiting = append(l.waiting, s)
	if !l.writing && len(l.waiting) == 1 {
		q.ready = append(q.ready, l)
	}
	q.wake()
	return nil
}

func exceeds(events, maxEvents, bytes, maxBytes int) bool {
	return events > maxEvents || bytes > maxBytes
}

func overloaded(message string) error {
	return &Error{Code: CodeOverloaded, RetryAfter: time.Second, Message: message}
}

// take waits until enough is ready and gives up to maxLines batches of at most
// maxEvents events in all (a single larger submission goes alone). It gives nil
// once the queue is closed and empty.
func (q *queue) take(maxEvents int) []*batch {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.enough() {
		if q.closed && len(q.ready) == 0 {
			return nil
		}
		q.waiting.Wait()
	}
	batches := q.takeReady(maxEvents)
	q.begin(batches)
	q.wake() // another writer, where enough is left
	return batches
}

// wake makes a writer look at what is ready.
func (q *queue) wake() {
	if q.closed {
		q.waiting.Broadcast()
	} else if q.enough() {
		q.waiting.Signal()
	}
}

// enough says whether to begin a call beside those under way. A commit costs
// much and each event in it little, so events wait for one another until there
// are as many as lines are being written, or as share a call. Nobody waits when
// nothing is being written.
func (q *queue) enough() bool {
	events := 0
	for _, l := range q.ready {
		if events += l.events; events >= min(q.writing, q.maxLines) {
			return true
		}
	}
	return false
}

func (q *queue) takeReady(maxEvents int) []*batch {
	first := q.takeFirst(maxEvents)
	if first.alone {
		return []*batch{first}
	}
	batches, room, share := []*batch{first}, maxEvents-first.events, maxEvents/shares
	for room > 0 && len(batches) < q.maxLines && len(q.ready) > 0 {
		l := q.ready[0]
		limit := min(room, share)
		if l.alone || l.waiting[0].accepted > limit {
			break
		}
		next := q.takeLine(limit)
		batches, room = append(batches, next), room-next.events
	}
	return batches
}

// begin counts the batches as being written, for a while.
func (q *queue) begin(batches []*batch) {
	c := &call{lines: len(batches)}
	for _, b := range batches {
		b.call = c
	}
	q.writing += c.lines
	c.timer = time.AfterFunc(slow, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.end(c, c.lines)
	})
}

// end counts lines of a call as written, unless it took long.
func (q *queue) end(c *call, lines int) {
	lines = min(lines, c.lines)
	c.lines -= lines
	q.writing -= lines
	if c.lines == 0 {
		c.timer.Stop()
	}
	q.wake()
}

// shares is into how many parts a commit is divided when several organizations
// wait. What is larger goes alone, so that nobody with few events waits for much
// of somebody else's.
const shares = 8

// takeFirst takes of the line whose turn it is.
func (q *queue) takeFirst(maxEvents int) *batch {
	share := maxEvents / shares
	l := q.ready[0]
	if len(q.ready) == 1 || l.alone {
		share = maxEvents
	}
	b := q.takeLine(share)
	b.alone = l.alone || b.events > share
	l.alone = false
	return b
}

func (q *queue) takeLine(maxEvents int) *batch {
	l := q.ready[0]
	q.ready = q.ready[1:]
	l.writing = true
	b := &batch{line: l, submissions: l.take(maxEvents)}
	for _, s := range b.submissions {
		b.events += s.accepted
	}
	return b
}

func (l *line) take(maxEvents int) []*submission {
	n, events := 0, 0
	for n < len(l.waiting) && (n == 0 || events+l.waiting[n].accepted <= maxEvents) {
		events += l.waiting[n].accepted
		n++
	}
	taken := l.waiting[:n:n]
	l.waiting = l.waiting[n:]
	return taken
}

// leave gives room back. A submission leaves before its caller hears of it, so
// that whoever sends one call after another never finds itself in the way.
func (q *queue) leave(l *line, events, size int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.events, q.bytes = q.events-events, q.bytes-size
	l.events, l.bytes = l.events-events, l.bytes-size
}

// done gives a line back after its batch was answered.
func (q *queue) done(b *batch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := b.line
	clear(b.submissions) // the line's array would keep them in memory
	l.writing = false
	if len(l.waiting) > 0 {
		q.ready = append(q.ready, l)
	} else {
		delete(q.lines, l.organization)
	}
	q.end(b.call, 1)
}

// postpone puts a batch back to the front of its line, to be taken alone.
func (q *queue) postpone(b *batch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := b.line
	l.waiting = slices.Concat(b.submissions, l.waiting)
	l.writing, l.alone = false, true
	q.ready = append(q.ready, l)
	q.end(b.call, 1)
}

// close refuses what comes from now on; writers finish what is waiting.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.waiting.Broadcast()
}
