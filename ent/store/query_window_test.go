package store

import (
	"testing"
	"time"

	"daybook/audit"
)

func TestFirstSequenceAt(t *testing.T) {
	// Groups of one, two and three events, each recorded at one instant, and one of
	// many rows.
	groups := []struct{ second, events int }{{10, 1}, {20, 2}, {30, 3}, {40, 1}, {50, 500}, {60, 70}, {60, 1}, {70, 32}, {80, 1}}
	at := func(second float64) time.Time { return bulkStart.Add(time.Duration(second * float64(time.Second))) }
	eachEngine(t, func(t *testing.T, s *Store) {
		journal := &bulkLog{t: t, s: s, rows: map[string][][]any{}}
		sequence := int64(0)
		for _, group := range groups {
			for left := group.events; left > 0; left -= bundleSize {
				ids := make([]audit.EventID, min(left, bundleSize))
				sequence += int64(len(ids))
				journal.addBundle(1, sequence, at(float64(group.second)), ids...)
			}
		}
		journal.flush()
		for _, one := range []struct {
			organization audit.OrganizationID
			second       float64
			want         int64
		}{
			{1, 0, 1},
			{1, 10, 1},
			{1, 10.0000001, 2},
			{1, 10.5, 2},
			{1, 20, 2},
			{1, 25, 4},
			{1, 30, 4},
			{1, 31, 7},
			{1, 40, 7},
			{1, 40.1, 8},
			{1, 50, 8},
			{1, 50.1, 508},
			{1, 60, 508},
			{1, 60.1, 579},
			{1, 70, 579},
			{1, 80, 611},
			{1, 80.1, 612},
			{1, 1e6, 612},
			{2, 10, 1},
		} {
			got, err := s.firstSequenceAt(t.Context(), one.organization, at(one.second))
			if err != nil || got != one.want {
				t.Errorf("organization %d at %v: %d, %v; want %d", one.organization, one.second, got, err, one.want)
			}
		}
	})
}

func TestNextID(t *testing.T) {
	greatest := audit.EventID{}
	for i := range greatest {
		greatest[i] = 0xff
	}
	for _, one := range []struct{ id, want audit.EventID }{
		{audit.EventID{}, audit.EventID{15: 1}},
		{audit.EventID{14: 3, 15: 0xff}, audit.EventID{14: 4}},
		{greatest, greatest},
	} {
		if got := nextID(one.id); got != one.want {
			t.Errorf("after %x comes %x, want %x", one.id, got, one.want)
		}
	}
}
