package main

import (
	"fmt"
	"slices"
	"strings"

	"daybook/bench/load"
)

// exportTable is the table of (d).
func (r *report) exportTable(b *strings.Builder) {
	if len(r.exports) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## Export\n\nAll %d events of the largest organization, one export at a time.\n\n", r.exported)
	b.WriteString("| what | events/s | MB/s | bytes an event | against COPY as csv | of the columns shown | of row_to_json | server µs an event | server MB above idle |\n" +
		"|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, line := range r.exports {
		rates, speeds := line.each(r.rate), line.each(func(e exportRound) float64 { return float64(e.written) / 1e6 / e.took.Seconds() })
		fmt.Fprintf(b, "| %s | **%.0f** (%.0f-%.0f) | %.0f | %d | %s | %s |\n", line.what, load.Median(rates), slices.Min(rates), slices.Max(rates),
			load.Median(speeds), line.rounds[0].written/int64(r.exported), r.againstCopies(line), r.serverCells(line))
	}
	b.WriteString("\nR5 compares")
	for i, line := range r.compared() {
		fmt.Fprintf(b, "%s %s with %s", []string{"", ", and"}[min(i, 1)], line.what, line.limit.what)
	}
	fmt.Fprintf(b, ": each at least %.1fx, as Postgres itself writes that kind of text. The other ratios are told beside it.\n", leastExport)
}

// againstCopies are the cells with a line's ratios to each COPY.
func (r *report) againstCopies(line *exportLine) string {
	var cells []string
	for _, what := range []string{copied, copiedShown, copiedJSON} {
		limit := r.exports[slices.IndexFunc(r.exports, func(l *exportLine) bool { return l.what == what })]
		cells = append(cells, fmt.Sprintf("%.2fx", load.Median(r.against(line, limit))))
	}
	return strings.Join(cells, " | ")
}

// serverCells are what a line took of its server.
func (r *report) serverCells(line *exportLine) string {
	if line.server == nil {
		return "- | -"
	}
	perEvent := line.each(func(e exportRound) float64 { return float64(e.cpu.Microseconds()) / float64(r.exported) })
	return fmt.Sprintf("%.1f | %.0f", load.Median(perEvent), line.memory())
}

func (l *exportLine) each(value func(exportRound) float64) []float64 {
	list := make([]float64, len(l.rounds))
	for i, round := range l.rounds {
		list[i] = value(round)
	}
	return list
}

// memory is the most that the server's has grown, in MB.
func (l *exportLine) memory() float64 {
	return slices.Max(l.each(func(e exportRound) float64 { return float64(e.grown) / (1 << 20) }))
}

func (r *report) rate(e exportRound) float64 { return float64(r.exported) / e.took.Seconds() }

// against are the ratios of a line's rate to another's, within the rounds.
func (r *report) against(line, limit *exportLine) []float64 {
	rates, limits := line.each(r.rate), limit.each(r.rate)
	for i := range rates {
		rates[i] /= limits[i]
	}
	return rates
}

// compared are the lines that R5 is read on.
func (r *report) compared() (lines []*exportLine) {
	for _, line := range r.exports {
		if line.limit != nil {
			lines = append(lines, line)
		}
	}
	return lines
}

// leastExport is the least ratio that R5 asks for.
const leastExport = 0.8

// exportGoals are those of R5.
func (r *report) exportGoals() {
	for _, line := range r.compared() {
		ratios := r.against(line, line.limit)
		r.goals = append(r.goals, goal{
			name: "R5", text: line.what + ": rate against " + line.limit.what, bound: fmt.Sprintf("at least %g", leastExport),
			found: fmt.Sprintf("%.2f (%.2f-%.2f)", load.Median(ratios), slices.Min(ratios), slices.Max(ratios)), met: load.Median(ratios) >= leastExport,
		}, goal{
			name: "R5", text: line.what + ": memory above idle, MB", bound: "under 64",
			found: fmt.Sprintf("%.0f", line.memory()), met: line.memory() < 64,
		})
	}
}
