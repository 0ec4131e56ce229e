package demo

import (
	"math/bits"
	"math/rand/v2"
	"time"
)

// chance draws what is not told by a story. It uses whole numbers of 64 bits
// only: floating point, and what math/rand/v2 makes of small numbers, may differ
// from one processor to another.
type chance struct{ source *rand.PCG }

// newChance gives the same draws every time.
func newChance() chance { return chance{rand.NewPCG(0x4e6f727468, 0x77696e64)} }

// below draws from 0 to n-1.
func (c chance) below(n int) int {
	drawn, _ := bits.Mul64(c.source.Uint64(), uint64(n))
	return int(drawn)
}

// between draws from low to high, both included.
func (c chance) between(low, high int) int { return low + c.below(high-low+1) }

// percent is true that many times in a hundred.
func (c chance) percent(p int) bool { return c.below(100) < p }

// perMille is true that many times in a thousand.
func (c chance) perMille(p int) bool { return c.below(1000) < p }

// weighted draws an index; an index of double weight comes twice as often. It
// is -1 when no weight is positive.
func (c chance) weighted(weights []int) int {
	sum := 0
	for _, weight := range weights {
		sum += weight
	}
	if sum == 0 {
		return -1
	}
	left := c.below(sum)
	for i, weight := range weights {
		if left < weight {
			return i
		}
		left -= weight
	}
	return -1
}

// span draws a duration to the millisecond, most often nearer to shortest.
func (c chance) span(shortest, longest time.Duration) time.Duration {
	width := int((longest - shortest) / time.Millisecond)
	drawn := min(c.below(width+1), c.below(width+1))
	return shortest + time.Duration(drawn)*time.Millisecond
}

// pick draws one of the choices.
func pick[T any](c chance, choices []T) T { return choices[c.below(len(choices))] }
