package audit

import "time"

// Interval is the length of a histogram's buckets.
type Interval int16

// The intervals.
const (
	IntervalHour Interval = iota + 1
	IntervalDay
	IntervalWeek // from Monday, as ISO 8601 has it
	IntervalMonth
)

var intervalNames = names{"", "HOUR", "DAY", "WEEK", "MONTH"}

// String is the interval's name in the GraphQL contract.
func (i Interval) String() string { return intervalNames.name(int16(i)) }

// MarshalText writes the name used by the GraphQL contract.
func (i Interval) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads the name used by the GraphQL contract.
func (i *Interval) UnmarshalText(text []byte) error {
	return unmarshalEnum("HistogramInterval", intervalNames, text, i)
}

// start is the beginning of the interval in which t lies. That t is of a day does
// not tell that the next has not begun: clocks may be put back over midnight.
func (i Interval) start(t time.Time, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	switch i {
	case IntervalMonth:
		day = 1
	case IntervalWeek:
		day -= sinceMonday(t.In(zone).Weekday())
	}
	start := StartOfDay(year, month, day, zone)
	for next := i.next(start, zone); !next.After(t); next = i.next(start, zone) {
		start = next
	}
	return start
}

// sinceMonday is how many days a day of the week is behind Monday.
func sinceMonday(day time.Weekday) int { return (int(day) + 6) % 7 }

// next is the start of the interval that follows the one that starts at t.
func (i Interval) next(t time.Time, zone *time.Location) time.Time {
	if i == IntervalHour {
		return nextHour(t, zone)
	}
	year, month, day := t.In(zone).Date()
	for step := 1; ; step++ {
		next := i.after(year, month, day, step, zone)
		if next.After(t) { // else it is of a day that the zone left out
			return next
		}
	}
}

func (i Interval) after(year int, month time.Month, day, step int, zone *time.Location) time.Time {
	switch i {
	case IntervalMonth:
		return StartOfDay(year, month+time.Month(step), 1, zone)
	case IntervalWeek:
		return StartOfDay(year, month, day+7*step, zone)
	default:
		return StartOfDay(year, month, day+step, zone)
	}
}

// nextHour is an hour later, or where the clock moved by part of an hour, when it
// next shows a full one.
func nextHour(t time.Time, zone *time.Location) time.Time {
	next := t.Add(time.Hour).In(zone)
	past := time.Duration(next.Minute())*time.Minute + time.Duration(next.Second())*time.Second
	if past == 0 {
		return next
	}
	return next.Add(time.Hour - past)
}
