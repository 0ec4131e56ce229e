package activity

import (
	"time"
	_ "time/tzdata" // time zones, where the system has none

	"daybook/audit"
)

// zoneOf is the time zone of a name of the IANA database: "America/Denver". It
// fails with CodeBadInput for any other.
func zoneOf(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" { // neither of which names one
		return nil, audit.BadInput("timeZone", "%.40q is not a time zone of the IANA database, such as America/Denver.", name)
	}
	return zone, nil
}
