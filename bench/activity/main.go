// Command activity measures what an agent's month and a team's day cost inside a
// large log, against one hand-written statement with window functions that gives
// the same numbers.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"daybook/bench/cluster"
	"daybook/bench/machine"
)

// options say what is measured and how long.
type options struct {
	events int // others than those of the team
	rounds int
	calls  int // of each thing in a round
	output string
	folder string
}

func main() {
	var o options
	flag.IntVar(&o.events, "events", 1_000_000, "how many other events the log has")
	flag.IntVar(&o.rounds, "rounds", 5, "how often everything is measured")
	flag.IntVar(&o.calls, "calls", 40, "how many calls of each thing a round has")
	flag.StringVar(&o.output, "o", "", "also write the table to a `file`")
	flag.StringVar(&o.folder, "folder", os.TempDir(), "where the database is made, and deleted afterwards")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "activity:", err)
		os.Exit(1)
	}
}

// run measures and reports: progress to stderr, the table to stdout.
func run(ctx context.Context, o options, stdout, stderr io.Writer) error {
	if o.events < 0 || o.rounds < 1 || o.calls < 1 {
		return fmt.Errorf("-events must be 0 or more, -rounds and -calls 1 or more")
	}
	average := machine.Load()
	folder, err := os.MkdirTemp(o.folder, "daybook-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	// Postgres runs as another user and needs a way to its folder.
	if err := os.Chmod(folder, 0o755); err != nil {
		return err
	}
	begun := time.Now()
	fmt.Fprintln(stderr, "starting Postgres")
	postgres, err := cluster.Start(ctx, folder, nil)
	if err != nil {
		return err
	}
	defer postgres.Stop()
	address, err := postgres.NewDatabase(ctx, "daybook")
	if err != nil {
		return err
	}
	log, err := openLog(ctx, address)
	if err != nil {
		return err
	}
	defer log.close()
	fmt.Fprintf(stderr, "filling the log with %d events\n", o.events+teamSize*monthEvents)
	if err := log.fill(ctx, o.events); err != nil {
		return err
	}
	fmt.Fprintln(stderr, "measuring")
	lines, err := log.measure(ctx, o)
	if err != nil {
		return err
	}
	m, err := machine.Describe(ctx, postgres, folder, average)
	if err != nil {
		return err
	}
	report := markdown(o, m, lines, time.Since(begun))
	if o.output != "" {
		if err := os.WriteFile(o.output, []byte(report), 0o644); err != nil {
			return err
		}
	}
	_, err = io.WriteString(stdout, report)
	return err
}
