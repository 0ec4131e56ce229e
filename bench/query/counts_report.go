package main

import (
	"fmt"
	"slices"
	"strings"

	"daybook/bench/cell"
)

// countTable is the table of (c).
func (r *report) countTable(b *strings.Builder) {
	if len(r.counts) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## Counts, facets and histograms\n\n| events | what | answers/s %s\n|--:|---|--:%s\n", cell.Heading, cell.Alignment)
	for _, line := range r.counts {
		fmt.Fprintf(b, "| %d | %s %s\n", line.events, line.what, cell.Columns(line.samples, "", false))
	}
}

func (r *report) findCount(events int, what string) []cell.Sample {
	i := slices.IndexFunc(r.counts, func(l countLine) bool { return l.events == events && l.what == what })
	if i < 0 {
		return nil
	}
	return r.counts[i].samples
}

// countGoals are those of R4, on the largest log.
func (r *report) countGoals() {
	if len(r.counts) == 0 {
		return
	}
	size := r.options.sizes[len(r.options.sizes)-1]
	halves := func(of, to string) []float64 {
		return cell.Ratios(r.findCount(size, of), r.findCount(size, to), cell.Halfway)
	}
	for _, c := range countCases() {
		if c.count {
			r.ratioGoal("R4", fmt.Sprintf("%s, %d events: p50 against a page's", c.name, size), 5, halves(c.name, onePage))
		}
	}
	r.ratioGoal("R4", fmt.Sprintf("%s, %d events: p50 against %s", histogramAll, size, rawHistogram), 0.1, halves(histogramAll, rawHistogram))
	r.ratioGoal("R4", fmt.Sprintf("%s, %d events: p50 against a month's", facetsAll, size), 5, halves(facetsAll, facetsMonth))
}
