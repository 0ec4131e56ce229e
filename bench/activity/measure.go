package main

import (
	"context"
	"database/sql"
	_ "embed" // the statement
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/lib/pq"

	"daybook/audit"
	"daybook/audit/activity"
	"daybook/auth"
	"daybook/graph"
)

//go:embed month.sql
var handWritten string

const zone = "America/Denver"

// question is asked in several ways, the first by hand.
type question struct {
	title  string
	agents []int64
	from   time.Time
	to     time.Time
}

// line is a measured way to ask a question.
type line struct {
	question string
	what     string
	rounds   []time.Duration // the median call of each round
}

// numbers are the answer to a question: what of which agent.
type numbers map[string]int64

func questions() ([]question, error) {
	denver, err := time.LoadLocation(zone)
	if err != nil {
		return nil, err
	}
	on := func(day int) time.Time { return time.Date(2026, time.March, day, 0, 0, 0, 0, denver) }
	team := make([]int64, teamSize)
	for i := range team {
		team[i] = int64(i + 1)
	}
	return []question{
		{"an agent's month, 2,000 events", []int64{17}, on(1), on(32)},
		{"a day of 100 agents", team, on(11), on(12)},
	}, nil
}

// measure asks each question in each way, in turn, and checks that the answers
// are the same.
func (l *log) measure(ctx context.Context, o options) ([]line, error) {
	asked, err := questions()
	if err != nil {
		return nil, err
	}
	var lines []line
	for _, q := range asked {
		if err := l.compare(ctx, q); err != nil {
			return nil, fmt.Errorf("%s: %w", q.title, err)
		}
		ways := []struct {
			what string
			ask  func(context.Context, question) error
		}{
			{"one statement by hand", func(ctx context.Context, q question) error { _, err := l.byHand(ctx, q); return err }},
			{"Daybook's domain: everything, lists too", func(ctx context.Context, q question) error { _, err := l.byDomain(ctx, q); return err }},
			{"Daybook's GraphQL, without HTTP: the numbers", func(ctx context.Context, q question) error { return l.byGraphQL(ctx, q, sums) }},
			{"Daybook's GraphQL, without HTTP: everything but events", func(ctx context.Context, q question) error { return l.byGraphQL(ctx, q, sums+lists) }},
		}
		first := len(lines)
		for _, way := range ways {
			lines = append(lines, line{question: q.title, what: way.what})
		}
		for range o.rounds {
			for i, way := range ways {
				took, err := median(ctx, o.calls, q, way.ask)
				if err != nil {
					return nil, fmt.Errorf("%s: %s: %w", q.title, way.what, err)
				}
				lines[first+i].rounds = append(lines[first+i].rounds, took)
			}
		}
	}
	return lines, nil
}

func median(ctx context.Context, calls int, q question, ask func(context.Context, question) error) (time.Duration, error) {
	took := make([]time.Duration, calls)
	for i := range took {
		begun := time.Now()
		if err := ask(ctx, q); err != nil {
			return 0, err
		}
		took[i] = time.Since(begun)
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

// compare fails when Daybook's numbers are not those of the statement.
func (l *log) compare(ctx context.Context, q question) error {
	want, err := l.byHand(ctx, q)
	if err != nil {
		return err
	}
	got, err := l.byDomain(ctx, q)
	if err != nil {
		return err
	}
	if !maps.Equal(got, want) {
		for name := range want {
			if got[name] != want[name] {
				return fmt.Errorf("%s is %d by hand and %d by Daybook", name, want[name], got[name])
			}
		}
		return fmt.Errorf("%d numbers by hand, %d by Daybook", len(want), len(got))
	}
	return nil
}

func (l *log) byHand(ctx context.Context, q question) (numbers, error) {
	rows, err := l.db.QueryContext(ctx, handWritten, pq.Array(q.agents), 1, audit.FirstEventIDAt(q.from), audit.FirstEventIDAt(q.to),
		q.from.Unix(), q.to.Unix(), zone)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	n := numbers{}
	for rows.Next() {
		var agent int
		var what string
		var number sql.NullInt64
		if err := rows.Scan(&agent, &what, &number); err != nil {
			return nil, err
		}
		n[key(agent, what)] = number.Int64
	}
	return n, rows.Err()
}

func key(agent int, what string) string { return fmt.Sprintf("agent %d: %s", agent, what) }

func (l *log) byDomain(ctx context.Context, q question) (numbers, error) {
	refs := make([]audit.ActorRef, len(q.agents))
	for i, id := range q.agents {
		refs[i].ID = new(audit.ActorID(id))
	}
	answers, err := l.reader.Team(ctx, audit.Viewer{Organization: 1}, refs, audit.TimeRange{From: &q.from, To: &q.to}, zone)
	if err != nil {
		return nil, err
	}
	n := numbers{}
	for _, a := range answers {
		n.add(a)
	}
	return n, nil
}

func (n numbers) add(a *activity.Activity) {
	set := func(what string, number int) { n[key(int(a.Agent.ID), what)] = int64(number) }
	for _, total := range a.StatusTotals {
		set("seconds "+total.Status.Name, total.Seconds)
		set("times "+total.Status.Name, total.Times)
	}
	for _, day := range a.Days {
		set("day "+day.Date.String(), day.LoggedInSeconds)
	}
	assigned := 0
	for _, given := range a.Assignments {
		if given.AssignedAt != nil {
			assigned++
		}
	}
	set("logged in", a.LoggedInSeconds)
	set("at or over capacity", a.AtOrOverCapacitySeconds)
	set("over capacity", a.OverCapacitySeconds)
	set("sessions", len(a.Sessions))
	set("lapses", len(a.Lapses))
	set("assignments", assigned)
	set("crossings", len(a.CapacityCrossings))
}

const (
	sums = `agent { externalId } loggedInSeconds atOrOverCapacitySeconds overCapacitySeconds statusTotals { status { name } seconds times }
		days { date loggedInSeconds availableSeconds assignments lapses }`
	lists = ` timeline { status { name type } from to seconds setBy { name } cause } sessions { externalId signedInAt signedOutAt seconds }
		assignments { conversation { externalId } assignedAt unassignedAt capacity { used total state } }
		capacityCrossings { at direction capacity { used total } conversation { externalId } } lapses { from to seconds cause likelyConnection }`
)

func (l *log) byGraphQL(ctx context.Context, q question, selected string) error {
	var agents []map[string]string
	for _, id := range q.agents {
		agents = append(agents, map[string]string{"id": audit.ActorID(id).String()})
	}
	variables, err := json.Marshal(map[string]any{
		"agents": agents, "range": map[string]time.Time{"from": q.from.UTC(), "to": q.to.UTC()}, "zone": zone,
	})
	if err != nil {
		return err
	}
	answer := l.handler.Execute(auth.WithPrincipal(ctx, auth.Principal{Organization: 1, Scopes: []string{"READ_AUDIT_LOG"}}), graph.Request{
		Query:     `query ($agents: [ActorRef!], $range: TimeRange!, $zone: String!) { teamActivity(agents: $agents, range: $range, timeZone: $zone) { ` + selected + ` } }`,
		Variables: variables,
	})
	if len(answer.Errors) > 0 {
		return errors.New(answer.Errors.Error())
	}
	return nil
}
