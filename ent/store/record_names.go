package store

import (
	"crypto/sha256"
	"encoding/binary"

	"daybook/audit"
)

// actorKey is an actor's identity within an organization.
type actorKey struct {
	kind       audit.ActorKind
	externalID string
}

// profileKey is a name and e-mail that an actor had.
type profileKey struct {
	actor  actorKey
	digest [16]byte
}

// pairKey says that a property was changed in a section.
type pairKey struct{ section, property string }

// Ids are 0 until they are known.
type (
	namedActor struct {
		id int64
		actorKey
		name, email *string // what the group says last, nil for nothing
	}
	namedProfile struct {
		id    int64
		actor int // position in names.actors
		profileKey
		name, email *string
	}
	namedSection struct {
		id         int64
		key        string
		categories audit.CategorySet
		known      audit.CategorySet // are stored
	}
	namedProperty struct {
		id  int64
		key string
	}
	namedText struct { // of shared_texts
		id   int64
		text string
	}
	namedPair struct {
		section, property int // positions
	}
)

// names are the actors, profiles, sections, properties and shared texts that a
// group speaks of, each once, in the order in which they are first named.
type names struct {
	witness    witness // of the ids that are known
	latest     bool    // of every actor, if the witness is still the end of the journal
	actors     []namedActor
	profiles   []namedProfile
	sections   []namedSection
	properties []namedProperty
	texts      []namedText
	pairs      []namedPair // those not known to be stored
	entries    []entryNames
}

// entryNames are the positions of what one entry names; -1 for nobody and nothing.
type entryNames struct {
	performer, behalf, about participantNames
	section                  int
	eventName, userAgent     int   // in names.texts
	properties               []int // of each of its digests
}

// participantNames are positions in names.actors and names.profiles.
type participantNames struct{ actor, profile int }

// nameCollector finds what was named before.
type nameCollector struct {
	names
	known      knownNames
	actorAt    map[actorKey]int
	profileAt  map[profileKey]int
	sectionAt  map[string]int
	propertyAt map[string]int
	textAt     map[string]int
	pairSeen   map[pairKey]bool
}

// collectNames gathers what a group names, with the ids that are known.
func collectNames(entries []*audit.Entry, known knownNames) *names {
	c := &nameCollector{
		known: known, actorAt: map[actorKey]int{}, profileAt: map[profileKey]int{},
		sectionAt: map[string]int{}, propertyAt: map[string]int{}, textAt: map[string]int{}, pairSeen: map[pairKey]bool{},
	}
	c.witness = known.witness
	c.entries = make([]entryNames, len(entries))
	for i, entry := range entries {
		at := &c.entries[i]
		at.performer = c.participant(&entry.Performer)
		at.behalf = c.participant(entry.OnBehalf)
		at.about = c.participant(entry.About)
		at.section = c.section(entry.Section, entry.Category)
		at.eventName, at.userAgent = c.text(entry.EventName), c.text(entry.UserAgent)
		at.properties = make([]int, len(entry.Digests))
		for n := range entry.Digests {
			at.properties[n] = c.property(entry.Digests[n].Property)
			c.pair(at.section, at.properties[n])
		}
	}
	c.latest = c.allLatest()
	return &c.names
}

// allLatest says whether the group renames nobody.
func (c *nameCollector) allLatest() bool {
	for i := range c.actors {
		if !c.known.isLatest(&c.actors[i]) {
			return false
		}
	}
	return true
}

// stored says whether nothing of the section is missing.
func (s *namedSection) stored() bool { return s.id != 0 && s.categories&^s.known == 0 }

func (c *nameCollector) participant(actor *audit.EntryActor) participantNames {
	if actor == nil {
		return participantNames{-1, -1}
	}
	key := actorKey{actor.Kind, actor.ExternalID}
	i, seen := c.actorAt[key]
	if !seen {
		i = len(c.actors)
		c.actorAt[key] = i
		c.actors = append(c.actors, namedActor{id: c.known.actors[key].id, actorKey: key})
	}
	if actor.Name != nil {
		c.actors[i].name = actor.Name
	}
	if actor.Email != nil {
		c.actors[i].email = actor.Email
	}
	return participantNames{i, c.profile(i, actor)}
}

func (c *nameCollector) profile(actor int, said *audit.EntryActor) int {
	key := profileKey{c.actors[actor].actorKey, profileDigest(said.Name, said.Email)}
	i, seen := c.profileAt[key]
	if !seen {
		i = len(c.profiles)
		c.profileAt[key] = i
		c.profiles = append(c.profiles, namedProfile{
			id: c.known.profiles[key], actor: actor, profileKey: key, name: said.Name, email: said.Email,
		})
	}
	return i
}

func (c *nameCollector) section(key string, category audit.Category) int {
	i, seen := c.sectionAt[key]
	if !seen {
		i = len(c.sections)
		c.sectionAt[key] = i
		c.sections = append(c.sections, namedSection{id: c.known.sections[key].id, key: key, known: c.known.sections[key].categories})
	}
	c.sections[i].categories = c.sections[i].categories.With(category)
	return i
}

func (c *nameCollector) property(key string) int {
	i, seen := c.propertyAt[key]
	if !seen {
		i = len(c.properties)
		c.propertyAt[key] = i
		c.properties = append(c.properties, namedProperty{id: c.known.properties[key], key: key})
	}
	return i
}

func (c *nameCollector) text(text *string) int {
	if text == nil {
		return -1
	}
	i, seen := c.textAt[*text]
	if !seen {
		i = len(c.texts)
		c.textAt[*text] = i
		c.texts = append(c.texts, namedText{id: c.known.texts.ids[*text], text: *text})
	}
	return i
}

func (c *nameCollector) pair(section, property int) {
	key := pairKey{c.sections[section].key, c.properties[property].key}
	if c.known.pairs[key] || c.pairSeen[key] {
		return
	}
	c.pairSeen[key] = true
	c.pairs = append(c.pairs, namedPair{section, property})
}

// textDigest finds a shared text.
func textDigest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// profileDigest tells names and e-mails apart: the first 16 bytes of SHA-256
// over both, each as 0 for nothing or 1, its length and itself.
func profileDigest(name, email *string) [16]byte {
	text := make([]byte, 0, 256) // stays on the stack: each participant of each event has one
	for _, part := range []*string{name, email} {
		if part == nil {
			text = append(text, 0)
			continue
		}
		text = binary.BigEndian.AppendUint32(append(text, 1), uint32(len(*part)))
		text = append(text, *part...)
	}
	sum := sha256.Sum256(text)
	return [16]byte(sum[:16])
}

// folded is a name in the case in which it is searched.
func folded(name *string) *string {
	if name == nil {
		return nil
	}
	text := audit.Fold(*name)
	return &text
}
