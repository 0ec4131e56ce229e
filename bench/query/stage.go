package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"daybook/bench/cluster"
	"daybook/bench/dataset"
	"daybook/bench/machine"
	"daybook/bench/server"
)

// stage has what is measured running. What no part needs is not started.
type stage struct {
	options   options
	log       io.Writer
	folder    string // deleted at the end
	binary    string // of Daybook
	load      string // average of the machine before anything began
	skipped   []string
	postgres  *cluster.Cluster
	databases []*dataset.Database // of the sizes

	ends []func() // in the order of the beginnings
}

// settings keep the disk that loading takes small, and let statements be seen.
var settings = cluster.Settings{"max_wal_size": "3GB", "maintenance_work_mem": "512MB", "log_checkpoints": "off", "log_autovacuum_min_duration": "-1"}

// newStage builds Daybook, starts Postgres and makes the logs.
func newStage(ctx context.Context, o options, log io.Writer) (_ *stage, err error) {
	s := &stage{options: o, log: log, load: machine.Load()}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.folder, err = os.MkdirTemp("", "daybook-bench-"); err != nil {
		return nil, err
	}
	s.onClose(func() { _ = os.RemoveAll(s.folder) })
	// Postgres runs as another user and needs a way to its folder.
	if err := os.Chmod(s.folder, 0o755); err != nil {
		return nil, err
	}
	s.say("building Daybook")
	if s.binary, err = server.Build(ctx, s.folder, o.profile != ""); err != nil {
		return nil, err
	}
	data := s.folder
	if o.folder != "" {
		data = o.folder
		if err := os.MkdirAll(data, 0o755); err != nil {
			return nil, err
		}
	}
	s.say("starting Postgres")
	if s.postgres, err = cluster.Start(ctx, data, settings); err != nil {
		return nil, err
	}
	s.onClose(s.postgres.Stop)
	return s, s.openLogs(ctx)
}

// openLogs makes the logs that are not there.
func (s *stage) openLogs(ctx context.Context) error {
	for _, size := range s.options.sizes {
		s.say(fmt.Sprintf("opening the log of %d events", size))
		database, err := dataset.Log{Events: size}.Open(ctx, s.postgres, s.log)
		if err != nil {
			return err
		}
		if database.Loading > 0 {
			s.say(fmt.Sprintf("it took %s", database.Loading.Round(time.Second)))
		}
		s.databases = append(s.databases, database)
	}
	return nil
}

// serve starts Daybook on a database.
func (s *stage) serve(ctx context.Context, database *dataset.Database) (*server.Server, error) {
	profiler := ""
	if s.options.profile != "" {
		profiler = filepath.Join(s.folder, fmt.Sprintf("profiler-%d", len(s.ends)))
	}
	started, err := server.Start(ctx, s.binary, database.Address, database.Secrets, profiler)
	if err == nil {
		s.onClose(func() { started.Stop(s.log) })
	}
	return started, err
}

func (s *stage) say(what string) { fmt.Fprintln(s.log, what) }

func (s *stage) onClose(end func()) { s.ends = append(s.ends, end) }

// close ends everything, the last started first.
func (s *stage) close() {
	for _, end := range slices.Backward(s.ends) {
		end()
	}
}
