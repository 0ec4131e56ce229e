package store

import (
	"context"
	stdsql "database/sql"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

var _ audit.Appender = (*Store)(nil)

// groupsTogether is how many organizations share one transaction, whose cost is
// mostly that of the commit.
const groupsTogether = 64

// Lanes implements [audit.Appender].
func (s *Store) Lanes() (writers, groups int) {
	if s.dialect == dialect.SQLite {
		return 1, groupsTogether
	}
	return s.options.Writers, groupsTogether
}

// Append implements [audit.Appender].
func (s *Store) Append(ctx context.Context, groups []audit.Group) (outcomes []audit.Outcome) {
	s.advances.begin()
	defer func() { s.advances.end(groups, outcomes) }()
	if s.dialect == dialect.SQLite {
		return s.appendSQLite(ctx, groups)
	}
	return s.appendPostgres(ctx, groups)
}

// Settle implements [audit.Appender].
func (s *Store) Settle(ctx context.Context, group audit.Group) ([]audit.Appended, error) {
	settle := settlePostgres
	if s.dialect == dialect.SQLite {
		settle = settleSQLite
	}
	after := s.attempts.begun(group)
	appended, err := settle(ctx, s.writer, group, after)
	if err != nil {
		return nil, fmt.Errorf("settle: %w: %w", audit.ErrUnavailable, err)
	}
	s.attempts.end(group)
	return appended, nil
}

// scanAppended reads the id, sequence and recorded-at of journal entries.
func scanAppended(rows *stdsql.Rows) ([]audit.Appended, error) {
	defer rows.Close()
	var list []audit.Appended
	for rows.Next() {
		var one audit.Appended
		var recordedAt instant
		if err := rows.Scan(&one.ID, &one.Sequence, &recordedAt); err != nil {
			return nil, err
		}
		one.RecordedAt = time.Time(recordedAt)
		list = append(list, one)
	}
	return list, rows.Err()
}

func lastSequence(appended []audit.Appended) int64 {
	if len(appended) == 0 {
		return 0
	}
	return appended[len(appended)-1].Sequence
}

// lookUpSize is how many keys or ids one statement looks up.
const lookUpSize = 1000

// FindKeys implements [audit.Appender].
func (s *Store) FindKeys(ctx context.Context, organization audit.OrganizationID, keys [][16]byte) (map[[16]byte]audit.Existing, error) {
	found := map[[16]byte]audit.Existing{}
	for part := range slices.Chunk(keys, lookUpSize) {
		hashes := make([]any, len(part))
		for i := range part {
			hashes[i] = part[i][:]
		}
		query := sql.Select("key_hash", "event", "fingerprint").From(sql.Table("idempotency_keys")).Where(sql.And(
			sql.EQ("organization", int64(organization)),
			sql.In("key_hash", hashes...),
		))
		_, err := queryRows(ctx, s, query, func(rows *stdsql.Rows) (struct{}, error) {
			var hash, fingerprint []byte
			var existing audit.Existing
			if err := rows.Scan(&hash, &existing.ID, &fingerprint); err != nil {
				return struct{}{}, err
			}
			copy(existing.Fingerprint[:], fingerprint)
			found[[16]byte(hash)] = existing
			return struct{}{}, nil
		})
		if err != nil {
			return nil, fmt.Errorf("find keys: %w: %w", audit.ErrUnavailable, err)
		}
	}
	return found, nil
}

// HaveEvents implements [audit.Appender].
func (s *Store) HaveEvents(ctx context.Context, organization audit.OrganizationID, ids []audit.EventID) (map[audit.EventID]bool, error) {
	have := map[audit.EventID]bool{}
	for part := range slices.Chunk(ids, lookUpSize) {
		query := sql.Select("id").From(sql.Table("events")).Where(sql.And(
			sql.EQ("organization", int64(organization)),
			sql.In("id", anys(part)...),
		))
		_, err := queryRows(ctx, s, query, func(rows *stdsql.Rows) (id audit.EventID, err error) {
			err = rows.Scan(&id)
			have[id] = true
			return id, err
		})
		if err != nil {
			return nil, fmt.Errorf("have events: %w: %w", audit.ErrUnavailable, err)
		}
	}
	return have, nil
}
