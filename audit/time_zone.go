package audit

import (
	"time"
	_ "time/tzdata" // zones are known on machines that have no database of them
)

// maxTimeZone is the length of a name beyond which there is no zone.
const maxTimeZone = 100

// TimeZone is the zone of a name in the IANA database: "Europe/Berlin". It fails
// with CodeBadInput and the path of the field that has the name.
func TimeZone(path, name string) (*time.Location, error) {
	isOfServer := name == "" || name == "Local" // time.LoadLocation knows them too
	if !isOfServer && len(name) <= maxTimeZone {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	return nil, BadInput(path, "%s: %.40q is not the name of a time zone, such as UTC or America/New_York.", path, name)
}

// leastBetweenChanges is a time within which no clock is changed twice: changes
// fall on quarters of an hour, as offsets do since 1972.
const leastBetweenChanges = 15 * time.Minute

// StartOfDay is the instant at which clocks in the zone first show the day or a
// later one: a day that a zone left out begins when the next does, and one whose
// midnight is left out or comes twice with the first instant of it. Values out of
// range are normalised as in [time.Date].
func StartOfDay(year int, month time.Month, day int, zone *time.Location) time.Time {
	midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() // as the clock shows it
	const beyondAnyOffset = 36 * time.Hour
	at := time.Unix(midnight, 0).Add(-beyondAnyOffset).In(zone)
	for {
		_, offset := at.Zone()
		start, end := at.ZoneBounds()
		if !end.IsZero() && !end.After(at) {
			end = at.Add(leastBetweenChanges) // package time ends a leap year's last zone a day early
		}
		shown := time.Unix(midnight-int64(offset), 0).In(zone)
		switch {
		case !start.IsZero() && shown.Before(start):
			return start // the clock was put forward past midnight
		case end.IsZero() || shown.Before(end):
			return shown
		}
		at = end
	}
}
