package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"daybook/bench/cell"
	"daybook/bench/dataset"
	"daybook/bench/server"
	"daybook/ent/store"
)

// embeddedEvents is the largest log that SQLite is measured with.
const embeddedEvents = 1_000_000

// measureEmbedded is (e): every filter, and pages per second, on SQLite.
func (s *stage) measureEmbedded(ctx context.Context, r *report) error {
	log := s.largest(embeddedEvents).Log
	database, err := s.openEmbedded(ctx, log)
	if err != nil {
		return err
	}
	one := &shelf{name: fmt.Sprintf("SQLite, %d", log.Events), log: log, found: map[string]*found{}}
	if _, one.pages, err = s.openReader(ctx, database.Address, 1); err != nil {
		return err
	}
	r.embedded, r.cases = one, append(filterCases(), deepCase)
	if err := s.measureShelves(ctx, []*shelf{one}, r.cases); err != nil {
		return err
	}
	from, err := findPlaces(ctx, one.pages, log, s.options.places)
	if err != nil {
		return err
	}
	contender, err := s.startDaybook(ctx, database, from)
	if err != nil {
		return err
	}
	var cells []cell.Cell
	for _, count := range s.options.connections {
		one := contender.cell
		one.Name = fmt.Sprintf("Daybook on SQLite, %d connections", count)
		one.Run = cell.Requesting(contender.host, contender.requests, count)
		cells = append(cells, one)
	}
	samples, err := cell.Measure(ctx, cells, s.plan("pages"))
	if err != nil {
		return err
	}
	for i, count := range s.options.connections {
		r.addPages([]pageLine{{log.Events, count, daybookEmbedded}}, samples[i:i+1])
	}
	return nil
}

// openEmbedded gives a SQLite file with a log, and records it unless it is there.
func (s *stage) openEmbedded(ctx context.Context, log dataset.Log) (*dataset.Database, error) {
	folder := s.folder
	if s.options.folder != "" {
		folder = s.options.folder
	}
	name := filepath.Join(folder, fmt.Sprintf("events-%d-version-%d.db", log.Events, dataset.Version))
	d := &dataset.Database{Log: log, Address: "sqlite:" + name}
	if _, err := os.Stat(name); err == nil {
		if d.Secrets, err = server.PrepareDatabase(ctx, d.Address, dataset.Organizations); err == nil {
			return d, nil
		} // else it has other tables than this program, and is made anew
	}
	making := filepath.Join(folder, "making.db")
	for _, left := range []string{making, making + "-wal", making + "-shm", name} {
		if err := os.Remove(left); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	s.say(fmt.Sprintf("recording %d events on SQLite", log.Events))
	if err := s.recordEmbedded(ctx, log, "sqlite:"+making); err != nil {
		return nil, err
	}
	if err := os.Rename(making, name); err != nil { // closed, it is one file
		return nil, err
	}
	var err error
	d.Secrets, err = server.PrepareDatabase(ctx, d.Address, dataset.Organizations)
	return d, err
}

func (s *stage) recordEmbedded(ctx context.Context, log dataset.Log, address string) (err error) {
	if _, err := server.PrepareDatabase(ctx, address, dataset.Organizations); err != nil {
		return err
	}
	engine, err := store.Open(ctx, address, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	if err := log.Record(ctx, engine, s.progress("recorded", log)); err != nil {
		return err
	}
	return engine.CatchUp(ctx, func(int64, int64) {})
}
