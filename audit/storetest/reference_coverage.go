package storetest

import (
	"time"

	"daybook/audit"
)

// coverage gives what FindCoverage must give.
func (r *reference) coverage() *audit.Coverage {
	var c audit.Coverage
	for _, one := range r.recorded {
		event := one.event
		if c.OldestOccurredAt == nil || event.OccurredAt.Before(*c.OldestOccurredAt) {
			c.OldestOccurredAt = &event.OccurredAt
		}
		if event.Sequence == 1 {
			c.OldestRecordedAt = &event.RecordedAt
		}
		c.LastSequence = max(c.LastSequence, event.Sequence)
	}
	return &c
}

// late gives what CountLate must give.
func (r *reference) late(query audit.LateQuery) int {
	n := 0
	for _, event := range r.matching(query.Filter) {
		since := event.Sequence > query.Since && event.Sequence <= query.Through
		if since && between(query.EventQuery, event) && (query.Since == 0 || event.OccurredAt.Before(r.recordedAt(query.Since))) {
			n++
		}
	}
	return n
}

func (r *reference) recordedAt(sequence int64) time.Time {
	return r.recorded[sequence-1].event.RecordedAt
}
