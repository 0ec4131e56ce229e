package activity

import (
	"fmt"
	"sort"
	"time"

	"daybook/audit"
)

// Date is a day of the calendar.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// String is the date as ISO 8601 writes it: 2026-03-11.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// dateOf is the date on a calendar at an instant in its own zone.
func dateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// AgentDay is what an agent did on one day of the calendar.
type AgentDay struct {
	Date             Date
	LoggedInSeconds  int
	AvailableSeconds int
	Assignments      int // that began on it
	Lapses           int // that began on it

	from, to time.Time
}

// days spreads the activity over the days that the range touches.
func (a *Activity) days(zone *time.Location) []AgentDay {
	list := daysOf(a.Range, zone)
	for i := range a.Timeline {
		interval := &a.Timeline[i]
		for on := dayOf(list, interval.From); on < len(list) && list[on].from.Before(interval.until); on++ {
			list[on].add(interval)
		}
	}
	for i := range a.Assignments {
		if at := a.Assignments[i].AssignedAt; at != nil {
			list[dayOf(list, *at)].Assignments++
		}
	}
	for i := range a.Lapses {
		list[dayOf(list, a.Lapses[i].From)].Lapses++
	}
	return list
}

// add counts the part of an interval that lies within the day.
func (d *AgentDay) add(interval *StatusInterval) {
	from, to := interval.From, interval.until
	if from.Before(d.from) {
		from = d.from
	}
	if to.After(d.to) {
		to = d.to
	}
	if interval.loggedIn() {
		d.LoggedInSeconds += seconds(from, to)
	}
	if interval.Status.Type == audit.StatusAvailable {
		d.AvailableSeconds += seconds(from, to)
	}
}

// dayOf is the index of the day that an instant of the range is on.
func dayOf(days []AgentDay, at time.Time) int {
	return sort.Search(len(days), func(i int) bool { return at.Before(days[i].to) })
}

// daysOf cuts the range at each midnight of the zone.
func daysOf(r Range, zone *time.Location) []AgentDay {
	list := []AgentDay{}
	for from := r.From; from.Before(r.To); from = list[len(list)-1].to {
		date := dateOf(from.In(zone))
		to := from
		for next := date.next(); !to.After(from); next = next.next() {
			to = next.start(zone)
		}
		if to.After(r.To) {
			to = r.To
		}
		list = append(list, AgentDay{Date: date, from: from, to: to})
	}
	return list
}

func (d Date) before(other Date) bool { return d.String() < other.String() }

func (d Date) next() Date { return dateOf(time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, time.UTC)) }

// start is the first instant of the day.
func (d Date) start(zone *time.Location) time.Time {
	return audit.StartOfDay(d.Year, d.Month, d.Day, zone)
}
