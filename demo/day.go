package demo

import "time"

// eventsPerShift is roughly how many events an agent's day takes, without the
// conversations.
const eventsPerShift = 8

// planDay runs each midnight and plans what comes by chance.
func (w *world) planDay() {
	day := w.now
	others := w.planShifts(day)*eventsPerShift + w.planVisits(day)*2 + w.planOddments(day)
	conversations := w.pace.conversationsFor(w.pace.budget(day, w.recorded), others, w.recorded)
	if lastDay := day.AddDate(0, 0, 1).Equal(end); lastDay {
		conversations += conversations/2 + 2
		w.planMonthEnd(day)
	}
	w.planArrivals(day, conversations*w.between(80, 120)/100)
}

// planArrivals spreads the day's conversations over its hours: Europe writes in
// the morning, America from the afternoon on (UTC), few do at night.
func (w *world) planArrivals(day time.Time, conversations int) {
	hours := []int{14, 8, 5, 3, 3, 3, 6, 14, 32, 42, 44, 40, 34, 40, 48, 62, 70, 66, 60, 58, 54, 44, 32, 22}
	for range conversations {
		at := day.Add(time.Duration(w.weighted(hours)) * time.Hour).Add(time.Duration(w.below(3_600_000)) * time.Millisecond)
		w.at(at, w.arrive)
	}
}

// planOddments plans the few things that happen apart from conversations and
// shifts, and says roughly how many events they take.
func (w *world) planOddments(day time.Time) int {
	oddments := 2 + w.pace.scale()/100
	for range oddments {
		at := day.Add(6 * time.Hour).Add(time.Duration(w.below(17*3_600_000)) * time.Millisecond)
		switch w.weighted([]int{36, 14, 8, 5, 20, 7}) {
		case 0:
			w.at(at, w.shopUpdatesCustomer)
		case 1:
			w.at(at, w.customerUpdatesThemselves)
		case 2:
			w.at(at, w.mergeTwoCustomers)
		case 3:
			w.at(at, w.strangerFailsToSignIn)
		case 4:
			w.at(at, w.smallSettingsChange)
		case 5:
			w.at(at, w.smallAccountChange)
		}
	}
	return oddments
}

// planMonthEnd makes sure the count asked for is reached: after the last
// business the shop writes the half year's loyalty tiers into the customers'
// records, one by one, for as long as events are wanted.
func (w *world) planMonthEnd(day time.Time) {
	w.at(day.Add(23*time.Hour), func() {
		for !w.finished() {
			w.now = w.now.Add(time.Millisecond)
			w.shopUpdatesCustomer()
		}
	})
}
