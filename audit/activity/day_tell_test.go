package activity

import (
	"fmt"
	"strings"
	"time"

	"daybook/audit"
)

// tell writes an activity as a file of testdata/days does.
func (d *dayFile) tell(a *Activity) string {
	var lines []string
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	say("logged in %s, at or over capacity %s, over capacity %s",
		duration(a.LoggedInSeconds), duration(a.AtOrOverCapacitySeconds), duration(a.OverCapacitySeconds))
	for _, total := range a.StatusTotals {
		say("total %s %s, %d times", total.Status.Name, duration(total.Seconds), total.Times)
	}
	for _, in := range a.Timeline {
		say("from %s to %s %s %s %s by %s",
			d.clock(&in.From), d.clock(in.To), in.Status.Name, duration(in.Seconds), in.Cause, in.SetBy.ExternalID)
	}
	for _, s := range a.Sessions {
		say("session %s %s to %s %s", textOr(s.ExternalID), d.clock(s.SignedInAt), d.clock(s.SignedOutAt), duration(s.Seconds))
	}
	for _, on := range a.Days {
		say("day %s logged in %s, available %s, %d assignments, %d lapses",
			on.Date, duration(on.LoggedInSeconds), duration(on.AvailableSeconds), on.Assignments, on.Lapses)
	}
	for _, given := range a.Assignments {
		say("assigned %s %s to %s at %s",
			given.Conversation.ExternalID, d.clock(given.AssignedAt), d.clock(given.UnassignedAt), capacityOr(given.Capacity))
	}
	for _, crossed := range a.CapacityCrossings {
		by := "-"
		if crossed.Conversation != nil {
			by = crossed.Conversation.ExternalID
		}
		say("%s %s by %s at %s", map[CrossingDirection]string{Over: "over", BackUnder: "back under"}[crossed.Direction],
			d.clock(&crossed.At), by, capacityOr(&crossed.Capacity))
	}
	for _, l := range a.Lapses {
		length, connection := "?", ""
		if l.Seconds != nil {
			length = duration(*l.Seconds)
		}
		if l.LikelyConnection {
			connection = " connection"
		}
		say("lapse %s to %s %s %s%s", d.clock(&l.From), d.clock(l.To), length, l.Cause, connection)
	}
	return strings.Join(lines, "\n")
}

// clock is an instant as the file writes it.
func (d *dayFile) clock(t *time.Time) string {
	if t == nil {
		return "?"
	}
	days := int(t.Unix()-d.date.Unix()) / (24 * 3600)
	if t.Before(d.date) {
		days = -1 - int(d.date.Unix()-1-t.Unix())/(24*3600)
	}
	clock := t.UTC().Format("15:04:05.999999")
	if days == 0 {
		return clock
	}
	return fmt.Sprintf("%+d %s", days, clock)
}

func duration(seconds int) string {
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

func textOr(text *string) string {
	if text == nil {
		return "?"
	}
	return *text
}

func capacityOr(c *audit.Capacity) string {
	if c == nil {
		return "?"
	}
	return fmt.Sprintf("%d/%d", c.Used, c.Total)
}
