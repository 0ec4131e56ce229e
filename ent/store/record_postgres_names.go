package store

import "daybook/audit"

// addNames adds the rows of what the group names, and notes what stands for each
// in other rows: its id, or the position of its row with a minus sign.
func (r *groupCall) addNames(n *names) error {
	for _, add := range []func(*names) error{r.addActors, r.addProfiles, r.addSections, r.addProperties, r.addTexts, r.addPairs} {
		if err := add(n); err != nil {
			return err
		}
	}
	return nil
}

// addActors sends known actors too, because another server may have renamed
// them.
func (r *groupCall) addActors(n *names) error {
	r.actorAt = make([]int64, len(n.actors))
	for i := range n.actors {
		a := &n.actors[i]
		name, email, foldedName := optional(a.name), optional(a.email), optional(folded(a.name))
		r.actorAt[i] = a.id
		var err error
		switch {
		case a.id == 0:
			err = r.actor.add(r.grp, int64(a.kind), a.externalID, name, email, foldedName)
			r.actors = append(r.actors, a)
			r.actorAt[i] = -int64(r.actor.count)
		case name != nil || email != nil:
			err = r.latest.add(r.grp, a.id, name, email, foldedName)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *groupCall) addProfiles(n *names) error {
	r.profileAt = make([]int64, len(n.profiles))
	for i := range n.profiles {
		p := &n.profiles[i]
		if r.profileAt[i] = p.id; p.id != 0 {
			continue
		}
		err := r.profile.add(r.grp, r.actorAt[p.actor], optional(p.name), optional(p.email), optional(folded(p.name)), p.digest[:])
		if err != nil {
			return err
		}
		r.profiles = append(r.profiles, p)
		r.profileAt[i] = -int64(r.profile.count)
	}
	return nil
}

func (r *groupCall) addSections(n *names) error {
	r.sectionAt = make([]int64, len(n.sections))
	for i := range n.sections {
		s := &n.sections[i]
		if r.sectionAt[i] = s.id; s.stored() {
			continue
		}
		if err := r.section.add(r.grp, knownID(s.id), s.key, audit.DisplayName(s.key), int64(s.categories)); err != nil {
			return err
		}
		r.sections = append(r.sections, s)
		r.sectionAt[i] = -int64(r.section.count)
	}
	return nil
}

func (r *groupCall) addProperties(n *names) error {
	r.propertyAt = make([]int64, len(n.properties))
	for i := range n.properties {
		p := &n.properties[i]
		if r.propertyAt[i] = p.id; p.id != 0 {
			continue
		}
		if err := r.property.add(r.grp, p.key); err != nil {
			return err
		}
		r.properties = append(r.properties, p)
		r.propertyAt[i] = -int64(r.property.count)
	}
	return nil
}

func (r *groupCall) addTexts(n *names) error {
	r.textAt = make([]int64, len(n.texts))
	for i := range n.texts {
		t := &n.texts[i]
		if r.textAt[i] = t.id; t.id != 0 {
			continue
		}
		if err := r.text.add(r.grp, textDigest(t.text), t.text); err != nil {
			return err
		}
		r.texts = append(r.texts, t)
		r.textAt[i] = -int64(r.text.count)
	}
	return nil
}

func (r *groupCall) addPairs(n *names) error {
	for _, pair := range n.pairs {
		if err := r.pair.add(r.grp, r.sectionAt[pair.section], r.propertyAt[pair.property]); err != nil {
			return err
		}
	}
	return nil
}

// complete fills in the ids that the function returned.
func (c *recordCall) complete(result *recordResult) {
	for i, a := range c.actors {
		a.id = result.actors[i]
	}
	for i, p := range c.profiles {
		p.id = result.profiles[i]
	}
	for i, s := range c.sections {
		s.id = result.sections[i]
	}
	for i, p := range c.properties {
		p.id = result.properties[i]
	}
	for i, t := range c.texts {
		t.id = result.texts[i]
	}
}
