package store

import (
	"context"

	"daybook/audit"
)

var _ audit.EventCounter = (*Store)(nil)

// walkedCount is how far counting one by one costs less than adding up what is
// counted beforehand.
const walkedCount = 20_001

// CountEvents implements [audit.EventCounter]. It walks as a page does, and so
// stops where it has seen enough; how far a simple filter goes beyond is known
// beforehand.
func (s *Store) CountEvents(ctx context.Context, organization audit.OrganizationID, filter *audit.Filter, limit int) (int, error) {
	return reading(ctx, s, "count events", func(ctx context.Context) (int, error) {
		if limit <= 0 {
			return 0, nil
		}
		if limit > walkedCount {
			if n, done, err := s.rollUpCount(ctx, organization, filter); done || err != nil {
				return min(n, limit), err
			}
		}
		scan, err := s.newScan(ctx, organization, filter, audit.OrderOccurredAt, limit)
		if err != nil || scan.empty() {
			return 0, err
		}
		return s.countRows(ctx, scan)
	})
}

// rollUpCount answers from event_counts, if it can.
func (s *Store) rollUpCount(ctx context.Context, organization audit.OrganizationID, filter *audit.Filter) (n int, done bool, err error) {
	asked, ok := simple(filter)
	if !ok {
		return 0, false, nil
	}
	done, err = s.countRolledUp(ctx, newRollUp(organization, asked, false), func(_ int64, _ audit.Category, _ audit.Action, more int) {
		n += more
	})
	return n, done, err
}
