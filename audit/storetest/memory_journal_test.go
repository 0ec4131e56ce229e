package storetest

import (
	"context"

	"daybook/audit"
)

func (m *memory) FindJournal(_ context.Context, organization audit.OrganizationID, after int64, limit int) ([]audit.JournalEntry, audit.RecordedNames, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	names := audit.RecordedNames{}
	for i, profile := range m.profiles {
		names[int32(i+1)] = audit.RecordedName{Name: profile.name, Email: profile.email}
	}
	log := m.logs[organization].recorded
	log = log[min(int(after), len(log)):]
	var entries []audit.JournalEntry
	for _, one := range log[:min(limit, len(log))] {
		event := *one.event
		at := audit.Appended{ID: event.ID, Sequence: event.Sequence, RecordedAt: event.RecordedAt}
		entries = append(entries, audit.JournalEntry{
			Appended: at, Event: &event, Seed: one.entry.Seed,
			Digest: audit.Digest(organization, at, event.CausedBy, one.entry.ContentRoot),
		})
	}
	return entries, names, nil
}
