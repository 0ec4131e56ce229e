package main

import (
	"cmp"
	"context"
	"slices"

	"daybook/bench/cell"
	"daybook/bench/cluster"
	"daybook/bench/limit"
	"daybook/bench/load"
)

// What is measured.
const (
	daybook     = "Daybook"
	peer        = "PostGraphile 4"
	function    = "recording function, called directly"
	byHand      = "recording function behind net/http, by hand"
	insert      = "multi-row INSERT"
	pgbench     = "pgbench, one transaction per event"
	transaction = "one transaction per event, directly"
)

// scene is where it is measured.
type scene int

const (
	onPostgres scene = iota
	onSQLite
	onNetwork // Postgres behind the slow network
)

// shape is how it is called. Only what has one shape is compared.
type shape struct {
	scene         scene
	batch         int // events in one call; 0: the call for a single event
	callers       int
	organizations int
}

// line is one measurement.
type line struct {
	cell.Cell
	shape
	what string
}

// lines starts what is to be measured and lists the measurements. Those that
// are compared stand side by side.
func (s *stage) lines(ctx context.Context) ([]line, error) {
	var list []line
	for letter, part := range map[string]func(context.Context) ([]line, error){
		"a": s.singleLines, "b": s.batchLines, "c": s.limitLines, "d": s.peerLines, "e": s.embeddedLines, "f": s.networkLines,
	} {
		if !s.options.selected(letter) {
			continue
		}
		lines, err := part(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, lines...)
	}
	if s.options.alone {
		list = slices.DeleteFunc(list, func(l line) bool { return l.callers > 1 || l.batch > 0 || l.organizations > 1 })
	}
	slices.SortFunc(list, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.scene, b.scene), cmp.Compare(a.batch, b.batch), cmp.Compare(a.callers, b.callers),
			cmp.Compare(a.organizations, b.organizations), cmp.Compare(order(a.what), order(b.what)))
	})
	return list, nil
}

func order(what string) int {
	return slices.Index([]string{daybook, byHand, function, insert, transaction, pgbench, peer}, what)
}

// singleLines are (a): events one by one, over HTTP.
func (s *stage) singleLines(ctx context.Context) ([]line, error) {
	if err := s.startLocal(ctx); err != nil {
		return nil, err
	}
	one, many := singles(s.local, s.events, 1), singles(s.local, s.events, manyOrganizations)
	if err := load.SendOnce(ctx, s.local.Host, many); err != nil {
		return nil, err
	}
	var list []line
	for _, n := range s.options.callers {
		list = append(list,
			s.served(s.local, one, shape{callers: n, organizations: 1}),
			s.served(s.local, many, shape{callers: n, organizations: manyOrganizations}))
	}
	return list, nil
}

// batchLines are (b): batches through GraphQL variables.
func (s *stage) batchLines(ctx context.Context) ([]line, error) {
	if err := s.startLocal(ctx); err != nil {
		return nil, err
	}
	var list []line
	for _, size := range s.options.batches {
		requests := batches(s.local, s.events, size)
		for _, n := range []int{1, 4} {
			list = append(list, s.served(s.local, requests, shape{batch: size, callers: n, organizations: 1}))
		}
	}
	return list, nil
}

// limitLines are (c): what the database takes without Daybook's server.
func (s *stage) limitLines(ctx context.Context) ([]line, error) {
	if err := s.startLimits(ctx); err != nil {
		return nil, err
	}
	inserter, err := s.inserter(ctx, s.limits.address, insertOrganization)
	if err != nil {
		return nil, err
	}
	alone := shape{callers: 1, organizations: 1}
	hand, err := s.byHandLine(ctx, alone)
	if err != nil {
		return nil, err
	}
	list := []line{hand, s.direct(function, alone, s.appendCall(1))}
	for _, size := range s.options.batches {
		at := shape{batch: size, callers: 1, organizations: 1}
		list = append(list, s.direct(function, at, s.appendCall(size)), s.direct(insert, at, inserter.Batch(size)))
	}
	one, err := s.pgbench(ctx, "pgbench", 1)
	if err != nil {
		return nil, err
	}
	for _, n := range s.options.callers {
		list = append(list, s.pgbenchLine(one, s.limits.address, shape{callers: n, organizations: 1}))
	}
	many, err := s.pgbench(ctx, "pgbench-many", manyOrganizations)
	return append(list, s.pgbenchLine(many, s.limits.address, shape{callers: 64, organizations: manyOrganizations})), err
}

func (s *stage) appendCall(size int) load.Call {
	return limit.Append(s.limits.engine, appendOrganization, s.limits.entries, 0, size)
}

// peerLines are (d): the same over PostGraphile.
func (s *stage) peerLines(ctx context.Context) ([]line, error) {
	if err := s.startPeer(ctx); err != nil || s.peer == nil {
		return nil, err
	}
	singles := peerSingles(s.peer.Host, s.events)
	var list []line
	for _, n := range s.options.callers {
		list = append(list, s.peerLine(singles, shape{callers: n, organizations: 1}))
	}
	for _, at := range []shape{{batch: 100, callers: 4}, {batch: 500, callers: 1}, {batch: 500, callers: 4}} {
		at.organizations = 1
		list = append(list, s.peerLine(peerBatches(s.peer.Host, s.events, at.batch), at))
	}
	return list, nil
}

// embeddedLines are (e): SQLite.
func (s *stage) embeddedLines(ctx context.Context) ([]line, error) {
	if err := s.startEmbedded(ctx); err != nil {
		return nil, err
	}
	each, err := s.sqliteTransactions(ctx)
	if err != nil {
		return nil, err
	}
	at := shape{scene: onSQLite, callers: 64, organizations: 1}
	list := []line{
		s.served(s.embedded, singles(s.embedded, s.events, 1), at),
		s.direct(transaction, at, each...),
	}
	for i := range list {
		list[i].Database = nil
	}
	return list, nil
}

// networkLines are (f): Postgres behind a slow network.
func (s *stage) networkLines(ctx context.Context) ([]line, error) {
	if err := s.startLimits(ctx); err != nil {
		return nil, err
	}
	if err := s.startDistant(ctx); err != nil {
		return nil, err
	}
	singles, batches := singles(s.distant, s.events, 1), batches(s.distant, s.events, 500)
	address := cluster.URL("limits", s.proxy.Port())
	engine, err := s.openEngine(ctx, address)
	if err != nil {
		return nil, err
	}
	inserter, err := s.inserter(ctx, address, distantInsertOrganization)
	if err != nil {
		return nil, err
	}
	one, err := s.pgbench(ctx, "pgbench-network", 1)
	if err != nil {
		return nil, err
	}
	alone := shape{scene: onNetwork, callers: 1, organizations: 1}
	crowd := shape{scene: onNetwork, callers: 64, organizations: 1}
	batch := shape{scene: onNetwork, batch: 500, callers: 1, organizations: 1}
	four := shape{scene: onNetwork, batch: 500, callers: 4, organizations: 1}
	call := func(size int) load.Call { return limit.Append(engine, appendOrganization, s.limits.entries, 0, size) }
	return []line{
		s.served(s.distant, singles, alone), s.direct(function, alone, call(1)), s.pgbenchLine(one, address, alone),
		s.served(s.distant, singles, crowd), s.pgbenchLine(one, address, crowd),
		s.served(s.distant, batches, batch), s.direct(function, batch, call(500)), s.direct(insert, batch, inserter.Batch(500)),
		s.served(s.distant, batches, four),
	}, nil
}
