package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"daybook/bench/machine"
)

// markdown is the whole report.
func markdown(o options, m machine.Machine, lines []line, took time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# An agent's activity, measured\n\n%s\n\n", m)
	fmt.Fprintf(&b, "%d other events beside %d of a team. Medians of %d rounds of %d calls each, with the range of the rounds in brackets; ratios are\nmedians of those within the rounds. The run took %s.\n\n",
		o.events, teamSize*monthEvents, o.rounds, o.calls, took.Round(time.Second))
	b.WriteString("| question | asked by | ms | times the statement by hand |\n|---|---|--:|--:|\n")
	var byHand line
	for _, l := range lines {
		if l.question != byHand.question {
			byHand = l
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", l.question, l.what, ranged(l.rounds, milliseconds), ratios(l, byHand))
	}
	return b.String()
}

// ratios compares a line with another measured in the same rounds.
func ratios(l, with line) string {
	list := make([]float64, len(l.rounds))
	for i := range list {
		list[i] = float64(l.rounds[i]) / float64(with.rounds[i])
	}
	return ranged(list, func(r float64) string { return fmt.Sprintf("%.2f", r) })
}

// ranged is the median of a list, with its smallest and greatest.
func ranged[T int | float64 | time.Duration](list []T, text func(T) string) string {
	list = slices.Sorted(slices.Values(list))
	return fmt.Sprintf("%s (%s-%s)", text(list[len(list)/2]), text(list[0]), text(list[len(list)-1]))
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }
