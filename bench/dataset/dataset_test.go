package dataset

import (
	"bytes"
	"testing"

	"daybook/audit"
)

func chunk(t *testing.T, log Log, n int) *Chunk {
	t.Helper()
	c, err := log.Chunk(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheLogIsTheSameEachTime(t *testing.T) {
	log := Log{Events: 3 * ChunkSize}
	one, two := chunk(t, log, 1), chunk(t, log, 1)
	for i, group := range one.Groups {
		for k, entry := range group.Entries {
			if one.Positions[i][k] != two.Positions[i][k] || entry.Fingerprint != two.Groups[i].Entries[k].Fingerprint {
				t.Fatalf("entry %d of organization %d differs", k, i+1)
			}
		}
	}
}

func TestChunksGoOnWhereTheLastEnded(t *testing.T) {
	log := Log{Events: 2 * ChunkSize}
	first, second := chunk(t, log, 0), chunk(t, log, 1)
	for i := range Organizations {
		all := append(first.Positions[i], second.Positions[i]...)
		if len(all) != log.EventsOf(audit.OrganizationID(i+1)) {
			t.Errorf("organization %d has %d events", i+1, len(all))
		}
		for k, at := range all[1:] {
			before := all[k]
			if at.Sequence != before.Sequence+1 || at.RecordedAt.Before(before.RecordedAt) || bytes.Compare(at.ID[:], before.ID[:]) <= 0 {
				t.Fatalf("organization %d: %v follows %v", i+1, at, before)
			}
		}
		last := all[len(all)-1]
		if all[0].Sequence != 1 || all[0].ID.OccurredAt().Before(Begin) || !last.ID.OccurredAt().Before(End) {
			t.Errorf("organization %d has events from %v to %v", i+1, all[0], last)
		}
	}
}

func TestFrequentAndRareValuesAreThere(t *testing.T) {
	c := chunk(t, Log{Events: ChunkSize}, 0)
	categories, changes := map[audit.Category]int{}, 0
	for _, group := range c.Groups {
		for _, entry := range group.Entries {
			categories[entry.Category]++
			changes += len(entry.Changes)
		}
	}
	for category, share := range map[audit.Category]float64{audit.CategoryConversation: .5, audit.CategoryBilling: .01} {
		if got := float64(categories[category]) / ChunkSize; got < share/2 || got > share*2 {
			t.Errorf("%v: %.3f of the events, want about %.2f", category, got, share)
		}
	}
	if mean := float64(changes) / ChunkSize; mean < 1.4 || mean > 1.8 {
		t.Errorf("events have %.2f changes in the mean", mean)
	}
}
