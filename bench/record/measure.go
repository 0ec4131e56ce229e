package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"daybook/bench/cell"
)

// record holds the samples of every line, one for each round.
type record struct {
	lines   []line
	samples [][]cell.Sample // by line, then by round
}

// measure measures all lines.
func measure(ctx context.Context, lines []line, o options, log io.Writer) (*record, error) {
	cells := make([]cell.Cell, len(lines))
	for i := range lines {
		cells[i] = lines[i].Cell
		cells[i].Name = lines[i].String()
	}
	samples, err := cell.Measure(ctx, cells, cell.Plan{
		Rounds: o.rounds, Length: time.Duration(o.seconds) * time.Second, Unit: "events", Profile: o.profile, Log: log,
	})
	return &record{lines, samples}, err
}

func (s scene) String() string { return [...]string{"Postgres", "SQLite", "Postgres, 1 ms away"}[s] }

// String names the line.
func (l *line) String() string {
	text := fmt.Sprintf("%s (%s)", l.what, l.scene)
	if l.batch > 0 {
		text += fmt.Sprintf(", batches of %d", l.batch)
	}
	text += fmt.Sprintf(", %d callers", l.callers)
	if l.organizations > 1 {
		text += fmt.Sprintf(", %d organizations", l.organizations)
	}
	return text
}
