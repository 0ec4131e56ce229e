package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"daybook/audit"
	"daybook/bench/cell"
	"daybook/bench/dataset"
	"daybook/bench/event"
	"daybook/bench/limit"
	"daybook/bench/load"
	"daybook/bench/postgraphile"
	"daybook/bench/process"
	"daybook/ent/store"
)

// openReader opens a log in this process, as Daybook's server does in its.
func (s *stage) openReader(ctx context.Context, address string, readers int) (*store.Store, *audit.Reader, error) {
	engine, err := store.Open(ctx, address, store.Options{Readers: readers})
	if err != nil {
		return nil, nil, err
	}
	s.onClose(func() { _ = engine.Close() })
	return engine, audit.NewReader(engine, engine, engine, audit.NewKeys(engine, time.Now, slog.New(slog.DiscardHandler))), nil
}

// contenders starts all that answer pages of a log.
func (s *stage) contenders(ctx context.Context, database *dataset.Database) ([]contender, error) {
	_, events, err := s.openReader(ctx, database.Address, 1)
	if err != nil {
		return nil, err
	}
	from, err := findPlaces(ctx, events, database.Log, s.options.places)
	if err != nil {
		return nil, err
	}
	var list []contender
	for _, start := range []func(context.Context, *dataset.Database, []place) (*contender, error){
		s.startDaybook, s.startDirect, s.startPgbench, s.startPeer, s.startTutorial,
	} {
		c, err := start(ctx, database, from)
		if err != nil {
			return nil, err
		}
		if c == nil {
			continue
		}
		c.cell.Database = s.postgres.Server
		list = append(list, *c)
	}
	return list, nil
}

func (s *stage) startDaybook(ctx context.Context, database *dataset.Database, from []place) (*contender, error) {
	s.say("starting Daybook")
	started, err := s.serve(ctx, database)
	if err != nil {
		return nil, err
	}
	c := &contender{what: daybook, host: started.Host, requests: daybookRequests(started.Host, database.Secrets[reader-1], from), content: daybookContent}
	c.cell.Program, c.cell.Profiler = started.Process, started.Profiler
	return c, nil
}

func (s *stage) startDirect(ctx context.Context, database *dataset.Database, from []place) (*contender, error) {
	s.say("starting the program written by hand")
	binary, err := process.Build(ctx, "daybook/bench/direct", s.folder)
	if err != nil {
		return nil, err
	}
	host, program, err := s.startProgram(ctx, process.Program{Path: binary, Args: []string{"-database", database.Address}, Env: []string{}})
	if err != nil {
		return nil, err
	}
	return &contender{what: direct, host: host, requests: directRequests(host, from), content: directContent, cell: cell.Cell{Program: program}}, nil
}

// startProgram runs a program that says where it listens.
func (s *stage) startProgram(ctx context.Context, program process.Program) (host string, started *process.Process, err error) {
	if started, host, err = process.StartServer(ctx, program); err != nil {
		return "", nil, err
	}
	s.onClose(func() { started.Stop(syscall.SIGTERM) })
	return host, started, nil
}

// peerQuery asks PostGraphile for the same.
const peerQuery = `query Page($after: Cursor) {
  allEvents(condition: {organization: 1, category: 3}, first: 50, after: $after, orderBy: [PRIMARY_KEY_DESC]) {
    edges { cursor node {
      id recordedAt category action eventName actorByActor { id kind name } sectionBySection { key name }
      objectType objectId objectName ipAddress changes
    } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

func (s *stage) startPeer(ctx context.Context, database *dataset.Database, from []place) (*contender, error) {
	s.say("starting PostGraphile")
	install := postgraphile.Install
	if s.options.offline {
		install = postgraphile.Installed
	}
	folder, err := install(ctx)
	if errors.Is(err, postgraphile.ErrMissing) {
		s.skipped = append(s.skipped, "PostGraphile: "+err.Error())
		return nil, nil //nolint:nilnil // nobody to measure
	} else if err != nil {
		return nil, err
	}
	started, err := postgraphile.Start(ctx, folder, database.Address, "public", postgraphile.Reading)
	if err != nil {
		return nil, err
	}
	s.onClose(started.Stop)
	c := &contender{what: peer, host: started.Host, content: peerContent, cell: cell.Cell{Program: started.Process}}
	for _, p := range from {
		cursor := base64.StdEncoding.EncodeToString([]byte(`["primary_key_desc",["` + p.id.UUID() + `"]]`))
		body := event.Body(peerQuery, map[string]any{"after": cursor})
		c.requests = append(c.requests, load.Post(started.Host, "", body, 1, `"hasNextPage":true`))
	}
	return c, nil
}

// startPgbench prepares pgbench to run what Daybook runs for the pages, without
// its planning: each connection prepares every statement once.
func (s *stage) startPgbench(ctx context.Context, database *dataset.Database, from []place) (*contender, error) {
	pages, err := s.pageStatements(ctx, database.Address, from)
	if err != nil {
		return nil, err
	}
	scripts := make([]string, len(pages))
	for i, statements := range pages {
		for _, each := range statements {
			scripts[i] += each.String() + ";\n"
		}
	}
	folder := filepath.Join(s.folder, fmt.Sprintf("pgbench-%d", database.Log.Events))
	if err := os.Mkdir(folder, 0o700); err != nil {
		return nil, err
	}
	p, err := limit.NewScripts(scripts, s.postgres.Program("pgbench"), folder)
	if err != nil {
		return nil, err
	}
	return &contender{what: pgbench, run: func(ctx context.Context, window load.Window, count int) (load.Result, time.Duration, error) {
		return p.Run(ctx, database.Address, count, window)
	}}, nil
}
