package store

import (
	"sort"
	"time"

	"daybook/audit"
)

// buckets are counts between edges.
type buckets struct {
	edges  []int64 // microseconds since 1970
	counts []categoryCounts
	last   int // to which something was added; what follows is mostly beside it
	exact  int // the first bucket that is counted to its end
}

// categoryCounts are events by the number of their category.
type categoryCounts [16]int

func newBuckets(edges []time.Time) *buckets {
	b := &buckets{edges: make([]int64, len(edges)), counts: make([]categoryCounts, len(edges)-1)}
	for i, edge := range edges {
		b.edges[i] = edge.Add(time.Microsecond - 1).UnixMicro() // nothing between two microseconds is stored
	}
	return b
}

// of is the number of the bucket of an instant between the first edge and the
// last.
func (b *buckets) of(at int64) int {
	if b.edges[b.last] > at || at >= b.edges[b.last+1] {
		b.last = sort.Search(len(b.edges), func(i int) bool { return b.edges[i] > at }) - 1
	}
	return b.last
}

func (b *buckets) add(at int64, category audit.Category, n int) { b.counts[b.of(at)][category] += n }

// answer gives the counts as the domain wants them.
func (b *buckets) answer() *audit.BucketCounts {
	answer := &audit.BucketCounts{Buckets: make([]map[audit.Category]int, len(b.counts)), Exact: b.exact}
	for i, counts := range b.counts {
		for category, n := range counts {
			if n == 0 {
				continue
			}
			if answer.Buckets[i] == nil {
				answer.Buckets[i] = map[audit.Category]int{}
			}
			answer.Buckets[i][audit.Category(category)] = n
		}
	}
	return answer
}

// quartersFit says whether each quarter of an hour in the range lies in one
// bucket: an edge within it is the beginning of one.
func quartersFit(edges []time.Time, within audit.TimeRange) bool {
	for _, edge := range edges {
		if edge.After(*within.From) && edge.Before(*within.To) && !edge.Equal(edge.Truncate(quarter)) {
			return false
		}
	}
	return true
}
