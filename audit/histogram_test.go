package audit

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// edgesOf are the edges of whole buckets from one instant to another, as clocks in
// the zone show them.
func edgesOf(t testing.TB, interval Interval, zoneName, from, to string) []string {
	t.Helper()
	zone, err := TimeZone("timeZone", zoneName)
	if err != nil {
		t.Fatal(err)
	}
	edges, err := histogramSpan{from: parseInstant(t, from), to: parseInstant(t, to)}.edges(interval, zone)
	if err != nil {
		t.Fatal(err)
	}
	shown := make([]string, len(edges))
	for i, edge := range edges {
		shown[i] = edge.Format("Mon 01-02T15:04-07:00")
	}
	return shown
}

func parseInstant(t testing.TB, text string) time.Time {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

func TestBucketsFollowTheCalendarOfTheirZone(t *testing.T) {
	for name, c := range map[string]struct {
		interval       Interval
		zone, from, to string
		want           []string
	}{
		"a day of 23 hours": {
			IntervalDay, "America/New_York", "2026-03-08T06:00:00Z", "2026-03-09T03:59:59Z",
			[]string{"Sun 03-08T00:00-05:00", "Mon 03-09T00:00-04:00"},
		},
		"a day of 25 hours": {
			IntervalDay, "Europe/Berlin", "2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z",
			[]string{"Sun 10-26T00:00+02:00", "Mon 10-27T00:00+01:00"},
		},
		"the hour that comes twice": {
			IntervalHour, "Europe/Berlin", "2025-10-26T00:10:00Z", "2025-10-26T01:30:00Z",
			[]string{"Sun 10-26T02:00+02:00", "Sun 10-26T02:00+01:00", "Sun 10-26T03:00+01:00"},
		},
		"hours of a zone that is a quarter off": {
			IntervalHour, "Asia/Kathmandu", "2026-03-02T07:10:00Z", "2026-03-02T07:20:00Z",
			[]string{"Mon 03-02T12:00+05:45", "Mon 03-02T13:00+05:45", "Mon 03-02T14:00+05:45"},
		},
		"half an hour put back": {
			IntervalHour, "Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-04T15:31:00Z",
			[]string{"Sun 04-05T01:00+11:00", "Sun 04-05T02:00+10:30", "Sun 04-05T03:00+10:30"},
		},
		"no midnight": {
			IntervalDay, "America/Sao_Paulo", "2018-11-03T12:00:00Z", "2018-11-05T02:00:00Z",
			[]string{"Sat 11-03T00:00-03:00", "Sun 11-04T01:00-02:00", "Mon 11-05T00:00-02:00"},
		},
		"midnight twice": {
			IntervalDay, "America/Havana", "2025-11-01T12:00:00Z", "2025-11-02T12:00:00Z",
			[]string{"Sat 11-01T00:00-04:00", "Sun 11-02T00:00-04:00", "Mon 11-03T00:00-05:00"},
		},
		"put back over midnight": {
			IntervalDay, "America/St_Johns", "2006-10-29T02:45:00Z", "2006-10-29T04:00:00Z",
			[]string{"Sun 10-29T00:00-02:30", "Mon 10-30T00:00-03:30"},
		},
		"a day that was left out": {
			IntervalDay, "Pacific/Apia", "2011-12-29T12:00:00Z", "2011-12-31T08:00:00Z",
			[]string{"Thu 12-29T00:00-10:00", "Sat 12-31T00:00+14:00", "Sun 01-01T00:00+14:00"},
		},
		"weeks begin on Monday": {
			IntervalWeek, "Europe/London", "2026-03-29T22:59:00Z", "2026-03-29T23:01:00Z",
			[]string{"Mon 03-23T00:00+00:00", "Mon 03-30T00:00+01:00", "Mon 04-06T00:00+01:00"},
		},
		"months": {
			IntervalMonth, "Asia/Kolkata", "2026-01-31T18:29:00Z", "2026-02-28T18:31:00Z",
			[]string{"Thu 01-01T00:00+05:30", "Sun 02-01T00:00+05:30", "Sun 03-01T00:00+05:30", "Wed 04-01T00:00+05:30"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := edgesOf(t, c.interval, c.zone, c.from, c.to)
			if len(got) != len(c.want) {
				t.Fatalf("got %v, want %v", got, c.want)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("got %v, want %v", got, c.want)
					break
				}
			}
		})
	}
}

