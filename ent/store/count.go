package store

import (
	"context"

	"daybook/audit"
)

var _ audit.EventCounter = (*Store)(nil)

// CountEvents implements [audit.EventCounter]. It walks as a page does, and so
// stops where it has seen enough.
func (s *Store) CountEvents(ctx context.Context, organization audit.OrganizationID, filter *audit.Filter, limit int) (int, error) {
	return reading(ctx, s, "count events", func(ctx context.Context) (int, error) {
		if limit <= 0 {
			return 0, nil
		}
		scan, err := s.newScan(ctx, organization, filter, audit.OrderOccurredAt, limit)
		if err != nil || scan.empty() {
			return 0, err
		}
		return s.countRows(ctx, scan)
	})
}
