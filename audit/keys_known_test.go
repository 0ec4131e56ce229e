package audit

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"testing"
	"time"
)

// keyring is a store of keys that counts what is asked of it.
type keyring struct {
	KeyStore
	keys    map[[32]byte]*APIKey
	lookUps int
	noted   map[APIKeyID]time.Time
	writes  int
	fails   error
}

func newKeyring(secrets ...string) *keyring {
	r := &keyring{keys: map[[32]byte]*APIKey{}, noted: map[APIKeyID]time.Time{}}
	for i, secret := range secrets {
		r.keys[sha256.Sum256([]byte(secret))] = &APIKey{ID: APIKeyID(i + 1), Organization: 1}
	}
	return r
}

func (r *keyring) KeyByHash(_ context.Context, hash [32]byte) (*APIKey, error) {
	r.lookUps++
	if key := r.keys[hash]; key != nil {
		copied := *key
		return &copied, r.fails
	}
	return nil, r.fails
}

func (r *keyring) UnrevokedKeys(_ context.Context, ids []APIKeyID) ([]APIKeyID, error) {
	r.lookUps++
	return slices.DeleteFunc(ids, func(id APIKeyID) bool { return r.key(id).RevokedAt != nil }), r.fails
}

func (r *keyring) RevokeKey(_ context.Context, _ OrganizationID, id APIKeyID) (*APIKey, error) {
	r.key(id).RevokedAt = ptr(testNow)
	return r.key(id), r.fails
}

func (r *keyring) TouchKeys(_ context.Context, minute time.Time, ids []APIKeyID) error {
	r.writes++
	if r.fails == nil {
		for _, id := range ids {
			r.noted[id] = minute
		}
	}
	return r.fails
}

func (r *keyring) key(id APIKeyID) *APIKey {
	for _, key := range r.keys {
		if key.ID == id {
			return key
		}
	}
	return nil
}

// newTestKeys are keys whose keeper does nothing by itself, with a clock to turn.
func newTestKeys(store KeyStore) (keys *Keys, clock *time.Time) {
	clock = ptr(testNow)
	keys = NewKeys(store, func() time.Time { return *clock }, slog.New(slog.DiscardHandler))
	keys.begin.Do(func() {})
	return keys, clock
}

func expectKey(t *testing.T, keys *Keys, secret string, want Code) {
	t.Helper()
	if _, err := keys.Authenticate(t.Context(), secret); ErrorCode(err) != want {
		t.Errorf("%s: %v, want code %q", secret, err, want)
	}
}

func TestKeysInUseAreCheckedTogether(t *testing.T) {
	ring := newKeyring("a", "b", "c")
	keys, clock := newTestKeys(ring)
	for range 10 {
		for _, secret := range []string{"a", "b", "c"} {
			expectKey(t, keys, secret, "")
		}
		*clock = clock.Add(keyCheckPeriod)
		if err := keys.check(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if ring.lookUps != 3+10 {
		t.Errorf("the store was asked %d times for 3 keys in 10 periods", ring.lookUps)
	}
	if err := keys.check(t.Context()); err != nil || ring.lookUps != 3+10 {
		t.Errorf("keys that nobody uses are asked for: %v", err)
	}
}

func TestAKeyRevokedElsewhereIsTrustedForTwoSeconds(t *testing.T) {
	for _, checked := range []bool{true, false} {
		ring := newKeyring("a", "b")
		keys, clock := newTestKeys(ring)
		expectKey(t, keys, "a", "")
		expectKey(t, keys, "b", "")
		ring.key(1).RevokedAt = clock
		*clock = clock.Add(knownKeyAge - 1)
		expectKey(t, keys, "a", "")
		if checked {
			if err := keys.check(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		*clock = clock.Add(1)
		expectKey(t, keys, "a", CodeUnauthenticated)
		expectKey(t, keys, "b", "")
	}
}

func TestAKeyRevokedHereIsRefusedAtOnce(t *testing.T) {
	ring := newKeyring("a")
	keys, _ := newTestKeys(ring)
	expectKey(t, keys, "a", "")
	if _, err := keys.Revoke(t.Context(), 1, 1); err != nil {
		t.Fatal(err)
	}
	expectKey(t, keys, "a", CodeUnauthenticated)
	if err := keys.check(t.Context()); err != nil {
		t.Fatal(err)
	}
	expectKey(t, keys, "a", CodeUnauthenticated)
}

// A check that fails leaves keys to be looked up by requests, as soon as they are
// not trusted any more.
func TestKeysThatCannotBeCheckedAreLookedUp(t *testing.T) {
	ring := newKeyring("a")
	keys, clock := newTestKeys(ring)
	expectKey(t, keys, "a", "")
	ring.fails = errors.New("away")
	if err := keys.check(t.Context()); err == nil {
		t.Error("a failed check is nothing")
	}
	*clock = clock.Add(knownKeyAge)
	if _, err := keys.Authenticate(t.Context(), "a"); err == nil {
		t.Error("a key is trusted for longer than it may be")
	}
	ring.fails = nil
	expectKey(t, keys, "a", "")
}

func TestUsesOfKeysAreWrittenTogether(t *testing.T) {
	ring := newKeyring("a", "b", "c")
	keys, clock := newTestKeys(ring)
	minute := clock.Truncate(time.Minute)
	for range 5 {
		expectKey(t, keys, "a", "")
		expectKey(t, keys, "b", "")
		expectKey(t, keys, "unknown", CodeUnauthenticated)
	}
	if ring.writes != 0 {
		t.Fatal("a request writes")
	}
	ring.fails = errors.New("busy")
	if err := keys.writeUses(t.Context()); err == nil {
		t.Error("a failed writing is nothing")
	}
	ring.fails = nil
	for range 2 {
		if err := keys.writeUses(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if want := map[APIKeyID]time.Time{1: minute, 2: minute}; !maps.Equal(ring.noted, want) || ring.writes != 2 {
		t.Errorf("after %d statements %v is noted, want %v", ring.writes, ring.noted, want)
	}
	*clock = clock.Add(time.Minute)
	expectKey(t, keys, "a", "")
	if err := keys.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := map[APIKeyID]time.Time{1: minute.Add(time.Minute), 2: minute}; !maps.Equal(ring.noted, want) {
		t.Errorf("after Close %v is noted, want %v", ring.noted, want)
	}
}

func TestARefusedKeyIsNotUsed(t *testing.T) {
	ring := newKeyring("revoked", "expired")
	ring.key(1).RevokedAt, ring.key(2).ExpiresAt = ptr(testNow), ptr(testNow)
	keys, _ := newTestKeys(ring)
	expectKey(t, keys, "revoked", CodeUnauthenticated)
	expectKey(t, keys, "expired", CodeUnauthenticated)
	if err := keys.Close(t.Context()); err != nil || len(ring.noted) > 0 {
		t.Errorf("%v is noted: %v", ring.noted, err)
	}
}
