package storetest

import (
	"bytes"
	"context"
	"slices"
	"time"

	"daybook/audit"
)

func (m *memory) CreateOrganization(_ context.Context, name string, cursorKey []byte, keys ...audit.NewAPIKey) (*audit.Organization, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if slices.ContainsFunc(m.organizations, func(o *audit.Organization) bool { return o.Name == name }) ||
		slices.ContainsFunc(keys, func(key audit.NewAPIKey) bool { return slices.Contains(m.hashes, key.Hash) }) {
		return nil, audit.BadInput("name", "the name or a key is taken")
	}
	organization := &audit.Organization{ID: audit.OrganizationID(len(m.organizations) + 1), Name: name, CursorKey: bytes.Clone(cursorKey)}
	m.organizations = append(m.organizations, organization)
	m.logs[organization.ID] = &memoryLog{tokens: map[int64][]audit.Appended{}, keys: map[[16]byte]audit.Existing{}}
	for _, key := range keys {
		m.addKey(organization.ID, key)
	}
	return organization, nil
}

func (m *memory) Organizations(context.Context) ([]*audit.Organization, error) {
	return slices.Clone(m.organizations), nil
}

func (m *memory) CreateKey(_ context.Context, organization audit.OrganizationID, key audit.NewAPIKey) (*audit.APIKey, error) {
	if slices.Contains(m.hashes, key.Hash) {
		return nil, audit.BadInput("secret", "the hash is taken")
	}
	return m.addKey(organization, key), nil
}

func (m *memory) addKey(organization audit.OrganizationID, key audit.NewAPIKey) *audit.APIKey {
	m.hashes = append(m.hashes, key.Hash)
	m.keys = append(m.keys, &audit.APIKey{
		ID: audit.APIKeyID(len(m.keys) + 1), Organization: organization, Name: key.Name, Prefix: key.Prefix,
		Scopes: key.Scopes, CreatedAt: time.Now().UTC(), ExpiresAt: key.ExpiresAt,
	})
	return m.key(len(m.keys) - 1)
}

// key is a copy that later use does not change.
func (m *memory) key(i int) *audit.APIKey {
	copied := *m.keys[i]
	return &copied
}

func (m *memory) Keys(_ context.Context, organization audit.OrganizationID) ([]*audit.APIKey, error) {
	var keys []*audit.APIKey
	for i, key := range m.keys {
		if key.Organization == organization {
			keys = append(keys, m.key(i))
		}
	}
	return keys, nil
}

func (m *memory) KeyByHash(_ context.Context, hash [32]byte) (*audit.APIKey, error) {
	if i := slices.Index(m.hashes, hash); i >= 0 {
		return m.key(i), nil
	}
	return nil, nil
}

func (m *memory) RevokeKey(_ context.Context, organization audit.OrganizationID, id audit.APIKeyID) (*audit.APIKey, error) {
	i := int(id) - 1
	if i >= len(m.keys) || m.keys[i].Organization != organization {
		return nil, nil
	}
	if m.keys[i].RevokedAt == nil {
		m.keys[i].RevokedAt = ptr(time.Now().UTC())
	}
	return m.key(i), nil
}

func (m *memory) UnrevokedKeys(_ context.Context, ids []audit.APIKeyID) ([]audit.APIKeyID, error) {
	return slices.DeleteFunc(slices.Clone(ids), func(id audit.APIKeyID) bool {
		return int(id) > len(m.keys) || m.keys[id-1].RevokedAt != nil
	}), nil
}

func (m *memory) TouchKeys(_ context.Context, minute time.Time, ids []audit.APIKeyID) error {
	for _, id := range ids {
		if i := int(id) - 1; i < len(m.keys) && (m.keys[i].LastUsedAt == nil || m.keys[i].LastUsedAt.Before(minute)) {
			m.keys[i].LastUsedAt = &minute
		}
	}
	return nil
}
