package audit

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// zones change their clocks at midnight, at New Year, by half hours, twice a year,
// not any more, or have left out a day.
var zones = []string{
	"UTC", "Europe/London", "Europe/Lisbon", "America/Denver", "America/Sao_Paulo", "America/Havana", "America/Santiago", "Asia/Beirut",
	"Asia/Kolkata", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Auckland", "Australia/Lord_Howe", "Africa/Casablanca",
}

// expectStart checks that a day starts where the clocks first show it or a later one.
func expectStart(t interface{ Errorf(string, ...any) }, year int, month time.Month, day int, zone *time.Location) {
	got := StartOfDay(year, month, day, zone)
	asked := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	if at, before := got.In(zone).Format(time.DateOnly), got.Add(-1).In(zone).Format(time.DateOnly); at < asked || before >= asked {
		t.Errorf("%s in %s begins at %s", asked, zone, got.In(zone))
	}
}

func zoneNamed(t interface{ Fatal(...any) }, name string) *time.Location {
	zone, err := TimeZone("timeZone", name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestDaysStartWhenClocksFirstShowThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := zoneNamed(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		day := rapid.IntRange(0, 131*365).Draw(t, "day") // since 1970
		expectStart(t, 1970, time.January, 1+day, zone)
	})
}

// TestLeapYearsEnd: package time takes the last zone of a leap year to end on its
// 31st of December, for ever.
func TestLeapYearsEnd(t *testing.T) {
	for _, name := range zones {
		zone := zoneNamed(t, name)
		for year := 2024; year <= 2100; year += 4 {
			for day := 28; day <= 34; day++ {
				expectStart(t, year, time.December, day, zone)
			}
		}
	}
}
