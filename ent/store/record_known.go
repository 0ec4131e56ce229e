package store

import (
	"sync"

	"daybook/audit"
)

// maxKnown is how many names are remembered before all are forgotten: some tens
// of megabytes. Forgetting costs look-ups, nothing else.
const maxKnown = 200_000

// knownNames are ids that are stored for certain, as long as the witness is. They
// never change; sections' categories and actors' latest names do, and are not
// kept here.
type knownNames struct {
	witness    witness
	actors     map[actorKey]int64
	profiles   map[profileKey]int64
	sections   map[string]int64
	properties map[string]int64
	pairs      map[pairKey]bool
}

// witness is the last group known to be committed. As long as the journal has
// it, everything before is there too, and ids are what they were; a standby that
// takes over without the latest commits gives the same ids to other names.
type witness struct {
	sequence int64 // of its last entry; 0: no group is known
	token    int64
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

// remember notes the ids of a group after its commit up to a sequence.
func (k *knownByOrganization) remember(group audit.Group, n *names, sequence int64) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if k.size > maxKnown || k.names == nil {
		k.names, k.size = map[audit.OrganizationID]*knownNames{}, 0
	}
	known := k.names[group.Organization]
	if known == nil {
		known = &knownNames{
			actors: map[actorKey]int64{}, profiles: map[profileKey]int64{},
			sections: map[string]int64{}, properties: map[string]int64{}, pairs: map[pairKey]bool{},
		}
		k.names[group.Organization] = known
	}
	before := known.size()
	known.add(n)
	if sequence > known.witness.sequence {
		known.witness = witness{sequence, group.Token}
	}
	k.size += known.size() - before
}

// forget drops what is remembered of an organization.
func (k *knownByOrganization) forget(organization audit.OrganizationID) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if known := k.names[organization]; known != nil {
		k.size -= known.size()
		delete(k.names, organization)
	}
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
