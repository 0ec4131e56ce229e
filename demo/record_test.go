package demo

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"daybook/audit"
)

// A recorder takes every event, causes included, and knows all of them again.
func TestEveryEventIsRecordedOnceAndKnownAgain(t *testing.T) {
	recorder := audit.NewRecorder(&ledger{}, audit.RecorderOptions{Now: func() time.Time { return end }})
	defer func() {
		if err := recorder.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	for _, want := range []audit.RecordStatus{audit.RecordCreated, audit.RecordDuplicate} {
		for batch := range slices.Chunk(slices.Collect(Events(DefaultEvents)), audit.MaxRecordEvents) {
			results, err := recorder.Record(t.Context(), 1, batch, false)
			if err != nil {
				t.Fatal(err)
			}
			for i, result := range results {
				if result.Status != want {
					t.Fatalf("%s became %s, want %s: %v", *batch[i].IdempotencyKey, result.Status, want, result.Problems)
				}
			}
		}
	}
}

// ledger is the least an engine can be: it keeps the keys of one organization
// and nothing else, so that what is tested is the events and not a database.
type ledger struct {
	mu   sync.Mutex
	last int64
	keys map[[16]byte]audit.Existing
}

func (l *ledger) Append(_ context.Context, groups []audit.Group) []audit.Outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	outcomes := make([]audit.Outcome, len(groups))
	for i, group := range groups {
		if found := l.held(group); len(found) > 0 {
			outcomes[i].Found = found
			continue
		}
		outcomes[i].Appended = l.write(group)
	}
	return outcomes
}

func (l *ledger) held(group audit.Group) map[int]audit.Existing {
	found := map[int]audit.Existing{}
	for i, entry := range group.Entries {
		if existing, ok := l.keys[*entry.KeyHash]; ok {
			found[i] = existing
		}
	}
	return found
}

func (l *ledger) write(group audit.Group) []audit.Appended {
	if l.keys == nil {
		l.keys = map[[16]byte]audit.Existing{}
	}
	appended := make([]audit.Appended, len(group.Entries))
	for i, entry := range group.Entries {
		l.last++
		id, err := audit.NewEventID(*entry.OccurredAt, l.last, group.Organization)
		if err != nil {
			panic(err) // the recorder has checked the instant
		}
		appended[i] = audit.Appended{ID: id, Sequence: l.last, RecordedAt: end}
		l.keys[*entry.KeyHash] = audit.Existing{ID: id, Fingerprint: entry.Fingerprint}
	}
	return appended
}

func (l *ledger) Settle(context.Context, audit.Group) ([]audit.Appended, error) { return nil, nil }

func (l *ledger) FindKeys(_ context.Context, _ audit.OrganizationID, keys [][16]byte) (map[[16]byte]audit.Existing, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := map[[16]byte]audit.Existing{}
	for _, key := range keys {
		if existing, ok := l.keys[key]; ok {
			found[key] = existing
		}
	}
	return found, nil
}

func (l *ledger) HaveEvents(context.Context, audit.OrganizationID, []audit.EventID) (map[audit.EventID]bool, error) {
	return nil, nil
}

func (l *ledger) Lanes() (writers, groups int) { return 1, 1 }
