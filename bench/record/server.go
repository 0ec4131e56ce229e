package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"daybook/audit"
	"daybook/bench/load"
	"daybook/bench/process"
	"daybook/ent/store"
)

// server is a running Daybook: the real program, with its default settings.
type server struct {
	process *process.Process
	host    string
	// secrets are those of administrators, one for each organization.
	secrets  []string
	profiled string // socket of its profiler; empty without
	output   process.Output
}

// build compiles Daybook.
func build(ctx context.Context, folder string, profiled bool) (string, error) {
	binary := filepath.Join(folder, "daybook")
	args := []string{"build", "-o", binary}
	if profiled {
		overlay, err := profilerOverlay(ctx, folder)
		if err != nil {
			return "", err
		}
		args = append(args, "-overlay", overlay)
	}
	if output, err := exec.CommandContext(ctx, "go", append(args, "daybook")...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("build Daybook: %w\n%s", err, output)
	}
	return binary, nil
}

// prepareDatabase makes the tables and organizations, and gives the secret of
// each organization's first key.
func prepareDatabase(ctx context.Context, address string, organizations int) (secrets []string, err error) {
	engine, err := store.Open(ctx, address, store.Options{Migrate: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	for i := range organizations {
		secret := rand.Text() + rand.Text()
		key := audit.NewAPIKey{Name: "bench", Prefix: secret[:4], Hash: sha256.Sum256([]byte(secret)), Scopes: audit.Scopes()}
		if _, err := engine.CreateOrganization(ctx, fmt.Sprintf("Organization %d", i+1), make([]byte, 32), key); err != nil {
			return nil, err
		}
		secrets = append(secrets, secret)
	}
	return secrets, nil
}

var (
	announced = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)/playground`)
	complaint = regexp.MustCompile(`(?m)^.*level=(?:WARN|ERROR).*$`)
)

// serve runs Daybook on a database that is prepared. Stop its process after use.
func serve(ctx context.Context, binary, address string, secrets []string, profiler string) (*server, error) {
	s := &server{secrets: secrets, profiled: profiler}
	var err error
	s.process, err = process.Start(process.Program{
		Path: binary, Args: []string{"--addr", "127.0.0.1:0", "--database", address},
		Env: []string{"DAYBOOK_PROFILER=" + profiler}, Output: &s.output,
	})
	if err != nil {
		return nil, err
	}
	for s.host == "" {
		select {
		case <-s.process.Done():
			return nil, fmt.Errorf("the Daybook server has ended: %s", s.output.String())
		case <-ctx.Done():
			s.process.Stop(syscall.SIGTERM)
			return nil, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
		if found := announced.FindStringSubmatch(s.output.String()); found != nil {
			s.host = found[1]
		}
	}
	return s, nil
}

// stop ends the server, and says how often it complained, and of what at first.
func (s *server) stop(log io.Writer) {
	s.process.Stop(syscall.SIGTERM)
	found := complaint.FindAllString(s.output.String(), -1)
	if len(found) > 0 {
		fmt.Fprintf(log, "the Daybook server complained %d times, at first: %s\n", len(found), found[0])
	}
}

// callers connect to a host and send the requests in turn.
func callers(ctx context.Context, host string, requests []load.Request, count int) (calls []load.Call, closeAll func(), err error) {
	var connections []*load.Connection
	closeAll = func() {
		for _, c := range connections {
			_ = c.Close() // nothing is under way
		}
	}
	for i := range count {
		c, err := load.Connect(ctx, host)
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		connections = append(connections, c)
		calls = append(calls, c.Caller(requests, i, count))
	}
	return calls, closeAll, nil
}

// sendOnce sends every request once, so that names are known and plans are made
// before anything is measured.
func sendOnce(ctx context.Context, host string, requests []load.Request) error {
	const connections = 16
	calls, closeAll, err := callers(ctx, host, requests, connections)
	if err != nil {
		return err
	}
	defer closeAll()
	failed := make(chan error, connections)
	for i, call := range calls {
		go func() {
			var err error
			for n := i; n < len(requests) && err == nil; n += connections {
				_, err = call(ctx)
			}
			failed <- err
		}()
	}
	for range calls {
		err = cmp.Or(err, <-failed)
	}
	return err
}
