package load

import (
	"fmt"
	"slices"
	"time"
)

// Median is the middle of the values, 0 of none. It does not change them.
func Median[T float64 | int64 | time.Duration](values []T) T { return Percentile(values, 50) }

// Percentile is the value below which that many percent of the values are, 0 of
// none. It does not change them.
func Percentile[T float64 | int64 | time.Duration](values []T, percent int) T {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)*percent/100]
}

// Milliseconds writes a duration as the tables show it: "1.25".
func Milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.2f", float64(d.Microseconds())/1000)
}
