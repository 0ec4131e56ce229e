package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"daybook/audit"
	"daybook/ent/gen"
	"daybook/ent/gen/apikey"
	"daybook/ent/gen/organization"
)

var _ audit.KeyStore = (*Store)(nil)

// CreateOrganization implements [audit.KeyStore].
func (s *Store) CreateOrganization(ctx context.Context, name string, cursorKey []byte, keys ...audit.NewAPIKey) (*audit.Organization, error) {
	tx, err := s.write.Tx(ctx)
	if err != nil {
		return nil, fmt.Errorf("create organization: %w", err)
	}
	row, err := createOrganization(ctx, tx, name, cursorKey, keys)
	if err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("create organization: %w", err)
	}
	return organizationOf(row), nil
}

func createOrganization(ctx context.Context, tx *gen.Tx, name string, cursorKey []byte, keys []audit.NewAPIKey) (*gen.Organization, error) {
	row, err := tx.Organization.Create().SetName(name).SetCursorKey(cursorKey).SetCreatedAt(now()).Save(ctx)
	if gen.IsConstraintError(err) {
		return nil, &audit.Error{Code: audit.CodeBadInput, Path: "name", Message: "There is an organization of this name already.", Cause: err}
	} else if err != nil {
		return nil, fmt.Errorf("create organization: %w", err)
	}
	for _, key := range keys {
		if _, err := createKey(ctx, tx.APIKey, row.ID, key); err != nil {
			return nil, err
		}
	}
	return row, nil
}

// Organizations implements [audit.KeyStore].
func (s *Store) Organizations(ctx context.Context) ([]*audit.Organization, error) {
	rows, err := s.read.Organization.Query().Order(organization.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list organizations: %w", err)
	}
	list := make([]*audit.Organization, len(rows))
	for i, row := range rows {
		list[i] = organizationOf(row)
	}
	return list, nil
}

func organizationOf(row *gen.Organization) *audit.Organization {
	return &audit.Organization{ID: row.ID, Name: row.Name, CursorKey: row.CursorKey}
}

// CreateKey implements [audit.KeyStore].
func (s *Store) CreateKey(ctx context.Context, organization audit.OrganizationID, key audit.NewAPIKey) (*audit.APIKey, error) {
	return createKey(ctx, s.write.APIKey, organization, key)
}

func createKey(ctx context.Context, keys *gen.APIKeyClient, organization audit.OrganizationID, key audit.NewAPIKey) (*audit.APIKey, error) {
	create := keys.Create().SetOrganization(organization).SetName(key.Name).SetPrefix(key.Prefix).
		SetHash(key.Hash[:]).SetScopes(scopeBits(key.Scopes)).SetCreatedAt(now())
	if key.ExpiresAt != nil {
		create.SetExpiresAt(key.ExpiresAt.UTC().Truncate(time.Microsecond))
	}
	row, err := create.Save(ctx)
	if gen.IsConstraintError(err) {
		return nil, &audit.Error{Code: audit.CodeBadInput, Path: "secret", Message: "This secret is another key's already.", Cause: err}
	} else if err != nil {
		return nil, fmt.Errorf("create key: %w", err)
	}
	return keyOf(row), nil
}

// Keys implements [audit.KeyStore].
func (s *Store) Keys(ctx context.Context, organization audit.OrganizationID) ([]*audit.APIKey, error) {
	rows, err := s.read.APIKey.Query().Where(apikey.OrganizationEQ(organization)).Order(apikey.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	list := make([]*audit.APIKey, len(rows))
	for i, row := range rows {
		list[i] = keyOf(row)
	}
	return list, nil
}

// KeyByHash implements [audit.KeyStore].
func (s *Store) KeyByHash(ctx context.Context, hash [32]byte) (*audit.APIKey, error) {
	return oneKey(s.read.APIKey.Query().Where(apikey.HashEQ(hash[:])).Only(ctx))
}

// RevokeKey implements [audit.KeyStore].
func (s *Store) RevokeKey(ctx context.Context, organization audit.OrganizationID, id audit.APIKeyID) (*audit.APIKey, error) {
	mine := apikey.And(apikey.IDEQ(id), apikey.OrganizationEQ(organization))
	if err := s.write.APIKey.Update().Where(mine, apikey.RevokedAtIsNil()).SetRevokedAt(now()).Exec(ctx); err != nil {
		return nil, fmt.Errorf("revoke key: %w", err)
	}
	return oneKey(s.read.APIKey.Query().Where(mine).Only(ctx))
}

// oneKey turns "there is none" into nil.
func oneKey(row *gen.APIKey, err error) (*audit.APIKey, error) {
	if gen.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find key: %w", err)
	}
	return keyOf(row), nil
}

// UnrevokedKeys implements [audit.KeyStore].
func (s *Store) UnrevokedKeys(ctx context.Context, ids []audit.APIKeyID) ([]audit.APIKeyID, error) {
	var unrevoked []audit.APIKeyID
	for part := range slices.Chunk(ids, lookUpSize) {
		found, err := s.read.APIKey.Query().Where(apikey.IDIn(part...), apikey.RevokedAtIsNil()).IDs(ctx)
		if err != nil {
			return nil, fmt.Errorf("check keys: %w", err)
		}
		unrevoked = append(unrevoked, found...)
	}
	return unrevoked, nil
}

// TouchKeys implements [audit.KeyStore].
func (s *Store) TouchKeys(ctx context.Context, minute time.Time, ids []audit.APIKeyID) error {
	for part := range slices.Chunk(ids, lookUpSize) {
		err := s.write.APIKey.Update().
			Where(apikey.IDIn(part...), apikey.Or(apikey.LastUsedAtIsNil(), apikey.LastUsedAtLT(minute))).
			SetLastUsedAt(minute).Exec(ctx)
		if err != nil {
			return fmt.Errorf("touch keys: %w", err)
		}
	}
	return nil
}

func keyOf(row *gen.APIKey) *audit.APIKey {
	return &audit.APIKey{
		ID: row.ID, Organization: row.Organization, Name: row.Name, Prefix: row.Prefix, Scopes: scopesOf(row.Scopes),
		CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt, RevokedAt: row.RevokedAt, LastUsedAt: row.LastUsedAt,
	}
}

// scopeBits is a set of scopes as one bit for each.
func scopeBits(scopes []audit.Scope) int32 {
	var bits int32
	for _, scope := range scopes {
		bits |= 1 << scope
	}
	return bits
}

func scopesOf(bits int32) []audit.Scope {
	var scopes []audit.Scope
	for _, scope := range audit.Scopes() {
		if bits&(1<<scope) != 0 {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}

// now is the instant as every engine keeps it.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
