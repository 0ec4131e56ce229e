package demo

import "time"

// office is where people work. Its clock is told here rather than by the
// machine's time zone files, which differ from machine to machine.
type office struct {
	name          string
	standard      time.Duration // east of UTC in winter
	summerBegins  time.Time     // clocks go forward an hour until after July
	addressPrefix string        // of its IPv4 network
	queue         string        // whose conversations it prefers
	shiftsStart   []time.Duration
	lunchAfter    time.Duration // the start of a shift
	phoneTemplate string
}

func lisbon() *office {
	return &office{
		name: "Lisbon", standard: 0, summerBegins: moment("2026-03-29T01:00:00Z"),
		addressPrefix: "198.51.100.", queue: "Europe",
		shiftsStart: []time.Duration{8 * time.Hour, 9 * time.Hour, 9*time.Hour + 30*time.Minute},
		lunchAfter:  4 * time.Hour, phoneTemplate: "+351 21 555 %04d",
	}
}

func denver() *office {
	return &office{
		name: "Denver", standard: -7 * time.Hour, summerBegins: moment("2026-03-08T09:00:00Z"),
		addressPrefix: "192.0.2.", queue: "Americas",
		shiftsStart: []time.Duration{7 * time.Hour, 8 * time.Hour, 9*time.Hour + 30*time.Minute},
		lunchAfter:  3*time.Hour + 30*time.Minute, phoneTemplate: "+1 303 555 %04d",
	}
}

// offset is how far the office's clock is ahead of UTC.
func (o *office) offset(instant time.Time) time.Duration {
	if instant.Before(o.summerBegins) {
		return o.standard
	}
	return o.standard + time.Hour
}

// localDate is the office's calendar day as 20060102.
func (o *office) localDate(instant time.Time) string {
	return instant.Add(o.offset(instant)).Format("20060102")
}

// clock is the instant at which the office's clock shows a time of day on the
// given date (a midnight in UTC).
func (o *office) clock(date time.Time, timeOfDay time.Duration) time.Time {
	noon := date.Add(12*time.Hour - o.standard)
	return date.Add(timeOfDay - o.offset(noon))
}
