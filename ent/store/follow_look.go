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
	rows, err := s.reader.QueryContext(ctx, s.selectBehind(), int64(after), size, len(s.followers))
	if err != nil {
		return nil, 0, fmt.Errorf("look behind: %w", err)
	}
	defer rows.Close()
	seen := 0
	for ; rows.Next(); seen++ {
		var organization, head, position int64
		if err := rows.Scan(&organization, &head, &position); err != nil {
			return nil, 0, fmt.Errorf("look behind: %w", err)
		}
		if last = audit.OrganizationID(organization); head > position {
			list = append(list, behind{last, head - position})
		}
	}
	if seen < size {
		last = 0
	}
	return list, last, rows.Err()
}

// selectBehind reads the end of each journal and the position of the follower
// furthest from it, which is 0 for one that has none.
func (s *Store) selectBehind() string {
	names := make([]string, len(s.followers))
	for i, f := range s.followers {
		names[i] = "'" + f.name + "'"
	}
	return `SELECT o.id,
		coalesce((SELECT max(j.sequence) FROM journal j WHERE j.organization = o.id), 0),
		(SELECT CASE WHEN count(*) < $3 THEN 0 ELSE min(f.sequence) END FROM journal_followers f
			WHERE f.organization = o.id AND f.follower IN (` + strings.Join(names, ", ") + `))
		FROM organizations o WHERE o.id > $1 ORDER BY o.id LIMIT $2`
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
		for rest := one.events; rest > 0; rest -= catchUpStretch {
			if _, err := s.foldAll(ctx, one.organization, catchUpStretch, afterOtherServers); err != nil {
				return fmt.Errorf("catch up: %w", err)
			}
			done += min(rest, catchUpStretch)
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
