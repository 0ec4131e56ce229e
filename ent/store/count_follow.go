package store

import (
	"context"
	stdsql "database/sql"
	"fmt"

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
	counts, err := countStretch(ctx, tx, part)
	if err != nil {
		return fmt.Errorf("count events: %w", err)
	}
	keys := make([]countKey, 0, len(counts))
	for key := range counts {
		keys = append(keys, key)
	}
	const atOnce = 200 // rows of one statement
	for len(keys) > 0 {
		n := min(atOnce, len(keys))
		if err := s.addCounts(ctx, tx, part.organization, keys[:n], counts); err != nil {
			return fmt.Errorf("add to the counts: %w", err)
		}
		keys = keys[n:]
	}
	return nil
}

// countStretch counts the events of a part of the journal.
func countStretch(ctx context.Context, tx *stdsql.Tx, part stretch) (map[countKey]*quarterCounts, error) {
	rows, err := tx.QueryContext(ctx, `SELECT events.id, events.category, events.action FROM journal CROSS JOIN events
		WHERE journal.organization = $1 AND journal.sequence > $2 AND journal.sequence <= $3
		AND events.organization = $1 AND events.id = journal.event`,
		int64(part.organization), part.after, part.through)
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

// addCounts adds to the rows of the keys, which are made where they are missing.
// Whoever folds holds the follower's position, so that nobody else changes them.
func (s *Store) addCounts(ctx context.Context, tx *stdsql.Tx, organization audit.OrganizationID, keys []countKey, counts map[countKey]*quarterCounts) error {
	if err := s.readCounts(ctx, tx, organization, keys, counts); err != nil {
		return err
	}
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

// readCounts adds what the rows of the keys already have to the counts.
func (s *Store) readCounts(ctx context.Context, tx *stdsql.Tx, organization audit.OrganizationID, keys []countKey, counts map[countKey]*quarterCounts) error {
	query := sql.Dialect(s.dialect).Select("action", "day", "category", "quarters").From(sql.Table("event_counts")).
		Where(sql.And(sql.EQ("organization", int64(organization)), hasKey(keys)))
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
		if err := eachQuarter(quarters, func(number int, n uint64) { counts[key][number] += n }); err != nil {
			return err
		}
	}
	return rows.Err()
}

func hasKey(keys []countKey) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		b.WriteString("(action, day, category) IN (VALUES ")
		for i, key := range keys {
			if i > 0 {
				b.Comma()
			}
			b.WriteString(fmt.Sprintf("(%d, %d, %d)", key.action, key.day, key.category))
		}
		b.WriteByte(')')
	})
}
