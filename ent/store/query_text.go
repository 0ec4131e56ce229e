package store

import (
	"bytes"
	"cmp"
	"context"
	stdsql "database/sql"
	"slices"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// textBounds are the bounds of the index of texts and of searches by it. What
// goes beyond them is answered by a walk along the order of the page that checks
// each event, as if there were no index.
type textBounds struct {
	// block is how many events are indexed together, at most maxBlock. It MUST
	// stay what it was when a database was made.
	block int64
	// tail is how many events behind the last indexed one a search looks at
	// itself, which takes some 20 ms. A follower that is as far behind as patience
	// allows, and as a block makes it, is not further.
	tail int64
	// frequent is of how many events one has the text, where a walk finds a page
	// sooner.
	frequent int64
	// pool is how many events may have been found before it is clear which come
	// first: their journal is not in the order of the page.
	pool int
	// checked is how many of the found may fail the other conditions, beside how
	// many where one of those can lead.
	checked, beside int
}

var defaultTextBounds = textBounds{block: maxBlock, tail: 3 * maxBlock, frequent: 64, pool: 20_000, checked: 20_000, beside: 2_000}

// textSearch finds the events whose texts may contain some texts, in the order of
// a scan: by the index of texts, and behind its end by looking at each event.
type textSearch struct {
	s        *Store
	scan     *scan
	grams    []gram
	blocks   []indexedBlock  // not yet looked at, those with the first events first
	pool     []audit.EventID // found and not yet given, in order
	position int64           // up to which the journal is indexed
	head     int64           // its end, or how far behind the position is looked
	seen     int64           // events looked at
	found    int64           // of these, how many may contain the texts
}

// newTextSearch begins to find the events of a scan by their texts. It gives nil
// when a walk is the better way.
func (s *Store) newTextSearch(ctx context.Context, p *scan) (*textSearch, error) {
	leader := p.leader()
	if len(p.texts) == 0 || leader != nil && leader.rarity >= byIdentity {
		return nil, nil //nolint:nilnil // there is nothing to search by
	}
	t := &textSearch{s: s, scan: p}
	for _, text := range p.texts {
		t.grams = append(t.grams, grams(text)...)
	}
	slices.Sort(t.grams)
	t.grams = evenly(slices.Compact(t.grams), firstGrams)
	var err error
	if t.position, t.head, err = s.positionOf(ctx, s.textFollower(), p.organization); err != nil {
		return nil, err
	}
	if t.head = min(t.head, t.position+s.texts.tail); t.position == 0 && t.head < s.texts.block {
		return nil, nil //nolint:nilnil // the journal is shorter than what is looked at anyhow
	}
	if frequent, err := t.begin(ctx); err != nil || frequent {
		return nil, err
	}
	return t, nil
}

// begin looks at the first blocks and at the events that are not indexed. It says
// true, and stops, when the texts turn out to be frequent.
func (t *textSearch) begin(ctx context.Context) (frequent bool, err error) {
	if t.blocks, err = t.findBlocks(ctx); err != nil {
		return false, err
	}
	sequences, err := t.look(ctx, min(firstBlocks, len(t.blocks)))
	if err != nil || t.frequent() {
		return true, err
	}
	if t.pool, err = t.tail(ctx); err != nil {
		return false, err
	}
	t.seen, t.found = t.seen+max(t.head-t.position, 0), t.found+int64(len(t.pool))
	if t.frequent() {
		return true, nil
	}
	return false, t.add(ctx, sequences)
}

func (t *textSearch) frequent() bool {
	return t.seen > 0 && t.found*t.s.texts.frequent >= t.seen
}

// tail finds the events behind the index that contain the texts.
func (t *textSearch) tail(ctx context.Context) ([]audit.EventID, error) {
	if t.head <= t.position {
		return nil, nil
	}
	ids, sequences := t.bounds()
	sequences.from(t.position + 1)
	sequences.until(t.head + 1)
	where := append(entriesWithin(t.scan.organization, &sequences), ids.compared(writeEntryID, asIs)...)
	for _, text := range t.scan.texts {
		where = append(where, sql.Contains(eventColumn("search_text"), text))
	}
	query := sql.Select(eventColumn("id")).FromExpr(eachEntrysEvent(t.scan.organization)).Where(allOf(where...))
	return queryRows(ctx, t.s, query, scanEventID)
}

func scanEventID(rows *stdsql.Rows) (id audit.EventID, err error) {
	err = rows.Scan(&id)
	return id, err
}

// next gives up to n of the events found, in order; none when there are no more.
// ok is false when it is too much work to tell.
func (t *textSearch) next(ctx context.Context, n int) (ids []audit.EventID, ok bool, err error) {
	for len(t.blocks) > 0 && t.ready() < n {
		if len(t.pool) > t.s.texts.pool {
			return nil, false, nil
		}
		sequences, err := t.look(ctx, t.batch())
		if err == nil {
			err = t.add(ctx, sequences)
		}
		if err != nil {
			return nil, false, err
		}
	}
	n = min(n, t.ready())
	ids, t.pool = t.pool[:n], t.pool[n:]
	return ids, true, nil
}

// ready is how many of the pool come before everything in the blocks that are
// not yet looked at.
func (t *textSearch) ready() int {
	if len(t.blocks) == 0 {
		return len(t.pool)
	}
	first := t.blocks[0]
	n, _ := slices.BinarySearchFunc(t.pool, first, func(id audit.EventID, first indexedBlock) int {
		if t.before(id, first) {
			return -1
		}
		return 1
	})
	return n
}

// before says whether an event comes before everything in a block that is ahead
// of it in the order.
func (t *textSearch) before(id audit.EventID, block indexedBlock) bool {
	switch {
	case t.scan.order == audit.OrderRecordedAt && t.scan.descending:
		return id.Sequence() > t.firstSequence(block)+t.s.texts.block-1
	case t.scan.order == audit.OrderRecordedAt:
		return id.Sequence() < t.firstSequence(block)
	case t.scan.descending:
		return bytes.Compare(id[:], block.last[:]) > 0
	default:
		return bytes.Compare(id[:], block.first[:]) < 0
	}
}

// compare orders events as the scan does.
func (t *textSearch) compare(a, b audit.EventID) int {
	if t.scan.descending {
		a, b = b, a
	}
	if t.scan.order == audit.OrderRecordedAt {
		return cmp.Compare(a.Sequence(), b.Sequence())
	}
	return bytes.Compare(a[:], b[:])
}
