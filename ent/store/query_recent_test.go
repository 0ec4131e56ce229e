package store

import (
	"errors"
	"maps"
	"testing"
	"time"

	"daybook/audit"
)

// found are the values that are remembered of ids.
func found(names *recent[int32, string], organization audit.OrganizationID, ids []int32, now time.Time) (values map[int32]string, turn int) {
	texts := make([]string, len(ids))
	places := make([]place[int32, string], len(ids))
	for i, id := range ids {
		places[i] = place[int32, string]{id, &texts[i]}
	}
	_, turn = names.find(organization, places, now)
	values = map[int32]string{}
	for i, id := range ids {
		if texts[i] != "" {
			values[id] = texts[i]
		}
	}
	return values, turn
}

// TestRecentNamesAreReadOnceAMoment: what was read is shown for a second, to its
// organization alone, and not beyond a commit that may have changed it.
func TestRecentNamesAreReadOnceAMoment(t *testing.T) {
	var names recent[int32, string]
	start := time.Unix(1_770_000_000, 0)
	known, turn := found(&names, 1, []int32{7, 8}, start)
	if len(known) > 0 {
		t.Fatalf("%v are known of nothing", known)
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
		if got, _ := found(&names, c.organization, []int32{7, 8, 7}, c.at); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}

	_, before := found(&names, 1, []int32{8}, start)
	names.forget()
	names.put(1, map[int32]string{8: "eight, as it was"}, before, start.Add(recentFor))
	if got, _ := found(&names, 1, []int32{7, 8}, start); len(got) > 0 {
		t.Errorf("%v is shown after a commit that may have changed it", got)
	}
}

func TestRecentNamesKeepNoFailure(t *testing.T) {
	var names recent[int32, string]
	failure := errors.New("no")
	fail := func([]int32) (map[int32]string, error) { return nil, failure }
	var got string
	seven := []place[int32, string]{{7, &got}}
	if err := names.fill(1, seven, fail); !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	err := names.fill(1, seven, func([]int32) (map[int32]string, error) { return map[int32]string{7: "seven"}, nil })
	if err != nil || got != "seven" {
		t.Errorf("got %v, %v", got, err)
	}
	got = ""
	if err := names.fill(1, seven, fail); err != nil || got != "seven" {
		t.Errorf("the second time: %v, %v", got, err)
	}
}

// TestRecentNamesAreBounded, however many organizations they are of.
func TestRecentNamesAreBounded(t *testing.T) {
	var names recent[int32, string]
	for organization := range audit.OrganizationID(2 * maxRecent / 100) {
		values := map[int32]string{}
		for id := range int32(100) {
			values[id] = "name"
		}
		names.put(organization, values, 0, time.Unix(1_770_000_000, 0))
	}
	kept := 0
	for _, own := range names.values {
		kept += len(own)
	}
	if kept == 0 || kept > maxRecent+100 {
		t.Errorf("%d are kept, want %d at most", kept, maxRecent+100)
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
