package main

import (
	"testing"
	"time"

	"daybook/bench/cell"
	"daybook/bench/load"
)

// rounds are samples of that many events in a second each.
func rounds(events ...int64) []cell.Sample {
	list := make([]cell.Sample, len(events))
	for i, n := range events {
		list[i].Result = load.Result{Events: n, Elapsed: time.Second}
	}
	return list
}

func TestRatiosAreThoseWithinARound(t *testing.T) {
	// The machine was twice as fast in the second round, and four times in the third.
	got := cell.Ratios(rounds(50, 100, 240), rounds(10, 20, 40), cell.Rate)
	if load.Median(got) != 5 {
		t.Errorf("the ratios are %v", got)
	}
	if cell.Ratios(rounds(1), nil, cell.Rate) != nil || cell.Ratios(rounds(1), rounds(0), cell.Rate) != nil {
		t.Error("there is a ratio to what was not measured")
	}
}

func TestGoalsHaveADirection(t *testing.T) {
	least, most := goal{bound: 2}, goal{bound: 2, most: true}
	for ratio, want := range map[float64]bool{1.9: false, 2: true, 2.1: true} {
		if least.met([]float64{ratio}) != want {
			t.Errorf("at least 2 is kept by %g: %v", ratio, !want)
		}
		if ratio != 2 && most.met([]float64{ratio}) == want {
			t.Errorf("at most 2 is kept by %g: %v", ratio, want)
		}
	}
}

// A goal that names no measurement could never be met.
func TestEveryGoalIsMeasured(t *testing.T) {
	for _, g := range goals() {
		for _, s := range []side{g.of, g.to} {
			if order(s.what) < 0 || s.at.callers == 0 || s.at.organizations == 0 {
				t.Errorf("%s %q compares %+v", g.name, g.text, s)
			}
		}
	}
}

func TestOnlyNamesParts(t *testing.T) {
	for only, want := range map[string]bool{"": true, "a": true, "a,c,f": true, "g": false, "a,x": false} {
		err := options{only: only, rounds: 1, seconds: 1}.check()
		if (err == nil) != want {
			t.Errorf("-only %q: %v", only, err)
		}
	}
}
