package main

import (
	"context"
	"errors"
	"fmt"
	"io"
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

// runOrganization lists organizations, makes one, or makes a key of one.
func runOrganization(ctx context.Context, c config, env environment) (err error) {
	engine, err := store.Open(ctx, c.database, store.Options{Migrate: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	keys := audit.NewKeys(engine, time.Now, c.logger(env.stderr))
	switch c.args[0] {
	case "create":
		return createOrganization(ctx, keys, c, env.stdout)
	case "key":
		return createAdministrator(ctx, keys, c.args[1], env.stdout)
	default:
		return listOrganizations(ctx, keys, env.stdout)
	}
}

func listOrganizations(ctx context.Context, keys *audit.Keys, output io.Writer) error {
	organizations, err := keys.Organizations(ctx)
	for _, organization := range organizations {
		_, _ = fmt.Fprintf(output, "%s\t%s\n", organization.ID, organization.Name)
	}
	return err
}

func createOrganization(ctx context.Context, keys *audit.Keys, c config, output io.Writer) error {
	organization, secret, err := keys.CreateOrganization(ctx, c.args[1], c.bootstrapKey)
	if err != nil {
		return nameBootstrapKey(err)
	}
	_, _ = fmt.Fprintf(output, "%s\t%s\n", organization.ID, organization.Name)
	if c.bootstrapKey == "" {
		printKey(output, secret)
	}
	return nil
}

// createAdministrator makes a key for an organization whose keys are lost: who
// may run this can read the database anyway.
func createAdministrator(ctx context.Context, keys *audit.Keys, name string, output io.Writer) error {
	organization, err := findOrganization(ctx, keys, name)
	if err != nil {
		return err
	}
	_, secret, err := keys.Create(ctx, organization.ID, "Administrator", audit.Scopes(), nil)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(output, "%s\t%s\n", organization.ID, organization.Name)
	printKey(output, secret)
	return nil
}

// nameBootstrapKey says where a secret that was refused came from.
func nameBootstrapKey(err error) error {
	var known *audit.Error
	if errors.As(err, &known) && known.Path == "secret" {
		return fmt.Errorf("DAYBOOK_BOOTSTRAP_KEY: %w", err)
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
	if len(organizations) == 0 {
		return nil, errors.New("the database has no organization yet")
	}
	if name == "" {
		return nil, errors.New("the database has several organizations: choose one with --organization")
	}
	return nil, fmt.Errorf("there is no organization %q; see: daybook organization list", name)
}
