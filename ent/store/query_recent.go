package store

import (
	"sync"
	"time"

	"daybook/audit"
)

// recentFor is how long what was read of an actor, a profile or a section is shown
// without asking again: so late may a name be that another server recorded. What
// this server records is shown at once.
const recentFor = time.Second

// maxRecent is how many are remembered of each kind before all are forgotten.
const maxRecent = 50_000

// recentNames are what pages show of those their events name. Most events of a
// log, and all pages of a busy minute, name the same few.
type recentNames struct {
	actors   recent[audit.ActorID, *audit.Actor]
	names    recent[int32, *string] // of profiles
	sections recent[audit.SectionID, *audit.Section]
}

// forget is called after a commit that may have changed something.
func (r *recentNames) forget() {
	r.actors.forget()
	r.names.forget()
	r.sections.forget()
}

// remember notes what a committed group names.
func (s *Store) remember(group audit.Group, n *names, appended []audit.Appended) {
	if s.known.remember(group, n, appended) {
		s.recent.forget()
	}
}

// forgetNames drops what is remembered of an organization of which it is not known
// whether a group was committed.
func (s *Store) forgetNames(organization audit.OrganizationID) {
	s.known.forget(organization)
	s.recent.forget()
	s.shared.forget()
}

// recent remembers values of one kind for a moment. The zero value is ready.
type recent[K comparable, V any] struct {
	mutex  sync.Mutex
	turn   int // grows when all is forgotten
	size   int
	values map[audit.OrganizationID]map[K]recentValue[V] // apart, so that nobody is shown another's
}

type recentValue[V any] struct {
	value V
	until time.Time
}

// place is where the value of an id belongs.
type place[K comparable, V any] struct {
	id   K
	into *V
}

// fill puts values in their places, and reads those that are not remembered.
func (r *recent[K, V]) fill(organization audit.OrganizationID, places []place[K, V], read func(missing []K) (map[K]V, error)) error {
	missing, turn := r.find(organization, places, time.Now())
	if len(missing) == 0 {
		return nil
	}
	values, err := read(distinct(missing, func(p place[K, V]) K { return p.id }))
	if err != nil {
		return err
	}
	r.put(organization, values, turn, time.Now().Add(recentFor))
	for _, p := range missing {
		*p.into = values[p.id]
	}
	return nil
}

// find puts the values that are remembered in their places, and gives the other
// places.
func (r *recent[K, V]) find(organization audit.OrganizationID, places []place[K, V], now time.Time) (missing []place[K, V], turn int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	values := r.values[organization]
	for _, p := range places {
		if known, is := values[p.id]; is && now.Before(known.until) {
			*p.into = known.value
		} else {
			missing = append(missing, p)
		}
	}
	return missing, r.turn
}

// put remembers values that were read in a turn. What was read before something
// changed is of no use any more.
func (r *recent[K, V]) put(organization audit.OrganizationID, values map[K]V, turn int, until time.Time) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if turn != r.turn {
		return
	}
	if r.values == nil || r.size > maxRecent {
		r.size, r.values = 0, map[audit.OrganizationID]map[K]recentValue[V]{}
	}
	own := r.values[organization]
	if own == nil {
		own = map[K]recentValue[V]{}
		r.values[organization] = own
	}
	for id, value := range values {
		own[id] = recentValue[V]{value, until}
	}
	r.size += len(values)
}

func (r *recent[K, V]) forget() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.turn++
	r.size, r.values = 0, nil
}
