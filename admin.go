package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"daybook/audit"
	"daybook/ent/store"
)

// runMigrate brings the tables up to date, as the role that owns them, and
// grants a run-time role what serving needs.
func runMigrate(ctx context.Context, c config, env environment) (err error) {
	engine, err := store.Open(ctx, c.database, store.Options{Migrate: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	if c.grantTo != "" {
		if err := engine.Grant(ctx, c.grantTo); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(env.stdout, "The database is up to date.")
	return err
}

// runOrganization lists organizations or makes one.
func runOrganization(ctx context.Context, c config, env environment) (err error) {
	engine, err := store.Open(ctx, c.database, store.Options{Migrate: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	keys := audit.NewKeys(engine, time.Now, c.logger(env.stderr))
	if c.args[0] == "create" {
		organization, secret, err := keys.CreateOrganization(ctx, c.args[1], c.bootstrapKey)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(env.stdout, "%s\t%s\n", organization.ID, organization.Name)
		if c.bootstrapKey == "" {
			printKey(env.stdout, secret)
		}
		return nil
	}
	organizations, err := keys.Organizations(ctx)
	for _, organization := range organizations {
		_, _ = fmt.Fprintf(env.stdout, "%s\t%s\n", organization.ID, organization.Name)
	}
	return err
}

// findOrganization gives the organization of that name or id; with no name, the
// only one there is.
func findOrganization(ctx context.Context, keys *audit.Keys, name string) (*audit.Organization, error) {
	organizations, err := keys.Organizations(ctx)
	if err != nil {
		return nil, err
	}
	if name == "" && len(organizations) == 1 {
		return organizations[0], nil
	}
	for _, organization := range organizations {
		if name != "" && (organization.Name == name || organization.ID.String() == name) {
			return organization, nil
		}
	}
	if name == "" {
		return nil, errors.New("the database has several organizations: choose one with --organization")
	}
	return nil, fmt.Errorf("there is no organization %q; see: daybook organization list", name)
}
