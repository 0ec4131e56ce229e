package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"entgo.io/ent/dialect"

	"daybook/audit"
)

// Load writes groups with COPY at the positions that their caller gives them,
// with the very rows that [Store.Append] would write: to build large logs to
// measure on, in a fraction of the time.
//
// It is for Postgres and for databases that nobody else writes to: it locks
// nothing and looks up no keys. The positions of each organization MUST go on
// where its journal ends, and their instants never back.
func (s *Store) Load(ctx context.Context, groups []audit.Group, positions [][]audit.Appended) error {
	if s.dialect != dialect.Postgres {
		return errors.New("load: only Postgres has COPY")
	}
	l := loading{groups: groups, positions: positions}
	for _, group := range groups {
		n, err := s.nameAll(ctx, group)
		if err != nil {
			return fmt.Errorf("load: %w", err)
		}
		l.names = append(l.names, n)
	}
	if err := s.copy(ctx, &l); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	for i, group := range groups {
		s.remember(group, l.names[i], positions[i])
	}
	return nil
}

// nameAll gives everything that a group names an id: recording does so, given
// the names of the group without its entries.
func (s *Store) nameAll(ctx context.Context, group audit.Group) (*names, error) {
	n := s.known.collect(group)
	if n.latest && n.stored() {
		return n, nil
	}
	call := newRecordCall()
	if err := call.add(audit.Group{Organization: group.Organization, Token: group.Token}, n); err != nil {
		return nil, err
	}
	lane, err := s.lanes.take(ctx, s.writer, call.statement())
	if err != nil {
		return nil, err
	}
	result, err := lane.record(ctx, call)
	s.lanes.giveBack(lane, err)
	if err != nil {
		return nil, err
	}
	if outcome := result.outcomes[0]; outcome != "written" {
		return nil, fmt.Errorf("names of %s: %s", group.Organization, outcome)
	}
	call.complete(result)
	return n, nil
}

// stored says whether every name has its id.
func (n *names) stored() bool {
	stored := len(n.pairs) == 0
	for i := range n.actors {
		stored = stored && n.actors[i].id != 0
	}
	for i := range n.profiles {
		stored = stored && n.profiles[i].id != 0
	}
	for i := range n.sections {
		stored = stored && n.sections[i].stored()
	}
	for i := range n.properties {
		stored = stored && n.properties[i].id != 0
	}
	for i := range n.texts {
		stored = stored && n.texts[i].id != 0
	}
	return stored
}

// loading is what one call of Load writes.
type loading struct {
	groups    []audit.Group
	positions [][]audit.Appended
	names     []*names
}

// loadedTables are the tables that are written, each with its columns and the
// rows that one entry has in it.
var loadedTables = []struct {
	name    string
	columns []string
	rows    func(l *loading, group, entry int) ([][]any, error)
}{
	{"events", recordedColumns(), (*loading).event},
	{"property_changes", []string{"property", "event", "ordinal", "change", "after", "before"}, (*loading).changes},
	{"merge_sources", []string{"organization", "object_key", "event"}, (*loading).merges},
	{"idempotency_keys", []string{"organization", "key_hash", "fingerprint", "event"}, (*loading).keys},
	{"journal", []string{"organization", "sequence", "recorded_at", "token", "event_ids", "digests"}, (*loading).bundles},
}

// copy writes all tables in one transaction, which need not be on disk when it
// commits: whoever loads begins anew after a crash.
func (s *Store) copy(ctx context.Context, l *loading) error {
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `SET LOCAL synchronous_commit = off`); err != nil {
		return err
	}
	for _, table := range loadedTables {
		statement := "COPY " + table.name + " (" + strings.Join(table.columns, ", ") + ") FROM STDIN"
		err := copyInto(ctx, conn, statement, func(to *copyText) error { return l.rows(to, table.rows) })
		if err != nil {
			return fmt.Errorf("copy to %s: %w", table.name, err)
		}
	}
	return tx.Commit()
}

// rows writes the rows of every entry in one table.
func (l *loading) rows(to *copyText, rows func(l *loading, group, entry int) ([][]any, error)) error {
	for g := range l.groups {
		for i := range l.groups[g].Entries {
			list, err := rows(l, g, i)
			if err != nil {
				return err
			}
			for _, row := range list {
				if err := to.add(row); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (l *loading) event(g, i int) ([][]any, error) {
	row, err := recordedEvent(l.groups[g], l.names[g], l.positions[g], i)
	if err != nil {
		return nil, err
	}
	return [][]any{row}, nil
}

func (l *loading) changes(g, i int) ([][]any, error) {
	return recordedChanges(l.groups[g], l.names[g], i, l.positions[g][i].ID), nil
}

func (l *loading) merges(g, i int) ([][]any, error) {
	return recordedMerges(l.groups[g], i, l.positions[g][i].ID), nil
}

func (l *loading) keys(g, i int) ([][]any, error) {
	return recordedKeys(l.groups[g], i, l.positions[g][i].ID), nil
}

func (l *loading) bundles(g, i int) ([][]any, error) {
	if i > 0 {
		return nil, nil // they are the group's, not the entry's
	}
	return recordedBundles(l.groups[g], l.positions[g]), nil
}
