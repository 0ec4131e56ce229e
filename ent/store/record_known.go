package store

import (
	"sync"

	"daybook/audit"
)

// maxKnown is how many names are remembered before all are forgotten: some tens
// of megabytes. Forgetting costs look-ups, nothing else.
const maxKnown = 200_000

// knownNames are ids that are stored for certain. They never change, but for
// sections' categories and actors' latest names, which are not kept here.
type knownNames struct {
	actors     map[actorKey]int64
	profiles   map[profileKey]int64
	sections   map[string]int64
	properties map[string]int64
	pairs      map[pairKey]bool
}

// knownByOrganization remembers names so that a steady stream of events needs no
// look-ups. Only what was committed may be put in.
type knownByOrganization struct {
	mutex sync.Mutex
	size  int
	names map[audit.OrganizationID]*knownNames
}

// collect gathers what a group names, with the ids that are remembered.
func (k *knownByOrganization) collect(group audit.Group) *names {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	var known knownNames // of empty maps
	if stored := k.names[group.Organization]; stored != nil {
		known = *stored
	}
	return collectNames(group.Entries, known)
}

// remember notes the ids of a group after its commit.
func (k *knownByOrganization) remember(organization audit.OrganizationID, n *names) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if k.size > maxKnown || k.names == nil {
		k.names, k.size = map[audit.OrganizationID]*knownNames{}, 0
	}
	known := k.names[organization]
	if known == nil {
		known = &knownNames{map[actorKey]int64{}, map[profileKey]int64{}, map[string]int64{}, map[string]int64{}, map[pairKey]bool{}}
		k.names[organization] = known
	}
	before := known.size()
	known.add(n)
	k.size += known.size() - before
}

func (k *knownNames) size() int {
	return len(k.actors) + len(k.profiles) + len(k.sections) + len(k.properties) + len(k.pairs)
}

func (k *knownNames) add(n *names) {
	for i := range n.actors {
		k.actors[n.actors[i].actorKey] = n.actors[i].id
	}
	for i := range n.profiles {
		k.profiles[n.profiles[i].profileKey] = n.profiles[i].id
	}
	for _, section := range n.sections {
		k.sections[section.key] = section.id
	}
	for _, property := range n.properties {
		k.properties[property.key] = property.id
	}
	for _, pair := range n.pairs {
		k.pairs[pairKey{n.sections[pair.section].key, n.properties[pair.property].key}] = true
	}
}
