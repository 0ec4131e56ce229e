package demo

import "time"

// agenda holds what is going to happen, by instant and then in the order in
// which it was planned. It is a binary heap; its zero value is empty.
type agenda struct {
	plans   []plan
	planned int
}

type plan struct {
	at    time.Time
	order int
	do    func()
}

func (p plan) before(other plan) bool {
	if p.at.Equal(other.at) {
		return p.order < other.order
	}
	return p.at.Before(other.at)
}

// add plans do for an instant.
func (a *agenda) add(at time.Time, do func()) {
	a.planned++
	a.plans = append(a.plans, plan{at: at, order: a.planned, do: do})
	for i := len(a.plans) - 1; i > 0; {
		parent := (i - 1) / 2
		if !a.plans[i].before(a.plans[parent]) {
			return
		}
		a.plans[i], a.plans[parent] = a.plans[parent], a.plans[i]
		i = parent
	}
}

// next takes out the earliest plan; false when there is none.
func (a *agenda) next() (plan, bool) {
	if len(a.plans) == 0 {
		return plan{}, false
	}
	earliest, last := a.plans[0], len(a.plans)-1
	a.plans[0], a.plans[last] = a.plans[last], plan{} // lets go of the closure
	a.plans = a.plans[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return earliest, true
		}
		if right := child + 1; right < last && a.plans[right].before(a.plans[child]) {
			child = right
		}
		if !a.plans[child].before(a.plans[i]) {
			return earliest, true
		}
		a.plans[i], a.plans[child] = a.plans[child], a.plans[i]
		i = child
	}
}
