package graph

import (
	"context"
	"daybook/audit"
	"daybook/graph/gen"
)

func (r *mutationResolver) CreateAPIKey(ctx context.Context, input gen.CreateAPIKeyInput) (*gen.CreateAPIKeyPayload, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	key, secret, err := r.keys.Create(ctx, v.Organization, input.Name, input.Scopes, input.ExpiresAt)
	if err != nil {
		return nil, err
	}
	return &gen.CreateAPIKeyPayload{APIKey: key, Secret: secret}, nil
}

func (r *mutationResolver) RevokeAPIKey(ctx context.Context, id string) (*gen.RevokeAPIKeyPayload, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	keyID, err := audit.ParseAPIKeyID(id)
	if err != nil {
		return nil, audit.BadInput("id", "%s.", err)
	}
	key, err := r.keys.Revoke(ctx, v.Organization, keyID)
	if err != nil {
		return nil, err
	}
	return &gen.RevokeAPIKeyPayload{APIKey: key}, nil
}

func (r *queryResolver) Viewer(ctx context.Context) (*gen.Viewer, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	return &gen.Viewer{
		ID:           audit.APIKeyID(v.principal.KeyID).String(),
		Name:         v.principal.KeyName,
		Organization: v.organization(),
		Scopes:       v.scopes(),
	}, nil
}

func (r *queryResolver) APIKeys(ctx context.Context) ([]audit.APIKey, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := r.keys.List(ctx, v.Organization)
	return values(keys), err
}
