package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"daybook/bench/load"
)

// matrixTable is the table of (a), or with SQLite that of (e).
func (r *report) matrixTable(b *strings.Builder, title string, shelves []*shelf) {
	if len(shelves) == 0 {
		return
	}
	b.WriteString("\n## " + title + "\n\nA page of 50 events with actors and sections in this process, for each log: p50 / p95 in ms, and the buffers touched " +
		"by the statements that find events, p50 / p95 of the draws (behind +: by looking up names).\n\n| filter | promise | events found |")
	for _, one := range shelves {
		fmt.Fprintf(b, " %s: ms | buffers |", one.name)
	}
	b.WriteString("\n|---|---|--:|" + strings.Repeat("--:|--:|", len(shelves)) + "\n")
	for i := range r.cases {
		c := &r.cases[i]
		fmt.Fprintf(b, "| %s | %s | %s |", c.name, c.kind, eventsFound(c, shelves))
		for _, one := range shelves {
			f := one.found[c.name]
			fmt.Fprintf(b, " %s / %s%s | %s |", load.Milliseconds(load.Median(f.p50)), load.Milliseconds(load.Median(f.p95)), f.stops(), f.bufferText())
		}
		b.WriteString("\n")
	}
}

// eventsFound is how many events the pages had, on the smallest and the largest
// log.
func eventsFound(c *filterCase, shelves []*shelf) string {
	first, last := shelves[0].found[c.name], shelves[len(shelves)-1].found[c.name]
	return fmt.Sprintf("%d-%d", load.Median(first.rows), load.Median(last.rows))
}

func (f *found) stops() string {
	if f.stopped == 0 {
		return ""
	}
	return " (stopped)"
}

func (f *found) bufferText() string {
	if len(f.buffers) == 0 {
		return "-"
	}
	return fmt.Sprintf("%d / %d +%d", load.Median(f.buffers), load.Percentile(f.buffers, 95), load.Median(f.names))
}

// roundRatios compare times within rounds.
func roundRatios(of, to []time.Duration) []float64 {
	var list []float64
	for i := range min(len(of), len(to)) {
		list = append(list, float64(of[i])/float64(to[i]))
	}
	return list
}

// matrixGoals are those of R2 and R3.
func (r *report) matrixGoals() {
	if len(r.shelves) == 0 {
		return
	}
	small, large := r.shelves[0], r.shelves[len(r.shelves)-1]
	for i := range r.cases {
		c := &r.cases[i]
		f := large.found[c.name]
		if c.kind.buffers() == 0 {
			continue
		}
		if bound := c.kind.buffers(); len(f.buffers) > 0 {
			p95 := load.Percentile(f.buffers, 95)
			r.goals = append(r.goals, goal{
				name: c.kind.goalName(), text: fmt.Sprintf("%s, %s events: buffers, p95", c.name, large.name),
				bound: fmt.Sprintf("at most %d", bound), found: fmt.Sprint(p95), met: p95 <= int64(bound),
			})
		}
		switch {
		case c.kind == combined:
			newest := large.found["newest page"]
			r.ratioGoal("R3", fmt.Sprintf("%s, %s events: p95 against the newest page's", c.name, large.name), 20, roundRatios(f.p95, newest.p95))
		case c.kind == deep:
			newest := large.found["newest page"]
			r.ratioGoal("R2", fmt.Sprintf("%d deep, %s events: p50 against the newest page's", depth(large.log), large.name), 1.5, roundRatios(f.p50, newest.p50))
		case small != large:
			r.ratioGoal("R2", fmt.Sprintf("%s: p50 on %s events against %s", c.name, large.name, small.name), 1.5, roundRatios(f.p50, small.found[c.name].p50))
		}
	}
}

func (k kind) goalName() string {
	if k == combined {
		return "R3"
	}
	return "R2"
}

// ratioGoal adds a goal that the median of ratios is small.
func (r *report) ratioGoal(name, text string, most float64, ratios []float64) {
	g := goal{name: name, text: text, bound: fmt.Sprintf("at most %g", most)}
	if len(ratios) > 0 {
		g.found = fmt.Sprintf("%.2f (%.2f-%.2f)", load.Median(ratios), slices.Min(ratios), slices.Max(ratios))
		g.met = load.Median(ratios) <= most
	}
	r.goals = append(r.goals, g)
}
