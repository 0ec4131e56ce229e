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
	r.table(&b, "Single events", func(l line) bool { return l.scene == onPostgres && l.batch == 0 })
	r.table(&b, "Batches", func(l line) bool { return l.scene == onPostgres && l.batch > 0 })
	r.table(&b, "SQLite", func(l line) bool { return l.scene == onSQLite })
	r.table(&b, "Postgres behind a network of 1 ms", func(l line) bool { return l.scene == onNetwork })
	r.goals(&b)
	return b.String()
}

// heading of each table. Processor time is that of one event.
const heading = `| callers | batch | organizations | what | events/s ` + cell.Heading + `
|--:|--:|--:|---|--:` + cell.Alignment + "\n"

// table writes the lines of some cells, if there are any.
func (r *record) table(b *strings.Builder, title string, belongs func(line) bool) {
	if !slices.ContainsFunc(r.lines, belongs) {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n%s", title, heading)
	for i, c := range r.lines {
		if belongs(c) {
			r.line(b, c, r.samples[i])
		}
	}
}

func (r *record) line(b *strings.Builder, l line, samples []cell.Sample) {
	batch := "-"
	if l.batch > 0 {
		batch = fmt.Sprint(l.batch)
	}
	fmt.Fprintf(b, "| %d | %s | %d | %s %s\n", l.callers, batch, l.organizations, l.what,
		cell.Columns(samples, r.compared(l, samples), l.what == daybook))
}

// compared is how many times as fast Daybook is when called alike.
func (r *record) compared(c line, samples []cell.Sample) string {
	found := cell.Ratios(r.find(daybook, c.shape), samples, cell.Rate)
	if c.what == daybook || found == nil {
		return ""
	}
	return fmt.Sprintf("%.2fx", load.Median(found))
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
		found := cell.Ratios(r.find(g.of.what, g.of.at), r.find(g.to.what, g.to.at), g.value)
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
