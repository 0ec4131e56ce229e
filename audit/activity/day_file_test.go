package activity

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"daybook/audit"
)

// dayFile is a file of testdata/days.
type dayFile struct {
	t      testing.TB
	date   time.Time
	zone   *time.Location
	asked  Range
	events []*audit.WorkEvent // in the order of their ids
	expect []string
}

var agent = &audit.Actor{ID: 1, Kind: audit.ActorUser, ExternalID: "agent"}

// people are whoever may have done something.
var people = map[string]*audit.Actor{
	"agent":      agent,
	"supervisor": {ID: 2, Kind: audit.ActorUser, ExternalID: "supervisor"},
	"system":     {ID: 3, Kind: audit.ActorSystem, ExternalID: "system"},
	"router":     {ID: 4, Kind: audit.ActorQueueRouter, ExternalID: "router"},
	"rule":       {ID: 5, Kind: audit.ActorBusinessRule, ExternalID: "rule"},
}

func parseDay(t testing.TB, text string) *dayFile {
	d := &dayFile{t: t, zone: time.UTC}
	read := d.head
	for line := range strings.Lines(text) {
		switch line = strings.TrimSpace(line); {
		case line == "" || line[0] == '#':
		case line == "events":
			read = d.event
		case line == "expect":
			read = func(line string) { d.expect = append(d.expect, line) }
		default:
			read(line)
		}
	}
	slices.SortFunc(d.events, func(a, b *audit.WorkEvent) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return d
}

func (d *dayFile) head(line string) {
	word, rest, _ := strings.Cut(line, " ")
	var err error
	switch word {
	case "date":
		d.date, err = time.Parse(time.DateOnly, rest)
	case "zone":
		d.zone, err = audit.TimeZone("zone", rest)
	case "range":
		from, to, _ := strings.Cut(rest, " to ")
		d.asked = Range{From: d.time(from), To: d.time(to)}
	case "now":
		if now := d.time(rest); now.Before(d.asked.To) {
			d.asked.To, d.asked.Open = now, true
		}
	default:
		d.t.Fatalf("cannot read %q", line)
	}
	d.check(line, err)
}

func (d *dayFile) check(line string, err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatalf("%q: %v", line, err)
	}
}

// time reads "16:31:00" or "+1 16:31:00.25".
func (d *dayFile) time(text string) time.Time {
	days := 0
	if day, clock, found := strings.Cut(text, " "); found {
		text = clock
		var err error
		days, err = strconv.Atoi(day)
		d.check(day, err)
	}
	clock, err := time.Parse(time.TimeOnly, text)
	d.check(text, err)
	midnight := time.Date(clock.Year(), clock.Month(), clock.Day(), 0, 0, 0, 0, time.UTC)
	return d.date.AddDate(0, 0, days).Add(clock.Sub(midnight))
}

func (d *dayFile) event(line string) {
	words := strings.Fields(line)
	clock := words[0]
	if strings.ContainsAny(clock[:1], "+-") {
		clock += " " + words[1]
		words = words[1:]
	}
	e := &audit.WorkEvent{Agent: agent.ID}
	var err error
	e.ID, err = audit.NewEventID(d.time(clock), int64(len(d.events)+1), 1)
	d.check(line, err)
	if words = words[1:]; words[0] == "status" {
		words = d.statusEvent(e, words[1:])
	} else {
		words = d.workEvent(e, words)
	}
	for ; len(words) >= 2; words = words[2:] {
		switch words[0] {
		case "by":
			e.Performer = people[words[1]]
		case "for":
			e.OnBehalf = people[words[1]].ID
		case "in":
			e.Details.WorkSessionExternalID = &words[1]
		}
	}
	if len(words) > 0 || e.Performer == nil {
		d.t.Fatalf("cannot read %q", line)
	}
	d.events = append(d.events, e)
}

// statusEvent reads "Available -> Lunch MANUAL".
func (d *dayFile) statusEvent(e *audit.WorkEvent, words []string) []string {
	e.Action = audit.ActionAgentStatusChange
	change := &audit.StatusChange{After: statusOf(words[2])}
	if words[0] != "?" {
		change.Before = new(statusOf(words[0]))
	}
	d.check(words[3], change.Cause.UnmarshalText([]byte(words[3])))
	e.Details.Status = change
	return words[4:]
}

func statusOf(name string) audit.RoutingStatus {
	kind, known := map[string]audit.StatusType{
		"Available": audit.StatusAvailable, "Busy": audit.StatusBusy, "Wrap-up": audit.StatusBusy, "Offline": audit.StatusOffline,
	}[name]
	if !known {
		kind = audit.StatusUnavailable
	}
	return audit.RoutingStatus{Name: name, Type: kind}
}

// workEvent reads "ASSIGN cnv-1 0/10 -> 1/10".
func (d *dayFile) workEvent(e *audit.WorkEvent, words []string) []string {
	d.check(words[0], e.Action.UnmarshalText([]byte(words[0])))
	if words[1] != "-" {
		e.Details.Conversation = &audit.Subject{ExternalID: words[1]}
	}
	if words[2] == "by" {
		return words[2:]
	}
	change := &audit.CapacityChange{After: d.capacity(words[4])}
	if words[2] != "?" {
		change.Before = new(d.capacity(words[2]))
	}
	e.Details.Capacity = change
	return words[5:]
}

func (d *dayFile) capacity(text string) audit.Capacity {
	used, total, _ := strings.Cut(text, "/")
	u, err := strconv.Atoi(used)
	d.check(text, err)
	n, err := strconv.Atoi(total)
	d.check(text, err)
	return audit.Capacity{Used: int32(u), Total: int32(n)}
}
