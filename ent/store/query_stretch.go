package store

import (
	"bytes"
	"context"
	"slices"

	"entgo.io/ent/dialect"

	"daybook/audit"
)

// leastStretch is how many events a page of the whole log has at least for it to
// be read as a stretch. Fewer are found as fast one by one.
const leastStretch = 20

// A few entries of the journal tell where a stretch lies: one for so many of its
// events, and of a large one that suffices.
const (
	sampleEvery  = 16
	leastSamples = 3
	mostSamples  = 21
)

// isStretch says whether a scan reads a page of the whole log in the order of
// recording, as exports do. SQLite finds events one by one as cheaply.
func (s *Store) isStretch(p *scan) bool {
	return s.dialect == dialect.Postgres && p.order == audit.OrderRecordedAt && len(p.conditions) == 0 && p.limit >= leastStretch
}

// stretch reads a page of the whole log in the order of recording.
//
// Most events are recorded in the order in which they happen, so that those of a
// page lie side by side in the log: they are read as one range of ids, at half of
// what Postgres takes to find each by itself. A few of the journal's entries tell
// which range; which of its events the page has, their sequences tell. Those that
// came late lie elsewhere and are fetched by the journal. Where too many others lie
// between, or events that the journal names are no longer there, the journal is
// walked as for any page; so it is at the log's end.
func (s *Store) stretch(ctx context.Context, p *scan) ([]*audit.Event, error) {
	low, high, err := s.stretchOf(ctx, p)
	if err != nil {
		return nil, err
	}
	chosen := samples(low, high)
	ids, err := s.journalIDs(ctx, p, chosen)
	if err != nil {
		return nil, err
	}
	if len(ids) < len(chosen) || !p.sequences.has(low) || !p.sequences.has(high-1) {
		return s.events(ctx, p, p.page())
	}
	events, err := s.sideBySide(ctx, p, low, high, ids)
	if err != nil {
		return nil, err
	}
	if events, err = s.withLate(ctx, p, events, missing(low, high, events)); err != nil {
		return nil, err
	}
	if len(events) < p.limit {
		return s.events(ctx, p, p.page())
	}
	slices.SortFunc(events, func(a, b *audit.Event) int { return p.byRecording(a.ID, b.ID) })
	return events, nil
}

// withLate adds the events of these sequences, if they are not too many.
func (s *Store) withLate(ctx context.Context, p *scan, events []*audit.Event, late []int64) ([]*audit.Event, error) {
	if len(late) == 0 || len(late) > p.limit/4 {
		return events, nil
	}
	ids, err := s.journalIDs(ctx, p, late)
	if err != nil || len(ids) == 0 {
		return events, err
	}
	others, err := s.events(ctx, p, selectByID(p.organization, ids))
	return append(events, others...), err
}

// stretchOf is the first sequence of the page, and the one after its last, if the
// journal and the window are as long.
func (s *Store) stretchOf(ctx context.Context, p *scan) (low, high int64, err error) {
	if !p.descending {
		p.sequences.from(1)
		return *p.sequences.low, *p.sequences.low + int64(p.limit), nil
	}
	if p.sequences.high == nil {
		ends, err := queryPrepared(ctx, s, "SELECT COALESCE(max(sequence), 0) FROM journal WHERE organization = $1", scanNumber, int64(p.organization))
		if err != nil {
			return 0, 0, err
		}
		p.sequences.until(ends[0] + 1)
	}
	return *p.sequences.high - int64(p.limit), *p.sequences.high, nil
}

// samples are sequences from the first to the last, evenly between.
func samples(low, high int64) []int64 {
	list := make([]int64, min(max(leastSamples, (high-low)/sampleEvery), mostSamples))
	for i := range list {
		list[i] = low + (high-1-low)*int64(i)/int64(len(list)-1)
	}
	return list
}

// journalIDs are the ids of the events that the journal has at these sequences,
// sorted.
func (s *Store) journalIDs(ctx context.Context, p *scan, sequences []int64) ([]audit.EventID, error) {
	ids, err := s.eventsAt(ctx, p.organization, sequences)
	slices.SortFunc(ids, compareIDs)
	return ids, err
}

func compareIDs(a, b audit.EventID) int { return bytes.Compare(a[:], b[:]) }

// sideBySide are the events of these sequences that lie in one range with most of
// the ids, which are some of theirs, sorted.
func (s *Store) sideBySide(ctx context.Context, p *scan, low, high int64, ids []audit.EventID) ([]*audit.Event, error) {
	columns := eventColumns
	if p.brief {
		columns = briefColumns
	}
	text := "SELECT " + packed(columns) + " FROM events WHERE organization = $1 AND id >= $2 AND id <= $3 LIMIT $4"
	first, last := together(ids)
	scan := newPackedScan(p.brief, s.pageBytes(p))
	events, err := queryPrepared(ctx, s, text, scan.event, int64(p.organization), first, last, p.limit+p.limit/4)
	if err != nil {
		return nil, err
	}
	events = slices.DeleteFunc(events, func(e *audit.Event) bool { return e.Sequence < low || e.Sequence >= high })
	return events, s.fillTexts(ctx, p.organization, scan.shared)
}

// together are the ends of the range in which most of these ids lie, which are
// sorted: the middle ones, and those that are no further from them than they are
// from each other.
func together(ids []audit.EventID) (first, last audit.EventID) {
	edge := len(ids) / 20
	low, high := ids[edge].OccurredAt(), ids[len(ids)-1-edge].OccurredAt()
	span := high.Sub(low)
	for first = ids[edge]; edge > 0 && low.Sub(ids[edge-1].OccurredAt()) <= span; edge-- {
		first = ids[edge-1]
	}
	after := len(ids) - len(ids)/20
	for last = ids[after-1]; after < len(ids) && ids[after].OccurredAt().Sub(high) <= span; after++ {
		last = ids[after]
	}
	return first, last
}

// missing are the sequences of which there are no events.
func missing(low, high int64, events []*audit.Event) []int64 {
	found := make([]bool, high-low)
	for _, e := range events {
		found[e.Sequence-low] = true
	}
	var list []int64
	for i, is := range found {
		if !is {
			list = append(list, low+int64(i))
		}
	}
	return list
}
