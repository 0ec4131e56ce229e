package store

import (
	"errors"
	"maps"
	"testing"
	"time"

	"daybook/audit"
)

// TestRecentNamesAreReadOnceAMoment: what was read is shown for a second, to its
// organization alone, and not beyond a commit that may have changed it.
func TestRecentNamesAreReadOnceAMoment(t *testing.T) {
	var names recent[int32, string]
	start := time.Unix(1_770_000_000, 0)
	_, missing, turn := names.find(1, []int32{7, 8}, start)
	if len(missing) != 2 {
		t.Fatalf("%v are missing of nothing", missing)
	}
	names.put(1, map[int32]string{7: "seven"}, turn, start.Add(recentFor))

	for what, c := range map[string]struct {
		organization audit.OrganizationID
		at           time.Time
		want         map[int32]string
	}{
		"at once":              {1, start, map[int32]string{7: "seven"}},
		"a moment later":       {1, start.Add(recentFor - 1), map[int32]string{7: "seven"}},
		"later":                {1, start.Add(recentFor), map[int32]string{}},
		"another organization": {2, start, map[int32]string{}},
	} {
		if got, _, _ := names.find(c.organization, []int32{7, 8}, c.at); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}

	_, _, before := names.find(1, []int32{8}, start)
	names.forget()
	names.put(1, map[int32]string{8: "eight, as it was"}, before, start.Add(recentFor))
	if got, _, _ := names.find(1, []int32{7, 8}, start); len(got) > 0 {
		t.Errorf("%v is shown after a commit that may have changed it", got)
	}
}

func TestRecentNamesKeepNoFailure(t *testing.T) {
	var names recent[int32, string]
	failure := errors.New("no")
	if _, err := names.of(1, []int32{7}, func([]int32) (map[int32]string, error) { return nil, failure }); !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	got, err := names.of(1, []int32{7}, func([]int32) (map[int32]string, error) { return map[int32]string{7: "seven"}, nil })
	if err != nil || got[7] != "seven" {
		t.Errorf("got %v, %v", got, err)
	}
	got, err = names.of(1, []int32{7}, func([]int32) (map[int32]string, error) { return nil, failure })
	if err != nil || got[7] != "seven" {
		t.Errorf("the second time: %v, %v", got, err)
	}
}

// TestAServersOwnRenamesAreShownAtOnce, whatever was shown before.
func TestAServersOwnRenamesAreShownAtOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		organization := newOrganization(t, s)
		for _, name := range []string{"Jonas Berg", "Jonas Lindqvist"} {
			entry := testEntry()
			entry.Performer.Name = &name
			appendGroup(t, s, testGroup(organization, entry))
			events, err := s.FindEvents(t.Context(), organization, audit.EventQuery{Limit: 10, Fields: audit.AllFields})
			if err != nil {
				t.Fatal(err)
			}
			for _, event := range events {
				if got := event.PerformedBy().Name; got == nil || *got != name {
					t.Errorf("performed by %v, want %s", got, name)
				}
			}
		}
	})
}
