package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"daybook/audit"
)

// appendPostgres writes groups in one round trip. Groups whose remembered ids
// turn out to be of another history it tries again without them.
func (s *Store) appendPostgres(ctx context.Context, groups []audit.Group) []audit.Outcome {
	outcomes := s.appendDivided(ctx, groups)
	var again []audit.Group
	var places []int
	for i, outcome := range outcomes {
		if errors.Is(outcome.Err, errOtherHistory) {
			s.forgetNames(groups[i].Organization)
			again, places = append(again, groups[i]), append(places, i)
		}
	}
	if len(again) > 0 {
		for i, outcome := range s.appendDivided(ctx, again) {
			outcomes[places[i]] = outcome
		}
	}
	return outcomes
}

// appendDivided writes groups in one call. If the database rejects a value of
// one, it halves the call until that group is alone, so that it harms no other.
func (s *Store) appendDivided(ctx context.Context, groups []audit.Group) []audit.Outcome {
	outcomes, err := s.appendOnce(ctx, groups)
	if err == nil {
		return outcomes
	}
	if half := len(groups) / 2; half > 0 && errors.Is(err, audit.ErrRejected) {
		return append(s.appendDivided(ctx, groups[:half]), s.appendDivided(ctx, groups[half:])...)
	}
	outcomes = make([]audit.Outcome, len(groups))
	for i := range outcomes {
		outcomes[i].Err = err
	}
	return outcomes
}

// appendOnce makes one call. Its error is that of all groups.
func (s *Store) appendOnce(ctx context.Context, groups []audit.Group) ([]audit.Outcome, error) {
	call := newRecordCall()
	for _, group := range groups {
		if err := call.add(group, s.known.collect(group)); err != nil {
			return nil, appendError(err)
		}
	}
	lane, err := s.lanes.take(ctx, s.writer, call.statement())
	if err != nil {
		return nil, appendError(err)
	}
	for i, group := range groups {
		s.attempts.begin(group, call.names[i].witness.sequence)
	}
	result, err := lane.record(ctx, call)
	s.lanes.giveBack(lane, err)
	if err != nil {
		err = sentError(err)
	}
	if !errors.Is(err, audit.ErrUnknownOutcome) {
		for _, group := range groups {
			s.attempts.end(group)
		}
	}
	if err != nil {
		return nil, err
	}
	return s.recorded(call, result), nil
}

// errOtherHistory says that the journal does not have the entry from which ids
// are remembered: it lost its end when a standby took over.
var errOtherHistory = fmt.Errorf("%w: the ids are those of another history", audit.ErrUnavailable)

// refusals are the outcomes of groups that were not written, apart from keys that
// were found.
var refusals = map[string]error{
	"no organization": appendError(errNoOrganization),
	"full":            appendError(errOutOfRange),
	"abandoned":       fmt.Errorf("%w: the group was abandoned", audit.ErrUnavailable),
	"other history":   errOtherHistory,
	"busy":            audit.ErrBusy,
}

// recorded makes outcomes of what the function returned.
func (s *Store) recorded(call *recordCall, result *recordResult) []audit.Outcome {
	if slices.Contains(result.outcomes, "written") {
		call.complete(result)
	}
	outcomes := make([]audit.Outcome, len(call.groups))
	for i, group := range call.groups {
		switch outcome := result.outcomes[i]; outcome {
		case "written":
			outcomes[i] = written(group, result.firstSequences[i], time.UnixMicro(result.recordedAt[i]).UTC())
			s.remember(group, call.names[i], outcomes[i].Appended)
		case "found":
			outcomes[i].Found = result.found(i)
		default:
			outcomes[i].Err = refusals[outcome]
		}
	}
	return outcomes
}

// written gives the entries of a group their positions. Their ids are those that
// the function has made of the same numbers.
func written(group audit.Group, first int64, recordedAt time.Time) audit.Outcome {
	head := audit.Appended{Sequence: first - 1, RecordedAt: recordedAt}
	appended, err := positions(group, head, recordedAt)
	if err != nil { // never: the function has checked them
		return audit.Outcome{Err: fmt.Errorf("%w: %w", audit.ErrUnknownOutcome, err)}
	}
	return audit.Outcome{Appended: appended}
}

// found are the recorded events that hold keys of the i-th group.
func (r *recordResult) found(i int) map[int]audit.Existing {
	found := map[int]audit.Existing{}
	for k, group := range r.foundGroups {
		if int(group) == i+1 {
			found[int(r.foundPlaces[k])-1] = audit.Existing{ID: r.foundEvents[k], Fingerprint: [16]byte(r.foundFingerprints[k])}
		}
	}
	return found
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
