package storetest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"daybook/audit"
)

// TestMemory runs the suite on an engine without a database, which answers
// queries by the suite's own reference: this holds the reference to what the
// interviews expect, and shows that no promise contradicts another.
func TestMemory(t *testing.T) {
	Run(t, func(testing.TB) Store { return &memory{logs: map[audit.OrganizationID]*memoryLog{}} })
}

// memory keeps everything in slices under one lock.
type memory struct {
	mu            sync.Mutex
	organizations []*audit.Organization
	logs          map[audit.OrganizationID]*memoryLog
	actors        []*memoryActor
	profiles      []memoryProfile
	sections      []*memorySection
	keys          []*audit.APIKey
	hashes        [][32]byte
}

type memoryLog struct {
	recorded []recorded
	tokens   map[int64][]audit.Appended
	keys     map[[16]byte]audit.Existing
}

type memoryActor struct {
	organization audit.OrganizationID
	audit.Actor
	names []string // every name it ever had
}

type memoryProfile struct {
	actor       audit.ActorID
	name, email *string
}

type memorySection struct {
	organization audit.OrganizationID
	audit.Section
	properties map[string]bool
}

func (m *memory) Lanes() (writers, groups int) { return 4, 8 }

func (m *memory) Append(ctx context.Context, groups []audit.Group) []audit.Outcome {
	m.mu.Lock()
	defer m.mu.Unlock()
	outcomes := make([]audit.Outcome, len(groups))
	for i, group := range groups {
		if err := ctx.Err(); err != nil {
			outcomes[i].Err = fmt.Errorf("%w: %w", audit.ErrUnavailable, err)
			continue
		}
		outcomes[i] = m.appendGroup(group)
	}
	return outcomes
}

func (m *memory) appendGroup(group audit.Group) audit.Outcome {
	log := m.logs[group.Organization]
	found := map[int]audit.Existing{}
	for i, e := range group.Entries {
		if e.KeyHash != nil {
			if existing, ok := log.keys[*e.KeyHash]; ok {
				found[i] = existing
			}
		}
	}
	if len(found) > 0 {
		return audit.Outcome{Found: found}
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	if n := len(log.recorded); n > 0 && log.recorded[n-1].event.RecordedAt.After(now) {
		now = log.recorded[n-1].event.RecordedAt
	}
	first := len(log.recorded)
	appended := make([]audit.Appended, len(group.Entries))
	for i, e := range group.Entries {
		appended[i] = audit.Appended{Sequence: int64(first+i) + 1, RecordedAt: now}
		id, err := audit.NewEventID(*cmp.Or(e.OccurredAt, &now), appended[i].Sequence, group.Organization)
		if err != nil {
			return audit.Outcome{Err: err}
		}
		appended[i].ID = id
	}
	for i, e := range group.Entries {
		log.recorded = append(log.recorded, recorded{event: m.event(group.Organization, e, appended, i), entry: e})
		if e.KeyHash != nil {
			log.keys[*e.KeyHash] = audit.Existing{ID: appended[i].ID, Fingerprint: e.Fingerprint}
		}
	}
	log.tokens[group.Token] = appended
	return audit.Outcome{Appended: appended}
}

func (m *memory) event(organization audit.OrganizationID, e *audit.Entry, appended []audit.Appended, i int) *audit.Event {
	event := &audit.Event{
		ID: appended[i].ID, Sequence: appended[i].Sequence, Category: e.Category, Action: e.Action, Name: e.EventName,
		OccurredAt: appended[i].ID.OccurredAt(), RecordedAt: appended[i].RecordedAt, Performer: *m.participant(organization, &e.Performer),
		OnBehalf: m.participant(organization, e.OnBehalf), About: m.participant(organization, e.About), Object: e.Object,
		IPAddress: e.IPAddress, UserAgent: e.UserAgent, CorrelationID: e.CorrelationID, CausedBy: e.Cause,
		Metadata: e.Metadata, Changes: slices.Clone(e.Changes),
	}
	if e.CauseIndex >= 0 {
		event.CausedBy = &appended[e.CauseIndex].ID
	}
	section := m.section(organization, e)
	event.SectionID, event.Section = section.ID, &section.Section
	for i := range event.Changes {
		event.Changes[i].EventID, event.Changes[i].Ordinal = event.ID, i
	}
	switch details := e.Details.(type) {
	case *audit.AuthorizationDetails:
		copied := *details
		copied.About, event.Details = event.About, &copied
	case *audit.WorkSessionDetails:
		copied := *details
		copied.About, event.Details = event.About, &copied
	default:
		event.Details = details
	}
	return event
}

func (m *memory) participant(organization audit.OrganizationID, said *audit.EntryActor) *audit.Participant {
	if said == nil {
		return nil
	}
	i := slices.IndexFunc(m.actors, func(a *memoryActor) bool {
		return a.organization == organization && a.Kind == said.Kind && a.ExternalID == said.ExternalID
	})
	if i < 0 {
		i = len(m.actors)
		m.actors = append(m.actors, &memoryActor{organization: organization, Actor: audit.Actor{
			ID: audit.ActorID(i + 1), Kind: said.Kind, ExternalID: said.ExternalID,
		}})
	}
	actor := m.actors[i]
	actor.Name, actor.Email = cmp.Or(said.Name, actor.Name), cmp.Or(said.Email, actor.Email)
	if said.Name != nil {
		actor.names = append(actor.names, audit.Fold(*said.Name))
	}
	profile := slices.IndexFunc(m.profiles, func(p memoryProfile) bool {
		return p.actor == actor.ID && equalPointers(p.name, said.Name) && equalPointers(p.email, said.Email)
	})
	if profile < 0 {
		profile = len(m.profiles)
		m.profiles = append(m.profiles, memoryProfile{actor: actor.ID, name: said.Name, email: said.Email})
	}
	return &audit.Participant{ActorID: actor.ID, ProfileID: int32(profile + 1), Actor: &actor.Actor, RecordedName: said.Name}
}

func (m *memory) section(organization audit.OrganizationID, e *audit.Entry) *memorySection {
	i := slices.IndexFunc(m.sections, func(s *memorySection) bool { return s.organization == organization && s.Key == e.Section })
	if i < 0 {
		i = len(m.sections)
		m.sections = append(m.sections, &memorySection{
			organization: organization, properties: map[string]bool{},
			Section: audit.Section{ID: audit.SectionID(i + 1), Key: e.Section, Name: audit.DisplayName(e.Section)},
		})
	}
	section := m.sections[i]
	section.Categories = section.Categories.With(e.Category)
	for _, change := range e.Changes {
		section.properties[change.Property] = true
	}
	return section
}

func (m *memory) Settle(_ context.Context, group audit.Group) ([]audit.Appended, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.logs[group.Organization].tokens[group.Token], nil
}

func (m *memory) FindKeys(_ context.Context, organization audit.OrganizationID, keys [][16]byte) (map[[16]byte]audit.Existing, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := maps.Clone(m.logs[organization].keys)
	maps.DeleteFunc(found, func(key [16]byte, _ audit.Existing) bool { return !slices.Contains(keys, key) })
	return found, nil
}

func (m *memory) HaveEvents(ctx context.Context, organization audit.OrganizationID, ids []audit.EventID) (map[audit.EventID]bool, error) {
	events, err := m.EventsByID(ctx, organization, ids, audit.Fields{})
	have := map[audit.EventID]bool{}
	for _, event := range events {
		have[event.ID] = true
	}
	return have, err
}
