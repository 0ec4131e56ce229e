// Command query measures how fast Daybook reads, and how that changes with the
// size of the log: against what its database can do, against peers, and against
// its goals. See bench/README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"daybook/bench/dataset"
	"daybook/bench/machine"
)

// options are what can be chosen.
type options struct {
	effort
	sizes   []int  // events in the logs, the smallest first
	only    string // letters of what to measure; empty: all
	offline bool   // install nothing: who is not there is skipped
	output  string // file for the tables
	folder  string // keeps the databases; empty: they are deleted
	profile string // folder for profiles of the server
}

// parts are the letters of what can be measured.
const parts = "abcdef"

// selected says whether a part is to be measured.
func (o options) selected(letter string) bool {
	return o.only == "" || strings.Contains(o.only, letter)
}

func (o options) check() error {
	for letter := range strings.SplitSeq(o.only, ",") {
		if letter != "" && !strings.Contains(parts, letter) {
			return fmt.Errorf("-only is %q; it must be some of %s", o.only, strings.Join(strings.Split(parts, ""), ","))
		}
	}
	if o.rounds < 1 || o.length <= 0 {
		return errors.New("-rounds and -seconds must be 1 or more")
	}
	return nil
}

// readSizes reads the sizes of logs: "100000,1000000".
func (o *options) readSizes(text string) error {
	o.sizes = nil
	for each := range strings.SplitSeq(text, ",") {
		size, err := strconv.Atoi(each)
		if err != nil || size < dataset.ChunkSize || size%dataset.ChunkSize != 0 {
			return fmt.Errorf("%q is not a multiple of %d", each, dataset.ChunkSize)
		}
		if n := len(o.sizes); n > 0 && size <= o.sizes[n-1] {
			return errors.New("sizes must ascend")
		}
		o.sizes = append(o.sizes, size)
	}
	return nil
}

func main() {
	o := options{effort: usualEffort(), sizes: []int{100_000, 1_000_000}}
	quick := flag.Bool("quick", false, "one short round on 10,000 and 20,000 events, to see that everything runs")
	flag.Func("sizes", "how many `events` the logs have, with commas between (default 100000,1000000)", o.readSizes)
	flag.IntVar(&o.rounds, "rounds", o.rounds, "how often everything is measured; 3 or more for medians that mean something")
	seconds := flag.Int("seconds", int(o.length/time.Second), "how long each measurement takes")
	flag.StringVar(&o.only, "only", "", "measure some `parts` only: "+
		"a filters, b pages, c counts, d export, e SQLite, f bytes on disk; with commas between")
	flag.StringVar(&o.output, "o", "", "also write the tables to a `file`")
	flag.StringVar(&o.folder, "folder", "", "where the databases are made and kept, on the disk to measure; without it they are made and deleted")
	flag.BoolVar(&o.offline, "offline", false, "install nothing, and skip who is not there")
	flag.StringVar(&o.profile, "profile", "", "write CPU profiles of the Daybook server into a `folder`")
	flag.Parse()
	o.length = time.Duration(*seconds) * time.Second
	if *quick {
		o.effort, o.sizes = quickEffort(), []int{10_000, 20_000}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "query:", err)
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
	r := &report{options: o}
	for i, part := range []func(context.Context, *report) error{
		s.measureMatrix, s.measurePages, s.measureCounts, s.measureExports, s.measureEmbedded, s.measureBytes,
	} {
		if !o.selected(parts[i : i+1]) {
			continue
		}
		if err := part(ctx, r); err != nil {
			return err
		}
	}
	m, err := machine.Describe(ctx, s.postgres, s.folder, s.load)
	if err != nil {
		return err
	}
	text := r.markdown(m, s.skipped, time.Since(begun))
	if o.output != "" {
		if err := os.WriteFile(o.output, []byte(text), 0o644); err != nil {
			return err
		}
	}
	_, err = io.WriteString(stdout, text)
	return err
}
