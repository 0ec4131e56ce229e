package main

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

// sample is what one measurement of a cell found.
type sample struct {
	load.Result
	// Processor time: of the server that was called, of Postgres, of the callers.
	program, database, callers time.Duration
	memory                     int64 // the server's largest, in bytes
}

// record holds the samples of every cell, one for each round.
type record struct {
	cells   []cell
	samples [][]sample // by cell, then by round
}

func newRecord(cells []cell) *record {
	return &record{cells: cells, samples: make([][]sample, len(cells))}
}

// measure runs all cells in every round, each other round backwards, so that
// none always follows the same.
func (r *record) measure(ctx context.Context, o options, log io.Writer) error {
	for round := range o.rounds {
		for i := range r.cells {
			if round%2 == 1 {
				i = len(r.cells) - 1 - i
			}
			c := &r.cells[i]
			one, err := c.measure(ctx, o)
			if err != nil {
				return fmt.Errorf("%s: %w", c, err)
			}
			r.samples[i] = append(r.samples[i], one)
			fmt.Fprintf(log, "round %d of %d, %d of %d: %s: %.0f events/s\n",
				round+1, o.rounds, i+1, len(r.cells), c, one.Rate())
		}
	}
	return nil
}

// measure measures a cell once.
func (c *cell) measure(ctx context.Context, o options) (sample, error) {
	var begin, used sample
	length := time.Duration(o.seconds) * time.Second
	window := load.Window{
		Warm: length / 8, Length: length,
		Begin: func() {
			if c.program != nil {
				c.program.ResetPeak()
			}
			begin = c.usage()
			c.profile(ctx, o)
		},
		End: func() { used = c.usage() },
	}
	result, outside, err := c.run(ctx, window)
	if err != nil {
		return sample{}, err
	}
	one := sample{
		Result: result, memory: used.memory,
		program: used.program - begin.program, database: used.database - begin.database, callers: used.callers - begin.callers,
	}
	if outside > 0 {
		one.callers = outside
	}
	return one, nil
}

// usage is what has been used until now.
func (c *cell) usage() sample {
	s := sample{callers: process.OwnCPU()}
	if c.program != nil {
		s.program, s.memory = c.program.CPU(), c.program.PeakMemory()
	}
	if c.database != nil {
		s.database = c.database.CPU()
	}
	return s
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9]+`)

// profile starts a profile of the program, where that is wanted.
func (c *cell) profile(ctx context.Context, o options) {
	if o.profile == "" || c.profiler == "" {
		return
	}
	name := filepath.Join(o.profile, strings.Trim(notInNames.ReplaceAllString(c.String(), "-"), "-")+".pprof")
	go func() {
		if err := server.Profile(ctx, c.profiler, o.seconds, name); err != nil {
			fmt.Fprintln(os.Stderr, "record:", err)
		}
	}()
}

func (s scene) String() string { return [...]string{"Postgres", "SQLite", "Postgres, 1 ms away"}[s] }

// String names the cell.
func (c *cell) String() string {
	text := fmt.Sprintf("%s (%s)", c.what, c.scene)
	if c.batch > 0 {
		text += fmt.Sprintf(", batches of %d", c.batch)
	}
	text += fmt.Sprintf(", %d callers", c.callers)
	if c.organizations > 1 {
		text += fmt.Sprintf(", %d organizations", c.organizations)
	}
	return text
}
