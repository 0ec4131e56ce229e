// Package postgraphile runs PostGraphile 4, the peer: a GraphQL server made from
// a Postgres schema, with a function for each mutation.
package postgraphile

import (
	"context"
	"database/sql"
	_ "embed" // the schema and package.json
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
	"daybook/bench/event"
	"daybook/bench/process"
)

//go:embed schema.sql
var schema string

//go:embed package.json
var manifest []byte

// ErrMissing says that node or npm is not installed.
var ErrMissing = errors.New("node and npm are needed for PostGraphile and are not installed")

// Server is a running PostGraphile.
type Server struct {
	Process *process.Process
	Host    string // host:port
	output  process.Output
}

// Install puts PostGraphile into a folder, unless it is there.
func Install(ctx context.Context, folder string) error {
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			return ErrMissing
		}
	}
	if _, err := os.Stat(commandLine(folder)); err == nil {
		return nil
	}
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

// Start makes the peer's tables in an empty database and serves them from where
// PostGraphile was installed, with a worker for each processor. Stop it after
// use.
func Start(ctx context.Context, folder, database string) (*Server, error) {
	if err := createSchema(ctx, database); err != nil {
		return nil, err
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, ErrMissing
	}
	port, err := cluster.FreePort(ctx)
	if err != nil {
		return nil, err
	}
	s := &Server{Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}
	s.Process, err = process.Start(process.Program{
		Path: node, Env: []string{"NODE_ENV=production", "GRAPHILE_ENV=production"}, Output: &s.output,
		Args: []string{
			commandLine(folder), "--connection", database, "--schema", "peer", "--port", strconv.Itoa(port), "--host", "127.0.0.1",
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

func createSchema(ctx context.Context, database string) error {
	db, err := sql.Open("postgres", database)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing is under way
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return fmt.Errorf("create the schema of PostGraphile: %w", err)
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

// The mutations: both answer with the ids of what was recorded.
const (
	recordOne = `mutation Record($event: EventInputRecordInput!) { recordEvent(input: {organization: 1, event: $event}) { bigInt } }`
	recordAll = `mutation RecordAll($events: [EventInputRecordInput!]!) { recordEvents(input: {organization: 1, events: $events}) { bigInts } }`
)

// Success is in every answer without an error, and in none with one.
const (
	SuccessOfOne = `"bigInt":"`
	SuccessOfAll = `"bigInts":["`
)

// BodyOfOne is the body of a request that records one event.
func BodyOfOne(e *event.Event) []byte {
	return event.Body(recordOne, map[string]any{"event": input(e)})
}

// BodyOfAll is the body of a request that records a batch.
func BodyOfAll(events []event.Event) []byte {
	inputs := make([]map[string]any, len(events))
	for i := range events {
		inputs[i] = input(&events[i])
	}
	return event.Body(recordAll, map[string]any{"events": inputs})
}

func input(e *event.Event) map[string]any {
	changes := make([]map[string]any, len(e.Changes))
	for i, c := range e.Changes {
		changes[i] = map[string]any{"property": c.Property, "before": c.Before, "after": c.After}
	}
	return map[string]any{
		"category": e.Category, "action": e.Action, "eventName": e.Name,
		"actorKind": 1, "actorId": e.ActorID, "actorName": e.ActorName, "actorEmail": e.ActorEmail,
		"section": e.Section, "objectType": e.ObjectType, "objectId": e.ObjectID, "objectName": e.ObjectName,
		"address": e.Address, "userAgent": e.UserAgent, "details": e.Details(), "changes": changes,
	}
}
