// Package postgraphile runs PostGraphile 4, the peer: a GraphQL server made from
// a Postgres schema, with a function for each mutation.
package postgraphile

import (
	"context"
	"database/sql"
	_ "embed" // package.json and SQL
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	_ "github.com/lib/pq" // the driver "postgres"

	"daybook/bench/cluster"
	"daybook/bench/process"
)

// Recording makes tables of the peer's own, in the schema "peer", and functions
// that record.
//
//go:embed recording.sql
var Recording string

// Reading tells PostGraphile how Daybook's tables refer to each other, for which
// they have no foreign keys.
//
//go:embed reading.sql
var Reading string

//go:embed package.json
var manifest []byte

// ErrMissing says that PostGraphile, or what it needs, is not installed.
var (
	ErrMissing      = errors.New("it is not installed")
	errMissingTools = fmt.Errorf("%w: node and npm are needed for it", ErrMissing)
)

// Server is a running PostGraphile.
type Server struct {
	Process *process.Process
	Host    string // host:port
	output  process.Output
}

// Install puts PostGraphile into the user's cache, unless it is there, and gives
// its folder. It fails with ErrMissing without node or npm.
func Install(ctx context.Context) (folder string, err error) {
	if folder, err = Installed(ctx); folder == "" || err == nil {
		return folder, err
	}
	return folder, install(ctx, folder)
}

// Installed is the folder of PostGraphile in the user's cache. It fails with
// ErrMissing when it is not there.
func Installed(context.Context) (folder string, err error) {
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			return "", errMissingTools
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder = filepath.Join(cache, "daybook", "postgraphile-4")
	if _, err := os.Stat(commandLine(folder)); err != nil {
		return folder, ErrMissing
	}
	return folder, nil
}

func install(ctx context.Context, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "package.json"), manifest, 0o644); err != nil {
		return err
	}
	npm := exec.CommandContext(ctx, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts")
	npm.Dir = folder
	if output, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm install: %w\n%s", err, output)
	}
	return nil
}

func commandLine(folder string) string {
	return filepath.Join(folder, "node_modules", "postgraphile", "cli.js")
}

// Start serves a schema of a database, after SQL that prepares it, from where
// PostGraphile was installed, with a worker for each processor. Stop it after
// use.
func Start(ctx context.Context, folder, database, schema, prepare string) (*Server, error) {
	if err := execute(ctx, database, prepare); err != nil {
		return nil, err
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, errMissingTools
	}
	port, err := cluster.FreePort(ctx)
	if err != nil {
		return nil, err
	}
	s := &Server{Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}
	s.Process, err = process.Start(process.Program{
		Path: node, Env: []string{"NODE_ENV=production", "GRAPHILE_ENV=production"}, Output: &s.output,
		Args: []string{
			commandLine(folder), "--connection", database, "--schema", schema, "--port", strconv.Itoa(port), "--host", "127.0.0.1",
			"--cluster-workers", strconv.Itoa(runtime.NumCPU()), "--dynamic-json", "--no-setof-functions-contain-nulls",
			"--disable-query-log", "--disable-graphiql", "--body-size-limit", "16MB",
		},
	})
	if err != nil {
		return nil, err
	}
	if err := s.wait(ctx); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

func execute(ctx context.Context, database, prepare string) error {
	db, err := sql.Open("postgres", database)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing is under way
	if _, err := db.ExecContext(ctx, prepare); err != nil {
		return fmt.Errorf("prepare a database for PostGraphile: %w", err)
	}
	return nil
}

// wait returns when the server takes connections.
func (s *Server) wait(ctx context.Context) error {
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.Host)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-s.Process.Done():
			return fmt.Errorf("postgraphile has ended: %s", s.output.String())
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Stop ends the server and its workers.
func (s *Server) Stop() { s.Process.Stop(syscall.SIGTERM) }
