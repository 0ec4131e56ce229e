package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"daybook/audit"
	"daybook/audit/storetest"
	"daybook/internal/postgrestest"
)

// smallTexts index few events together, and search by the index however frequent
// a text is, so that small logs have all that large ones have.
var smallTexts = textBounds{block: 4, tail: 8, frequent: 0, pool: 20_000, checked: 20_000, beside: 2_000}

// searched is a store whose index of texts is a number of blocks behind.
type searched struct {
	*Store
	behind int64
}

func (s searched) Append(ctx context.Context, groups []audit.Group) []audit.Outcome {
	outcomes := s.Store.Append(ctx, groups)
	for i := range outcomes {
		if err := s.follow(ctx, groups[i].Organization); err != nil {
			outcomes[i] = audit.Outcome{Err: err}
		}
	}
	return outcomes
}

// follow folds until the index is no further behind than it is to be.
func (s searched) follow(ctx context.Context, organization audit.OrganizationID) error {
	for {
		position, head, err := s.positionOf(ctx, s.textFollower(), organization)
		if err != nil || head-position < (s.behind+1)*s.texts.block {
			return err
		}
		if _, err := s.foldAll(ctx, organization, 1, afterOtherServers); err != nil {
			return err
		}
	}
}

// TestSearchesAreExact: what is found by the index of texts is what the reference
// finds, wherever the index is, and also when a search gives up.
func TestSearchesAreExact(t *testing.T) {
	hasty := smallTexts
	hasty.pool, hasty.checked, hasty.beside = 5, 2, 0
	for name, test := range map[string]struct {
		newDatabase func(testing.TB) string
		bounds      textBounds
		behind      int64
	}{
		"caught up": {newSQLite, smallTexts, 0},
		"behind":    {postgrestest.NewDatabase, smallTexts, 1},
		"hasty":     {newSQLite, hasty, 0},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.RunReading(t, func(tb testing.TB) storetest.Store {
				s := openStore(tb, test.newDatabase(tb))
				s.texts = test.bounds
				s.followers = s.findFollowers()
				return searched{s, test.behind}
			})
		})
	}
}

// TestWhatIsNotSearchedIsSaid: events far behind the index are not found, the
// answer says from when, and they are found once the index is there.
func TestWhatIsNotSearchedIsSaid(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		s.texts = smallTexts
		s.followers = s.findFollowers()
		organization := newOrganization(t, s)
		needle, hay := testEntry(), testEntry()
		needle.SearchText, hay.SearchText = "the needle", "the hay"
		entries := make([]*audit.Entry, 40)
		for i := range entries {
			entries[i] = hay
		}
		entries[3], entries[30] = needle, needle
		appended := appendGroup(t, s, testGroup(organization, entries...))
		expect := func(want int, through *time.Time) {
			t.Helper()
			text := "NEEDLE"
			filter := &audit.Filter{AllOf: []audit.Filter{{Text: &text}}}
			said, err := s.SearchedThrough(t.Context(), organization, filter)
			if err != nil || fmt.Sprint(said) != fmt.Sprint(through) && (said == nil || through == nil || !said.Equal(*through)) {
				t.Errorf("searched through %v, %v; want %v", said, err, through)
			}
			found, err := s.FindEvents(t.Context(), organization, audit.EventQuery{Filter: filter, Limit: 10, Order: newestFirst})
			if err != nil || len(found) != want {
				t.Errorf("%d events, %v; want %d", len(found), err, want)
			}
		}
		expect(1, &appended[7].RecordedAt)
		for range 6 { // up to the 24th, from where one looks at eight more
			if _, err := s.foldAll(t.Context(), organization, 1, otherServersFirst); err != nil {
				t.Fatal(err)
			}
		}
		expect(2, &appended[31].RecordedAt)
		catchUp(t, s)
		expect(2, nil)
	})
}

// TestSearchesGoOnBehindACursor: events that occurred in the opposite order of
// their recording are found page by page in either order.
func TestSearchesGoOnBehindACursor(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		s.texts = smallTexts
		s.followers = s.findFollowers()
		organization := newOrganization(t, s)
		const events = 41
		entries := make([]*audit.Entry, events)
		for i := range entries {
			occurred := time.Unix(int64(1e9-i), 0)
			entries[i] = testEntry()
			entries[i].OccurredAt, entries[i].SearchText = &occurred, "the needle"
		}
		appendGroup(t, s, testGroup(organization, entries...))
		catchUp(t, s)
		text := "needle"
		for _, field := range []audit.OrderField{audit.OrderOccurredAt, audit.OrderRecordedAt} {
			for _, direction := range []audit.OrderDirection{audit.Ascending, audit.Descending} {
				query := audit.EventQuery{Filter: &audit.Filter{Text: &text}, Order: audit.Order{Field: field, Direction: direction}, Limit: 7}
				seen := map[audit.EventID]bool{}
				for {
					page, err := s.FindEvents(t.Context(), organization, query)
					if err != nil {
						t.Fatal(err)
					}
					if len(page) == 0 {
						break
					}
					for _, event := range page {
						seen[event.ID] = true
					}
					last := page[len(page)-1]
					query.After = &audit.Position{ID: last.ID, Sequence: last.Sequence}
				}
				if len(seen) != events {
					t.Errorf("%s %s: %d of %d events", field, direction, len(seen), events)
				}
			}
		}
	})
}

var newestFirst = audit.Order{Field: audit.OrderOccurredAt, Direction: audit.Descending}
