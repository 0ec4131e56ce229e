// Package server runs Daybook as it is run in production, on databases made for
// measuring.
package server

import (
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
	"daybook/bench/process"
	"daybook/ent/store"
)

// Server is a running Daybook: the real program, with its default settings.
type Server struct {
	Process *process.Process
	Host    string // host:port
	// Secrets are those of administrators, one for each organization.
	Secrets  []string
	Profiler string // socket of its profiler; empty without
	output   process.Output
}

// Build compiles Daybook into a folder, with a profiler if that is wanted, and
// gives the path of the program.
func Build(ctx context.Context, folder string, profiled bool) (string, error) {
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

// PrepareDatabase makes the tables and organizations that are missing, and gives
// the secret of a new key of each organization.
func PrepareDatabase(ctx context.Context, address string, organizations int) (secrets []string, err error) {
	engine, err := store.Open(ctx, address, store.Options{Migrate: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	found, err := engine.Organizations(ctx)
	if err != nil {
		return nil, err
	}
	for i := range organizations {
		secret := rand.Text() + rand.Text()
		key := audit.NewAPIKey{Name: "bench", Prefix: secret[:4], Hash: sha256.Sum256([]byte(secret)), Scopes: audit.Scopes()}
		if i < len(found) {
			_, err = engine.CreateKey(ctx, found[i].ID, key)
		} else {
			_, err = engine.CreateOrganization(ctx, fmt.Sprintf("Organization %d", i+1), make([]byte, 32), key)
		}
		if err != nil {
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

// Start runs Daybook on a database that is prepared. profiler is the socket for
// its profiler, empty without. Stop it after use.
func Start(ctx context.Context, binary, address string, secrets []string, profiler string) (*Server, error) {
	s := &Server{Secrets: secrets, Profiler: profiler}
	var err error
	s.Process, err = process.Start(process.Program{
		Path: binary, Args: []string{"--addr", "127.0.0.1:0", "--database", address},
		Env: []string{"DAYBOOK_PROFILER=" + profiler}, Output: &s.output,
	})
	if err != nil {
		return nil, err
	}
	for s.Host == "" {
		select {
		case <-s.Process.Done():
			return nil, fmt.Errorf("the Daybook server has ended: %s", s.output.String())
		case <-ctx.Done():
			s.Process.Stop(syscall.SIGTERM)
			return nil, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
		if found := announced.FindStringSubmatch(s.output.String()); found != nil {
			s.Host = found[1]
		}
	}
	return s, nil
}

// Stop ends the server, and says how often it complained, and of what at first.
func (s *Server) Stop(log io.Writer) {
	s.Process.Stop(syscall.SIGTERM)
	found := complaint.FindAllString(s.output.String(), -1)
	if len(found) > 0 {
		fmt.Fprintf(log, "the Daybook server complained %d times, at first: %s\n", len(found), found[0])
	}
}
