package store

import (
	"testing"
	"time"

	"daybook/audit"
)

func TestFirstSequenceAt(t *testing.T) {
	// Groups of one, two and three events, each recorded at one instant.
	seconds := []int{10, 20, 20, 30, 30, 30, 40}
	at := func(second float64) time.Time { return bulkStart.Add(time.Duration(second * float64(time.Second))) }
	eachEngine(t, func(t *testing.T, s *Store) {
		journal := &bulkLog{t: t, s: s, rows: map[string][][]any{}}
		for i, second := range seconds {
			id, err := audit.NewEventID(at(float64(second)), int64(i+1), 1)
			if err != nil {
				t.Fatal(err)
			}
			journal.add("journal", 1, i+1, id, instantArg(s.dialect, at(float64(second))), 1, id[:])
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
			{1, 1e6, 8},
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
