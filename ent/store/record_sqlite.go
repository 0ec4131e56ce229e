package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"daybook/audit"
)

// appendSQLite writes the groups in one transaction. Several stand behind a
// savepoint each, so that one that fails leaves no trace and does not take the
// others with it; a lone one is undone with the transaction.
func (s *Store) appendSQLite(ctx context.Context, groups []audit.Group) []audit.Outcome {
	outcomes := make([]audit.Outcome, len(groups))
	written := make([]*names, len(groups))
	err := s.inSQLiteTx(ctx, func(tx *sqliteTx) error {
		for i, group := range groups {
			var err error
			written[i] = s.known.collect(group)
			write := tx.group
			if len(groups) == 1 {
				write = tx.appendGroup
			}
			if outcomes[i], err = write(group, written[i]); err != nil {
				return err
			}
		}
		return nil
	})
	for i, group := range groups {
		switch {
		case err != nil && outcomes[i].Err == nil:
			outcomes[i] = audit.Outcome{Err: err}
		case outcomes[i].Appended != nil:
			s.remember(group, written[i], outcomes[i].Appended)
		}
	}
	return outcomes
}

// inSQLiteTx runs write in a transaction that has the write lock from its
// beginning. When the commit itself fails, only a look at the file can tell
// what will be in it after a crash.
func (s *Store) inSQLiteTx(ctx context.Context, write func(*sqliteTx) error) error {
	inserts, err := s.inserts.prepare(ctx, s.writer)
	if err != nil {
		return appendError(err)
	}
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return appendError(err)
	}
	if err := write(newSQLiteTx(ctx, tx, inserts)); err != nil {
		_ = tx.Rollback() // SQLite may have done so already
		return appendError(err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%w: %w", audit.ErrUnknownOutcome, err)
	}
	return nil
}

// sqliteTx is a running transaction.
type sqliteTx struct {
	ctx        context.Context
	tx         *sql.Tx
	inserts    *sqliteInserts
	statements map[*sql.Stmt]*sql.Stmt // prepared ones, as they are within the transaction
}

// newSQLiteTx gives statements a context that does not end: the driver starts a
// goroutine for each that could, and the end of the transaction's own context
// already ends what is between two statements.
func newSQLiteTx(ctx context.Context, tx *sql.Tx, inserts *sqliteInserts) *sqliteTx {
	return &sqliteTx{ctx: context.WithoutCancel(ctx), tx: tx, inserts: inserts, statements: map[*sql.Stmt]*sql.Stmt{}}
}

// group writes one group, or answers why not. Its error is the transaction's.
func (t *sqliteTx) group(group audit.Group, n *names) (audit.Outcome, error) {
	if err := t.exec(`SAVEPOINT one_group`); err != nil {
		return audit.Outcome{}, err
	}
	outcome, err := t.appendGroup(group, n)
	if err != nil {
		if !rejected(err) {
			return audit.Outcome{}, err
		}
		outcome = audit.Outcome{Err: appendError(err)}
		if err := t.exec(`ROLLBACK TO one_group`); err != nil {
			return audit.Outcome{}, err
		}
	}
	return outcome, t.exec(`RELEASE one_group`)
}

func (t *sqliteTx) appendGroup(group audit.Group, n *names) (audit.Outcome, error) {
	found, err := t.findKeys(group)
	if err != nil || len(found) > 0 {
		return audit.Outcome{Found: found}, err
	}
	head, token, err := t.head(group.Organization)
	if err != nil {
		return audit.Outcome{}, err
	}
	appended, err := positions(group, head, now())
	if err != nil {
		return audit.Outcome{}, err
	}
	n.latest = n.latest && n.witness == witness{head.Sequence, token}
	if err := t.storeNames(group.Organization, n); err != nil {
		return audit.Outcome{}, err
	}
	if err := t.storeEntries(group, n, appended); err != nil {
		return audit.Outcome{}, err
	}
	return audit.Outcome{Appended: appended}, nil
}

// findKeys looks for those of the group's keys that are recorded.
func (t *sqliteTx) findKeys(group audit.Group) (map[int]audit.Existing, error) {
	found := map[int]audit.Existing{}
	for i, entry := range group.Entries {
		if entry.KeyHash == nil {
			continue
		}
		var existing audit.Existing
		var fingerprint []byte
		err := t.row(t.inserts.findKey, int64(group.Organization), entry.KeyHash[:]).Scan(&existing.ID, &fingerprint)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, err
		}
		copy(existing.Fingerprint[:], fingerprint)
		found[i] = existing
	}
	return found, nil
}

// head is the end of the organization's journal and the token of the group there,
// zero when there is none. It is read each time, because another process may write to the file.
func (t *sqliteTx) head(organization audit.OrganizationID) (head audit.Appended, token int64, err error) {
	var recordedAt instant
	err = t.row(t.inserts.findHead, int64(organization)).Scan(&head.Sequence, &token, &recordedAt)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoOrganization
	}
	head.RecordedAt = time.Time(recordedAt)
	return head, token, err
}

// positions gives the entries of a group their places behind the head.
func positions(group audit.Group, head audit.Appended, now time.Time) ([]audit.Appended, error) {
	recordedAt := now
	if head.RecordedAt.After(recordedAt) {
		recordedAt = head.RecordedAt // the clock went back
	}
	list := make([]audit.Appended, len(group.Entries))
	for i, entry := range group.Entries {
		occurredAt := recordedAt
		if entry.OccurredAt != nil {
			occurredAt = *entry.OccurredAt
		}
		sequence := head.Sequence + int64(i) + 1
		id, err := audit.NewEventID(occurredAt, sequence, group.Organization)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errOutOfRange, err)
		}
		list[i] = audit.Appended{ID: id, Sequence: sequence, RecordedAt: recordedAt}
	}
	return list, nil
}

// cause is the id of the event that caused the i-th entry, nil for none.
func cause(group audit.Group, appended []audit.Appended, i int) *audit.EventID {
	entry := group.Entries[i]
	if entry.Cause == nil && entry.CauseIndex >= 0 {
		return &appended[entry.CauseIndex].ID
	}
	return entry.Cause
}

func (t *sqliteTx) exec(statement string) error {
	_, err := t.tx.ExecContext(t.ctx, statement)
	return err
}

func (t *sqliteTx) run(prepared *sql.Stmt, args ...any) error {
	_, err := t.statement(prepared).ExecContext(t.ctx, args...)
	return err
}

func (t *sqliteTx) row(prepared *sql.Stmt, args ...any) *sql.Row {
	return t.statement(prepared).QueryRowContext(t.ctx, args...)
}

// statement is a prepared statement within the transaction.
func (t *sqliteTx) statement(prepared *sql.Stmt) *sql.Stmt {
	statement := t.statements[prepared]
	if statement == nil {
		statement = t.tx.StmtContext(t.ctx, prepared)
		t.statements[prepared] = statement // the end of the transaction closes it
	}
	return statement
}
