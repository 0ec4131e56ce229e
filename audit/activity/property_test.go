package activity

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"daybook/audit"
)

var start = time.Date(2026, time.March, 6, 20, 0, 0, 0, time.UTC)

// drawnDays are a few days of drawn events, some of one instant, in the order of
// their ids, around a weekend on which the clocks of Denver go forward.
func drawnDays(t *rapid.T) []*audit.WorkEvent {
	count := rapid.IntRange(0, 60).Draw(t, "events")
	events := make([]*audit.WorkEvent, count)
	for i := range events {
		events[i] = drawnEvent(t, i)
	}
	slices.SortFunc(events, func(a, b *audit.WorkEvent) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return events
}

func drawnEvent(t *rapid.T, i int) *audit.WorkEvent {
	instant := rapid.OneOf(
		rapid.Int64Range(0, 72*3600*1e6),
		rapid.Map(rapid.Int64Range(0, 72), func(hour int64) int64 { return hour * 3600 * 1e6 }),
	).Draw(t, "micros")
	id, err := audit.NewEventID(start.Add(time.Duration(instant)*time.Microsecond), int64(i+1), 1)
	if err != nil {
		t.Fatal(err)
	}
	e := &audit.WorkEvent{
		ID: id, Agent: agent.ID, Performer: rapid.SampledFrom([]*audit.Actor{agent, people["system"], people["supervisor"]}).Draw(t, "by"),
		Action: rapid.SampledFrom(audit.Actions()).Draw(t, "action"),
	}
	e.Details.WorkSessionExternalID = rapid.Ptr(rapid.SampledFrom([]string{"ws-1", "ws-2"}), true).Draw(t, "session")
	status := rapid.Map(rapid.SampledFrom([]string{"Available", "Busy", "Lunch", "Unavailable", "Offline"}), statusOf)
	if rapid.Bool().Draw(t, "changes status") {
		e.Details.Status = &audit.StatusChange{
			Before: rapid.Ptr(status, true).Draw(t, "before"), After: status.Draw(t, "after"),
			Cause: audit.StatusCause(rapid.IntRange(1, 9).Draw(t, "cause")),
		}
	}
	capacity := rapid.Custom(func(t *rapid.T) audit.Capacity {
		return audit.Capacity{Used: rapid.Int32Range(0, 5).Draw(t, "used"), Total: rapid.Int32Range(0, 3).Draw(t, "total")}
	})
	if rapid.Bool().Draw(t, "changes capacity") {
		e.Details.Capacity = &audit.CapacityChange{Before: rapid.Ptr(capacity, true).Draw(t, "before"), After: capacity.Draw(t, "after")}
	}
	if rapid.Bool().Draw(t, "names a conversation") {
		e.Details.Conversation = &audit.Subject{ExternalID: rapid.SampledFrom([]string{"cnv-1", "cnv-2", "cnv-3"}).Draw(t, "conversation")}
	}
	return e
}

// drawnInstant is at or about an event, or anywhere.
func drawnInstant(t *rapid.T, events []*audit.WorkEvent, name string) time.Time {
	if len(events) > 0 && rapid.Bool().Draw(t, name+" at an event") {
		return rapid.SampledFrom(events).Draw(t, name).OccurredAt()
	}
	return start.Add(time.Duration(rapid.Int64Range(-3600*1e6, 80*3600*1e6).Draw(t, name)) * time.Microsecond)
}

func drawnRange(t *rapid.T, events []*audit.WorkEvent) Range {
	from, to := drawnInstant(t, events, "from"), drawnInstant(t, events, "to")
	if to.Before(from) {
		from, to = to, from
	}
	return Range{From: from, To: to, Open: rapid.Bool().Draw(t, "open")}
}

func drawnZone(t *rapid.T) *time.Location {
	zone, err := audit.TimeZone("timeZone", rapid.SampledFrom([]string{"UTC", "America/Denver", "Asia/Kathmandu", "Australia/Lord_Howe"}).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// Intervals follow on each other without gap or overlap to the end of the range.
func TestTheTimelineHasNoGapAndNoOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := drawnDays(t)
		r := drawnRange(t, events)
		a := Of(agent, events, r, time.UTC)
		for i, in := range a.Timeline {
			last := i == len(a.Timeline)-1
			switch {
			case !last && !a.Timeline[i+1].From.Equal(*in.To):
				t.Fatalf("interval %d ends at %s, the next begins at %s", i, in.To, a.Timeline[i+1].From)
			case last && !in.until.Equal(r.To):
				t.Fatalf("the timeline ends at %s", in.until)
			case last && (in.To == nil) != r.Open:
				t.Fatalf("the last interval ends at %v, open: %v", in.To, r.Open)
			}
		}
		if len(a.Timeline) > 0 && a.Timeline[0].carried && !a.Timeline[0].From.Equal(r.From) {
			t.Fatalf("a status from before the range begins at %s", a.Timeline[0].From)
		}
	})
}

