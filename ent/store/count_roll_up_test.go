package store

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"daybook/audit"
	"daybook/audit/storetest"
)

// halfWay is a store whose followers move on by a few journal entries before each
// count, or not, so that answers come from all of: nothing counted beforehand,
// some of it, everything.
type halfWay struct {
	*Store

	t     testing.TB
	calls atomic.Int64
}

var strides = []int64{0, 1, 0, 3, 7, 0, 500, 0}

func (h *halfWay) follow(ctx context.Context, organization audit.OrganizationID) {
	if stride := strides[h.calls.Add(1)%int64(len(strides))]; stride > 0 {
		if _, err := h.foldAll(ctx, organization, stride, afterOtherServers); err != nil {
			h.t.Error(err)
		}
	}
}

func (h *halfWay) CountFacets(ctx context.Context, organization audit.OrganizationID, query audit.FacetQuery) (*audit.Facets, error) {
	h.follow(ctx, organization)
	return h.Store.CountFacets(ctx, organization, query)
}

func (h *halfWay) CountBuckets(ctx context.Context, organization audit.OrganizationID, query audit.BucketQuery) (*audit.BucketCounts, error) {
	h.follow(ctx, organization)
	return h.Store.CountBuckets(ctx, organization, query)
}

func TestCountsAreRightWhereverFollowersAre(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		storetest.RunCounts(t, func(tb testing.TB) storetest.Store { return &halfWay{Store: openSQLiteStore(tb), t: tb} })
	})
	t.Run("Postgres", func(t *testing.T) {
		storetest.RunCounts(t, func(tb testing.TB) storetest.Store { return &halfWay{Store: openPostgresStore(tb), t: tb} })
	})
}

// everyMonth asks for all events of the bulk log, but for looking at one only.
func everyMonth() audit.BucketQuery {
	query := audit.BucketQuery{Most: 1}
	for month := range 25 {
		query.Edges = append(query.Edges, bulkStart.AddDate(0, month-1, 0))
	}
	return query
}

func total(counts *audit.BucketCounts) (n int) {
	for _, bucket := range counts.Buckets {
		for _, events := range bucket {
			n += events
		}
	}
	return n
}

// TestSimpleFiltersAreAnsweredWithoutLookingAtEvents: what is counted beforehand
// is exact however few events may be looked at.
func TestSimpleFiltersAreAnsweredWithoutLookingAtEvents(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		fillBulk(t, s, 3000)
		catchUp(t, s)
		counts, err := s.CountBuckets(t.Context(), 1, everyMonth())
		if err != nil {
			t.Fatal(err)
		}
		if want := count(t, s, `SELECT count(*) FROM events WHERE organization = 1`); counts.Exact != 0 || int64(total(counts)) != int64(want) {
			t.Errorf("%d events, exact from %d; want %d, all exact", total(counts), counts.Exact, want)
		}
		days := bulkStart.Add(26 * time.Hour)
		filter := &audit.Filter{
			Categories: audit.Categories()[:3], Actions: audit.Actions()[:5],
			AllOf: []audit.Filter{{OccurredAt: &audit.TimeRange{From: &days}}},
		}
		facets, err := s.CountFacets(t.Context(), 1, audit.FacetQuery{
			Filter: filter, Kinds: audit.FacetKinds{Categories: true, Actions: true}, Top: 10, Most: 1,
		})
		if err != nil {
			t.Fatal(err)
		}
		one, err := s.CountEvents(t.Context(), 1, filter, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, action := range facets.Actions {
			n += action.Count
		}
		if !facets.Exact || n != one || len(facets.Actions) != 5 {
			t.Errorf("%d events of %d actions, exact %t; want %d of 5, exact", n, len(facets.Actions), facets.Exact, one)
		}
		if far, err := s.CountEvents(t.Context(), 1, filter, walkedCount+1); err != nil || far != one {
			t.Errorf("counted far: %d, %v; want %d", far, err, one)
		}
	})
}

// TestFollowersFarBehindAreNotWaitedFor: a tail that is too long to be looked at
// makes the answer inexact, not slow.
func TestFollowersFarBehindAreNotWaitedFor(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		fillBulk(t, s, maxTail*10/9+1000)
		if _, err := s.foldAll(t.Context(), 1, 100, afterOtherServers); err != nil {
			t.Fatal(err)
		}
		counts, err := s.CountBuckets(t.Context(), 1, everyMonth())
		if err != nil {
			t.Fatal(err)
		}
		if total(counts) != 1 || counts.Exact == 0 {
			t.Errorf("%d events, exact from %d; want the newest alone", total(counts), counts.Exact)
		}
	})
}

// TestCountsKeepStepWithRecording counts again and again while events are
// recorded and followed: each answer has all that was recorded before it began,
// and nothing that was not when it ended.
func TestCountsKeepStepWithRecording(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		organization := newOrganization(t, s)
		query := audit.BucketQuery{Most: 100_000, Edges: []time.Time{time.Unix(0, 0), time.Now().AddDate(1, 0, 0).Truncate(quarter)}}
		recordSome(t, s, organization, 1)
		follow(t, s)
		var head atomic.Int64
		head.Store(1)
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 60 {
				recordSome(t, s, organization, 20)
				head.Add(20)
			}
		}()
		for recording := true; recording; {
			select {
			case <-done:
				recording = false
			default:
			}
			before := head.Load()
			counts, err := s.CountBuckets(t.Context(), organization, query)
			after := head.Load() + 20 // of the group that may just be durable
			if err != nil {
				t.Fatal(err)
			}
			if n := int64(total(counts)); n < before || n > after || counts.Exact != 0 {
				t.Fatalf("%d events, exact from %d; recorded were %d to %d", n, counts.Exact, before, after)
			}
		}
		waitFor(t, "the followers are there", caughtUp(t, s))
	})
}

func TestQuartersAreReadAsTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var counts, read quarterCounts
		for range rapid.IntRange(0, 100).Draw(t, "quarters") {
			counts[rapid.IntRange(0, quartersOfADay-1).Draw(t, "quarter")] = rapid.Uint64().Draw(t, "events")
		}
		if err := eachQuarter(counts.encode(), func(number int, n uint64) { read[number] += n }); err != nil || read != counts {
			t.Fatalf("%v became %v: %v", counts, read, err)
		}
		at := time.UnixMicro(rapid.Int64Range(-1<<50, 1<<50).Draw(t, "instant"))
		day, number := dayAndQuarter(at)
		start := time.Unix(day*86400, 0).Add(time.Duration(number) * quarter)
		if start.After(at) || !at.Before(start.Add(quarter)) || number < 0 || number >= quartersOfADay {
			t.Fatalf("%s is in quarter %d of day %d", at, number, day)
		}
	})
}
