package storetest

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"daybook/audit"
)

func accessPromises() []promise {
	return []promise{
		{"OrganizationsAreNumberedFromOne", organizationsAreNumbered},
		{"AnOrganizationComesWithItsKeysOrNotAtAll", organizationWithKeys},
		{"AKeyIsFoundByItsHash", keyByHash},
		{"AHashIsTakenOnce", hashIsTakenOnce},
		{"KeysAreListedByID", keysByID},
		{"RevokingIsOnce", revokingIsOnce},
		{"WhichKeysAreRevokedIsFoundForMany", whichAreRevoked},
		{"UseIsNoted", useIsNoted},
	}
}

func organizationsAreNumbered(t *testing.T, w *workspace) {
	third := w.organization(t, "the \"third\" Ünïcode\u202e")
	organizations, err := w.Organizations(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	want := []*audit.Organization{
		{ID: 1, Name: "first", CursorKey: []byte("cursor key of first")},
		{ID: 2, Name: "second", CursorKey: []byte("cursor key of second")},
		{ID: 3, Name: "the \"third\" Ünïcode\u202e", CursorKey: []byte("cursor key of the \"third\" Ünïcode\u202e")},
	}
	if w.org != 1 || w.other != 2 || third != 3 {
		t.Errorf("organizations got the numbers %d, %d, %d", w.org, w.other, third)
	}
	same(t, "organizations", organizations, want)
	if _, err := w.CreateOrganization(w.ctx, "first", []byte{0, 255, 0}); audit.ErrorCode(err) != audit.CodeBadInput {
		t.Errorf("a second organization of one name: %v", err)
	}
}

func organizationWithKeys(t *testing.T, w *workspace) {
	key := newKey("first of its organization")
	created, err := w.CreateOrganization(w.ctx, "with keys", []byte("key"), key)
	if err != nil {
		t.Fatal(err)
	}
	if found := w.keyByHash(t, key.Hash); found == nil || found.Organization != created.ID {
		t.Errorf("the key of %d is %+v", created.ID, found)
	}
	if _, err := w.CreateOrganization(w.ctx, "with a taken key", []byte("key"), newKey("free"), key); audit.ErrorCode(err) != audit.CodeBadInput {
		t.Errorf("a key that is taken: %v", err)
	}
	organizations, err := w.Organizations(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if last := organizations[len(organizations)-1]; last.Name != "with keys" || w.keyByHash(t, newKey("free").Hash) != nil {
		t.Errorf("a refused organization left %q or a key", last.Name)
	}
}

func newKey(name string) audit.NewAPIKey {
	hash := hashOf(name)
	return audit.NewAPIKey{
		Name: name, Prefix: "dbk_" + name, Hash: [32]byte(slices.Concat(hash[:], hash[:])),
		Scopes: []audit.Scope{audit.ScopeReadAuditLog, audit.ScopeManageAccess},
	}
}

func (w *workspace) createKey(t *testing.T, organization audit.OrganizationID, key audit.NewAPIKey) *audit.APIKey {
	t.Helper()
	created, err := w.CreateKey(w.ctx, organization, key)
	if err != nil {
		t.Fatalf("CreateKey: %v", err)
	}
	return created
}

func (w *workspace) keyByHash(t *testing.T, hash [32]byte) *audit.APIKey {
	t.Helper()
	key, err := w.KeyByHash(w.ctx, hash)
	if err != nil {
		t.Fatalf("KeyByHash: %v", err)
	}
	return key
}

func keyByHash(t *testing.T, w *workspace) {
	all := newKey("all")
	all.Scopes, all.ExpiresAt = audit.Scopes(), ptr(after(time.Microsecond))
	none := newKey("ünïcode '\"%")
	none.Scopes = nil
	for _, key := range []audit.NewAPIKey{newKey("one"), all, none} {
		begun := time.Now().Add(-time.Hour)
		created := w.createKey(t, w.other, key)
		if created.CreatedAt.Before(begun) || created.CreatedAt.After(time.Now().Add(time.Hour)) {
			t.Errorf("the key was created at %s", created.CreatedAt)
		}
		if !slices.Equal(created.Scopes, key.Scopes) {
			t.Errorf("scopes %v, want %v", created.Scopes, key.Scopes)
		}
		want := &audit.APIKey{
			ID: created.ID, Organization: w.other, Name: key.Name, Prefix: key.Prefix, Scopes: created.Scopes,
			CreatedAt: created.CreatedAt, ExpiresAt: key.ExpiresAt,
		}
		same(t, "created key", created, want)
		same(t, "found key", w.keyByHash(t, key.Hash), want)
	}
	if key := w.keyByHash(t, newKey("unknown").Hash); key != nil {
		t.Errorf("an unknown hash found %+v", key)
	}
}

func hashIsTakenOnce(t *testing.T, w *workspace) {
	first := w.createKey(t, w.org, newKey("one"))
	for _, organization := range []audit.OrganizationID{w.org, w.other} {
		if key, err := w.CreateKey(w.ctx, organization, newKey("one")); err == nil {
			t.Errorf("the same hash made another key: %+v", key)
		}
	}
	same(t, "key", w.keyByHash(t, newKey("one").Hash), first)
}

func keysByID(t *testing.T, w *workspace) {
	mine := []*audit.APIKey{w.createKey(t, w.org, newKey("z"))}
	w.createKey(t, w.other, newKey("theirs"))
	mine = append(mine, w.createKey(t, w.org, newKey("a")), w.createKey(t, w.org, newKey("m")))
	keys, err := w.Keys(w.ctx, w.org)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "keys", keys, mine)
	if keys, err := w.Keys(w.ctx, w.organization(t, "new")); err != nil || len(keys) != 0 {
		t.Errorf("the keys of a new organization are %v, %v", keys, err)
	}
}

func revokingIsOnce(t *testing.T, w *workspace) {
	created, kept := w.createKey(t, w.org, newKey("one")), w.createKey(t, w.org, newKey("kept"))
	if key, err := w.RevokeKey(w.ctx, w.other, created.ID); err != nil || key != nil {
		t.Errorf("another organization revoked the key: %+v, %v", key, err)
	}
	if key, err := w.RevokeKey(w.ctx, w.org, 1<<30); err != nil || key != nil {
		t.Errorf("a key that does not exist was revoked: %+v, %v", key, err)
	}
	if key := w.keyByHash(t, newKey("one").Hash); key.RevokedAt != nil {
		t.Fatalf("the key is revoked already: %+v", key)
	}
	revoked, err := w.RevokeKey(w.ctx, w.org, created.ID)
	if err != nil || revoked == nil || revoked.RevokedAt == nil || revoked.RevokedAt.Before(created.CreatedAt) {
		t.Fatalf("RevokeKey: %+v, %v", revoked, err)
	}
	again, err := w.RevokeKey(w.ctx, w.org, created.ID)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "key revoked again", again, revoked)
	same(t, "key found after revoking", w.keyByHash(t, newKey("one").Hash), revoked)
	same(t, "other key", w.keyByHash(t, newKey("kept").Hash), kept)
}

