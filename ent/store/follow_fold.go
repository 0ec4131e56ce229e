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
	position, head, err := s.positionOf(ctx, f, organization)
	due := f.due(position, head)
	if err != nil || due == 0 {
		return 0, err
	}
	next := min(due, most)
	if f.block > 0 {
		next = f.block
	}
	part := stretch{organization, position, position + next}
	write := func(ctx context.Context, tx *stdsql.Tx) error { return f.fold(ctx, tx, part) }
	if f.prepare != nil {
		if write, err = f.prepare(ctx, part); err != nil {
			return 0, err
		}
	}
	written, err := s.writeFolded(ctx, f, part, turn, write)
	switch {
	case err != nil || !written && turn == otherServersFirst:
		return 0, err
	case !written:
		return due, nil
	}
	return due - next, nil
}

// writeFolded writes a stretch together with its follower's new position. It
// says false when another server is at it or has done so.
func (s *Store) writeFolded(ctx context.Context, f follower, part stretch, turn turn, write func(context.Context, *stdsql.Tx) error) (bool, error) {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	position, mine, err := s.takePosition(ctx, tx, f, part.organization, turn)
	if err != nil || !mine || position != part.after {
		return false, err
	}
	if err := write(ctx, tx); err != nil {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE journal_followers SET sequence = $1 WHERE organization = $2 AND follower = $3`,
		part.through, int64(part.organization), f.name)
	if err != nil {
		return false, err
	}
	return true, tx.Commit()
}

// positionOf reads where a follower is in a journal, and where that ends.
func (s *Store) positionOf(ctx context.Context, f follower, organization audit.OrganizationID) (position, head int64, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT
		coalesce((SELECT sequence FROM journal_followers WHERE organization = $1 AND follower = $2), 0),
		coalesce((SELECT max(sequence) FROM journal WHERE organization = $1), 0)`,
		int64(organization), f.name).Scan(&position, &head)
	return position, head, err
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
