package store

import (
	"encoding/json"

	"entgo.io/ent/dialect"
	"github.com/lib/pq"

	"daybook/audit"
)

// The statements of an agent's activity name the category as a number, so that
// the planners know it. Each asks of one agent after the other by an index that
// begins with the agent; on Postgres LATERAL says so, on SQLite CROSS JOIN, whose
// tables are taken in the order in which they stand. SQLite, which keeps no
// statistics, is told the index where it would walk along another.

// workColumns are what a work-session event is read from, in the order of scanWork.
const workColumns = `events.id, action, about_actor, actor, behalf_actor, object_type, object_id, object_name, details`

// workOfAll reads the events of every agent in a range.
const (
	workOfAllPostgres = `SELECT ` + workColumns + ` FROM events ` + whereWorkOfAll
	workOfAllSQLite   = `SELECT ` + workColumns + ` FROM events INDEXED BY events_category ` + whereWorkOfAll

	whereWorkOfAll = `WHERE organization = $1 AND category = 6 AND about_actor IS NOT NULL AND id >= $2 AND id < $3 ORDER BY id LIMIT $4`
)

const workOfAgentsPostgres = `SELECT event.* FROM unnest($1::int[]) AS agent (id) CROSS JOIN LATERAL (
	SELECT ` + workColumns + ` FROM events
	WHERE organization = $2 AND about_actor = agent.id AND category = 6 AND id >= $3 AND id < $4 ORDER BY id LIMIT $5
) AS event LIMIT $5`

const workOfAgentsSQLite = `SELECT ` + workColumns + ` FROM json_each($1) AS agent CROSS JOIN events
WHERE organization = $2 AND about_actor = agent.value AND category = 6 AND events.id >= $3 AND events.id < $4 LIMIT $5`

const workBeforePostgres = `SELECT event.* FROM unnest($1::int[]) AS agent (id) CROSS JOIN LATERAL (
	(SELECT ` + workColumns + ` FROM events
	WHERE organization = $2 AND about_actor = agent.id AND status_to IS NOT NULL AND id < $3 ORDER BY id DESC LIMIT 1)
	UNION ALL
	(SELECT ` + workColumns + ` FROM events
	WHERE organization = $2 AND about_actor = agent.id AND capacity_to IS NOT NULL AND id < $3 ORDER BY id DESC LIMIT 1)
) AS event`

const workBeforeSQLite = `SELECT ` + workColumns + ` FROM json_each($1) AS agent CROSS JOIN events WHERE events.organization = $2 AND events.id = (
	SELECT last.id FROM events AS last INDEXED BY events_agent_status
	WHERE last.organization = $2 AND last.about_actor = agent.value AND last.status_to IS NOT NULL AND last.id < $3 ORDER BY last.id DESC LIMIT 1)
UNION ALL
SELECT ` + workColumns + ` FROM json_each($1) AS agent CROSS JOIN events WHERE events.organization = $2 AND events.id = (
	SELECT last.id FROM events AS last INDEXED BY events_agent_capacity
	WHERE last.organization = $2 AND last.about_actor = agent.value AND last.capacity_to IS NOT NULL AND last.id < $3 ORDER BY last.id DESC LIMIT 1)`

// pick is the statement for the store's engine.
func (s *Store) pick(sqlite, postgres string) string {
	if s.dialect == dialect.SQLite {
		return sqlite
	}
	return postgres
}

// numbersArg is a list of actors as one argument of a statement.
func (s *Store) numbersArg(actors []audit.ActorID) any {
	if s.dialect == dialect.Postgres {
		return pq.Array(actors)
	}
	text, err := json.Marshal(actors)
	if err != nil {
		panic(err) // numbers cannot fail
	}
	return string(text)
}
