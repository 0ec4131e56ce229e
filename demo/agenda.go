package demo

import (
	"container/heap"
	"time"
)

// agenda holds what is going to happen, by instant and then in the order in
// which it was planned. Its zero value is empty.
type agenda struct {
	plans   plans
	planned int
}

type plan struct {
	at    time.Time
	order int
	do    func()
}

// add plans do for an instant.
func (a *agenda) add(at time.Time, do func()) {
	a.planned++
	heap.Push(&a.plans, plan{at: at, order: a.planned, do: do})
}

// next takes out the earliest plan; false when there is none.
func (a *agenda) next() (plan, bool) {
	if len(a.plans) == 0 {
		return plan{}, false
	}
	return heap.Pop(&a.plans).(plan), true
}

// plans implements [heap.Interface].
type plans []plan

func (p plans) Len() int      { return len(p) }
func (p plans) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *plans) Push(x any)   { *p = append(*p, x.(plan)) }

func (p plans) Less(i, j int) bool {
	if p[i].at.Equal(p[j].at) {
		return p[i].order < p[j].order
	}
	return p[i].at.Before(p[j].at)
}

func (p *plans) Pop() any {
	last := len(*p) - 1
	taken := (*p)[last]
	(*p)[last] = plan{} // lets go of the closure
	*p = (*p)[:last]
	return taken
}
