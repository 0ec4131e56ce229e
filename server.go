// Command daybook is an audit log with a GraphQL API.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/rs/cors"

	"daybook/audit"
	"daybook/audit/activity"
	"daybook/auth"
	"daybook/ent/store"
	"daybook/graph"
	"daybook/web"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second signal ends the program at once
	tuneCollector(os.Getenv)
	err := run(ctx, os.Args[1:], environment{os.Getenv, os.Stdin, os.Stdout, os.Stderr})
	stop()
	switch {
	case err == nil || errors.Is(err, errUsage):
	default:
		fmt.Fprintln(os.Stderr, "daybook:", err)
		os.Exit(1)
	}
}

// tuneCollector lets the garbage collector run a fourth as often as by default,
// which spares a third of the processor's time, until the program has a memory
// that small machines would feel. GOGC and GOMEMLIMIT say otherwise.
func tuneCollector(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(1 << 30)
	}
}

// environment is what a program gets from its process; tests give their own.
type environment struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// run is the whole program: it returns when ctx ends or the command is done.
func run(ctx context.Context, args []string, env environment) error {
	c, err := parseConfig(args, env.getenv, env.stderr)
	if err != nil {
		return err
	}
	switch c.command {
	case "import":
		return runImport(ctx, c, env)
	case "export":
		return runExport(ctx, c, env)
	case "migrate":
		return runMigrate(ctx, c, env)
	case "organization":
		return runOrganization(ctx, c, env)
	default:
		return runServe(ctx, c, env)
	}
}

// daybook is the opened log: an engine, and the domain over it.
type daybook struct {
	log      *slog.Logger
	store    *store.Store
	keys     *audit.Keys
	recorder *audit.Recorder
	reader   *audit.Reader
	graphql  *graph.Handler

	following     sync.WaitGroup
	stopFollowing context.CancelFunc // nil while nobody follows
}

// openDaybook opens the database, brings it up to date and builds what stands
// on it. Close it after use.
func openDaybook(ctx context.Context, c config, log *slog.Logger) (*daybook, error) {
	engine, err := store.Open(ctx, c.database, store.Options{Migrate: true, Writers: c.writers, ReadTimeout: c.queryTimeout})
	if err != nil {
		return nil, err
	}
	d := &daybook{log: log, store: engine, keys: audit.NewKeys(engine, time.Now, log)}
	d.recorder = audit.NewRecorder(engine, audit.RecorderOptions{QueueEvents: c.queueEvents, Redaction: c.redaction, Log: log})
	d.reader = audit.NewReader(engine, engine, engine, d.keys)
	schema := graph.NewExecutableSchema(d.reader, activity.NewReader(d.reader, time.Now), d.recorder, d.keys)
	d.graphql = graph.NewHandler(schema, graph.Options{
		Limits: graph.Limits{Body: c.maxBody}, Log: log, Introspection: c.introspection, Recorder: d.recorder,
	})
	return d, nil
}

// close finishes what was accepted and gives the database back.
func (d *daybook) close(ctx context.Context) error {
	recorded := d.recorder.Close(ctx)
	if err := d.keys.Close(ctx); err != nil {
		d.log.Warn("the last uses of keys are not noted", "error", err) // nothing that was accepted is lost
	}
	if d.stopFollowing != nil {
		d.stopFollowing()
		d.following.Wait()
	}
	return errors.Join(recorded, d.store.Close())
}

// runServe serves until ctx ends, then finishes what was accepted.
func runServe(ctx context.Context, c config, env environment) error {
	log := c.logger(env.stderr)
	d, err := openDaybook(ctx, c, log)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.addr)
	if err != nil {
		return errors.Join(err, d.close(ctx))
	}
	base := "http://" + listener.Addr().String()
	if err := d.welcome(ctx, c, env, base); err != nil {
		return errors.Join(err, listener.Close(), d.close(ctx))
	}
	d.follow(ctx, log)
	server := &http.Server{
		Handler:           d.routes(ctx, c, log),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	log.Info("serving", "address", base, "database", databaseKind(c.database))
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err = <-failed:
	case <-ctx.Done():
		log.Info("stopping: finishing what was accepted")
	}
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.shutdownPeriod)
	defer cancel()
	return errors.Join(err, server.Shutdown(deadline), d.close(deadline))
}

// routes is the map of everything that is served until ctx ends.
func (d *daybook) routes(ctx context.Context, c config, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/graphql", auth.Require(d.authenticate, log, d.graphql))
	mux.Handle("/export", auth.Require(d.authenticate, log, graph.NewExportHandler(d.graphql, d.reader, c.exports, ctx.Done())))
	mux.Handle("/playground", web.Playground())
	mux.Handle("/playground/", web.Playground())
	mux.Handle("/{$}", web.Root())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answerText(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := d.store.Ping(r.Context()); err != nil {
			log.WarnContext(r.Context(), "not ready", "error", err)
			answerText(w, http.StatusServiceUnavailable, "the database does not answer")
			return
		}
		answerText(w, http.StatusOK, "ready")
	})
	if len(c.corsOrigins) == 0 {
		return mux
	}
	return cors.New(cors.Options{
		AllowedOrigins: c.corsOrigins,
		AllowedMethods: []string{http.MethodGet, http.MethodPost},
		AllowedHeaders: []string{"Authorization", "Content-Type", "Accept"},
		MaxAge:         600,
	}).Handler(mux)
}

func answerText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}

// authenticate gives the principal of a secret.
func (d *daybook) authenticate(ctx context.Context, secret string) (auth.Principal, error) {
	key, err := d.keys.Authenticate(ctx, secret)
	if audit.ErrorCode(err) == audit.CodeUnauthenticated {
		return auth.Principal{}, &auth.UnauthenticatedError{Message: err.Error()}
	} else if err != nil {
		return auth.Principal{}, err
	}
	organization, err := d.keys.Organization(ctx, key.Organization)
	if err != nil {
		return auth.Principal{}, err
	}
	return principal(organization, key), nil
}

func principal(organization *audit.Organization, key *audit.APIKey) auth.Principal {
	p := auth.Principal{Organization: int32(organization.ID), OrganizationName: organization.Name, KeyID: int32(key.ID), KeyName: key.Name}
	p.Scopes = make([]string, len(key.Scopes))
	for i, scope := range key.Scopes {
		p.Scopes[i] = scope.String()
	}
	return p
}