// TestBucketsMeetAndCoverTheRange: whatever the zone and the time, each bucket
// begins where the last one ends, and none is empty or longer than its interval
// can be.
func TestBucketsMeetAndCoverTheRange(t *testing.T) {
	zones := []string{
		"UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo",
		"America/Havana", "America/St_Johns", "Pacific/Apia", "Africa/Cairo", "Asia/Beirut", "Africa/Casablanca", "Antarctica/Troll",
	}
	longest := map[Interval]time.Duration{
		IntervalHour: 2 * time.Hour, IntervalDay: 26 * time.Hour, IntervalWeek: 7*24*time.Hour + 3*time.Hour, IntervalMonth: 31*24*time.Hour + 3*time.Hour,
	}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := TimeZone("timeZone", rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		interval := Interval(rapid.IntRange(1, 4).Draw(t, "interval"))
		from := time.Unix(rapid.Int64Range(0, 2_000_000_000).Draw(t, "from"), 0)
		length := rapid.Int64Range(1, int64(100*longest[interval]/time.Second)).Draw(t, "length")
		span := histogramSpan{from: from, to: from.Add(time.Duration(length) * time.Second), cutFirst: rapid.Bool().Draw(t, "cut first"), cutLast: rapid.Bool().Draw(t, "cut last")}
		edges, err := span.edges(interval, zone)
		if err != nil {
			t.Fatal(err)
		}
		first, last := edges[0], edges[len(edges)-1]
		if first.After(span.from) || last.Before(span.to) || span.cutFirst && !first.Equal(span.from) || span.cutLast && !last.Equal(span.to) {
			t.Fatalf("from %s to %s of %+v", first, last, span)
		}
		for i := range len(edges) - 1 {
			if length := edges[i+1].Sub(edges[i]); length <= 0 || length > longest[interval] {
				t.Fatalf("bucket %d is %s long, from %s", i, length, edges[i])
			}
		}
	})
}

func TestHistogramsHaveABound(t *testing.T) {
	from := time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)
	for hours, code := range map[int]Code{MaxBuckets: "", MaxBuckets + 1: CodeQueryTooExpensive} {
		span := histogramSpan{from: from, to: from.Add(time.Duration(hours) * time.Hour), cutFirst: true, cutLast: true}
		edges, err := span.edges(IntervalHour, time.UTC)
		if ErrorCode(err) != code || err == nil && len(edges) != hours+1 {
			t.Errorf("%d hours: %d edges, %v", hours, len(edges), err)
		}
		var known *Error
		if errors.As(err, &known) && known.Limit != MaxBuckets {
			t.Errorf("the limit is told as %d", known.Limit)
		}
	}
}

func TestTheRangeOfAFilterIsThatOfAllItsParts(t *testing.T) {
	instant := func(day int) *time.Time {
		at := time.Date(2026, time.May, day, 0, 0, 0, 0, time.UTC)
		return &at
	}
	filter := &Filter{
		OccurredAt: &TimeRange{From: instant(3)},
		AllOf: []Filter{
			{OccurredAt: &TimeRange{From: instant(2), To: instant(9)}},
			{AllOf: []Filter{{OccurredAt: &TimeRange{To: instant(7)}}}},
		},
		AnyOf: []Filter{{OccurredAt: &TimeRange{From: instant(5), To: instant(6)}}},
	}
	if got := filter.occurred(); !got.From.Equal(*instant(3)) || !got.To.Equal(*instant(7)) {
		t.Errorf("from %s to %s", got.From, got.To)
	}
}