func whichAreRevoked(t *testing.T, w *workspace) {
	var made []audit.NewAPIKey
	for i := range 1200 { // more than one statement asks for
		made = append(made, newKey(strconv.Itoa(i)))
	}
	organization, err := w.CreateOrganization(w.ctx, "with many keys", []byte("key"), made...)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := w.Keys(w.ctx, organization.ID)
	if err != nil {
		t.Fatal(err)
	}
	ids := []audit.APIKeyID{w.createKey(t, w.other, newKey("of another")).ID}
	want := slices.Clone(ids)
	for i, key := range keys {
		if ids = append(ids, key.ID); i%400 > 0 {
			want = append(want, key.ID)
		} else if _, err := w.RevokeKey(w.ctx, organization.ID, key.ID); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(want)
	got, err := w.UnrevokedKeys(w.ctx, append(ids, 1<<30))
	if slices.Sort(got); err != nil || !slices.Equal(got, want) {
		t.Errorf("%d keys are not revoked, want %d: %v", len(got), len(want), err)
	}
	if none, err := w.UnrevokedKeys(w.ctx, nil); err != nil || len(none) > 0 {
		t.Errorf("of no keys %v are not revoked: %v", none, err)
	}
}

func useIsNoted(t *testing.T, w *workspace) {
	used, also, unused := w.createKey(t, w.org, newKey("used")), w.createKey(t, w.other, newKey("also")), w.createKey(t, w.org, newKey("unused"))
	minute := after(0).Truncate(time.Minute)
	for _, step := range []struct {
		noted, want time.Time
	}{{minute, minute}, {minute, minute}, {minute.Add(time.Minute), minute.Add(time.Minute)}, {minute, minute.Add(time.Minute)}} {
		if err := w.TouchKeys(w.ctx, step.noted, []audit.APIKeyID{also.ID, 1 << 30, used.ID}); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"used", "also"} {
			if key := w.keyByHash(t, newKey(name).Hash); key.LastUsedAt == nil || !key.LastUsedAt.Equal(step.want) {
				t.Errorf("%s was last used at %v, want %s", name, key.LastUsedAt, step.want)
			}
		}
	}
	same(t, "other key", w.keyByHash(t, newKey("unused").Hash), unused)
	if err := w.TouchKeys(w.ctx, minute, nil); err != nil {
		t.Errorf("no keys: %v", err)
	}
}
