package store

import (
	"context"
	stdsql "database/sql"
	"fmt"
	"math"
	"time"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

var _ audit.JournalFinder = (*Store)(nil)

// FindJournal implements [audit.JournalFinder].
func (s *Store) FindJournal(ctx context.Context, organization audit.OrganizationID, after int64, limit int) ([]audit.JournalEntry, audit.RecordedNames, error) {
	var names audit.RecordedNames
	entries, err := reading(ctx, s, "find journal", func(ctx context.Context) ([]audit.JournalEntry, error) {
		entries, err := queryRows(ctx, s, selectJournal(organization, after, limit), scanJournalEntry)
		if err != nil {
			return nil, err
		}
		events, err := s.journalEvents(ctx, organization, entries)
		if err != nil {
			return nil, err
		}
		names, err = s.recordedNames(ctx, organization, participants(events))
		return entries, err
	})
	return entries, names, err
}

func selectJournal(organization audit.OrganizationID, after int64, limit int) *sql.Selector {
	entries := sequenceWindow()
	entries.from(nextSequence(after))
	entries.until(min(after, math.MaxInt64-int64(limit)-1) + int64(limit) + 1) // there are no gaps
	query := sql.Select().AppendSelectExpr(entryID(), sql.Raw(entrySequence), sql.Raw("journal.recorded_at"), sql.Raw(entryDigest), sql.Raw("events.seed")).
		FromExpr(eachEntryAndEvent(organization)).Where(allOf(entriesWithin(organization, &entries)...))
	return inSequence(query).Limit(limit)
}

func scanJournalEntry(rows *stdsql.Rows) (audit.JournalEntry, error) {
	var entry audit.JournalEntry
	var recordedAt instant
	var digest, seed []byte
	if err := rows.Scan(&entry.ID, &entry.Sequence, &recordedAt, &digest, &seed); err != nil {
		return entry, err
	}
	if len(digest) != len(entry.Digest) || seed != nil && len(seed) != len(entry.Seed) {
		return entry, fmt.Errorf("sequence %d: a digest of %d bytes, a seed of %d", entry.Sequence, len(digest), len(seed))
	}
	entry.RecordedAt = time.Time(recordedAt)
	copy(entry.Digest[:], digest)
	copy(entry.Seed[:], seed)
	return entry, nil
}

// journalEvents gives the entries their events, as far as they are there.
func (s *Store) journalEvents(ctx context.Context, organization audit.OrganizationID, entries []audit.JournalEntry) ([]*audit.Event, error) {
	ids := distinct(entries, func(e audit.JournalEntry) audit.EventID { return e.ID })
	events, err := s.EventsByID(ctx, organization, ids, audit.AllFields)
	if err != nil {
		return nil, err
	}
	byID := make(map[audit.EventID]*audit.Event, len(events))
	for _, event := range events {
		byID[event.ID] = event
	}
	for i := range entries {
		entries[i].Event = byID[entries[i].ID]
	}
	return events, nil
}

func (s *Store) recordedNames(ctx context.Context, organization audit.OrganizationID, list []*audit.Participant) (audit.RecordedNames, error) {
	ids := distinct(list, func(p *audit.Participant) int32 { return p.ProfileID })
	names := make(audit.RecordedNames, len(ids))
	if len(ids) == 0 {
		return names, nil
	}
	query := sql.Select("id", "name", "email").From(sql.Table("actor_profiles")).
		Where(sql.And(sql.In("id", anys(ids)...), sql.EQ("organization", int64(organization))))
	_, err := queryRows(ctx, s, query, func(rows *stdsql.Rows) (struct{}, error) {
		var id int64
		var name audit.RecordedName
		err := rows.Scan(&id, &name.Name, &name.Email)
		names[int32(id)] = name
		return struct{}{}, err
	})
	return names, err
}
