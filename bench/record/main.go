// Command record measures how fast Daybook records: against what its database
// can take, against a peer, and against its goals. See bench/README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"daybook/bench/machine"
)

// options are what can be chosen.
type options struct {
	rounds  int
	seconds int    // of one measurement
	callers []int  // how many call at once
	batches []int  // how many events are in a batch
	only    string // letters of what to measure; empty: all
	alone   bool   // only single events of a lone caller
	output  string // file for the table
	folder  string // for databases
	profile string // folder for profiles of the server
}

// selected says whether a part is to be measured.
func (o options) selected(letter string) bool {
	return o.only == "" || strings.Contains(o.only, letter)
}

func (o options) check() error {
	for letter := range strings.SplitSeq(o.only, ",") {
		if letter != "" && !strings.Contains("abcdef", letter) {
			return fmt.Errorf("-only is %q; it must be some of a,b,c,d,e,f", o.only)
		}
	}
	if o.rounds < 1 || o.seconds < 1 {
		return errors.New("-rounds and -seconds must be 1 or more")
	}
	return nil
}

func main() {
	o := options{callers: []int{1, 16, 64, 256}, batches: []int{1, 10, 100, 500}}
	quick := flag.Bool("quick", false, "one short round of fewer lines, to see that everything runs")
	flag.IntVar(&o.rounds, "rounds", 3, "how often everything is measured; 3 or more for medians that mean something")
	flag.IntVar(&o.seconds, "seconds", 4, "how long each measurement takes")
	flag.StringVar(&o.only, "only", "", "measure some `parts` only: "+
		"a single events, b batches, c limits, d PostGraphile, e SQLite, f a slow network; with commas between")
	flag.BoolVar(&o.alone, "alone", false, "measure single events of a lone caller only")
	flag.StringVar(&o.output, "o", "", "also write the tables to a `file`")
	flag.StringVar(&o.folder, "folder", os.TempDir(), "where the databases are made, and deleted afterwards: on the disk to measure")
	flag.StringVar(&o.profile, "profile", "", "write CPU profiles of the Daybook server into a `folder`")
	flag.Parse()
	if *quick {
		o.rounds, o.seconds = 1, 1
		o.callers, o.batches = []int{1, 64, 256}, []int{10, 500}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

// run measures and reports: progress to stderr, the tables to stdout.
func run(ctx context.Context, o options, stdout, stderr io.Writer) error {
	if err := o.check(); err != nil {
		return err
	}
	begun := time.Now()
	s, err := newStage(ctx, o, stderr)
	if err != nil {
		return err
	}
	defer s.close()
	lines, err := s.lines(ctx)
	if err != nil {
		return err
	}
	r, err := measure(ctx, lines, o, stderr)
	if err != nil {
		return err
	}
	m, err := machine.Describe(ctx, s.postgres, s.folder, s.load)
	if err != nil {
		return err
	}
	report := r.markdown(o, m, s.skipped, time.Since(begun))
	if o.output != "" {
		if err := os.WriteFile(o.output, []byte(report), 0o644); err != nil {
			return err
		}
	}
	_, err = io.WriteString(stdout, report)
	return err
}
