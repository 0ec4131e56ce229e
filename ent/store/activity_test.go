package store

import (
	"math"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// fillWork adds, of some agents, a few work-session events a day and many others
// that are about the agents too; the agents' statuses and capacities were said
// once, at the beginning. The bulk log has some of them too.
func fillWork(t *testing.T, s *Store, agents, days int) {
	t.Helper()
	const others = 40 // a day and agent
	columns := []string{
		"id", "organization", "recorded_at", "category", "action", "actor", "profile", "section",
		"about_actor", "about_profile", "status_to", "capacity_to", "details", "search_text", "seed",
	}
	sequence := int64(1_000_000)
	for day := range days {
		insert := sql.Dialect(s.dialect).Insert("events").Columns(columns...)
		for agent := range agents {
			for i := range others {
				category, details := audit.CategoryAuthorization, `{"o":1}`
				var status, capacity any
				if i < 4 {
					category, details = audit.CategoryWorkSession, `{}`
				}
				if day == 0 && i < 2 {
					details = `{"s":{"a":{"n":"Available","t":1},"c":1},"p":{"a":{"u":1,"t":3}}}`
					status, capacity = audit.StatusAvailable, audit.CapacityWithCapacity
				}
				sequence++
				at := bulkStart.Add(time.Duration(day)*24*time.Hour + time.Duration(i*agents+agent)*time.Minute)
				id, err := audit.NewEventID(at, sequence, 1)
				if err != nil {
					t.Fatal(err)
				}
				actor := bulkID(1, agent)
				insert.Values(id, 1, instantArg(s.dialect, at), int(category), 16, actor, actor, bulkID(1, 1),
					actor, actor, status, capacity, []byte(details), "", id[:])
			}
		}
		text, args := insert.Query()
		if _, err := s.writer.ExecContext(t.Context(), text, args...); err != nil {
			t.Fatal(err)
		}
	}
	analyze := map[string]string{dialect.Postgres: `VACUUM ANALYZE`, dialect.SQLite: `PRAGMA wal_checkpoint`}
	exec(t, s, analyze[s.dialect])
}

// What comes before a range is found by one step for each agent, and what is in it
// by its own length, however much else the log holds.
func TestWorkIsFoundByIndexes(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		const agents, days = 20, 25
		fillBulk(t, s, planEvents)
		fillWork(t, s, agents, days)
		from := bulkStart.Add((days - 2) * 24 * time.Hour)
		low, high := audit.FirstEventIDAt(from), audit.FirstEventIDAt(from.Add(24*time.Hour))
		ids := make([]audit.ActorID, agents)
		for i := range ids {
			ids[i] = audit.ActorID(bulkID(1, i))
		}
		check := func(t *testing.T, s *Store, index, text string, args []any) {
			t.Helper()
			if s.dialect == dialect.SQLite {
				checkSQLitePlan(t, s, planQuery{index: index}, text, args)
			} else {
				checkPostgresPlan(t, s, planQuery{index: index}, text, args)
			}
		}
		list := s.numbersArg(ids)
		check(t, s, "events_agent_status", s.pick(workBeforeSQLite, workBeforePostgres), []any{list, 1, low})
		check(t, s, "events_agent_capacity", s.pick(workBeforeSQLite, workBeforePostgres), []any{list, 1, low})
		check(t, s, "events_about", s.pick(workOfAgentsSQLite, workOfAgentsPostgres), []any{list, 1, low, high, 1000})
		check(t, s, "events_category", s.pick(workOfAllSQLite, workOfAllPostgres), []any{1, low, high, math.MaxInt32})

		events, err := s.FindWork(t.Context(), 1, audit.WorkQuery{Agents: ids, From: from, To: from.Add(24 * time.Hour), Limit: 1000})
		if err != nil || len(events) != agents*(4+2) {
			t.Errorf("%d events, want four of each agent and the two before: %v", len(events), err)
		}
	})
}

func TestWorkOfAnyNumberOfAgentsTakesThreeStatements(t *testing.T) {
	s := openSQLiteStore(t)
	fillBulk(t, s, 100)
	fillWork(t, s, 20, 2)
	counted := countStatements(t, s)
	for _, agents := range [][]audit.ActorID{{1000}, {1000, 1001, 1002, 1003, 1004}, nil} {
		before := counted.ran.Load()
		query := audit.WorkQuery{Agents: agents, From: bulkStart.Add(24 * time.Hour), To: bulkStart.Add(48 * time.Hour), Limit: 1000}
		if events, err := s.FindWork(t.Context(), 1, query); err != nil || len(events) == 0 {
			t.Fatalf("%d events: %v", len(events), err)
		}
		if got := counted.ran.Load() - before; got != 3 {
			t.Errorf("%d statements for %d agents", got, len(agents))
		}
	}
}
