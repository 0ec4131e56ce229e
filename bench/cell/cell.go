// Package cell measures: each thing again and again, in rounds, and with it what
// the programs behind it use of the machine.
package cell

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"daybook/bench/load"
	"daybook/bench/process"
	"daybook/bench/server"
)

// Cell is one thing to measure.
type Cell struct {
	Name string
	// Run measures once. It says how much processor time a load generator outside
	// of this process has taken.
	Run func(ctx context.Context, window load.Window) (load.Result, time.Duration, error)
	// Program is the server that is called; nil when there is none.
	Program *process.Process
	// Database is the Postgres server; nil on SQLite.
	Database *process.Process
	Profiler string // of the program; empty without
}

// Sample is what one measurement of a cell found.
type Sample struct {
	load.Result
	// Processor time: of the server that was called, of Postgres, of the callers.
	Program, Database, Callers time.Duration
	Memory                     int64 // the server's largest, in bytes
}

// Plan says how to measure.
type Plan struct {
	Rounds  int
	Length  time.Duration // of each measurement
	Unit    string        // of rates: "events"
	Profile string        // folder for profiles of programs that have a profiler; empty for none
	Log     io.Writer     // for progress
}

// Measure runs all cells in every round, each other round backwards, so that none
// always follows the same. It gives the samples by cell, then by round.
func Measure(ctx context.Context, cells []Cell, p Plan) ([][]Sample, error) {
	samples := make([][]Sample, len(cells))
	for round := range p.Rounds {
		for i := range cells {
			if round%2 == 1 {
				i = len(cells) - 1 - i
			}
			one, err := cells[i].measure(ctx, p)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", cells[i].Name, err)
			}
			samples[i] = append(samples[i], one)
			fmt.Fprintf(p.Log, "round %d of %d, %d of %d: %s: %.0f %s/s\n",
				round+1, p.Rounds, i+1, len(cells), cells[i].Name, one.Rate(), p.Unit)
		}
	}
	return samples, nil
}

// measure measures a cell once.
func (c *Cell) measure(ctx context.Context, p Plan) (Sample, error) {
	var begin, used Sample
	window := load.Window{
		Warm: p.Length / 8, Length: p.Length,
		Begin: func() {
			if c.Program != nil {
				c.Program.ResetPeak()
			}
			begin = c.usage()
			c.profile(ctx, p)
		},
		End: func() { used = c.usage() },
	}
	result, outside, err := c.Run(ctx, window)
	if err != nil {
		return Sample{}, err
	}
	one := Sample{
		Result: result, Memory: used.Memory,
		Program: used.Program - begin.Program, Database: used.Database - begin.Database, Callers: used.Callers - begin.Callers,
	}
	if outside > 0 {
		one.Callers = outside
	}
	return one, nil
}

// usage is what has been used until now.
func (c *Cell) usage() Sample {
	s := Sample{Callers: process.OwnCPU()}
	if c.Program != nil {
		s.Program, s.Memory = c.Program.CPU(), c.Program.PeakMemory()
	}
	if c.Database != nil {
		s.Database = c.Database.CPU()
	}
	return s
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9]+`)

// profile starts a profile of the program, where that is wanted.
func (c *Cell) profile(ctx context.Context, p Plan) {
	if p.Profile == "" || c.Profiler == "" {
		return
	}
	name := filepath.Join(p.Profile, strings.Trim(notInNames.ReplaceAllString(c.Name, "-"), "-")+".pprof")
	go func() {
		if err := server.Profile(ctx, c.Profiler, int(p.Length/time.Second), name); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}()
}

// Calling runs calls in this process.
func Calling(calls ...load.Call) func(context.Context, load.Window) (load.Result, time.Duration, error) {
	return func(ctx context.Context, window load.Window) (load.Result, time.Duration, error) {
		result, err := load.Run(ctx, calls, window)
		return result, 0, err
	}
}

// Requesting has that many callers send requests to a host, around and around.
func Requesting(host string, requests []load.Request, count int) func(context.Context, load.Window) (load.Result, time.Duration, error) {
	return func(ctx context.Context, window load.Window) (load.Result, time.Duration, error) {
		calls, closeAll, err := load.Callers(ctx, host, requests, count)
		if err != nil {
			return load.Result{}, 0, err
		}
		defer closeAll()
		result, err := load.Run(ctx, calls, window)
		return result, 0, err
	}
}
