package store

import (
	"sync"

	"daybook/audit"
)

// attempts remembers how far the journal had come when groups were sent, so that
// settling one looks only at what was written since instead of at the whole
// journal, which has no index on tokens.
type attempts struct {
	mutex sync.Mutex
	after map[attempt]int64 // the greatest sequence then known to be committed
}

type attempt struct {
	organization audit.OrganizationID
	token        int64
}

func attemptOf(g audit.Group) attempt { return attempt{g.Organization, g.Token} }

// begin notes that the group is about to be sent.
func (a *attempts) begin(group audit.Group, after int64) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.after == nil {
		a.after = map[attempt]int64{}
	}
	a.after[attemptOf(group)] = after
}

// begun is a sequence after which the group's rows are, if there are any; 0 if
// nothing is known of it.
func (a *attempts) begun(group audit.Group) int64 {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.after[attemptOf(group)]
}

// end forgets a group of which it is known what became of it.
func (a *attempts) end(group audit.Group) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	delete(a.after, attemptOf(group))
}
