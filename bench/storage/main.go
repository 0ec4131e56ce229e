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
	"daybook/bench/dataset"
	"daybook/bench/size"
	"daybook/ent/store"
)

// group is how many events are recorded together: as a busy server does.
const group = 100

func main() {
	events := flag.Int("events", 1_000_000, "how many events are recorded")
	folder := flag.String("folder", os.TempDir(), "where the database is made, and deleted afterwards")
	flag.Parse()
	*events -= *events % dataset.ChunkSize
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
	defer func() { _ = db.Close() }() // only read through
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

// record grows the log of package dataset through the recording function.
func record(ctx context.Context, url string, events int) (err error) {
	s, err := store.Open(ctx, url, store.Options{Migrate: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for i := range dataset.Organizations {
		if _, err := s.CreateOrganization(ctx, fmt.Sprint("organization ", i+1), []byte("key")); err != nil {
			return err
		}
	}
	if err := recordAll(ctx, s, dataset.Log{Events: events}); err != nil {
		return err
	}
	return s.CatchUp(ctx, func(int64, int64) {}) // the index of texts
}

func recordAll(ctx context.Context, s *store.Store, log dataset.Log) error {
	for n := range log.Chunks() {
		chunk, err := log.Chunk(ctx, n)
		if err != nil {
			return err
		}
		for _, of := range chunk.Groups {
			for entries := range slices.Chunk(of.Entries, group) {
				next := audit.Group{Organization: of.Organization, Token: rand.Int64(), Entries: entries} //nolint:gosec // tells groups apart
				if outcome := s.Append(ctx, []audit.Group{next})[0]; outcome.Err != nil {
					return outcome.Err
				}
			}
		}
	}
	return nil
}