// Whichever way the logged-in time is added up, it is the same.
func TestSumsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := drawnDays(t)
		a := Of(agent, events, drawnRange(t, events), drawnZone(t))
		byTotals, available := 0, 0
		for _, total := range a.StatusTotals {
			switch total.Status.Type {
			case audit.StatusAvailable:
				available += total.Seconds
				byTotals += total.Seconds
			case audit.StatusBusy, audit.StatusUnavailable:
				byTotals += total.Seconds
			}
		}
		bySessions, byDays, availableByDays, assignments, lapses := 0, 0, 0, 0, 0
		for _, s := range a.Sessions {
			bySessions += s.Seconds
			if s.SignedInAt != nil && s.SignedOutAt != nil && s.Seconds != seconds(*s.SignedInAt, *s.SignedOutAt) {
				t.Fatalf("a session from %s to %s has %d seconds", s.SignedInAt, s.SignedOutAt, s.Seconds)
			}
		}
		for _, day := range a.Days {
			byDays += day.LoggedInSeconds
			availableByDays += day.AvailableSeconds
			assignments += day.Assignments
			lapses += day.Lapses
		}
		if byTotals != a.LoggedInSeconds || bySessions != a.LoggedInSeconds || byDays != a.LoggedInSeconds {
			t.Fatalf("logged in %d, by totals %d, by sessions %d, by days %d", a.LoggedInSeconds, byTotals, bySessions, byDays)
		}
		if available != availableByDays || assignments != len(begun(a.Assignments)) || lapses != len(a.Lapses) {
			t.Fatalf("available %d, by days %d; assignments %d, by days %d; lapses %d, by days %d",
				available, availableByDays, len(begun(a.Assignments)), assignments, len(a.Lapses), lapses)
		}
		if a.OverCapacitySeconds > a.AtOrOverCapacitySeconds {
			t.Fatalf("over capacity %d of %d", a.OverCapacitySeconds, a.AtOrOverCapacitySeconds)
		}
	})
}

func begun(assignments []AgentAssignment) []AgentAssignment {
	return slices.DeleteFunc(slices.Clone(assignments), func(a AgentAssignment) bool { return a.AssignedAt == nil })
}

// A range cut in two has in its parts what the whole has.
func TestPartsAddUpToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events, zone := drawnDays(t), drawnZone(t)
		r := drawnRange(t, events)
		cut := drawnInstant(t, events, "cut")
		if cut.Before(r.From) || cut.After(r.To) {
			t.Skip("outside")
		}
		whole := sums(Of(agent, events, r, zone))
		first := Of(agent, events, Range{From: r.From, To: cut}, zone)
		second := Of(agent, events, Range{From: cut, To: r.To, Open: r.Open}, zone)
		parts := sums(first)
		for name, n := range sums(second) {
			parts[name] += n
		}
		if n := len(first.Timeline); n > 0 && len(second.Timeline) > 0 && first.Timeline[n-1].Status == second.Timeline[0].Status {
			parts[fmt.Sprintf("%v times", second.Timeline[0].Status)]--
		}
		if !reflect.DeepEqual(parts, whole) {
			t.Fatalf("the parts have\n%v\nthe whole has\n%v", parts, whole)
		}
	})
}

