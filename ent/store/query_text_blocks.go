package store

import (
	"cmp"
	"context"
	stdsql "database/sql"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

const (
	// firstBlocks are looked at to see how frequent the texts are.
	firstBlocks = 4
	// maxBlocks are looked at with one statement.
	maxBlocks = 256
	// firstGrams are looked for in the first blocks, and of these the rarest in
	// all others.
	firstGrams = 24
	laterGrams = 4
	// batchEvents is how many events a batch of blocks is expected to give.
	batchEvents = 500
)

// indexedBlock is a block of the index and the range of its events' ids.
type indexedBlock struct {
	number      int64
	first, last audit.EventID
}

func (t *textSearch) firstSequence(block indexedBlock) int64 { return block.number*t.s.texts.block + 1 }

// findBlocks lists the blocks that have events within the scan's bounds, in the
// order in which their first events come.
func (t *textSearch) findBlocks(ctx context.Context) ([]indexedBlock, error) {
	where := []*sql.Predicate{sql.EQ("organization", int64(t.scan.organization)), sql.LT("block", t.position/t.s.texts.block)}
	ids, sequences := t.bounds()
	if ids.low != nil {
		where = append(where, sql.GTE("last_event", *ids.low))
	}
	if ids.high != nil {
		where = append(where, sql.LT("first_event", *ids.high))
	}
	if sequences.low != nil {
		where = append(where, sql.GTE("block", (max(*sequences.low, 1)-1)/t.s.texts.block))
	}
	if sequences.high != nil {
		where = append(where, sql.LTE("block", (max(*sequences.high, 1)-1)/t.s.texts.block))
	}
	query := sql.Select("block", "first_event", "last_event").From(sql.Table("text_blocks")).Where(allOf(where...))
	blocks, err := queryRows(ctx, t.s, query, func(rows *stdsql.Rows) (b indexedBlock, err error) {
		err = rows.Scan(&b.number, &b.first, &b.last)
		return b, err
	})
	slices.SortFunc(blocks, t.compareBlocks)
	return blocks, err
}

// bounds are the windows of the scan, of which the one beside its order is open.
func (t *textSearch) bounds() (ids window[audit.EventID], sequences window[int64]) {
	if t.scan.order == audit.OrderRecordedAt {
		return idWindow(), t.scan.sequences
	}
	return t.scan.ids, sequenceWindow()
}

func (t *textSearch) compareBlocks(a, b indexedBlock) int {
	switch {
	case t.scan.order == audit.OrderRecordedAt && t.scan.descending:
		return cmp.Compare(b.number, a.number)
	case t.scan.order == audit.OrderRecordedAt:
		return cmp.Compare(a.number, b.number)
	case t.scan.descending:
		return t.compare(a.last, b.last)
	default:
		return t.compare(a.first, b.first)
	}
}

// batch is how many blocks to look at next.
func (t *textSearch) batch() int {
	perBlock := t.found * t.s.texts.block / max(t.seen, 1)
	return int(min(max(batchEvents/(perBlock+1), 1), maxBlocks, int64(len(t.blocks))))
}

// look finds the sequences of the events in the next blocks that have all grams.
func (t *textSearch) look(ctx context.Context, size int) (sequences []int64, err error) {
	blocks := t.blocks[:size]
	t.blocks = t.blocks[size:]
	if size == 0 {
		return nil, nil
	}
	buckets, err := t.buckets(ctx, blocks)
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(t.grams))
	for _, block := range blocks {
		all := places{}
		for i, g := range t.grams {
			found, err := buckets[bucketKey{block.number, g.bucket()}].find(g)
			if err != nil {
				return nil, fmt.Errorf("block %d of %s: %w", block.number, t.scan.organization, err)
			}
			if counts[i] += found.count(); i == 0 {
				all = found
			}
			all.and(&found)
		}
		for _, place := range all.list() {
			sequences = append(sequences, t.firstSequence(block)+int64(place))
		}
	}
	t.seen, t.found = t.seen+int64(size)*t.s.texts.block, t.found+int64(len(sequences))
	t.keepRarest(counts)
	return sequences, nil
}

// add puts events into the pool.
func (t *textSearch) add(ctx context.Context, sequences []int64) error {
	for part := range slices.Chunk(sequences, lookUpSize) {
		ids, err := t.s.eventsAt(ctx, t.scan.organization, part)
		if err != nil {
			return err
		}
		t.pool = append(t.pool, ids...)
	}
	slices.SortFunc(t.pool, t.compare)
	return nil
}

// keepRarest goes on with the grams that were found least.
func (t *textSearch) keepRarest(counts []int) {
	if len(t.grams) <= laterGrams {
		return
	}
	order := make([]int, len(counts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(counts[a], counts[b]) })
	rarest := make([]gram, laterGrams)
	for i := range rarest {
		rarest[i] = t.grams[order[i]]
	}
	t.grams = rarest
}

// bucketKey names a row of text_grams.
type bucketKey struct{ block, bucket int64 }

// buckets reads those buckets of some blocks that the grams are in.
func (t *textSearch) buckets(ctx context.Context, blocks []indexedBlock) (map[bucketKey]gramBucket, error) {
	numbers := make([]any, len(blocks))
	for i, block := range blocks {
		numbers[i] = block.number
	}
	query := sql.Select("block", "bucket", "grams").From(sql.Table("text_grams")).Where(sql.And(
		sql.EQ("organization", int64(t.scan.organization)), sql.In("block", numbers...),
		sql.In("bucket", anys(distinct(t.grams, gram.bucket))...)))
	buckets := make(map[bucketKey]gramBucket, len(blocks)*len(t.grams))
	_, err := queryRows(ctx, t.s, query, func(rows *stdsql.Rows) (struct{}, error) {
		var key bucketKey
		var grams []byte
		err := rows.Scan(&key.block, &key.bucket, &grams)
		buckets[key] = grams
		return struct{}{}, err
	})
	return buckets, err
}

// evenly picks up to n values of a list, from its whole length.
func evenly[T any](list []T, n int) []T {
	if len(list) <= n {
		return list
	}
	picked := make([]T, n)
	for i := range picked {
		picked[i] = list[i*(len(list)-1)/(n-1)]
	}
	return picked
}
