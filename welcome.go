package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"daybook/audit"
	"daybook/demo"
	"daybook/web"
)

// firstOrganization is the name of the organization made on an empty database.
const firstOrganization = "Default"

// demoKeyName is what the key behind the printed demo link is called.
const demoKeyName = "Demo link"

// welcome makes the first organization of an empty database, fills the demo
// workspace if asked for, and prints where to go.
func (d *daybook) welcome(ctx context.Context, c config, env environment, base string) error {
	organizations, err := d.keys.Organizations(ctx)
	if err != nil {
		return err
	}
	if c.demo {
		return d.welcomeDemo(ctx, c, env, base, organizations)
	}
	shown := ""
	if len(organizations) == 0 {
		if shown, err = d.createFirst(ctx, c, env.stdout); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(env.stdout, "Playground: %s\n", web.PlaygroundURL(base, shown))
	return err
}

// createFirst makes the first organization of an empty database and gives the
// secret that was made and printed; "" when it was given from outside, or when
// another server was quicker.
func (d *daybook) createFirst(ctx context.Context, c config, output io.Writer) (string, error) {
	_, secret, err := d.keys.CreateOrganization(ctx, firstOrganization, c.bootstrapKey)
	if err != nil {
		if organizations, listErr := d.keys.Organizations(ctx); listErr == nil && len(organizations) > 0 {
			return "", nil
		}
		return "", nameBootstrapKey(err)
	}
	if c.bootstrapKey != "" {
		return "", nil
	}
	printKey(output, secret)
	return secret, nil
}

func printKey(output io.Writer, secret string) {
	_, _ = fmt.Fprintf(output, "Administrator key, shown this once: %s\n", secret)
}

// welcomeDemo fills a database that is empty or already holds the demo
// workspace, and prints a link with a fresh key in it.
func (d *daybook) welcomeDemo(ctx context.Context, c config, env environment, base string, organizations []*audit.Organization) error {
	var workspace *audit.Organization
	switch {
	case len(organizations) == 0:
		created, secret, err := d.keys.CreateOrganization(ctx, demo.Organization, c.bootstrapKey)
		if err != nil {
			return nameBootstrapKey(err)
		}
		if workspace = created; c.bootstrapKey == "" {
			printKey(env.stdout, secret)
		}
	case len(organizations) == 1 && organizations[0].Name == demo.Organization:
		workspace = organizations[0]
	default:
		return errors.New("--demo fills an empty database only, and this one has organizations: choose another with --database")
	}
	if err := d.fillDemo(ctx, workspace.ID, c.demoEvents, env.stderr); err != nil {
		return err
	}
	if err := d.catchUp(ctx, env.stderr); err != nil {
		return err
	}
	secret, err := d.demoKey(ctx, workspace.ID)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "\nThe demo workspace is ready. Open the playground:\n\n  %s\n\n", web.PlaygroundURL(base, secret))
	return err
}

// fillDemo records the demo events unless the workspace has that many already.
// A fill that was cut off goes on where it ended: what is there is a duplicate.
func (d *daybook) fillDemo(ctx context.Context, organization audit.OrganizationID, count int, output io.Writer) error {
	have, err := d.store.CountEvents(ctx, organization, &audit.Filter{}, count)
	if err != nil || have >= count {
		return err
	}
	shown := newProgress(output, "Filling the demo workspace", int64(count))
	defer shown.end()
	batch := make([]audit.EventInput, 0, audit.MaxRecordEvents)
	record := func() error {
		results, err := d.recorder.Record(ctx, organization, batch, false)
		if err != nil {
			return err
		}
		for _, result := range results {
			if len(result.Problems) > 0 {
				return fmt.Errorf("demo event %s: %s %s", *batch[result.Index].IdempotencyKey, result.Problems[0].Path, result.Problems[0].Message)
			}
		}
		shown.add(len(batch), int64(len(batch)))
		batch = batch[:0]
		return nil
	}
	for event := range demo.Events(count) {
		if batch = append(batch, event); len(batch) == cap(batch) {
			if err := record(); err != nil {
				return err
			}
		}
	}
	if len(batch) == 0 {
		return nil
	}
	return record()
}

// demoKey makes the key of this start's link and ends those of earlier starts.
func (d *daybook) demoKey(ctx context.Context, organization audit.OrganizationID) (string, error) {
	keys, err := d.keys.List(ctx, organization)
	if err != nil {
		return "", err
	}
	for _, key := range keys {
		if key.Name == demoKeyName && key.RevokedAt == nil {
			if _, err := d.keys.Revoke(ctx, organization, key.ID); err != nil {
				return "", err
			}
		}
	}
	expires := time.Now().AddDate(0, 0, 7)
	_, secret, err := d.keys.Create(ctx, organization, demoKeyName, audit.Scopes(), &expires)
	return secret, err
}

// databaseKind is what of a database's address may be shown.
func databaseKind(url string) string {
	kind, _, _ := strings.Cut(url, ":")
	return kind
}
