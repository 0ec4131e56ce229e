package store

import (
	"cmp"
	"context"
	stdsql "database/sql"
	"slices"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// A filter's indexes are in the order of what happened. For a page in the order
// of recording there are two ways: to look at the events of the journal one by
// one, which is short where many match, or to gather all that match and sort
// them, which is short where few do.
const (
	nearby     = 5_000  // journal entries that are looked at before the other way is tried
	fewMatches = 10_000 // ids that are gathered and sorted
)

// pageByRecording gives the rows of a scan in the order of recording.
func (s *Store) pageByRecording(ctx context.Context, p *scan) ([]*audit.Event, error) {
	if s.isStretch(p) {
		return s.stretch(ctx, p)
	}
	if leader := p.leader(); leader == nil || leader.rarity >= byIdentity {
		return s.events(ctx, p, p.page())
	}
	near, whole, err := s.nearest(ctx, p)
	if err != nil {
		return nil, err
	}
	events, err := s.events(ctx, p, near.alongJournal(selectEvents()))
	if err != nil || whole || len(events) == p.limit {
		return events, err
	}
	ids, few, err := s.matches(ctx, p)
	if err != nil {
		return nil, err
	}
	if !few {
		return s.events(ctx, p, p.alongJournal(selectEvents()))
	}
	return s.eventsInOrder(ctx, p, p.firstRecorded(ids))
}

// nearest is the scan as far as the first journal entries reach, and whether
// that is all of it.
func (s *Store) nearest(ctx context.Context, p *scan) (near scan, whole bool, err error) {
	journal := sql.Table("journal")
	heads, err := queryRows(ctx, s, sql.Select("COALESCE(max(sequence), 0)").From(journal).
		Where(sql.EQ(journal.C("organization"), int64(p.organization))), scanNumber)
	if err != nil {
		return near, false, err
	}
	near = *p
	near.sequences.from(1)
	near.sequences.until(heads[0] + 1)
	low, high := *near.sequences.low, *near.sequences.high
	if p.descending {
		near.sequences.from(high - nearby)
	} else {
		near.sequences.until(low + nearby)
	}
	return near, high-low <= nearby, nil
}

// matches gathers the ids of all events that match, whenever they were recorded,
// if they are few.
func (s *Store) matches(ctx context.Context, p *scan) (ids []audit.EventID, few bool, err error) {
	all := *p
	all.order, all.limit = audit.OrderOccurredAt, fewMatches+1
	all.ids = idWindow()
	for _, c := range all.conditions {
		if c.clock == audit.OrderOccurredAt {
			all.occurred(c.instants)
		}
	}
	ids, err = queryRows(ctx, s, all.found(all.leader()), func(rows *stdsql.Rows) (id audit.EventID, err error) {
		err = rows.Scan(&id)
		return id, err
	})
	return ids, len(ids) <= fewMatches, err
}

// firstRecorded are the first of the ids in the order of recording, which their
// sequences tell, within the scan's window.
func (p *scan) firstRecorded(ids []audit.EventID) []audit.EventID {
	ids = slices.DeleteFunc(ids, func(id audit.EventID) bool { return !p.sequences.has(id.Sequence()) })
	slices.SortFunc(ids, p.byRecording)
	return ids[:min(p.limit, len(ids))]
}

func (p *scan) byRecording(a, b audit.EventID) int {
	if p.descending {
		a, b = b, a
	}
	return cmp.Compare(a.Sequence(), b.Sequence())
}

// eventsInOrder fetches the rows of events in the order of recording.
func (s *Store) eventsInOrder(ctx context.Context, p *scan, ids []audit.EventID) ([]*audit.Event, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	events, err := s.events(ctx, p, selectByID(p.organization, ids))
	slices.SortFunc(events, func(a, b *audit.Event) int { return p.byRecording(a.ID, b.ID) })
	return events, err
}