// sums are all numbers of an activity that parts of a range add up to.
func sums(a *Activity) map[string]int {
	n := map[string]int{
		"logged in": a.LoggedInSeconds, "at or over": a.AtOrOverCapacitySeconds, "over": a.OverCapacitySeconds,
		"assignments": len(begun(a.Assignments)), "crossings": len(a.CapacityCrossings), "lapses": len(a.Lapses),
	}
	for _, total := range a.StatusTotals {
		n[fmt.Sprintf("%v seconds", total.Status)] += total.Seconds
		n[fmt.Sprintf("%v times", total.Status)] += total.Times
	}
	for _, day := range a.Days {
		n[day.Date.String()] += 1000*day.LoggedInSeconds + day.AvailableSeconds
	}
	return n
}

// Of what comes before the range only the last status and capacity matter, and
// nothing that comes after it.
func TestOnlyTheStateBeforeTheRangeMatters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events, zone := drawnDays(t), drawnZone(t)
		r := drawnRange(t, events)
		w := workIn(events, r)
		var needed []*audit.WorkEvent
		for _, e := range events {
			if e == w.status || e == w.capacity || slices.Contains(w.events, e) {
				needed = append(needed, e)
			}
		}
		if all, few := Of(agent, events, r, zone), Of(agent, needed, r, zone); !reflect.DeepEqual(all, few) {
			t.Fatalf("with all events %+v, with the needed ones %+v", all, few)
		}
	})
}

// Crossings take turns wherever events say what was there before, or leave it out.
func TestCrossingsAlternate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := drawnDays(t)
		for _, e := range events {
			if e.Details.Capacity != nil {
				e.Details.Capacity.Before = nil
			}
		}
		crossings := Of(agent, events, drawnRange(t, events), time.UTC).CapacityCrossings
		for i := range crossings[min(1, len(crossings)):] {
			if crossings[i].Direction == crossings[i+1].Direction {
				t.Fatalf("%+v is followed by %+v", crossings[i], crossings[i+1])
			}
		}
	})
}

// Every day begins where the one before ends, at an instant of its date before
// which no instant of it lies.
func TestDaysCutTheRangeAtMidnight(t *testing.T) {
	for _, name := range []string{"UTC", "America/Denver", "America/Sao_Paulo", "America/Havana", "Asia/Beirut", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kolkata"} {
		zone, err := audit.TimeZone("timeZone", name)
		if err != nil {
			t.Fatal(err)
		}
		r := Range{From: time.Date(2010, time.January, 1, 5, 0, 0, 0, time.UTC), To: time.Date(2023, time.June, 1, 0, 0, 0, 0, time.UTC)}
		days := daysOf(r, zone)
		for i, day := range days {
			if dateOf(day.from.In(zone)) != day.Date || dateOf(day.to.Add(-1).In(zone)) != day.Date {
				t.Errorf("%s: %s goes from %s to %s", name, day.Date, day.from.In(zone), day.to.In(zone))
			}
			if i > 0 && (!day.from.Equal(days[i-1].to) || !days[i-1].Date.before(day.Date)) {
				t.Errorf("%s: %s follows on %s", name, day.Date, days[i-1].Date)
			}
		}
	}
}

func TestUnknownTimeZones(t *testing.T) {
	for _, name := range []string{"", "Local", "Mars/Olympus", "../etc/passwd", "America/denver ", "UTC+1"} {
		if _, err := audit.TimeZone("timeZone", name); audit.ErrorCode(err) != audit.CodeBadInput {
			t.Errorf("%q: %v", name, err)
		}
	}
}
