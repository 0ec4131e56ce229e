package store

import (
	"encoding/binary"
	"errors"
	"time"
)

// The days of every time zone begin at a full quarter of an hour in UTC, so that
// counts by quarters answer for all of them.
const (
	quarter        = 15 * time.Minute
	quartersOfADay = int(24 * time.Hour / quarter)
)

// quarterCounts are the events of each quarter of one UTC day.
type quarterCounts [quartersOfADay]uint64

var errQuarters = errors.New("counts by quarters cannot be read")

// encode writes the quarters that have events: the number of each, and how many
// it has. Most days of most kinds of events have few.
func (q *quarterCounts) encode() []byte {
	var text []byte
	for number, n := range q {
		if n > 0 {
			text = binary.AppendUvarint(append(text, byte(number)), n)
		}
	}
	return text
}

// eachQuarter reads what encode wrote.
func eachQuarter(text []byte, count func(number int, n uint64)) error {
	for len(text) > 0 {
		n, size := binary.Uvarint(text[1:])
		if size <= 0 || int(text[0]) >= quartersOfADay {
			return errQuarters
		}
		count(int(text[0]), n)
		text = text[1+size:]
	}
	return nil
}

// dayAndQuarter is where an instant lies among the counts.
func dayAndQuarter(at time.Time) (day int64, number int) {
	quarters := floorDivide(at.UnixMicro(), quarter.Microseconds())
	day = floorDivide(quarters, int64(quartersOfADay))
	return day, int(quarters - day*int64(quartersOfADay))
}

func floorDivide(a, b int64) int64 {
	if a < 0 {
		return (a - b + 1) / b
	}
	return a / b
}
