package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"daybook/bench/cell"
	"daybook/bench/event"
	"daybook/bench/limit"
	"daybook/bench/load"
	"daybook/bench/postgraphile"
	"daybook/bench/server"
)

// singles are requests that record an event each, of organizations in turn.
func singles(s *server.Server, events []event.Event, organizations int) []load.Request {
	const count = 4000
	list := make([]load.Request, count)
	for i := range list {
		list[i] = load.Post(s.Host, s.Secrets[i%organizations], event.BodyOfOne(&events[i%len(events)]), 1, `"status":"CREATED"`)
	}
	return list
}

// batches are requests that record a batch each, of the first organization.
func batches(s *server.Server, events []event.Event, size int) []load.Request {
	var list []load.Request
	for batch := range slices.Chunk(events, size) {
		list = append(list, load.Post(s.Host, s.Secrets[0], event.BodyOfAll(batch), size, fmt.Sprintf(`"created":%d,`, size)))
	}
	return list
}

// peerSingles are the same for PostGraphile.
func peerSingles(host string, events []event.Event) []load.Request {
	list := make([]load.Request, len(events))
	for i := range events {
		list[i] = load.Post(host, "", postgraphile.BodyOfOne(&events[i]), 1, postgraphile.SuccessOfOne)
	}
	return list
}

// peerBatches are the same for PostGraphile.
func peerBatches(host string, events []event.Event, size int) []load.Request {
	var list []load.Request
	for batch := range slices.Chunk(events, size) {
		list = append(list, load.Post(host, "", postgraphile.BodyOfAll(batch), size, postgraphile.SuccessOfAll))
	}
	return list
}

// served is a line of requests to a Daybook server.
func (s *stage) served(to *server.Server, requests []load.Request, at shape) line {
	return line{what: daybook, shape: at, Cell: cell.Cell{
		Program: to.Process, Database: s.postgres.Server, Profiler: to.Profiler,
		Run: cell.Requesting(to.Host, requests, at.callers),
	}}
}

// peerLine is a line of requests to PostGraphile.
func (s *stage) peerLine(requests []load.Request, at shape) line {
	return line{what: peer, shape: at, Cell: cell.Cell{
		Program: s.peer.Process, Database: s.postgres.Server, Run: cell.Requesting(s.peer.Host, requests, at.callers),
	}}
}

// direct is a line of calls without a server.
func (s *stage) direct(what string, at shape, calls ...load.Call) line {
	return line{what: what, shape: at, Cell: cell.Cell{Database: s.postgres.Server, Run: cell.Calling(calls...)}}
}

// pgbenchLine is a line of pgbench.
func (s *stage) pgbenchLine(p *limit.Pgbench, address string, at shape) line {
	return line{what: pgbench, shape: at, Cell: cell.Cell{
		Database: s.postgres.Server,
		Run: func(ctx context.Context, window load.Window) (load.Result, time.Duration, error) {
			return p.Run(ctx, address, at.callers, window)
		},
	}}
}

// sqliteTransactions are callers that write a SQLite file of their own, each
// event in a transaction of its own.
func (s *stage) sqliteTransactions(ctx context.Context) ([]load.Call, error) {
	address := "sqlite:" + filepath.Join(s.folder, "transactions.db")
	if _, err := server.PrepareDatabase(ctx, address, 1); err != nil {
		return nil, err
	}
	engine, err := s.openEngine(ctx, address)
	if err != nil {
		return nil, err
	}
	entries, err := event.Entries(ctx, s.events)
	if err != nil {
		return nil, err
	}
	if _, err := limit.Append(engine, 1, entries, 0, len(entries))(ctx); err != nil {
		return nil, err
	}
	calls := make([]load.Call, 64)
	for i := range calls {
		calls[i] = limit.Append(engine, 1, entries, i*len(entries)/len(calls), 1)
	}
	return calls, nil
}
