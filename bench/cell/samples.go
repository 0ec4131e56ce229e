package cell

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"daybook/bench/load"
)

// Each is one value of every sample of a cell.
func Each[T any](samples []Sample, value func(Sample) T) []T {
	list := make([]T, len(samples))
	for i, s := range samples {
		list[i] = value(s)
	}
	return list
}

// Rate is how much a sample did in a second.
func Rate(s Sample) float64 { return s.Rate() }

// Halfway is the median time of a sample's calls, in seconds.
func Halfway(s Sample) float64 { return s.P50.Seconds() }

// Ratios compare a value of two cells within each round in which both have one;
// nil if there is none. Within a round, because the machine may be another a
// minute later.
func Ratios(of, to []Sample, value func(Sample) float64) []float64 {
	var list []float64
	for i := range min(len(of), len(to)) {
		if a, b := value(of[i]), value(to[i]); a > 0 && b > 0 {
			list = append(list, a/b)
		}
	}
	return list
}

// Heading and Alignment are the table columns of [Columns] after the first.
const (
	Heading   = "| Daybook is | p50 ms | p99 ms | server µs | Postgres µs | callers µs | server MB |"
	Alignment = "|--:|--:|--:|--:|--:|--:|--:|"
)

// Columns are the columns of a table that say what samples found: the median
// rate and its range, how Daybook compares, percentiles of the time of one call,
// processor time for each event, and memory if that is wanted.
func Columns(samples []Sample, compared string, memory bool) string {
	rates := Each(samples, Rate)
	var b strings.Builder
	fmt.Fprintf(&b, "| **%.0f** (%.0f-%.0f) | %s ", load.Median(rates), slices.Min(rates), slices.Max(rates), compared)
	for _, percentile := range []func(Sample) time.Duration{
		func(s Sample) time.Duration { return s.P50 },
		func(s Sample) time.Duration { return s.P99 },
	} {
		fmt.Fprintf(&b, "| %s ", load.Milliseconds(load.Median(Each(samples, percentile))))
	}
	for _, used := range []func(Sample) time.Duration{
		func(s Sample) time.Duration { return s.Program },
		func(s Sample) time.Duration { return s.Database },
		func(s Sample) time.Duration { return s.Callers },
	} {
		fmt.Fprintf(&b, "| %s ", perEvent(samples, used))
	}
	megabytes := "-"
	if memory {
		megabytes = fmt.Sprint(load.Median(Each(samples, func(s Sample) int64 { return s.Memory })) >> 20)
	}
	fmt.Fprintf(&b, "| %s |", megabytes)
	return b.String()
}

// perEvent is a processor time for each event, in microseconds; "-" for none.
func perEvent(samples []Sample, used func(Sample) time.Duration) string {
	each := Each(samples, func(s Sample) float64 {
		return float64(used(s).Microseconds()) / max(1, float64(s.Events))
	})
	if value := load.Median(each); value > 0 {
		return fmt.Sprintf("%.0f", value)
	}
	return "-"
}
