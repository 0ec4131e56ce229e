package store

import (
	"context"
	stdsql "database/sql"
	"errors"
	"fmt"

	"entgo.io/ent/dialect"

	"daybook/audit"
)

// turn says what to do about an organization that another server works on.
type turn string

const (
	otherServersFirst turn = " FOR UPDATE SKIP LOCKED" // leave it to them
	afterOtherServers turn = " FOR UPDATE"             // wait for them
)

// foldAll folds the next stretch of an organization's journal into each follower,
// and says how many entries the one furthest behind has left; 0 also when other
// servers are at it.
func (s *Store) foldAll(ctx context.Context, organization audit.OrganizationID, most int64, turn turn) (left int64, err error) {
	var errs []error
	for _, f := range s.followers {
		behind, err := s.foldNext(ctx, f, organization, most, turn)
		if err != nil {
			errs = append(errs, fmt.Errorf("follower %s of %s: %w", f.name, organization, err))
		}
		left = max(left, behind)
	}
	return left, errors.Join(errs...)
}

// foldNext folds the next stretch into one follower, in one transaction with
// its new position.
func (s *Store) foldNext(ctx context.Context, f follower, organization audit.OrganizationID, most int64, turn turn) (left int64, err error) {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	position, mine, err := s.takePosition(ctx, tx, f, organization, turn)
	if err != nil || !mine {
		return 0, err
	}
	var head int64
	err = tx.QueryRowContext(ctx, `SELECT coalesce(max(sequence), 0) FROM journal WHERE organization = $1`, int64(organization)).Scan(&head)
	if err != nil || head <= position {
		return 0, err
	}
	through := min(head, position+most)
	if err := f.fold(ctx, tx, stretch{organization, position, through}); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE journal_followers SET sequence = $1 WHERE organization = $2 AND follower = $3`,
		through, int64(organization), f.name)
	if err != nil {
		return 0, err
	}
	return head - through, tx.Commit()
}

// takePosition reads a follower's position and keeps others from moving it until
// the end of the transaction. mine is false when another server moves it.
//
// The transaction need not be on disk when it commits: whatever a crash takes of
// it, it takes of the position too.
func (s *Store) takePosition(ctx context.Context, tx *stdsql.Tx, f follower, organization audit.OrganizationID, turn turn) (position int64, mine bool, err error) {
	read := `SELECT sequence FROM journal_followers WHERE organization = $1 AND follower = $2`
	if s.dialect == dialect.Postgres {
		read += string(turn)
		if _, err := tx.ExecContext(ctx, `SET LOCAL synchronous_commit = off`); err != nil {
			return 0, false, err
		}
	}
	err = tx.QueryRowContext(ctx, read, int64(organization), f.name).Scan(&position)
	if !errors.Is(err, stdsql.ErrNoRows) {
		return position, err == nil, err
	}
	added, err := tx.ExecContext(ctx, `INSERT INTO journal_followers (organization, follower, sequence) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING`,
		int64(organization), f.name)
	if err != nil {
		return 0, false, err
	}
	rows, err := added.RowsAffected()
	if err == nil && rows == 0 && turn == afterOtherServers { // one of them has just begun
		err = tx.QueryRowContext(ctx, read, int64(organization), f.name).Scan(&position)
		return position, err == nil, err
	}
	return 0, rows == 1, err
}
