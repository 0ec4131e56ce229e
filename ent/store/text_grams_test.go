package store

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestGramsFindWhatContainsThem: of a block's events the index finds each whose
// text contains a text, and of each gram exactly those that have it.
func TestGramsFindWhatContainsThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("ab é%😀")), 0, 12, -1), 1, 60).Draw(t, "texts")
		spread := rapid.IntRange(1, maxBlock/len(texts)).Draw(t, "spread")
		index := newGramIndex()
		for i, text := range texts {
			index.add(i*spread, text)
		}
		buckets := index.buckets()
		for _, g := range grams(rapid.SampledFrom(texts).Draw(t, "text")) {
			found, err := buckets[g.bucket()].find(g)
			if err != nil {
				t.Fatal(err)
			}
			var want []int
			for i, text := range texts {
				if strings.Contains(text, string([]byte{byte(g >> 16), byte(g >> 8), byte(g)})) {
					want = append(want, i*spread)
				}
			}
			if got := found.list(); !slices.Equal(got, want) || found.count() != len(want) {
				t.Errorf("gram %06x: places %v, want %v", g, got, want)
			}
		}
	})
}

func TestAGramOfEveryEventTakesABitmap(t *testing.T) {
	index := newGramIndex()
	for place := range maxBlock {
		index.add(place, "abc")
	}
	g := grams("abc")[0]
	bucket := index.buckets()[g.bucket()]
	if len(bucket) > bitmapBytes+8 {
		t.Errorf("the bucket has %d bytes", len(bucket))
	}
	if found, err := bucket.find(g); err != nil || found.count() != maxBlock {
		t.Errorf("found %d, %v", found.count(), err)
	}
}

func TestABrokenBucketIsAnError(t *testing.T) {
	g := grams("abc")[0]
	for _, broken := range []gramBucket{{'a'}, {'a', 'b', 'c'}, {'a', 'b', 'c', 20}, {'a', 'b', 'c', 3, 1}, {'a', 'b', 'c', 4, 0xff, 0xff}} {
		if _, err := broken.find(g); err == nil {
			t.Errorf("%v was read", broken)
		}
	}
}
