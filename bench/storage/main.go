// Command storage measures how many bytes an event takes on disk in Postgres,
// with its indexes and its journal. See bench/README.md.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"daybook/audit"
	"daybook/bench/cluster"
	"daybook/bench/event"
	"daybook/bench/size"
	"daybook/ent/store"
)

// different is how many events differ; more are made of these.
const different = 100_000

// group is how many events are recorded together: as a busy server does.
const group = 100

// shares are the organizations that the events belong to, by percent.
var shares = []int{60, 25, 10, 5}

func main() {
	events := flag.Int("events", 1_000_000, "how many events are recorded")
	folder := flag.String("folder", os.TempDir(), "where the database is made, and deleted afterwards")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *events, *folder, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "storage:", err)
		os.Exit(1)
	}
}

// run records the events, measures, builds the indexes anew and measures again.
func run(ctx context.Context, events int, folder string, stdout io.Writer) (err error) {
	if folder, err = os.MkdirTemp(folder, "daybook-storage-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := os.Chmod(folder, 0o755); err != nil { // the server may be another user's
		return err
	}
	postgres, err := cluster.Start(ctx, folder, nil)
	if err != nil {
		return err
	}
	defer postgres.Stop()
	url, err := postgres.NewDatabase(ctx, "daybook")
	if err != nil {
		return err
	}
	if err := record(ctx, url, events); err != nil {
		return err
	}
	db, err := sql.Open("postgres", url)
	if err != nil {
		return err
	}
	defer db.Close()
	grown, err := size.OfLog(ctx, db)
	if err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, "REINDEX DATABASE daybook"); err != nil {
		return err
	}
	built, err := size.OfLog(ctx, db)
	if err != nil {
		return err
	}
	_, err = io.WriteString(stdout, size.Table(events, []string{"grown by recording", "indexes built after loading"}, grown, built))
	return err
}

// record grows a log of several organizations through the recording function.
func record(ctx context.Context, url string, events int) (err error) {
	s, err := store.Open(ctx, url, store.Options{Migrate: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	entries, err := event.Entries(ctx, event.Make(min(events, different)))
	if err != nil {
		return err
	}
	var organizations []audit.OrganizationID
	for i, share := range shares {
		made, err := s.CreateOrganization(ctx, fmt.Sprint("organization ", i+1), []byte("key"))
		if err != nil {
			return err
		}
		organizations = append(organizations, slices.Repeat([]audit.OrganizationID{made.ID}, share)...)
	}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same in every run
	for recorded := 0; recorded < events; recorded += group {
		next := audit.Group{Organization: organizations[random.IntN(len(organizations))], Token: int64(recorded) + 1}
		for i := range min(group, events-recorded) {
			next.Entries = append(next.Entries, entries[(recorded+i)%len(entries)])
		}
		if outcome := s.Append(ctx, []audit.Group{next})[0]; outcome.Err != nil {
			return outcome.Err
		}
	}
	return nil
}
