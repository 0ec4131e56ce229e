package main

import (
	"context"
	"database/sql"
	_ "embed" // the statements
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"time"

	"daybook/audit"
	"daybook/audit/activity"
	"daybook/ent/store"
	"daybook/graph"
)

const (
	teamSize    = 100
	monthEvents = 2000 // of each of the team
	monthDays   = 20   // on which they work
	system      = 501  // the number of the actor
)

// month is what is asked for, in the zone of the team.
var month = time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)

// log is a database, and Daybook over it within this process.
type log struct {
	engine  *store.Store
	db      *sql.DB
	reader  *activity.Reader
	handler *graph.Handler
}

func openLog(ctx context.Context, address string) (*log, error) {
	engine, err := store.Open(ctx, address, store.Options{Migrate: true})
	if err != nil {
		return nil, err
	}
	if _, err := engine.CreateOrganization(ctx, "bench", make([]byte, 32)); err != nil {
		return nil, err
	}
	// The statement by hand goes over connections with the settings of Daybook's own,
	// and without compiling it anew each time (jit), which takes it ten times as long.
	db, err := sql.Open("postgres", address+"&binary_parameters=yes&random_page_cost=1.1&jit=off")
	if err != nil {
		return nil, err
	}
	quiet := slog.New(slog.DiscardHandler)
	keys := audit.NewKeys(engine, time.Now, quiet)
	reader := audit.NewReader(engine, engine, engine, keys)
	activities := activity.NewReader(reader, time.Now)
	schema := graph.NewExecutableSchema(reader, activities, nil, keys) // nothing is recorded
	return &log{engine: engine, db: db, reader: activities, handler: graph.NewHandler(schema, graph.Options{Log: quiet})}, nil
}

func (l *log) close() {
	_ = l.engine.Close() // nothing is under way
	_ = l.db.Close()
}

//go:embed fill.sql
var fillStatement string

// fill makes the team's month and the other events, around it and within it.
func (l *log) fill(ctx context.Context, others int) error {
	if err := l.fillActors(ctx); err != nil {
		return err
	}
	if err := l.fillTeam(ctx); err != nil {
		return err
	}
	if others > 0 {
		begin := month.AddDate(-1, 0, 0)
		step := (13 * 31 * 24 * time.Hour).Milliseconds() / int64(others)
		if _, err := l.db.ExecContext(ctx, fillStatement, others, begin.UnixMilli(), step); err != nil {
			return fmt.Errorf("fill: %w", err)
		}
	}
	_, err := l.db.ExecContext(ctx, "VACUUM ANALYZE")
	return err
}

func (l *log) fillActors(ctx context.Context) error {
	_, err := l.db.ExecContext(ctx, `INSERT INTO actors (id, organization, kind, external_id, name)
		SELECT n, 1, CASE n WHEN 501 THEN 7 ELSE 1 END, 'usr-' || n, 'Agent ' || n FROM generate_series(1, 1500) AS n`)
	return err
}

// fillTeam writes the team's events as recording would write them.
func (l *log) fillTeam(ctx context.Context) error {
	sequence, recordedAt := int64(0), month.AddDate(0, 1, 0)
	for agent := 1; agent <= teamSize; agent++ {
		group := audit.Group{Organization: 1, Token: int64(agent)}
		var positions []audit.Appended
		for _, e := range monthOf(agent) {
			sequence++
			id, err := audit.NewEventID(e.at, sequence, group.Organization)
			if err != nil {
				return err
			}
			group.Entries = append(group.Entries, e.entry(agent))
			positions = append(positions, audit.Appended{ID: id, Sequence: sequence, RecordedAt: recordedAt})
		}
		if err := l.engine.Load(ctx, []audit.Group{group}, [][]audit.Appended{positions}); err != nil {
			return fmt.Errorf("fill: %w", err)
		}
	}
	return nil
}

// entry is the event of an agent as it is recorded.
func (e *event) entry(agent int) *audit.Entry {
	about := actor(agent)
	return &audit.Entry{
		OccurredAt: &e.at, Category: audit.CategoryWorkSession, Action: e.action,
		Performer: actor(e.by), About: &about, Section: "agent", Details: &e.details, CauseIndex: -1,
	}
}

// actor is the one of that number.
func actor(number int) audit.EntryActor {
	kind := audit.ActorUser
	if number == system {
		kind = audit.ActorSystem
	}
	return audit.EntryActor{Kind: kind, ExternalID: "usr-" + strconv.Itoa(number)}
}

// event is one of an agent's.
type event struct {
	at      time.Time
	action  audit.Action
	by      int
	details audit.WorkSessionDetails
}

// monthOf are the events of one agent: twenty days of a hundred.
func monthOf(agent int) []event {
	chance := rand.New(rand.NewPCG(uint64(agent), 1))
	var events []event
	for day := range monthDays {
		at := month.AddDate(0, 0, day*7/5).Add(time.Duration(8*3600+chance.IntN(3600)) * time.Second)
		events = append(events, dayOf(agent, at, fmt.Sprintf("ws-%d-%d", agent, day), chance)...)
	}
	return events
}

// dayOf is a shift: eight changes of status and 46 conversations.
func dayOf(agent int, at time.Time, session string, chance *rand.Rand) []event {
	status, used := audit.RoutingStatus{Name: "Offline", Type: audit.StatusOffline}, int32(0)
	var events []event
	add := func(action audit.Action, by int, details audit.WorkSessionDetails) {
		details.WorkSessionExternalID = &session
		events = append(events, event{at, action, by, details})
		at = at.Add(time.Duration(60+chance.IntN(480)) * time.Second)
	}
	become := func(name string, kind audit.StatusType, cause audit.StatusCause, by int) {
		before := status
		status = audit.RoutingStatus{Name: name, Type: kind}
		add(audit.ActionAgentStatusChange, by, audit.WorkSessionDetails{Status: &audit.StatusChange{Before: &before, After: status, Cause: cause}})
	}
	take := func(action audit.Action, n int, change int32) {
		before := audit.Capacity{Used: used, Total: 4}
		used += change
		conversation := &audit.Subject{ExternalID: fmt.Sprintf("cnv-%s-%d", session, n)}
		add(action, agent, audit.WorkSessionDetails{
			Conversation: conversation, Capacity: &audit.CapacityChange{Before: &before, After: audit.Capacity{Used: used, Total: 4}},
		})
	}
	const conversations, atOnce = 46, 5
	become("Available", audit.StatusAvailable, audit.CauseSignIn, agent)
	for n := range conversations + atOnce {
		if n < conversations {
			take(audit.ActionAssign, n, 1)
		}
		switch n {
		case 10, 35:
			become("Unavailable", audit.StatusUnavailable, audit.CauseConnectionLost, system)
			become("Available", audit.StatusAvailable, audit.CauseManual, agent)
		case 22:
			become("Lunch", audit.StatusUnavailable, audit.CauseManual, agent)
			become("Available", audit.StatusAvailable, audit.CauseManual, agent)
		}
		if n >= atOnce {
			take(audit.ActionUnassign, n-atOnce, -1)
		}
	}
	become("Offline", audit.StatusOffline, audit.CauseSignOut, agent)
	return events
}
