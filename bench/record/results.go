package main

import (
	"slices"

	"daybook/bench/cell"
	"daybook/bench/load"
)

// find is the samples of a line, nil if it was not measured.
func (r *record) find(what string, at shape) []cell.Sample {
	i := slices.IndexFunc(r.lines, func(l line) bool { return l.what == what && l.shape == at })
	if i < 0 {
		return nil
	}
	return r.samples[i]
}

// side is one side of a comparison.
type side struct {
	what string
	at   shape
}

// goal is what must hold, as a ratio of two measurements.
type goal struct {
	name, text string
	of, to     side
	value      func(cell.Sample) float64
	bound      float64
	most       bool // the bound is the largest ratio; else the least
}

// goals are the recording goals.
func goals() []goal {
	single := func(callers, organizations int) shape { return shape{callers: callers, organizations: organizations} }
	batch := func(callers int) shape { return shape{batch: 500, callers: callers, organizations: 1} }
	embedded := shape{scene: onSQLite, callers: 64, organizations: 1}
	return []goal{
		{"W1", "single events, 64 callers: PostGraphile's function mutation", side{daybook, single(64, 1)}, side{peer, single(64, 1)}, cell.Rate, 5, false},
		{"W1", "single events, 64 callers: pgbench, 64 connections", side{daybook, single(64, 1)}, side{pgbench, single(64, 1)}, cell.Rate, 0.8, false},
		{"W1", "single events, 256 callers: pgbench, 64 connections", side{daybook, single(256, 1)}, side{pgbench, single(64, 1)}, cell.Rate, 1, false},
		{"W1", "the same with 1,000 organizations: PostGraphile with one", side{daybook, single(64, manyOrganizations)}, side{peer, single(64, 1)}, cell.Rate, 5, false},
		{"W1", "the same with 1,000 organizations: pgbench with 1,000", side{daybook, single(64, manyOrganizations)}, side{pgbench, single(64, manyOrganizations)}, cell.Rate, 0.8, false},
		{"W1", "the same with 1,000 organizations, 256 callers: pgbench with 1,000, 64", side{daybook, single(256, manyOrganizations)}, side{pgbench, single(64, manyOrganizations)}, cell.Rate, 1, false},
		{"W2", "batches of 500, 4 callers: PostGraphile's set-based function", side{daybook, batch(4)}, side{peer, batch(4)}, cell.Rate, 1.5, false},
		{"W2", "batches of 500, 4 callers: multi-row INSERT, one connection", side{daybook, batch(4)}, side{insert, batch(1)}, cell.Rate, 0.8, false},
		{"W3", "a lone caller's p50: the same without GraphQL, behind net/http by hand", side{daybook, single(1, 1)}, side{byHand, single(1, 1)}, cell.Halfway, 1.25, true},
		// What no answer over HTTP can keep where net/http alone takes as much.
		{"W3", "and the function called in the caller's process", side{daybook, single(1, 1)}, side{function, single(1, 1)}, cell.Halfway, 1.25, true},
		{"-", "in place of Daybook, net/http by hand: the function called in the caller's process", side{byHand, single(1, 1)}, side{function, single(1, 1)}, cell.Halfway, 1.25, true},
		{"W4", "SQLite, synchronous FULL, 64 callers: one transaction per event", side{daybook, embedded}, side{transaction, embedded}, cell.Rate, 3, false},
	}
}

// met says whether the median of the ratios keeps the goal.
func (g goal) met(ratios []float64) bool {
	if g.most {
		return load.Median(ratios) <= g.bound
	}
	return load.Median(ratios) >= g.bound
}
