package store

import (
	"context"
	"fmt"
	"strings"

	"daybook/audit"
)

// lookSize is how many organizations one look compares with their journals. With
// more of them a full round takes several looks, so that however many there are,
// looking costs a few milliseconds a second. What this program records itself it
// need not look for.
const lookSize = 250

// look puts organizations that are behind into the queue.
func (f *following) look(ctx context.Context) {
	behind, last, err := f.store.lookBehind(ctx, f.after, lookSize)
	if err != nil {
		f.failed(ctx, err)
		return
	}
	f.after = last
	for _, one := range behind {
		if !f.store.advances.has(one.organization) {
			f.store.advances.add(one.organization, one.events)
		}
	}
}

// behind is how far the follower that is furthest behind in an organization's
// journal is from its end.
type behind struct {
	organization audit.OrganizationID
	events       int64
}

// lookBehind compares the next organizations after one with their journals. last
// is where to go on, 0 when these were the last.
func (s *Store) lookBehind(ctx context.Context, after audit.OrganizationID, size int) (list []behind, last audit.OrganizationID, err error) {
	rows, err := s.reader.QueryContext(ctx, s.selectPositions(), int64(after), size)
	if err != nil {
		return nil, 0, fmt.Errorf("look behind: %w", err)
	}
	defer rows.Close()
	seen := 0
	for ; rows.Next(); seen++ {
		var organization, head int64
		positions := make([]int64, len(s.followers))
		if err := rows.Scan(append([]any{&organization, &head}, pointers(positions)...)...); err != nil {
			return nil, 0, fmt.Errorf("look behind: %w", err)
		}
		last = audit.OrganizationID(organization)
		if due := s.due(positions, head); due > 0 {
			list = append(list, behind{last, due})
		}
	}
	if seen < size {
		last = 0
	}
	return list, last, rows.Err()
}

// due is how many entries the follower furthest behind can take in.
func (s *Store) due(positions []int64, head int64) (most int64) {
	for i := range s.followers {
		most = max(most, s.followers[i].due(positions[i], head))
	}
	return most
}

// selectPositions reads the end of each journal and the position of each
// follower, which is 0 for one that has none.
func (s *Store) selectPositions() string {
	var b strings.Builder
	b.WriteString(`SELECT o.id, coalesce((SELECT max(sequence) FROM journal WHERE organization = o.id), 0)`)
	for _, f := range s.followers {
		fmt.Fprintf(&b, `, coalesce((SELECT sequence FROM journal_followers WHERE organization = o.id AND follower = '%s'), 0)`, f.name)
	}
	b.WriteString(` FROM organizations o WHERE o.id > $1 ORDER BY o.id LIMIT $2`)
	return b.String()
}

func pointers(values []int64) []any {
	list := make([]any, len(values))
	for i := range values {
		list[i] = &values[i]
	}
	return list
}

// CatchUp brings all that is built behind recording to the end that every journal
// has when it is called. After each step it tells progress how many events are
// done, and of how many.
func (s *Store) CatchUp(ctx context.Context, progress func(done, of int64)) error {
	all, of, err := s.allBehind(ctx)
	if err != nil {
		return fmt.Errorf("catch up: %w", err)
	}
	done := int64(0)
	for _, one := range all {
		before := done
		for left := int64(1); left > 0 && done < before+one.events; {
			if left, err = s.foldAll(ctx, one.organization, catchUpStretch, afterOtherServers); err != nil {
				return fmt.Errorf("catch up: %w", err)
			}
			done = min(max(before+one.events-left, done), before+one.events)
			progress(done, of)
		}
	}
	return nil
}

// catchUpStretch is how many journal entries CatchUp takes in one transaction:
// nobody waits for it.
const catchUpStretch = 2000

// allBehind are all organizations that followers are behind in, and the sum of
// their events.
func (s *Store) allBehind(ctx context.Context) (all []behind, events int64, err error) {
	if len(s.followers) == 0 {
		return nil, 0, nil
	}
	for after, more := audit.OrganizationID(0), true; more; more = after != 0 {
		var part []behind
		if part, after, err = s.lookBehind(ctx, after, lookSize); err != nil {
			return nil, 0, err
		}
		for _, one := range part {
			events += one.events
		}
		all = append(all, part...)
	}
	return all, events, nil
}
