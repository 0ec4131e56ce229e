package store

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// scan is a walk over the events that meet some conditions, along one of the
// two clocks. It becomes one statement, whose order always comes from an index:
//
//   - Without conditions that an index helps with, or with one value of one
//     column, a walk over events itself (or the journal).
//   - Otherwise the rarest condition leads: one short walk for each of its
//     values, the results merged, and only then the rows fetched.
type scan struct {
	organization audit.OrganizationID
	order        audit.OrderField
	descending   bool
	limit        int
	conditions   []condition // all but those that became a window
	ids          window[audit.EventID]
	sequences    window[int64]
	texts        []string // of the conditions, those that the index of texts may find
	brief        bool     // as in audit.Fields
	bytes        int      // as in audit.EventQuery
}

// newScan walks from the newest event that matches the filter.
func (s *Store) newScan(ctx context.Context, organization audit.OrganizationID, f *audit.Filter, order audit.OrderField, limit int) (*scan, error) {
	found, err := s.findKeys(ctx, organization, f)
	if err != nil {
		return nil, err
	}
	reader := filterReader{engine: s.dialect, organization: organization, keys: found}
	conditions, err := reader.conditions(f)
	if err != nil {
		return nil, err
	}
	p := &scan{
		organization: organization, order: order, descending: true, limit: limit,
		ids: idWindow(), sequences: sequenceWindow(), texts: requiredTexts(f),
	}
	return p, s.window(ctx, p, conditions)
}

// window turns ranges of the clock that orders the scan into bounds of its
// window, and leaves the other conditions to be checked.
func (s *Store) window(ctx context.Context, p *scan, conditions []condition) error {
	recorded := audit.TimeRange{}
	for _, c := range conditions {
		switch {
		case c.clock == 0 || c.clock != p.order:
			p.conditions = append(p.conditions, c)
		case c.clock == audit.OrderOccurredAt:
			p.occurred(c.instants)
		default:
			recorded = intersection(recorded, *c.instants)
		}
	}
	for _, end := range []struct {
		instant *time.Time
		bound   func(int64)
	}{{recorded.From, p.sequences.from}, {recorded.To, p.sequences.until}} {
		if end.instant == nil {
			continue
		}
		sequence, err := s.firstSequenceAt(ctx, p.organization, *end.instant)
		if err != nil {
			return err
		}
		end.bound(sequence)
	}
	return nil
}

func (p *scan) occurred(r *audit.TimeRange) {
	if r.From != nil {
		p.ids.from(audit.FirstEventIDAt(*r.From))
	}
	if r.To != nil {
		p.ids.until(audit.FirstEventIDAt(*r.To))
	}
}

func intersection(a, b audit.TimeRange) audit.TimeRange {
	if a.From == nil || b.From != nil && b.From.After(*a.From) {
		a.From = b.From
	}
	if a.To == nil || b.To != nil && b.To.Before(*a.To) {
		a.To = b.To
	}
	return a
}

// between bounds the scan by the positions of a query and gives it its
// direction, which is against the order when rows are taken from the end.
func (p *scan) between(query audit.EventQuery) {
	ascending := query.Order.Direction == audit.Ascending
	low, high := query.After, query.Before
	if !ascending {
		low, high = high, low
	}
	if low != nil {
		p.ids.from(nextID(low.ID))
		p.sequences.from(nextSequence(low.Sequence))
	}
	if high != nil {
		p.ids.until(high.ID)
		p.sequences.until(high.Sequence)
	}
	p.descending = ascending == query.FromEnd
}

// empty says whether it is already clear that nothing matches.
func (p *scan) empty() bool {
	for _, c := range p.conditions {
		if c.routes != nil && len(c.routes) == 0 {
			return true
		}
	}
	if p.order == audit.OrderRecordedAt {
		return p.sequences.empty()
	}
	return p.ids.empty()
}

// page selects the rows of the scan.
func (p *scan) page() *sql.Selector {
	leader := p.leader()
	switch {
	case p.order == audit.OrderRecordedAt && (leader == nil || leader.rarity < byIdentity):
		return p.alongJournal(selectEvents())
	case p.order == audit.OrderRecordedAt:
		return p.fetch(p.merged(leader, keySequence), keySequence)
	case p.direct(leader):
		return p.alongEvents(selectEvents(), leader)
	default:
		return p.fetch(p.merged(leader, keyID), keyID)
	}
}

// count counts the rows of the scan.
func (p *scan) count() *sql.Selector {
	return sql.Select(sql.Count("*")).From(p.found(p.leader()).As("page"))
}

// found selects the ids of the scan, in the order of what happened.
func (p *scan) found(leader *condition) *sql.Selector {
	if p.direct(leader) {
		return p.alongEvents(sql.Select(eventColumn("id")), leader)
	}
	return p.merged(leader, keyID)
}

// leader is the condition that leads the walk; nil if there is none.
func (p *scan) leader() *condition { return leading(p.conditions) }

// direct says whether one index of events gives the matching rows in order.
func (p *scan) direct(leader *condition) bool {
	if leader == nil {
		return true
	}
	only := leader.routes[0]
	return len(leader.routes) == 1 && only.table == overEvents && !only.unsorted
}
