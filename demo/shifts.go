package demo

import (
	"slices"
	"time"

	"daybook/audit"
)

// shiftLength is from the first routing status to offline.
const shiftLength = 8*time.Hour + 30*time.Minute

// planShifts draws who works on a day and says how many do.
func (w *world) planShifts(day time.Time) int {
	onDuty := 0
	for _, a := range w.agents {
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		switch story := a.storyOn(day); {
		case story == toldShift:
			w.planToldShift(a)
		case day.Before(a.starts) || !a.leaves.IsZero() && day.After(a.leaves):
			continue
		case story != noStory || w.percent(a.chanceOfDuty(weekend, w.pace.scale())):
			w.planShift(a, day)
		default:
			continue
		}
		onDuty++
	}
	return onDuty
}

// chanceOfDuty is in a hundred days. In busier companies agents work more days;
// those who always do are off at weekends.
func (a *agent) chanceOfDuty(weekend bool, scale int) int {
	days := a.days
	switch {
	case weekend && days == 100:
		return 0
	case weekend:
		days /= 3
	}
	return min(days*max(scale, 100)/100, max(days, 90))
}

// planShift plans an ordinary day of an agent.
func (w *world) planShift(a *agent, day time.Time) {
	start := a.office.clock(day, pick(w.chance, a.office.shiftsStart)).Add(w.span(-4*time.Minute, 10*time.Minute))
	finish := start.Add(shiftLength).Add(w.span(-5*time.Minute, 20*time.Minute))
	w.at(start.Add(-w.span(20*time.Second, 4*time.Minute)), func() { w.signIn(a.person) })
	w.at(start, func() { w.beginShift(a, finish) })
	w.at(start.Add(a.office.lunchAfter+w.span(-20*time.Minute, 40*time.Minute)), func() {
		w.pauseFor(a, "Lunch", w.span(25*time.Minute, 45*time.Minute))
	})
	w.planInterruptions(a, day, start)
	w.at(finish, func() { w.endShift(a) })
}

// planInterruptions draws what else changes the agent's status that day.
func (w *world) planInterruptions(a *agent, day, start time.Time) {
	sometime := func() time.Time { return start.Add(w.span(15*time.Minute, shiftLength-30*time.Minute)) }
	if w.percent(12) {
		w.at(sometime(), func() { w.pauseFor(a, "Short break", w.span(5*time.Minute, 15*time.Minute)) })
	}
	if w.percent(14) {
		w.at(sometime(), func() { w.lapse(a) })
	}
	if w.percent(4) {
		w.at(sometime(), func() { w.coach(a) })
	}
	switch {
	case a.storyOn(day) == flappingShift:
		w.flap(a, start.Add(75*time.Minute))
	case w.perMille(12):
		w.flap(a, sometime())
	}
}

// beginShift is the agent's first routing status of the day.
func (w *world) beginShift(a *agent, finish time.Time) {
	a.session = "ws-" + a.firstName() + "-" + a.office.localDate(w.now)
	a.shiftEnds = finish
	w.setStatus(a, available(), audit.CauseSignIn, a.actor())
}

// pauseFor is the agent's own choice of a status that gets no work. On a call
// they take it later.
func (w *world) pauseFor(a *agent, name string, wait time.Duration) {
	switch {
	case a.session == "" || w.now.Add(wait).After(a.shiftEnds):
	case a.available():
		w.setStatusFor(a, wait, unavailable(name), audit.CauseManual, a.actor())
	default:
		w.after(5*time.Minute, func() { w.pauseFor(a, name, wait) })
	}
}

// lapse is the system finding that the agent's connection is gone, or making
// them unavailable without saying why.
func (w *world) lapse(a *agent) {
	cause := audit.CauseConnectionLost
	if w.percent(18) {
		cause = audit.CauseUnknown
	}
	w.lapseFor(a, w.span(20*time.Second, 4*time.Minute), cause)
}

func (w *world) lapseFor(a *agent, wait time.Duration, cause audit.StatusCause) {
	if a.available() {
		w.setStatusFor(a, wait, unavailable("Unavailable"), cause, systemUser())
	}
}

// flap is a bad line: the connection drops again and again within minutes.
func (w *world) flap(a *agent, from time.Time) {
	for drop := range w.between(4, 7) {
		w.at(from.Add(time.Duration(drop)*150*time.Second+w.span(0, 30*time.Second)), func() {
			w.lapseFor(a, w.span(15*time.Second, 75*time.Second), audit.CauseConnectionLost)
		})
	}
}

// coach is a supervisor taking the agent aside.
func (w *world) coach(a *agent) {
	if a.available() {
		supervisor := w.supervisor(a).actor()
		w.setStatusFor(a, w.span(15*time.Minute, 40*time.Minute), unavailable("Coaching"), audit.CauseSupervisor, supervisor)
	}
}

// endShift leaves nothing that takes room with the agent: what is not finished
// is put aside until tomorrow or goes back to its queue.
func (w *world) endShift(a *agent) {
	if a.status == busy() { // a call is finished first
		w.after(5*time.Minute, func() { w.endShift(a) })
		return
	}
	for _, c := range slices.Clone(a.held) {
		if !c.paused {
			w.layDown(c)
		}
	}
	w.goOffline(a)
	w.after(w.span(5*time.Second, 90*time.Second), func() { w.signOut(a.person) })
}

func (w *world) goOffline(a *agent) {
	a.shiftEnds = w.now // no more offers
	w.setStatus(a, offline(), audit.CauseSignOut, a.actor())
	a.session = ""
}

func (w *world) layDown(c *conversation) {
	a := c.agent
	if c.weight == 1 && w.percent(70) {
		to, tomorrow := w.newChain(), w.now.Truncate(time.Hour).Add(16*time.Hour)
		c.snooze(to, tomorrow, a.actor())
		a.pause(to, c, a.actor())
		c.epoch++
		epoch := c.epoch
		w.at(tomorrow, func() {
			if c.epoch == epoch {
				w.reopen(w.newChain(), c, systemUser())
			}
		})
		return
	}
	to := w.newChain()
	w.unassign(to, c, systemUser())
	w.requeue(to, c, queueRouter(), "agent went offline")
}
