package store

import (
	"cmp"
	"slices"
	"sync"

	"daybook/audit"
)

// maxKnown is how many names are remembered before all are forgotten: some tens
// of megabytes. Forgetting costs look-ups, nothing else.
const maxKnown = 200_000

// knownNames are what is stored for certain, as long as the witness is. Ids never
// change, and sections' categories only grow. Actors' latest names change: those
// kept here are the latest only while the witness is the end of the journal.
type knownNames struct {
	witness    witness
	era        int // grows when others have recorded since the witness
	actors     map[actorKey]knownActor
	profiles   map[profileKey]int64
	sections   map[string]knownSection
	properties map[string]int64
	pairs      map[pairKey]bool
	texts      knownTexts
}

type knownActor struct {
	id          int64
	name, email *string // the latest, nil where unknown
	era         int     // in which they were
}

type knownSection struct {
	id         int64
	categories audit.CategorySet
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
	bytes int // of shared texts
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

// remember notes what a group names after its commit, and says whether that may
// have changed what is stored of an actor or a section.
func (k *knownByOrganization) remember(group audit.Group, n *names, appended []audit.Appended) (changed bool) {
	if len(appended) == 0 {
		return false
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if k.size > maxKnown || k.names == nil {
		k.names, k.size, k.bytes = map[audit.OrganizationID]*knownNames{}, 0, 0
	}
	if k.bytes > maxKnownBytes {
		k.forgetTexts()
	}
	known := k.names[group.Organization]
	if known == nil {
		known = &knownNames{
			actors: map[actorKey]knownActor{}, profiles: map[profileKey]int64{},
			sections: map[string]knownSection{}, properties: map[string]int64{}, pairs: map[pairKey]bool{},
			texts: knownTexts{ids: map[string]int64{}},
		}
		k.names[group.Organization] = known
	}
	before, bytes := known.size(), known.texts.bytes
	first, last := appended[0].Sequence, lastSequence(appended)
	changed = !n.latest || first != known.witness.sequence+1 || known.hasNewCategory(n)
	switch {
	case last < known.witness.sequence: // another group of this server came after and is noted already
		known.add(n, known.era-1)
	case first == known.witness.sequence+1:
		known.add(n, known.era)
	default:
		known.era++
		known.add(n, known.era)
	}
	if last > known.witness.sequence {
		known.witness = witness{last, group.Token}
	}
	k.size += known.size() - before
	k.bytes += known.texts.bytes - bytes
	return changed
}

// hasNewCategory says whether a group uses a section in a category for the first
// time, as far as is known.
func (k *knownNames) hasNewCategory(n *names) bool {
	return slices.ContainsFunc(n.sections, func(s namedSection) bool {
		return k.sections[s.key].categories|s.categories != k.sections[s.key].categories
	})
}

// forget drops what is remembered of an organization.
func (k *knownByOrganization) forget(organization audit.OrganizationID) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if known := k.names[organization]; known != nil {
		k.size -= known.size()
		k.bytes -= known.texts.bytes
		delete(k.names, organization)
	}
}

func (k *knownNames) size() int {
	return len(k.actors) + len(k.profiles) + len(k.sections) + len(k.properties) + len(k.pairs)
}

// add notes names that were the latest in an era.
func (k *knownNames) add(n *names, era int) {
	for i := range n.actors {
		k.addActor(&n.actors[i], era)
	}
	for i := range n.profiles {
		k.profiles[n.profiles[i].profileKey] = n.profiles[i].id
	}
	for _, section := range n.sections {
		k.sections[section.key] = knownSection{section.id, k.sections[section.key].categories | section.categories}
	}
	for _, property := range n.properties {
		k.properties[property.key] = property.id
	}
	for _, text := range n.texts {
		k.texts.add(text)
	}
	for _, pair := range n.pairs {
		k.pairs[pairKey{n.sections[pair.section].key, n.properties[pair.property].key}] = true
	}
}

func (k *knownNames) addActor(a *namedActor, era int) {
	before, seen := k.actors[a.actorKey]
	if seen && before.era > era {
		return
	}
	now := knownActor{id: a.id, name: a.name, email: a.email, era: era}
	if seen && before.era == era {
		now.name, now.email = cmp.Or(a.name, before.name), cmp.Or(a.email, before.email)
	}
	k.actors[a.actorKey] = now
}

// isLatest says whether what a group says of an actor is stored as its latest.
func (k *knownNames) isLatest(a *namedActor) bool {
	known, seen := k.actors[a.actorKey]
	return seen && known.era == k.era && said(a.name, known.name) && said(a.email, known.email)
}

// said says whether a text is nothing new.
func said(text, latest *string) bool {
	return text == nil || latest != nil && *text == *latest
}
