package store

import (
	"bytes"
	"context"
	stdsql "database/sql"
	"slices"

	"daybook/audit"
)

var _ audit.WorkFinder = (*Store)(nil)

// FindWork implements [audit.WorkFinder].
//
// It runs three statements, however many agents are asked for: one for the events
// in the range, one for the last before it, and one for who performed them.
func (s *Store) FindWork(ctx context.Context, organization audit.OrganizationID, query audit.WorkQuery) ([]*audit.WorkEvent, error) {
	return reading(ctx, s, "find work", func(ctx context.Context) ([]*audit.WorkEvent, error) {
		rows, err := s.workIn(ctx, organization, query)
		if err != nil {
			return nil, err
		}
		agents := query.Agents
		if agents == nil {
			agents = distinct(rows, func(row workRow) audit.ActorID { return row.Agent })
		}
		before, err := s.workBefore(ctx, organization, agents, query)
		if err != nil {
			return nil, err
		}
		return s.workEvents(ctx, organization, append(before, rows...))
	})
}

// workIn reads the events in the range.
func (s *Store) workIn(ctx context.Context, organization audit.OrganizationID, query audit.WorkQuery) ([]workRow, error) {
	from, to := audit.FirstEventIDAt(query.From), audit.FirstEventIDAt(query.To)
	if bytes.Compare(from[:], to[:]) >= 0 {
		return nil, nil
	}
	if query.Agents == nil {
		return queryText(ctx, s, s.pick(workOfAllSQLite, workOfAllPostgres), scanWork, int64(organization), from, to, query.Limit)
	}
	return queryText(ctx, s, s.pick(workOfAgentsSQLite, workOfAgentsPostgres), scanWork,
		s.numbersArg(query.Agents), int64(organization), from, to, query.Limit)
}

// workBefore reads the last events before the range that said the status and the
// capacity of each agent. One that said both is there twice.
func (s *Store) workBefore(ctx context.Context, organization audit.OrganizationID, agents []audit.ActorID, query audit.WorkQuery) ([]workRow, error) {
	if len(agents) == 0 {
		return nil, nil
	}
	return queryText(ctx, s, s.pick(workBeforeSQLite, workBeforePostgres), scanWork,
		s.numbersArg(agents), int64(organization), audit.FirstEventIDAt(query.From))
}

// workEvents puts the events in order, each once, with their performers.
func (s *Store) workEvents(ctx context.Context, organization audit.OrganizationID, rows []workRow) ([]*audit.WorkEvent, error) {
	performers, err := s.actorsByID(ctx, organization, distinct(rows, func(row workRow) audit.ActorID { return row.performer }))
	if err != nil {
		return nil, err
	}
	byID := make(map[audit.ActorID]*audit.Actor, len(performers))
	for _, performer := range performers {
		byID[performer.ID] = performer
	}
	events := make([]*audit.WorkEvent, len(rows))
	for i := range rows {
		rows[i].Performer = byID[rows[i].performer]
		events[i] = &rows[i].WorkEvent
	}
	slices.SortFunc(events, func(a, b *audit.WorkEvent) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return slices.CompactFunc(events, func(a, b *audit.WorkEvent) bool { return a.ID == b.ID }), nil
}

// workRow is a work-session event whose performer was not looked up yet.
type workRow struct {
	audit.WorkEvent
	performer audit.ActorID
}

// scanWork reads one row of workColumns.
func scanWork(rows *stdsql.Rows) (workRow, error) {
	var row workRow
	var action, agent, performer int64
	var behalf *int64
	var objectType, objectID, objectName *string
	var text []byte
	if err := rows.Scan(&row.ID, &action, &agent, &performer, &behalf, &objectType, &objectID, &objectName, &text); err != nil {
		return row, err
	}
	row.Action, row.Agent, row.performer = audit.Action(action), audit.ActorID(agent), audit.ActorID(performer)
	if behalf != nil {
		row.OnBehalf = audit.ActorID(*behalf)
	}
	details, err := decodeDetails(audit.CategoryWorkSession, text, recordedObject(objectType, objectID, objectName), nil)
	if err != nil {
		return row, err
	}
	row.Details = *details.(*audit.WorkSessionDetails)
	return row, nil
}
