package main

import (
	"math"
	"time"
)

// effort says how much of everything is measured.
type effort struct {
	rounds      int
	length      time.Duration // of one measurement
	draws       int           // of each filter in a round
	places      int           // how many pages are asked for, one after the other
	connections []int         // how many call at once
	largest     int           // log that is measured where growth is not the question
}

// usualEffort is for numbers, quickEffort to see that everything runs.
func usualEffort() effort {
	return effort{rounds: 3, length: 3 * time.Second, draws: 40, places: 64, connections: []int{8, 32}, largest: math.MaxInt}
}

func quickEffort() effort {
	return effort{rounds: 1, length: 100 * time.Millisecond, draws: 2, places: 8, connections: []int{8}, largest: 10_000}
}
