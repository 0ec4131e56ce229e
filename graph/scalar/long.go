package scalar

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// maxLong is the largest whole number browsers read exactly.
const maxLong = 1<<53 - 1

// MarshalLong writes a whole number from 0 to 2^53-1 as a JSON number. Sequence
// numbers end far below that.
func MarshalLong(n int64) graphql.Marshaler { return plain(strconv.FormatInt(n, 10)) }

// UnmarshalLong takes a whole number from 0 to 2^53-1.
func UnmarshalLong(v any) (int64, error) {
	text, ok := wholeNumber(v)
	if !ok {
		return 0, badInput("A Long is a whole number, not %s.", kindOf(v))
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > maxLong {
		return 0, badInput("%.40s is not between 0 and %d, as a Long must be.", text, int64(maxLong))
	}
	return n, nil
}
