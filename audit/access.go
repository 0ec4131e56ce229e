package audit

import (
	"context"
	"time"
)

// Organization has a log of its own, apart from all others.
type Organization struct {
	ID   OrganizationID
	Name string
	// CursorKey authenticates the organization's cursors. It never leaves the
	// server.
	CursorKey []byte
}

// APIKey is a credential of one organization. Its secret is not kept.
type APIKey struct {
	ID           APIKeyID
	Organization OrganizationID
	Name         string
	Prefix       string // the first characters of the secret, to recognise it by
	Scopes       []Scope
	CreatedAt    time.Time
	ExpiresAt    *time.Time
	RevokedAt    *time.Time
	LastUsedAt   *time.Time // to the minute; written some seconds later
}

// NewAPIKey is what is stored of a key when it is made.
type NewAPIKey struct {
	Name      string
	Prefix    string
	Hash      [32]byte // SHA-256 of the secret
	Scopes    []Scope
	ExpiresAt *time.Time
}

// KeyStore is what an engine offers for organizations and their keys.
type KeyStore interface {
	// CreateOrganization makes an organization with an empty log and its first
	// keys, or nothing. It fails with CodeBadInput for a name or a key that is
	// taken.
	CreateOrganization(ctx context.Context, name string, cursorKey []byte, keys ...NewAPIKey) (*Organization, error)
	// Organizations lists all, by id.
	Organizations(ctx context.Context) ([]*Organization, error)
	// CreateKey stores a key. It fails with CodeBadInput for a hash that is taken.
	CreateKey(ctx context.Context, organization OrganizationID, key NewAPIKey) (*APIKey, error)
	// Keys lists an organization's keys, by id.
	Keys(ctx context.Context, organization OrganizationID) ([]*APIKey, error)
	// KeyByHash finds a key of any organization, nil if there is none.
	KeyByHash(ctx context.Context, hash [32]byte) (*APIKey, error)
	// RevokeKey marks a key as revoked, once; nil if the organization has none
	// of that id.
	RevokeKey(ctx context.Context, organization OrganizationID, id APIKeyID) (*APIKey, error)
	// UnrevokedKeys says which of the keys exist and were not revoked.
	UnrevokedKeys(ctx context.Context, ids []APIKeyID) ([]APIKeyID, error)
	// TouchKeys notes that keys were used within a minute. A later use that was
	// noted already stays.
	TouchKeys(ctx context.Context, minute time.Time, ids []APIKeyID) error
}
