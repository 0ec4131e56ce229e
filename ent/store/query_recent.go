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
	values map[recentKey[K]]recentValue[V]
}

// recentKey names the organization, so that nobody is shown another's.
type recentKey[K comparable] struct {
	organization audit.OrganizationID
	id           K
}

type recentValue[V any] struct {
	value V
	until time.Time
}

// of gives the values of these ids, and reads those that are not remembered.
func (r *recent[K, V]) of(organization audit.OrganizationID, ids []K, read func(missing []K) (map[K]V, error)) (map[K]V, error) {
	found, missing, turn := r.find(organization, ids, time.Now())
	if len(missing) == 0 {
		return found, nil
	}
	values, err := read(missing)
	if err != nil {
		return nil, err
	}
	r.put(organization, values, turn, time.Now().Add(recentFor))
	for id, value := range values {
		found[id] = value
	}
	return found, nil
}

func (r *recent[K, V]) find(organization audit.OrganizationID, ids []K, now time.Time) (found map[K]V, missing []K, turn int) {
	found = make(map[K]V, len(ids))
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, id := range ids {
		if known, is := r.values[recentKey[K]{organization, id}]; is && now.Before(known.until) {
			found[id] = known.value
		} else {
			missing = append(missing, id)
		}
	}
	return found, missing, r.turn
}

// put remembers values that were read in a turn. What was read before something
// changed is of no use any more.
func (r *recent[K, V]) put(organization audit.OrganizationID, values map[K]V, turn int, until time.Time) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if turn != r.turn {
		return
	}
	if r.values == nil || len(r.values) > maxRecent {
		r.values = map[recentKey[K]]recentValue[V]{}
	}
	for id, value := range values {
		r.values[recentKey[K]{organization, id}] = recentValue[V]{value, until}
	}
}

func (r *recent[K, V]) forget() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.turn++
	r.values = nil
}
