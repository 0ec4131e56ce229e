package store

// leading is the condition that fewest events are expected to meet, of those
// that an index helps with; of equals, the one with fewest routes. It is nil if
// there is none.
func leading(conditions []condition) *condition {
	counts, total := arguments(conditions)
	var leader *condition
	for i := range conditions {
		c := &conditions[i]
		if len(c.routes) > 1 && len(c.routes)*(total-counts[i]) > maxRepeated {
			c.routes = c.fewer
		}
		if c.routes != nil && (leader == nil || c.before(leader)) {
			leader = c
		}
	}
	return leader
}

// arguments is how many values each condition carries, and all of them.
func arguments(conditions []condition) (counts []int, total int) {
	counts = make([]int, len(conditions))
	for i := range conditions {
		_, args := conditions[i].holds.Query()
		counts[i] = len(args)
		total += len(args)
	}
	return counts, total
}

// before says whether c is the better one to lead.
func (c *condition) before(other *condition) bool {
	if len(c.routes) == 0 || len(other.routes) == 0 {
		return len(other.routes) > 0 // what nothing meets is the rarest
	}
	if c.rarity != other.rarity {
		return c.rarity > other.rarity
	}
	return len(c.routes) < len(other.routes)
}
