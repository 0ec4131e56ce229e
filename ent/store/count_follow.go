package store

import (
	"context"
	stdsql "database/sql"
	"fmt"
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// countsFollower is the name of the follower that counts events.
const countsFollower = "counts"

// countFollower adds events to event_counts behind recording.
func (s *Store) countFollower() follower {
	return follower{name: countsFollower, fold: s.foldCounts}
}

// countKey is the key of a row of event_counts within its organization.
type countKey struct{ action, day, category int64 }

// allActions stands for the actions of a row that counts all of them.
const allActions = 0

func (s *Store) foldCounts(ctx context.Context, tx *stdsql.Tx, part stretch) error {
	counts, err := s.countStretch(ctx, tx, part)
	if err != nil {
		return fmt.Errorf("count events: %w", err)
	}
	if err := s.addStored(ctx, tx, part.organization, counts); err != nil {
		return fmt.Errorf("read the counts: %w", err)
	}
	const atOnce = 200 // rows of one statement
	for keys := range slices.Chunk(slices.Collect(maps.Keys(counts)), atOnce) {
		if err := s.writeCounts(ctx, tx, part.organization, keys, counts); err != nil {
			return fmt.Errorf("write the counts: %w", err)
		}
	}
	return nil
}

// countStretch counts the events of a part of the journal.
func (s *Store) countStretch(ctx context.Context, tx *stdsql.Tx, part stretch) (map[countKey]*quarterCounts, error) {
	query := sql.Select(eventColumn("id"), eventColumn("category"), eventColumn("action")).FromExpr(eachEntrysEvent(part.organization)).
		Where(allOf(entriesWithin(part.organization, entriesBetween(part.after, part.through))...))
	text, args, err := s.statement(query)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[countKey]*quarterCounts{}
	for rows.Next() {
		var id audit.EventID
		var category, action int64
		if err := rows.Scan(&id, &category, &action); err != nil {
			return nil, err
		}
		day, number := dayAndQuarter(id.OccurredAt())
		for _, key := range []countKey{{action, day, category}, {allActions, day, category}} {
			if counts[key] == nil {
				counts[key] = &quarterCounts{}
			}
			counts[key][number]++
		}
	}
	return counts, rows.Err()
}

// writeCounts writes the rows of some keys.
func (s *Store) writeCounts(ctx context.Context, tx *stdsql.Tx, organization audit.OrganizationID, keys []countKey, counts map[countKey]*quarterCounts) error {
	insert := sql.Dialect(s.dialect).Insert("event_counts").Columns("organization", "action", "day", "category", "quarters").
		OnConflict(sql.ConflictColumns("organization", "action", "day", "category"), sql.ResolveWith(func(u *sql.UpdateSet) {
			u.SetExcluded("quarters")
		}))
	for _, key := range keys {
		insert.Values(int64(organization), key.action, key.day, key.category, counts[key].encode())
	}
	text, args := insert.Query()
	_, err := tx.ExecContext(ctx, text, args...)
	return err
}

// addStored adds to counts what their rows already have. Whoever folds holds the
// follower's position, so that nobody else changes them.
func (s *Store) addStored(ctx context.Context, tx *stdsql.Tx, organization audit.OrganizationID, counts map[countKey]*quarterCounts) error {
	query := sql.Dialect(s.dialect).Select("action", "day", "category", "quarters").From(sql.Table("event_counts")).
		Where(sql.And(sql.EQ("organization", int64(organization)), nearKeys(counts)))
	text, args := query.Query()
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key countKey
		var quarters []byte
		if err := rows.Scan(&key.action, &key.day, &key.category, &quarters); err != nil {
			return err
		}
		into := counts[key]
		if into == nil {
			continue // of an action and a day that are counted, but not together
		}
		if err := eachQuarter(quarters, func(number int, n uint64) { into[number] += n }); err != nil {
			return err
		}
	}
	return rows.Err()
}

// nearKeys holds for the rows of the keys and few others. Both lists are walked in
// the index: a list of whole keys would be compared with every row of the
// organization.
func nearKeys(counts map[countKey]*quarterCounts) *sql.Predicate {
	actions, days := map[int]bool{}, map[int]bool{}
	for key := range counts {
		actions[int(key.action)], days[int(key.day)] = true, true
	}
	return sql.And(
		sql.InInts("action", slices.Sorted(maps.Keys(actions))...),
		sql.InInts("day", slices.Sorted(maps.Keys(days))...))
}
