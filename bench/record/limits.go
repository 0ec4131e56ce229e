package main

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"syscall"

	"daybook/audit"
	"daybook/bench/cell"
	"daybook/bench/event"
	"daybook/bench/limit"
	"daybook/bench/load"
	"daybook/bench/process"
	"daybook/bench/server"
	"daybook/ent/store"
)

// Organizations in the database of the limits. Each way of writing has its own,
// because each counts for itself. From the first that pgbench has, it has all.
const (
	appendOrganization = 1 + iota
	insertOrganization
	distantInsertOrganization
	pgbenchOrganization
)

// limits are the ways of writing without Daybook's server. They share a database
// with Daybook's tables, apart from the server's.
type limits struct {
	address string
	engine  *store.Store
	entries []*audit.Entry
	rows    *limit.Rows
	db      *sql.DB
}

// startLimits makes the database, and records some events to have their rows.
func (s *stage) startLimits(ctx context.Context) error {
	if s.limits != nil {
		return nil
	}
	s.say("preparing the limits")
	address, err := s.postgres.NewDatabase(ctx, "limits")
	if err != nil {
		return err
	}
	l := &limits{address: address}
	if _, err := server.PrepareDatabase(ctx, address, pgbenchOrganization-1+manyOrganizations); err != nil {
		return err
	}
	if l.engine, err = s.openEngine(ctx, address); err != nil {
		return err
	}
	if l.entries, err = event.Entries(ctx, s.events); err != nil {
		return err
	}
	const recorded = 2000
	if _, err := limit.Append(l.engine, appendOrganization, l.entries, 0, recorded)(ctx); err != nil {
		return err
	}
	if l.db, err = sql.Open("postgres", address); err != nil {
		return err
	}
	s.onClose(func() { _ = l.db.Close() })
	if l.rows, err = limit.ReadRows(ctx, l.db, appendOrganization); err != nil {
		return err
	}
	s.limits = l
	return nil
}

// openEngine opens a database in this process, as Daybook's server does in its.
func (s *stage) openEngine(ctx context.Context, address string) (*store.Store, error) {
	engine, err := store.Open(ctx, address, store.Options{Migrate: true})
	if err == nil {
		s.onClose(func() { _ = engine.Close() })
	}
	return engine, err
}

// inserter writes rows over a connection of its own.
func (s *stage) inserter(ctx context.Context, address string, organization audit.OrganizationID) (*limit.Inserter, error) {
	db, err := sql.Open("postgres", address)
	if err != nil {
		return nil, err
	}
	s.onClose(func() { _ = db.Close() })
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return limit.NewInserter(ctx, conn, s.limits.rows, organization)
}

// pgbench writes events of that many organizations.
func (s *stage) pgbench(ctx context.Context, name string, organizations int) (*limit.Pgbench, error) {
	folder := filepath.Join(s.folder, name)
	if err := os.Mkdir(folder, 0o700); err != nil {
		return nil, err
	}
	last := audit.OrganizationID(pgbenchOrganization + organizations - 1)
	return limit.NewPgbench(ctx, s.limits.db, s.limits.rows, pgbenchOrganization, last, s.postgres.Program("pgbench"), folder)
}

// byHandLine starts the program written by hand, on a database of its own, and is
// the line of its callers. They send it what they send Daybook.
func (s *stage) byHandLine(ctx context.Context, at shape) (line, error) {
	s.say("starting the program written by hand")
	address, err := s.postgres.NewDatabase(ctx, "byhand")
	if err != nil {
		return line{}, err
	}
	secrets, err := server.PrepareDatabase(ctx, address, 1)
	if err != nil {
		return line{}, err
	}
	binary, err := process.Build(ctx, "daybook/bench/direct", s.folder)
	if err != nil {
		return line{}, err
	}
	program, host, err := process.StartServer(ctx, process.Program{Path: binary, Args: []string{"-record", "-database", address}, Env: []string{}})
	if err != nil {
		return line{}, err
	}
	s.onClose(func() { program.Stop(syscall.SIGTERM) })
	requests := make([]load.Request, len(s.events))
	for i := range s.events {
		requests[i] = load.Post(host, secrets[0], event.BodyOfOne(&s.events[i]), 1, `"eventId":`)
	}
	return line{what: byHand, shape: at, Cell: cell.Cell{
		Program: program, Database: s.postgres.Server, Run: cell.Requesting(host, requests, at.callers),
	}}, nil
}
