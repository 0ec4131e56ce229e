package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"daybook/bench/cell"
	"daybook/bench/load"
	"daybook/bench/machine"
)

// report is what was found.
type report struct {
	options   options
	pages     []pageLine
	samples   [][]cell.Sample // of pages
	shelves   []*shelf        // of the filters
	cases     []filterCase
	embedded  *shelf // of SQLite; nil: not measured
	counts    []countLine
	exports   []*exportLine
	exported  int // events in each export
	relations []relation
	sized     int // events in the log whose relations they are
	goals     []goal
}

// goal is what must hold, and what was found.
type goal struct {
	name, text string
	bound      string
	found      string
	met        bool
}

func (r *report) addPages(lines []pageLine, samples [][]cell.Sample) {
	r.pages, r.samples = append(r.pages, lines...), append(r.samples, samples...)
}

// find is the samples of a line, nil if it was not measured.
func (r *report) find(line pageLine) []cell.Sample {
	if i := slices.Index(r.pages, line); i >= 0 {
		return r.samples[i]
	}
	return nil
}

// markdown is the whole report.
func (r *report) markdown(m machine.Machine, skipped []string, took time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Reading, measured\n\n%s\n\n", m)
	fmt.Fprintf(&b, "Medians of %d rounds of %s for each line, with the range of the rounds in brackets; the run took %s.\n",
		r.options.rounds, r.options.length, took.Round(time.Second))
	if r.options.rounds < 3 {
		b.WriteString("**Fewer than three rounds: these numbers only show that everything runs.**\n")
	}
	for _, line := range skipped {
		fmt.Fprintf(&b, "\nSkipped: %s\n", line)
	}
	r.matrixTable(&b, "Filters", r.shelves)
	r.pageTable(&b)
	r.countTable(&b)
	r.exportTable(&b)
	if r.embedded != nil {
		r.matrixTable(&b, "Filters on SQLite", []*shelf{r.embedded})
	}
	r.byteTable(&b)
	r.pageGoals()
	r.matrixGoals()
	r.countGoals()
	r.exportGoals()
	r.byteGoals()
	r.goalTable(&b)
	return b.String()
}

// pageTable is the table of (b).
func (r *report) pageTable(b *strings.Builder) {
	if len(r.pages) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## Pages of 50 events\n\n| events | connections | what | pages/s %s\n|--:|--:|---|--:%s\n", cell.Heading, cell.Alignment)
	for i, line := range r.pages {
		compared := ""
		if found := cell.Ratios(r.find(pageLine{line.events, line.connections, daybook}), r.samples[i], cell.Rate); line.what != daybook && found != nil {
			compared = fmt.Sprintf("%.2fx", load.Median(found))
		}
		fmt.Fprintf(b, "| %d | %d | %s %s\n", line.events, line.connections, line.what,
			cell.Columns(r.samples[i], compared, line.what != pgbench && line.what != peer))
	}
}

// pageGoals are those of R1, for each size.
func (r *report) pageGoals() {
	if len(r.pages) == 0 {
		return
	}
	for _, size := range r.options.sizes {
		for _, against := range []struct {
			what  string
			bound float64
		}{{peer, 5}, {direct, 0.7}, {tutorial, 25}} {
			g := goal{name: "R1", text: fmt.Sprintf("%d events, 8 connections, rate against %s", size, against.what), bound: fmt.Sprintf("at least %g", against.bound)}
			ratios := cell.Ratios(r.find(pageLine{size, 8, daybook}), r.find(pageLine{size, 8, against.what}), cell.Rate)
			if ratios != nil {
				g.found = fmt.Sprintf("%.2f (%.2f-%.2f)", load.Median(ratios), slices.Min(ratios), slices.Max(ratios))
				g.met = load.Median(ratios) >= against.bound
			}
			r.goals = append(r.goals, g)
		}
	}
}

// goalTable says what must hold, and whether it does.
func (r *report) goalTable(b *strings.Builder) {
	b.WriteString("\n## Goals\n\n| goal | what | bound | found | |\n|---|---|--:|--:|---|\n")
	for _, g := range r.goals {
		verdict := "**not met**"
		switch {
		case g.found == "":
			verdict = "not measured"
		case g.met:
			verdict = "met"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", g.name, g.text, g.bound, g.found, verdict)
	}
}
