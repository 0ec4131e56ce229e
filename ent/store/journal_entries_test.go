package store

import (
	"slices"
	"testing"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// recordGroups records groups of these many events and gives their ids in order.
func recordGroups(t *testing.T, s *Store, organization audit.OrganizationID, sizes ...int) (ids []audit.EventID) {
	t.Helper()
	for _, size := range sizes {
		entries := make([]*audit.Entry, size)
		for i := range entries {
			entries[i] = testEntry()
		}
		for _, appended := range appendGroup(t, s, testGroup(organization, entries...)) {
			ids = append(ids, appended.ID)
		}
	}
	return ids
}

// groupSizes make rows of the journal that are full, that are not, and of which a
// group has several.
var groupSizes = []int{1, bundleSize - 1, bundleSize, bundleSize + 1, 1, 2, 6*bundleSize + 4, 4 * bundleSize, 5}

// TestJournalEntriesAreThoseRecorded wherever reading begins and ends, in a row of
// the journal or between two.
func TestJournalEntriesAreThoseRecorded(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		organization := newOrganization(t, s)
		recordGroups(t, s, newOrganization(t, s), 40)
		want := recordGroups(t, s, organization, groupSizes...)
		for after := range want {
			const limit = 7
			entries, _, err := s.FindJournal(t.Context(), organization, int64(after), limit)
			if err != nil {
				t.Fatal(err)
			}
			var got []audit.EventID
			for i, entry := range entries {
				got = append(got, entry.ID)
				if entry.Sequence != int64(after+i+1) {
					t.Errorf("entry %d after %d has sequence %d", i, after, entry.Sequence)
				}
			}
			if !slices.Equal(got, want[after:min(after+limit, len(want))]) {
				t.Errorf("after %d come %v", after, got)
			}
		}
	})
}

// TestEventsAtSequences finds each alone, many at once, and none where the journal
// has none.
func TestEventsAtSequences(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		organization := newOrganization(t, s)
		want := recordGroups(t, s, organization, groupSizes...)
		all := []int64{-40, -1, 0, int64(len(want)) + 1, 1 << 41}
		for i, id := range want {
			all = append(all, int64(i+1))
			if got, err := s.eventsAt(t.Context(), organization, []int64{int64(i + 1)}); err != nil || !slices.Equal(got, []audit.EventID{id}) {
				t.Errorf("at sequence %d is %v, want %s (%v)", i+1, got, id, err)
			}
		}
		got, err := s.eventsAt(t.Context(), organization, all)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(got, func(a, b audit.EventID) int { return int(a.Sequence() - b.Sequence()) })
		if !slices.Equal(got, want) {
			t.Errorf("found %d of %d events", len(got), len(want))
		}
		if got, err := s.eventsAt(t.Context(), organization+1, all); err != nil || len(got) > 0 {
			t.Errorf("another organization has %v (%v)", got, err)
		}
	})
}

// TestPagesAlongTheJournal begin and end anywhere, in both directions.
func TestPagesAlongTheJournal(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		organization := newOrganization(t, s)
		want := recordGroups(t, s, organization, groupSizes...)
		for low := int64(1); low < int64(len(want)); low += 5 {
			for _, size := range []int64{1, 4, bundleSize, 2*bundleSize + 1, 50} {
				for _, descending := range []bool{false, true} {
					high := min(low+size, int64(len(want))+1)
					p := &scan{organization: organization, order: audit.OrderRecordedAt, descending: descending, limit: 40, sequences: sequenceWindow(), ids: idWindow()}
					p.sequences.from(low)
					p.sequences.until(high)
					events, err := s.events(t.Context(), p, p.alongJournal(selectEvents()))
					if err != nil {
						t.Fatal(err)
					}
					page := slices.Clone(want[low-1 : high-1])
					if descending {
						slices.Reverse(page)
					}
					page = page[:min(p.limit, len(page))]
					if !slices.EqualFunc(events, page, func(e *audit.Event, id audit.EventID) bool { return e.ID == id }) {
						t.Errorf("from %d to %d, descending %t: %d events, or not in order", low, high, descending, len(events))
					}
				}
			}
		}
	})
}

// TestAGroupOfManyRowsIsSettledWhole, and with nothing of the groups beside it.
func TestAGroupOfManyRowsIsSettledWhole(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		organization := newOrganization(t, s)
		recordGroups(t, s, organization, 3)
		entries := make([]*audit.Entry, 3*bundleSize+1)
		for i := range entries {
			entries[i] = testEntry()
		}
		group := testGroup(organization, entries...)
		want := appendGroup(t, s, group)
		recordGroups(t, s, organization, 2)
		got, err := s.Settle(t.Context(), group)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got, want, func(a, b audit.Appended) bool {
			return a.ID == b.ID && a.Sequence == b.Sequence && a.RecordedAt.Equal(b.RecordedAt)
		}) {
			t.Errorf("settled as %v, want %v", got, want)
		}
	})
}

// TestBundlesAreAsLargeAsReadersExpect: of a larger one the last entries would not be
// found.
func TestBundlesAreAsLargeAsReadersExpect(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		recordGroups(t, s, newOrganization(t, s), 3*bundleSize+1)
		if n := count(t, s, `SELECT max(length(digests)) FROM journal`); n != bundleSize*digestBytes {
			t.Errorf("a row has digests of %d bytes, want %d", n, bundleSize*digestBytes)
		}
		if n := count(t, s, `SELECT max(length(event_ids)) FROM journal`); n != bundleSize*idBytes {
			t.Errorf("a row has ids of %d bytes, want %d", n, bundleSize*idBytes)
		}
	})
}

// TestWalksAlongTheJournalReadNoMoreThanAPage, also where Postgres has not looked at
// what was recorded lately, and takes a long window for a short one.
func TestWalksAlongTheJournalReadNoMoreThanAPage(t *testing.T) {
	s := openPostgresStore(t)
	const before, since = 3600, 5000 // events of organization 1
	exec(t, s, `ALTER TABLE events SET (autovacuum_enabled = false); ALTER TABLE journal SET (autovacuum_enabled = false)`)
	fillBulk(t, s, before*10/9)
	for range 10 {
		recordGroups(t, s, 1, since/10)
	}
	for name, low := range map[string]int64{"all": 1, "the newest": before + 1} {
		for _, descending := range []bool{false, true} {
			p := &scan{organization: 1, order: audit.OrderRecordedAt, descending: descending, limit: 50, sequences: sequenceWindow(), ids: idWindow()}
			p.sequences.from(low)
			p.sequences.until(before + since + 1)
			p.conditions = []condition{{holds: sql.NotNull(eventColumn("seed"))}}
			query := p.alongJournal(selectEvents())
			query.SetDialect(s.dialect)
			text, args := query.Query()
			root, answer := explain(t, s, text, args)
			root.each(func(node postgresPlan) {
				if node.Rows > float64(2*(p.limit+bundleSize)) {
					t.Errorf("%s, descending %t: a step gives %.0f rows:\n%s", name, descending, node.Rows, answer)
				}
			})
		}
	}
}
