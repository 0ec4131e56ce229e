package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"daybook/bench/cluster"
	"daybook/bench/delay"
	"daybook/bench/event"
	"daybook/bench/load"
	"daybook/bench/machine"
	"daybook/bench/postgraphile"
	"daybook/bench/server"
)

// manyOrganizations is how many share a server in the second line of single
// events.
const manyOrganizations = 1000

// networkDelay is the round trip of the slow network.
const networkDelay = time.Millisecond

// stage has everything that is measured running. What no part needs is not
// started.
type stage struct {
	options options
	log     io.Writer
	folder  string // deleted at the end
	events  []event.Event
	binary  string // of Daybook
	load    string // average of the machine before anything began
	skipped []string

	postgres *cluster.Cluster
	local    *server.Server // Daybook on Postgres
	distant  *server.Server // Daybook on Postgres behind the slow network
	embedded *server.Server // Daybook on SQLite
	proxy    *delay.Proxy
	peer     *postgraphile.Server
	limits   *limits

	ends []func() // in the order of the beginnings
}

// newStage builds Daybook and starts what all parts need.
func newStage(ctx context.Context, o options, log io.Writer) (_ *stage, err error) {
	s := &stage{options: o, log: log, events: event.Make(8000), load: machine.Load()}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.folder, err = os.MkdirTemp(o.folder, "daybook-bench-"); err != nil {
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
	s.say("starting Postgres")
	if s.postgres, err = cluster.Start(ctx, s.folder, nil); err != nil {
		return nil, err
	}
	s.onClose(s.postgres.Stop)
	return s, nil
}

func (s *stage) say(what string) { fmt.Fprintln(s.log, what) }

func (s *stage) onClose(end func()) { s.ends = append(s.ends, end) }

// close ends everything, the last started first.
func (s *stage) close() {
	for _, end := range slices.Backward(s.ends) {
		end()
	}
}

// startLocal starts Daybook on Postgres, with many organizations.
func (s *stage) startLocal(ctx context.Context) (err error) {
	if s.local != nil {
		return nil
	}
	s.say("starting Daybook on Postgres")
	address, err := s.postgres.NewDatabase(ctx, "daybook")
	if err != nil {
		return err
	}
	s.local, err = s.startServer(ctx, address, address, manyOrganizations)
	return err
}

// startDistant starts Daybook behind the slow network.
func (s *stage) startDistant(ctx context.Context) (err error) {
	s.say("starting Daybook on Postgres behind a slow network")
	target := net.JoinHostPort("127.0.0.1", strconv.Itoa(s.postgres.Port))
	if s.proxy, err = delay.Listen(ctx, target, networkDelay); err != nil {
		return err
	}
	s.onClose(func() { _ = s.proxy.Close() })
	address, err := s.postgres.NewDatabase(ctx, "distant")
	if err != nil {
		return err
	}
	s.distant, err = s.startServer(ctx, address, cluster.URL("distant", s.proxy.Port()), 1)
	return err
}

// startEmbedded starts Daybook on SQLite.
func (s *stage) startEmbedded(ctx context.Context) (err error) {
	s.say("starting Daybook on SQLite")
	address := "sqlite:" + filepath.Join(s.folder, "daybook.db")
	s.embedded, err = s.startServer(ctx, address, address, 1)
	return err
}

// startServer prepares a database and starts Daybook, which may reach it by
// another address.
func (s *stage) startServer(ctx context.Context, prepare, address string, organizations int) (*server.Server, error) {
	secrets, err := server.PrepareDatabase(ctx, prepare, organizations)
	if err != nil {
		return nil, err
	}
	profiler := ""
	if s.options.profile != "" {
		profiler = filepath.Join(s.folder, fmt.Sprintf("profiler-%d", len(s.ends)))
	}
	started, err := server.Start(ctx, s.binary, address, secrets, profiler)
	if err != nil {
		return nil, err
	}
	s.onClose(func() { started.Stop(s.log) })
	return started, load.SendOnce(ctx, started.Host, batches(started, s.events, 500))
}

// startPeer starts PostGraphile, or notes why it is skipped.
func (s *stage) startPeer(ctx context.Context) error {
	s.say("starting PostGraphile")
	folder, err := postgraphile.Install(ctx)
	if errors.Is(err, postgraphile.ErrMissing) {
		s.skipped = append(s.skipped, "d: "+err.Error())
		return nil
	} else if err != nil {
		return err
	}
	address, err := s.postgres.NewDatabase(ctx, "peer")
	if err != nil {
		return err
	}
	if s.peer, err = postgraphile.Start(ctx, folder, address, "peer", postgraphile.Recording); err != nil {
		return err
	}
	s.onClose(s.peer.Stop)
	return load.SendOnce(ctx, s.peer.Host, peerBatches(s.peer.Host, s.events, 500))
}
