package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"daybook/audit"
)

// otherHistory is the SQLSTATE with which daybook_record_v1 refuses ids of a
// journal that lost its end.
const otherHistory = "DB001"

// appendPostgres writes one group in one round trip. If ids it remembers turn
// out to be of another history, it tries again without them.
func (s *Store) appendPostgres(ctx context.Context, group audit.Group) audit.Outcome {
	outcome := s.appendOnce(ctx, group)
	if pq.As(outcome.Err, otherHistory) != nil {
		s.known.forget(group.Organization)
		outcome = s.appendOnce(ctx, group)
	}
	return outcome
}

// appendOnce takes a connection of its own, because a pool repeats a statement
// on the next connection when one is lost, even if the statement was executed.
func (s *Store) appendOnce(ctx context.Context, group audit.Group) audit.Outcome {
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return audit.Outcome{Err: appendError(err)}
	}
	defer conn.Close()
	n := s.known.collect(group)
	args, err := recordArguments(group, n)
	if err != nil {
		return audit.Outcome{Err: appendError(err)}
	}
	s.attempts.begin(group, n.witness.sequence)
	result, err := callRecord(ctx, conn, args)
	if err != nil {
		err = sentError(err)
	}
	if !errors.Is(err, audit.ErrUnknownOutcome) {
		s.attempts.end(group)
	}
	if err != nil {
		return audit.Outcome{Err: err}
	}
	return s.recorded(group, n, result)
}

// recorded makes the outcome of what the function returned.
func (s *Store) recorded(group audit.Group, n *names, r *recordResult) audit.Outcome {
	if len(r.foundPositions) > 0 {
		found := make(map[int]audit.Existing, len(r.foundPositions))
		for i, position := range r.foundPositions {
			found[int(position)-1] = audit.Existing{ID: r.foundEvents[i], Fingerprint: [16]byte(r.foundFingerprints[i])}
		}
		return audit.Outcome{Found: found}
	}
	appended := make([]audit.Appended, len(group.Entries))
	for i := range appended {
		appended[i] = audit.Appended{
			ID: r.events[i], Sequence: r.firstSequence.Int64 + int64(i), RecordedAt: time.UnixMicro(r.recordedAt.Int64).UTC(),
		}
	}
	n.complete(r)
	s.known.remember(group, n, lastSequence(appended))
	return audit.Outcome{Appended: appended}
}

// recordResult is what daybook_record_v1 returns.
type recordResult struct {
	foundPositions                         pq.Int64Array
	foundEvents                            []audit.EventID
	foundFingerprints                      pq.ByteaArray
	firstSequence, recordedAt              sql.NullInt64 // NULL when keys were found
	events                                 []audit.EventID
	actors, profiles, sections, properties pq.Int64Array
}

// complete fills in the ids.
func (n *names) complete(r *recordResult) {
	for i := range n.actors {
		n.actors[i].id = r.actors[i]
	}
	for i := range n.profiles {
		n.profiles[i].id = r.profiles[i]
	}
	for i := range n.sections {
		n.sections[i].id = r.sections[i]
	}
	for i := range n.properties {
		n.properties[i].id = r.properties[i]
	}
}

// callRecord runs the function. The commit comes after its row, so the answer
// counts only when it was read to the end.
func callRecord(ctx context.Context, conn *sql.Conn, args []any) (*recordResult, error) {
	rows, err := conn.QueryContext(ctx, recordStatement(len(args)), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var r recordResult
	for rows.Next() {
		err := rows.Scan(&r.foundPositions, pq.Array(&r.foundEvents), &r.foundFingerprints, &r.firstSequence, &r.recordedAt,
			pq.Array(&r.events), &r.actors, &r.profiles, &r.sections, &r.properties)
		if err != nil {
			return nil, err
		}
	}
	return &r, rows.Err()
}

func recordStatement(arguments int) string {
	var text strings.Builder
	text.WriteString("SELECT * FROM daybook_record_v1($1")
	for i := 2; i <= arguments; i++ {
		text.WriteString(", $" + strconv.Itoa(i))
	}
	text.WriteString(")")
	return text.String()
}

// settlePostgres asks the function that waits for attempts under way and stops
// those that have not begun.
func settlePostgres(ctx context.Context, db *sql.DB, group audit.Group, after int64) ([]audit.Appended, error) {
	rows, err := db.QueryContext(ctx, `SELECT * FROM daybook_settle_v1($1, $2, $3)`, int64(group.Organization), group.Token, after)
	if err != nil {
		return nil, err
	}
	return scanAppended(rows)
}

// recordArguments are the arguments of daybook_record_v1 in their order.
func recordArguments(group audit.Group, n *names) ([]any, error) {
	args := []any{int64(group.Organization), group.Token, knownID(n.witness.sequence), n.witness.token}
	for _, table := range []*arrays{n.actorArrays(), n.profileArrays(), n.sectionArrays(), n.propertyArrays(), n.pairArrays()} {
		args = append(args, table.literals()...)
	}
	entries, changes, merges := newArrays(13+len(entryColumns)), newArrays(7), newArrays(2)
	for i, entry := range group.Entries {
		values, err := entryValues(entry)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", i, err)
		}
		entries.add(append(recordValues(entry, &n.entries[i]), values...)...)
		properties := n.entries[i].properties
		for k, ordinal := range ordinals(properties) {
			digest := &entry.Digests[k]
			changes.add(int64(i+1), int64(properties[k]+1), ordinal, int64(digest.Kind), int64(digest.Change),
				optionalNumber(digest.Before), optionalNumber(digest.After))
		}
		for _, key := range mergeSources(entry) {
			merges.add(int64(i+1), key)
		}
	}
	for _, table := range []*arrays{entries, changes, merges} {
		args = append(args, table.literals()...)
	}
	return args, nil
}

// recordValues are what the function needs of an entry besides the columns of
// its row. Positions count from 1.
func recordValues(e *audit.Entry, at *entryNames) []any {
	var occurredAt, causeAt any
	if e.OccurredAt != nil {
		occurredAt = e.OccurredAt.UnixMicro()
	}
	if e.Cause == nil && e.CauseIndex >= 0 {
		causeAt = int64(e.CauseIndex + 1)
	}
	values := []any{occurredAt}
	for _, p := range []participantNames{at.performer, at.behalf, at.about} {
		values = append(values, position(p.actor), position(p.profile))
	}
	return append(values, position(at.section), uuidText(e.Cause), causeAt,
		hashOrNil(e.KeyHash), e.Fingerprint[:], e.ContentRoot[:])
}

// position is the place of the i-th thing of an array, NULL for -1.
func position(i int) any {
	if i < 0 {
		return nil
	}
	return int64(i + 1)
}

// uuidText is an id as an element of an array, where bytes are no uuid.
func uuidText(id *audit.EventID) any {
	if id == nil {
		return nil
	}
	return id.UUID()
}
