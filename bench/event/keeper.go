package event

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"daybook/audit"
)

// Prepare makes entries of inputs, as Daybook hands them to its engines.
func Prepare(ctx context.Context, inputs []audit.EventInput) (entries []*audit.Entry, err error) {
	k := &keeper{}
	recorder := k.recorder()
	defer func() { err = errors.Join(err, recorder.Close(ctx)) }()
	for part := range slices.Chunk(inputs, audit.MaxRecordEvents) {
		results, err := recorder.Record(ctx, 1, part, false)
		if err != nil {
			return nil, err
		}
		for _, result := range results {
			if len(result.Problems) > 0 {
				return nil, fmt.Errorf("prepare events: %s %s", result.Problems[0].Path, result.Problems[0].Message)
			}
		}
	}
	return k.entries, nil
}

// keeper is an engine that writes nothing and keeps what it was given.
type keeper struct{ entries []*audit.Entry }

var _ audit.Appender = (*keeper)(nil)

// recorder records into the keeper as a server does into its engine.
func (k *keeper) recorder() *audit.Recorder {
	return audit.NewRecorder(k, audit.RecorderOptions{Redaction: audit.NewRedaction(audit.DefaultRedaction, nil)})
}

// Append implements [audit.Appender].
func (k *keeper) Append(_ context.Context, groups []audit.Group) []audit.Outcome {
	outcomes := make([]audit.Outcome, len(groups))
	for i, group := range groups {
		k.entries = append(k.entries, group.Entries...)
		outcomes[i].Appended = make([]audit.Appended, len(group.Entries))
	}
	return outcomes
}

// Settle implements [audit.Appender]. No outcome is unknown.
func (k *keeper) Settle(context.Context, audit.Group) ([]audit.Appended, error) {
	return nil, errors.New("nothing is to be settled")
}

// FindKeys implements [audit.Appender]. No key is recorded.
func (k *keeper) FindKeys(context.Context, audit.OrganizationID, [][16]byte) (map[[16]byte]audit.Existing, error) {
	return nil, nil
}

// HaveEvents implements [audit.Appender]. No event is recorded.
func (k *keeper) HaveEvents(context.Context, audit.OrganizationID, []audit.EventID) (map[audit.EventID]bool, error) {
	return nil, nil
}

// Lanes implements [audit.Appender].
func (k *keeper) Lanes() (writers, groups int) { return 1, 1 }
