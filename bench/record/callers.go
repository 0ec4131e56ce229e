package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

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

// served is a cell of requests to a Daybook server.
func (s *stage) served(to *server.Server, requests []load.Request, at shape) cell {
	return cell{
		what: daybook, shape: at, program: to.Process, database: s.postgres.Server, profiler: to.Profiler,
		run: requesting(to.Host, requests, at.callers),
	}
}

// peerCell is a cell of requests to PostGraphile.
func (s *stage) peerCell(requests []load.Request, at shape) cell {
	return cell{
		what: peer, shape: at, program: s.peer.Process, database: s.postgres.Server,
		run: requesting(s.peer.Host, requests, at.callers),
	}
}

func requesting(host string, requests []load.Request, count int) func(context.Context, load.Window) (load.Result, time.Duration, error) {
	return func(ctx context.Context, window load.Window) (load.Result, time.Duration, error) {
		calls, closeAll, err := load.Callers(ctx, host, requests, count)
		if err != nil {
			return load.Result{}, 0, err
		}
		defer closeAll()
		result, err := load.Run(ctx, calls, window)
		return result, 0, err
	}
}

// direct is a cell of calls without a server.
func (s *stage) direct(what string, at shape, calls ...load.Call) cell {
	return cell{
		what: what, shape: at, database: s.postgres.Server,
		run: func(ctx context.Context, window load.Window) (load.Result, time.Duration, error) {
			result, err := load.Run(ctx, calls, window)
			return result, 0, err
		},
	}
}

// pgbenchCell is a cell of pgbench.
func (s *stage) pgbenchCell(p *limit.Pgbench, address string, at shape) cell {
	return cell{
		what: pgbench, shape: at, database: s.postgres.Server,
		run: func(ctx context.Context, window load.Window) (load.Result, time.Duration, error) {
			return p.Run(ctx, address, at.callers, window)
		},
	}
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
