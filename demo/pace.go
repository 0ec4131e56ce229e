package demo

import "time"

// pace spreads the events asked for over the half year: busy weekdays, quiet
// weekends, and now and then a rush. It looks at what has been recorded so far
// each midnight, so that drift corrects itself.
type pace struct {
	count         int
	remaining     int // sum of the weights of the days not yet planned
	conversations int // planned so far
	others        int // events planned so far that belong to no conversation
}

func newPace(count int) pace {
	p := pace{count: count}
	for day := begin; day.Before(end); day = day.AddDate(0, 0, 1) {
		p.remaining += dayWeight(day)
	}
	return p
}

// dayWeight is how much happens on a day compared with others, without chance.
func dayWeight(day time.Time) int {
	weight := [...]int{30, 125, 110, 105, 100, 90, 40}[day.Weekday()]
	if r := rush(day); r > 0 {
		weight = weight * r / 100
	}
	return weight
}

// rush is by how many hundredths a day stands out; 0 for an ordinary day.
func rush(day time.Time) int {
	switch day.Format("01-02") {
	case "03-09", "03-10": // a carrier's sorting centre was snowed in
		return 190
	case "05-25", "05-26": // summer sale
		return 180
	case "06-15", "06-16", "07-06": // rain jackets recalled; clearance
		return 170
	case "02-16", "04-06", "05-01", "07-03": // public holidays
		return 45
	}
	return 0
}

// budget takes a day off the calendar and says how many events it should see.
func (p *pace) budget(day time.Time, recorded int) int {
	weight := dayWeight(day)
	budget := (p.count - recorded) * weight / p.remaining
	p.remaining -= weight
	return max(budget, 0)
}

// conversationsFor is how many conversations fill a day's budget beside other
// events: as many as the conversations so far have shown to be enough.
func (p *pace) conversationsFor(budget, others, recorded int) int {
	perConversation := 15
	if p.conversations > 50 {
		perConversation = min(max((recorded-p.others)/p.conversations, 5), 20)
	}
	conversations := max((budget-others)/perConversation, 1)
	p.conversations += conversations
	p.others += others
	return conversations
}

// scale is how busy the company is, in hundredths of the default.
func (p *pace) scale() int { return p.count * 100 / DefaultEvents }

// hurry shortens the time conversations take as the company gets busier, so
// that the same agents can keep up: handling is divided by hurry hundredths.
func (p *pace) hurry() time.Duration { return time.Duration(100 + max(0, p.scale()-1000)/30) }
