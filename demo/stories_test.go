package demo

import (
	"slices"
	"strings"
	"testing"
	"time"

	"daybook/audit"
)

// line is an event as the stories below expect it: instant, action, who did it,
// and what changed.
func line(event audit.EventInput) string {
	parts := []string{event.OccurredAt.Format("2006-01-02 15:04:05"), event.Action.String(), performer(event)}
	if work := event.Details.WorkSession; work != nil && work.Status != nil {
		parts = append(parts, work.Status.After.Name, work.Status.Cause.String())
	}
	for _, change := range event.Changes {
		parts = append(parts, change.Property+":"+string(change.Before)+">"+string(change.After))
	}
	return strings.Join(parts, " ")
}

func performer(event audit.EventInput) string {
	switch by := event.PerformedBy; {
	case by.User != nil:
		return by.User.ExternalID
	case by.Customer != nil:
		return by.Customer.ExternalID
	default:
		return by.Automation.ExternalID
	}
}

// chosen are the lines of the events that a story is about.
func chosen(about func(audit.EventInput) bool) []string {
	var lines []string
	for _, event := range told() {
		if about(event) {
			lines = append(lines, line(event))
		}
	}
	return lines
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("the story goes\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func isAbout(event audit.EventInput, user string) bool {
	about := event.Details.Authorization
	return about != nil && about.User != nil && about.User.ExternalID == user
}

func TestAccountOfJonas(t *testing.T) {
	expect(t, chosen(func(e audit.EventInput) bool { return isAbout(e, "usr-jonas") && e.Action == audit.ActionUpdate }),
		`2026-03-02 09:12:08 UPDATE usr-ana role_group:"Agents">"Senior agents"`,
		`2026-04-14 08:47:30 UPDATE usr-ana name:"Jonas Berg">"Jonas Lindqvist"`,
		`2026-04-14 08:49:02 UPDATE usr-ana email:"jonas.berg@example.com">"jonas.lindqvist@example.com"`,
		`2026-04-20 13:22:55 UPDATE usr-ana phone:"+351 21 555 0285">"+351 21 555 0177"`,
		`2026-05-19 06:31:10 UPDATE usr-ana locked:true>false`,
	)
}

func TestLockout(t *testing.T) {
	expect(t, chosen(func(e audit.EventInput) bool { return e.IPAddress != nil && *e.IPAddress == "203.0.113.77" }),
		"2026-05-19 02:13:05 LOGIN_FAILED usr-jonas", "2026-05-19 02:13:21 LOGIN_FAILED usr-jonas",
		"2026-05-19 02:13:52 LOGIN_FAILED usr-jonas", "2026-05-19 02:14:30 LOGIN_FAILED usr-jonas",
		"2026-05-19 02:15:07 LOGIN_FAILED usr-jonas", "2026-05-19 02:15:07 LOCKOUT system locked:false>true",
	)
}

// Jonas signs in and out each weekday, in that order, with addresses.
func TestSignInsOfJonas(t *testing.T) {
	in, days := false, map[string]bool{}
	for _, event := range told() {
		if !isAbout(event, "usr-jonas") || event.Action != audit.ActionLogin && event.Action != audit.ActionLogout {
			continue
		}
		if in == (event.Action == audit.ActionLogin) || event.IPAddress == nil {
			t.Fatalf("%s does not follow", line(event))
		}
		in = !in
		days[event.OccurredAt.Format(time.DateOnly)] = true
	}
	if len(days) < 125 {
		t.Errorf("he came on %d days", len(days))
	}
}

func TestPlanAndSeats(t *testing.T) {
	var got []string
	for _, event := range told() {
		if billing := event.Details.Billing; billing != nil {
			if billing.Plan != nil {
				got = append(got, event.OccurredAt.Format("01-02 ")+performer(event)+" "+*billing.Plan.Before+">"+*billing.Plan.After)
			}
			for _, seats := range billing.Seats {
				got = append(got, event.OccurredAt.Format("01-02 ")+performer(event)+" "+seats.Kind.String())
			}
		}
	}
	expect(t, got, "04-01 usr-ana Professional>Enterprise", "04-01 usr-ana FULL_TIME", "05-25 usr-ana SEASONAL", "06-15 usr-ana COLLABORATOR")
}

func TestRuleAndItsCriteria(t *testing.T) {
	got := chosen(func(e audit.EventInput) bool {
		return e.Object.Type == "business_rule" && e.Object.ExternalID == "rule-vip"
	})
	dates := []string{"2026-02-16", "2026-03-23", "2026-05-04", "2026-06-22"}
	if len(got) != len(dates) {
		t.Fatalf("want %d changes, got %v", len(dates), got)
	}
	for i, date := range dates {
		if !strings.HasPrefix(got[i], date) || !strings.Contains(got[i], `criteria:{"match":"all","conditions":[`) {
			t.Errorf("change %d is %s", i, got[i])
		}
	}
}

// Each settings filter of the article finds something, also by one person.
func TestSettingsByAreaAndPerson(t *testing.T) {
	for _, area := range []audit.SettingsArea{audit.AreaSearches, audit.AreaShortcuts, audit.AreaBusinessRules, audit.AreaKustomerAccess} {
		for _, by := range []string{"usr-ana", "usr-marcus"} {
			found := chosen(func(e audit.EventInput) bool {
				return e.Details.Settings != nil && e.Details.Settings.Area == area && performer(e) == by
			})
			if len(found) == 0 {
				t.Errorf("%s changed nothing about %s", by, area)
			}
		}
	}
}

func TestWrongSizeDelivered(t *testing.T) {
	got := chosen(func(e audit.EventInput) bool {
		return e.Details.Conversation != nil && e.Details.Conversation.Conversation.ExternalID == "cnv-000042"
	})
	expect(t, got,
		`2026-03-11 17:58:03 CREATE cus-000007 name:>"Wrong size delivered" status:>"Open" channel:>"chat" priority:>3 tags:>[] assigned_users:>[] customer:>"cus-000007"`,
		`2026-03-11 17:58:03 UPDATE rule-vip priority:3>1 tags:[]>["vip"]`,
		`2026-03-11 17:58:03 UPDATE wf-returns tags:["vip"]>["vip","exchange"]`,
		`2026-03-11 17:58:03 ROUTE queue-router queue:>"Americas"`,
		`2026-03-11 18:01:46 OFFER queue-router offered_to:>"usr-priya"`,
		`2026-03-11 18:02:03 ACCEPT usr-priya offered_to:"usr-priya">`,
		`2026-03-11 18:02:03 ASSIGN queue-router assigned_users:[]>["usr-priya"]`,
		`2026-03-11 18:03:38 CREATE usr-priya direction:>"out" channel:>"chat"`,
		`2026-03-11 18:40:37 UPDATE usr-priya status:"Open">"Snoozed" snooze_until:>"2026-03-12T18:00:00Z"`,
		`2026-03-11 19:48:15 CREATE cus-000007 direction:>"in" channel:>"chat"`,
		`2026-03-11 19:48:15 UPDATE rule-reopen status:"Snoozed">"Open" snooze_until:"2026-03-12T18:00:00Z">`,
		`2026-03-11 20:02:44 CREATE usr-priya direction:>"out" channel:>"chat"`,
		`2026-03-11 20:26:30 UPDATE usr-priya status:"Open">"Done"`,
		`2026-03-11 21:52:19 SURVEY_ANSWER cus-000007 satisfaction_score:>5`,
	)
}

func workOfPriya(e audit.EventInput) *audit.WorkSessionDetailsInput {
	if work := e.Details.WorkSession; work != nil && work.Agent.ExternalID == "usr-priya" &&
		work.WorkSessionExternalID != nil && *work.WorkSessionExternalID == "ws-priya-20260311" {
		return work
	}
	return nil
}

func TestStatusesOfPriyasDay(t *testing.T) {
	got := chosen(func(e audit.EventInput) bool { return workOfPriya(e) != nil && workOfPriya(e).Status != nil })
	expect(t, got,
		"2026-03-11 14:00:05 AGENT_STATUS_CHANGE usr-priya Available SIGN_IN",
		"2026-03-11 16:31:00 AGENT_STATUS_CHANGE system Unavailable CONNECTION_LOST",
		"2026-03-11 16:31:40 AGENT_STATUS_CHANGE usr-priya Available MANUAL",
		"2026-03-11 17:00:00 AGENT_STATUS_CHANGE usr-priya Lunch MANUAL",
		"2026-03-11 17:30:00 AGENT_STATUS_CHANGE usr-priya Available MANUAL",
		"2026-03-11 19:05:00 AGENT_STATUS_CHANGE system Unavailable UNKNOWN",
		"2026-03-11 19:05:35 AGENT_STATUS_CHANGE usr-priya Available MANUAL",
		"2026-03-11 20:10:00 AGENT_STATUS_CHANGE system Unavailable ACCEPT_TIMEOUT",
		"2026-03-11 20:14:00 AGENT_STATUS_CHANGE usr-priya Available MANUAL",
		"2026-03-11 21:00:00 AGENT_STATUS_CHANGE usr-marcus Coaching SUPERVISOR",
		"2026-03-11 21:20:00 AGENT_STATUS_CHANGE usr-marcus Available SUPERVISOR",
		"2026-03-11 22:30:00 AGENT_STATUS_CHANGE usr-priya Offline SIGN_OUT",
	)
}

// The fixed day is the same however busy the rest is.
func TestCapacityOfPriyasDay(t *testing.T) {
	want := []int32{2, 3, 5, 6, 4, 6, 7, 9, 11, 9, 8, 6, 5, 7, 5, 3, 2, 0}
	for _, count := range []int{10_000, DefaultEvents, 60_000} {
		var used []int32
		for event := range Events(count) {
			work := workOfPriya(event)
			if work == nil || work.Capacity == nil {
				continue
			}
			used = append(used, work.Capacity.After.Used)
			switch at := event.OccurredAt.Format("15:04"); {
			case work.Capacity.Before.Used == 9 && work.Capacity.After.State() == audit.CapacityOver:
				if at != "18:02" || work.Conversation.ExternalID != "cnv-000042" {
					t.Errorf("she goes over at %s by %s", at, work.Conversation.ExternalID)
				}
			case work.Capacity.Before.State() == audit.CapacityOver:
				if at != "18:19" || work.Capacity.After != (audit.Capacity{Used: 9, Total: 10}) {
					t.Errorf("she is back under at %s with %v", at, work.Capacity.After)
				}
			}
		}
		if !slices.Equal(used, want) {
			t.Errorf("Events(%d): her capacity goes %v, want %v", count, used, want)
		}
	}
}

// A bad line is many lapses within minutes.
func TestFlappingDayOfDiego(t *testing.T) {
	got := chosen(func(e audit.EventInput) bool {
		work := e.Details.WorkSession
		return work != nil && work.Agent.ExternalID == "usr-diego" && work.Status != nil &&
			work.Status.Cause == audit.CauseConnectionLost && e.OccurredAt.Format(time.DateOnly) == "2026-04-22"
	})
	if len(got) < 3 {
		t.Errorf("the connection drops %d times: %v", len(got), got)
	}
}
