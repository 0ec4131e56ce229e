package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"daybook/audit"
	"daybook/auth"
)

// errRejected says that an import is complete but refused some lines.
var errRejected = errors.New("some lines were rejected")

// runImport records newline-delimited events. It succeeds only if every line
// was recorded, now or earlier.
func runImport(ctx context.Context, c config, env environment) (err error) {
	d, err := openDaybook(ctx, c, c.logger(env.stderr))
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, d.close(context.WithoutCancel(ctx)))
	}()
	input, size, err := openImport(ctx, c.args[0], env.stdin)
	if err != nil {
		return err
	}
	defer func() { _ = input.Close() }()
	rejects, err := newRejectsFile(c.rejectsPath(), input)
	if err != nil {
		return err
	}
	organization, err := d.importOrganization(ctx, c, env)
	if err != nil {
		return err
	}
	i := &importer{
		graphql: d.graphql, rejects: rejects, shown: newProgress(env.stderr, "Importing", size),
		principal: auth.Principal{
			Organization: int32(organization.ID), OrganizationName: organization.Name, KeyName: "import",
			Scopes: []string{audit.ScopeRecordEvents.String()},
		},
	}
	err = i.run(ctx, newLineReader(input))
	i.shown.end()
	if err = errors.Join(err, i.finish(env.stdout)); ctx.Err() != nil {
		return err
	}
	if behind := d.catchUp(ctx, env.stderr); behind != nil {
		err = errors.Join(err, fmt.Errorf("what is built behind the events is left to the next import or server: %w", behind))
	}
	return err
}

// rejectsPath is where refused lines go: beside the file they are from when
// nothing else is said.
func (c *config) rejectsPath() string {
	switch {
	case c.rejects != "":
		return c.rejects
	case c.args[0] == "-":
		return "import.rejects.ndjson"
	default:
		return c.args[0] + ".rejects.ndjson"
	}
}

// importOrganization is the organization to import into. On an empty database
// it is made, as serving would.
func (d *daybook) importOrganization(ctx context.Context, c config, env environment) (*audit.Organization, error) {
	organizations, err := d.keys.Organizations(ctx)
	if err != nil {
		return nil, err
	}
	if len(organizations) > 0 || c.organization != "" {
		return findOrganization(ctx, d.keys, c.organization)
	}
	if _, err := d.createFirst(ctx, c, env.stdout); err != nil {
		return nil, err
	}
	return findOrganization(ctx, d.keys, "")
}

// openImport opens a file, or standard input for "-"; size is 0 if unknown.
func openImport(ctx context.Context, path string, stdin io.Reader) (input io.ReadCloser, size int64, err error) {
	if path == "-" {
		if file, ok := stdin.(*os.File); ok && isRegular(file) {
			return file, 0, nil
		}
		return io.NopCloser(&interruptible{ctx, stdin}), 0, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, info.Size(), nil
}

func isRegular(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode().IsRegular()
}

// interruptible is a reader that stops waiting for a terminal or a pipe when its
// context ends. A read that is left behind ends with the program.
type interruptible struct {
	ctx    context.Context
	reader io.Reader
}

func (r *interruptible) Read(p []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	buffer, done := make([]byte, len(p)), make(chan result, 1)
	go func() {
		n, err := r.reader.Read(buffer)
		done <- result{n, err}
	}()
	select {
	case got := <-done:
		return copy(p, buffer[:got.n]), got.err
	case <-r.ctx.Done():
		return 0, fmt.Errorf("wait for input: %w", r.ctx.Err())
	}
}
