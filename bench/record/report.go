package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"daybook/bench/load"
	"daybook/bench/machine"
)

// markdown is the whole report.
func (r *record) markdown(o options, m machine.Machine, skipped []string, took time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Recording, measured\n\n%s\n\n", m)
	fmt.Fprintf(&b, "Medians of %d rounds of %d s for each line, with the range of the rounds in brackets; the run took %s.\n",
		o.rounds, o.seconds, took.Round(time.Second))
	if o.rounds < 3 {
		b.WriteString("**Fewer than three rounds: these numbers only show that everything runs.**\n")
	}
	for _, line := range skipped {
		fmt.Fprintf(&b, "\nSkipped: %s\n", line)
	}
	r.table(&b, "Single events", func(c cell) bool { return c.scene == onPostgres && c.batch == 0 })
	r.table(&b, "Batches", func(c cell) bool { return c.scene == onPostgres && c.batch > 0 })
	r.table(&b, "SQLite", func(c cell) bool { return c.scene == onSQLite })
	r.table(&b, "Postgres behind a network of 1 ms", func(c cell) bool { return c.scene == onNetwork })
	r.goals(&b)
	return b.String()
}

// heading of each table. Processor time is that of one event.
const heading = `| callers | batch | organizations | what | events/s | Daybook is | p50 ms | p99 ms | server µs | Postgres µs | callers µs | server MB |
|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|
`

// table writes the lines of some cells, if there are any.
func (r *record) table(b *strings.Builder, title string, belongs func(cell) bool) {
	if !slices.ContainsFunc(r.cells, belongs) {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n%s", title, heading)
	for i, c := range r.cells {
		if belongs(c) {
			r.line(b, c, r.samples[i])
		}
	}
}

func (r *record) line(b *strings.Builder, c cell, samples []sample) {
	batch := "-"
	if c.batch > 0 {
		batch = fmt.Sprint(c.batch)
	}
	rates := each(samples, rate)
	fmt.Fprintf(b, "| %d | %s | %d | %s | **%.0f** (%.0f-%.0f) | %s ", c.callers, batch, c.organizations, c.what,
		load.Median(rates), slices.Min(rates), slices.Max(rates), r.compared(c, samples))
	fmt.Fprintf(b, "| %s | %s ",
		load.Milliseconds(load.Median(each(samples, func(s sample) time.Duration { return s.P50 }))),
		load.Milliseconds(load.Median(each(samples, func(s sample) time.Duration { return s.P99 }))))
	for _, used := range []func(sample) time.Duration{
		func(s sample) time.Duration { return s.program },
		func(s sample) time.Duration { return s.database },
		func(s sample) time.Duration { return s.callers },
	} {
		fmt.Fprintf(b, "| %s ", perEvent(samples, used))
	}
	memory := "-"
	if c.program != nil && c.what == daybook {
		memory = fmt.Sprint(load.Median(each(samples, func(s sample) int64 { return s.memory })) >> 20)
	}
	fmt.Fprintf(b, "| %s |\n", memory)
}

// compared is how many times as fast Daybook is when called alike.
func (r *record) compared(c cell, samples []sample) string {
	found := ratios(r.find(daybook, c.shape), samples, rate)
	if c.what == daybook || found == nil {
		return ""
	}
	return fmt.Sprintf("%.2fx", load.Median(found))
}

// perEvent is the processor time of an event in microseconds.
func perEvent(samples []sample, used func(sample) time.Duration) string {
	each := each(samples, func(s sample) float64 {
		return float64(used(s).Microseconds()) / max(1, float64(s.Events))
	})
	if value := load.Median(each); value > 0 {
		return fmt.Sprintf("%.0f", value)
	}
	return "-"
}

// goals writes what must hold, and whether it does.
func (r *record) goals(b *strings.Builder) {
	b.WriteString("\n## Goals\n\nEach is a ratio, the median of those within the rounds.\n\n")
	b.WriteString("| goal | Daybook against | bound | ratio | range | |\n|---|---|--:|--:|--:|---|\n")
	for _, g := range goals() {
		bound := fmt.Sprintf("at least %g", g.bound)
		if g.most {
			bound = fmt.Sprintf("at most %g", g.bound)
		}
		found := ratios(r.find(g.of.what, g.of.at), r.find(g.to.what, g.to.at), g.value)
		switch {
		case found == nil:
			fmt.Fprintf(b, "| %s | %s | %s | | | not measured |\n", g.name, g.text, bound)
		default:
			verdict := "**not met**"
			if g.met(found) {
				verdict = "met"
			}
			fmt.Fprintf(b, "| %s | %s | %s | %.2f | %.2f-%.2f | %s |\n", g.name, g.text, bound,
				load.Median(found), slices.Min(found), slices.Max(found), verdict)
		}
	}
}
