package audit

import (
	"context"
	"fmt"
)

// JournalEntry is one row of the journal, and the event it names as it is
// stored.
type JournalEntry struct {
	Appended
	Digest [32]byte
	Event  *Event   // with AllFields; nil when it is not there
	Seed   [16]byte // of the salts behind the digest
}

// RecordedNames gives the name and e-mail recorded under a profile's number.
type RecordedNames map[int32]RecordedName

// RecordedName is what one profile says.
type RecordedName struct{ Name, Email *string }

// JournalFinder is what an engine offers for verifying.
type JournalFinder interface {
	// FindJournal gives the entries after a sequence, in the order of sequences,
	// at most limit of them, and the names of everybody who takes part in their
	// events.
	FindJournal(ctx context.Context, organization OrganizationID, after int64, limit int) ([]JournalEntry, RecordedNames, error)
}

// journalPage is how many entries are verified at a time.
const journalPage = 500

// VerifyJournal reads an organization's log from its beginning and gives its
// last sequence. It fails at the first entry that is missing, that runs
// backwards in time, whose event is missing, or whose digest is not that of the
// event as stored.
func VerifyJournal(ctx context.Context, journal JournalFinder, organization OrganizationID) (int64, error) {
	last := Appended{}
	for {
		entries, names, err := journal.FindJournal(ctx, organization, last.Sequence, journalPage)
		if err != nil {
			return last.Sequence, err
		}
		for i := range entries {
			if err := entries[i].verify(organization, last, names); err != nil {
				return last.Sequence, fmt.Errorf("journal of %s, sequence %d: %w", organization, last.Sequence+1, err)
			}
			last = entries[i].Appended
		}
		if len(entries) < journalPage {
			return last.Sequence, nil
		}
	}
}

// verify checks one entry, which follows another.
func (j *JournalEntry) verify(organization OrganizationID, previous Appended, names RecordedNames) error {
	switch e := j.Event; {
	case j.Sequence != previous.Sequence+1:
		return fmt.Errorf("the next entry has %d", j.Sequence)
	case j.RecordedAt.Before(previous.RecordedAt):
		return fmt.Errorf("recorded at %s, before its predecessor", j.RecordedAt)
	case e == nil:
		return fmt.Errorf("event %s is missing", j.ID)
	case e.ID != j.ID || e.Sequence != j.Sequence || !e.RecordedAt.Equal(j.RecordedAt):
		return fmt.Errorf("event %s has another place in the log: sequence %d at %s", e.ID, e.Sequence, e.RecordedAt)
	case Digest(organization, j.Appended, e.CausedBy, storedContent(e, names, j.Seed)) != j.Digest:
		return fmt.Errorf("event %s is not what was recorded", e.ID)
	}
	return nil
}

// storedContent is the content root of an event as it is stored.
func storedContent(e *Event, names RecordedNames, seed [16]byte) [32]byte {
	return contentRoot(&Entry{
		Category: e.Category, Action: e.Action, EventName: e.Name,
		Performer: *names.actor(&e.Performer), OnBehalf: names.actor(e.OnBehalf), About: names.actor(e.About),
		Section: e.Section.Key, Object: e.Object, IPAddress: e.IPAddress, UserAgent: e.UserAgent,
		CorrelationID: e.CorrelationID, Metadata: e.Metadata, Details: e.Details, Changes: e.Changes, Seed: seed,
	})
}

func (n RecordedNames) actor(p *Participant) *EntryActor {
	if p == nil {
		return nil
	}
	recorded := n[p.ProfileID]
	return &EntryActor{Kind: p.Actor.Kind, ExternalID: p.Actor.ExternalID, Name: recorded.Name, Email: recorded.Email}
}
