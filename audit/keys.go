package audit

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Secrets.
const (
	minSecretLength = 32 // characters of a bootstrap secret
	secretPrefix    = "dbk_"
	shownPrefix     = 10 // characters of a made secret that are kept to recognise it by
)

// Keys hands out API keys and says what a secret may do. Only hashes of secrets
// are stored; secrets are long and random, so one round of SHA-256 protects
// them.
type Keys struct {
	store KeyStore
	now   func() time.Time
	log   *slog.Logger

	mu            sync.Mutex
	organizations map[OrganizationID]*Organization
	known         map[[32]byte]*knownKey
	uses          map[APIKeyID]time.Time // the minutes of uses that are not written yet
	revocations   int                    // so far, by this server

	begin  sync.Once // of the keeper
	keeper sync.WaitGroup
	stop   chan struct{}
}

// NewKeys makes Keys over an engine. now is the clock; log takes what is no
// reason to refuse a request. Close it when it has authenticated anybody.
func NewKeys(store KeyStore, now func() time.Time, log *slog.Logger) *Keys {
	return &Keys{
		store: store, now: now, log: log, stop: make(chan struct{}),
		organizations: map[OrganizationID]*Organization{}, known: map[[32]byte]*knownKey{}, uses: map[APIKeyID]time.Time{},
	}
}

// CreateOrganization makes an organization with an empty log and a first key
// that may do everything. An empty secret has one made. The name must not be
// empty or taken; a given secret must have 32 characters or more and be nobody
// else's. The secret is returned this once.
func (k *Keys) CreateOrganization(ctx context.Context, name, secret string) (*Organization, string, error) {
	if err := checkName(name); err != nil {
		return nil, "", err
	}
	if secret != "" && utf8.RuneCountInString(secret) < minSecretLength {
		return nil, "", BadInput("secret", "The secret of the first key must have %d characters or more.", minSecretLength)
	}
	cursorKey := make([]byte, 32)
	_, _ = rand.Read(cursorKey) // never fails: crypto/rand
	key := NewAPIKey{Name: "First administrator", Scopes: Scopes()}
	if secret == "" {
		secret, key.Prefix = makeSecret()
	} else {
		key.Prefix = string([]rune(secret)[:4])
	}
	key.Hash = sha256.Sum256([]byte(secret))
	organization, err := k.store.CreateOrganization(ctx, name, cursorKey, key)
	return organization, secret, err
}

// Organizations lists all organizations, by id.
func (k *Keys) Organizations(ctx context.Context) ([]*Organization, error) {
	return k.store.Organizations(ctx)
}

// Organization gives an organization, from memory after the first time. It
// fails with CodeNotFound for an id that does not exist.
func (k *Keys) Organization(ctx context.Context, id OrganizationID) (*Organization, error) {
	k.mu.Lock()
	known := k.organizations[id]
	k.mu.Unlock()
	if known != nil {
		return known, nil
	}
	list, err := k.store.Organizations(ctx)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, organization := range list {
		k.organizations[organization.ID] = organization
	}
	if known = k.organizations[id]; known == nil {
		return nil, Errorf(CodeNotFound, "There is no organization %s.", id)
	}
	return known, nil
}

// CursorKey gives the key that authenticates an organization's cursors.
func (k *Keys) CursorKey(ctx context.Context, id OrganizationID) ([]byte, error) {
	organization, err := k.Organization(ctx, id)
	if err != nil {
		return nil, err
	}
	return organization.CursorKey, nil
}

// Create makes a key and its secret, which is returned this once. It fails with
// CodeBadInput for an empty name, no scope, or an expiry that has passed.
func (k *Keys) Create(ctx context.Context, organization OrganizationID, name string, scopes []Scope, expiresAt *time.Time) (*APIKey, string, error) {
	if err := checkName(name); err != nil {
		return nil, "", err
	}
	if len(scopes) == 0 {
		return nil, "", BadInput("input/scopes", "A key needs at least one scope.")
	}
	if expiresAt != nil {
		at := instant(*expiresAt)
		if expiresAt = &at; !at.After(k.now()) {
			return nil, "", BadInput("input/expiresAt", "expiresAt has passed already.")
		}
	}
	scopes = slices.Clone(scopes)
	slices.Sort(scopes)
	secret, prefix := makeSecret()
	key, err := k.store.CreateKey(ctx, organization, NewAPIKey{
		Name: name, Prefix: prefix, Hash: sha256.Sum256([]byte(secret)), Scopes: slices.Compact(scopes), ExpiresAt: expiresAt,
	})
	return key, secret, err
}

// List gives an organization's keys, revoked and expired ones included.
func (k *Keys) List(ctx context.Context, organization OrganizationID) ([]*APIKey, error) {
	return k.store.Keys(ctx, organization)
}

// Revoke ends a key, at once on this server and within two seconds on others.
// Revoking it again changes nothing. It fails with CodeNotFound for a key that
// the organization does not have.
func (k *Keys) Revoke(ctx context.Context, organization OrganizationID, id APIKeyID) (*APIKey, error) {
	key, err := k.store.RevokeKey(ctx, organization, id)
	if err != nil {
		return nil, err
	}
	if key == nil {
		return nil, &Error{Code: CodeNotFound, Path: "id", Message: "There is no API key " + id.String() + "."}
	}
	k.forget(id)
	return key, nil
}

func checkName(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return BadInput("input/name", "The name must not be empty.")
	case len(name) > maxNameText:
		return BadInput("input/name", "The name is longer than %d bytes.", maxNameText)
	case !utf8.ValidString(name) || strings.ContainsRune(name, 0):
		return BadInput("input/name", "The name is not valid text.")
	}
	return nil
}

// makeSecret gives a secret of 160 random bits and the part shown in lists.
func makeSecret() (secret, prefix string) {
	secret = secretPrefix + rand.Text() + rand.Text()[:6]
	return secret, secret[:shownPrefix]
}
