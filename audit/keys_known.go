package audit

import (
	"context"
	"crypto/sha256"
	"time"
)

// knownKey is a key that was looked up lately.
type knownKey struct {
	key   *APIKey
	at    time.Time // when it was last known not to be revoked
	inUse bool      // since keys were last checked
	noted time.Time // the minute of its last use that was noted
}

// knownKeyAge is how long a looked-up key is trusted: what a revocation on
// another server takes to be noticed here at the most.
const knownKeyAge = 2 * time.Second

// maxKnownKeys bounds the looked-up keys that are remembered.
const maxKnownKeys = 10_000

// Authenticate gives the key that a secret belongs to, and notes that it was used.
// It fails with CodeUnauthenticated for a secret that is unknown, revoked or
// expired.
func (k *Keys) Authenticate(ctx context.Context, secret string) (*APIKey, error) {
	hash := sha256.Sum256([]byte(secret))
	now := k.now()
	known, err := k.lookUp(ctx, hash, now)
	if err != nil {
		return nil, err
	}
	switch {
	case known == nil:
		return nil, Errorf(CodeUnauthenticated, "This API key is not known.")
	case known.key.RevokedAt != nil:
		return nil, Errorf(CodeUnauthenticated, "This API key was revoked.")
	case known.key.ExpiresAt != nil && !now.Before(*known.key.ExpiresAt):
		return nil, Errorf(CodeUnauthenticated, "This API key has expired.")
	}
	k.use(known, now)
	return known.key, nil
}

// lookUp finds a key in memory or in the store; nil when there is none.
func (k *Keys) lookUp(ctx context.Context, hash [32]byte, now time.Time) (*knownKey, error) {
	k.mu.Lock()
	known, revocations := k.known[hash], k.revocations
	isFresh := known != nil && now.Sub(known.at) < knownKeyAge
	k.mu.Unlock()
	if isFresh {
		return known, nil
	}
	key, err := k.store.KeyByHash(ctx, hash)
	if err != nil || key == nil {
		return nil, err
	}
	known = &knownKey{key: key, at: now}
	if key.LastUsedAt != nil {
		known.noted = *key.LastUsedAt
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.revocations != revocations {
		return known, nil // it may have been read before it was revoked
	}
	if len(k.known) >= maxKnownKeys {
		clear(k.known)
	}
	k.known[hash] = known
	return known, nil
}

// forget has a revoked key looked up again.
func (k *Keys) forget(id APIKeyID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.revocations++
	for hash, known := range k.known {
		if known.key.ID == id {
			delete(k.known, hash)
		}
	}
}
