package demo

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"daybook/audit"
)

// setting is one thing administrators configure, as of now. Its properties are
// kept as the JSON their changes carry.
type setting struct {
	id         string
	kind       settingKind
	properties map[string]audit.JSON
	revision   int // how often it changed
	exists     bool
}

// settingKind is where a setting stands in the log.
type settingKind struct {
	area    audit.SettingsArea
	section string // also the type of the object
}

// settingStory is a fixed change of a setting. The zero action is an update.
type settingStory struct {
	at, by, id string
	action     audit.Action
	set        []assignment
}

// openingSetting is a setting of the day the story begins, or, when it does not
// exist then, one to be created.
type openingSetting struct {
	id   string
	kind settingKind
	set  []assignment
}

// script is JSON written into a story, without its line breaks.
func script(text string) audit.JSON {
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(text)); err != nil {
		panic("demo: " + err.Error())
	}
	return compact.Bytes()
}

// value is a property as a Go value, nil when it has none.
func (s *setting) value(property string) any {
	if s.properties[property] == nil {
		return nil
	}
	var v any
	if err := json.Unmarshal(s.properties[property], &v); err != nil {
		panic("demo: " + err.Error())
	}
	return v
}

func (s *setting) name() string {
	name, _ := s.value("name").(string)
	return name
}

func (s *setting) enabled() bool {
	enabled, _ := s.value("enabled").(bool)
	return s.exists && enabled
}

// openSettings lays out what is configured when the story begins, and plans
// what becomes of it.
func (w *world) openSettings() {
	w.settings = map[string]*setting{}
	for _, opening := range slices.Concat(rules(), searches(), shortcuts(), access(), platform()) {
		s := &setting{id: opening.id, kind: opening.kind, properties: map[string]audit.JSON{}, exists: len(opening.set) > 0}
		for _, assigned := range opening.set {
			s.properties[assigned.property] = value(assigned.value)
		}
		w.settings[s.id] = s
	}
}

func (w *world) planSettingStories() {
	for _, story := range slices.Concat(ruleStories(), searchStories(), shortcutStories(), accessStories(), platformStories()) {
		w.on(story.at, func() {
			w.changeSetting(w.people[story.by], w.settings[story.id], story.action, story.set)
		})
	}
}

// changeSetting is somebody creating, updating or deleting a setting.
func (w *world) changeSetting(by *person, s *setting, action audit.Action, set []assignment) {
	verb := "update"
	switch action {
	case audit.ActionCreate:
		verb, s.exists = "create", true
	case audit.ActionDelete:
		verb, s.exists = "delete", false
		set = s.emptied()
	default:
		action = audit.ActionUpdate
	}
	before := s.object()
	event := s.event(action, verb, by.actor())
	for _, assigned := range set {
		event.Changes = append(event.Changes, s.set(assigned))
	}
	if event.Object = s.object(); event.Object.Name == nil {
		event.Object = before // it was deleted: as it was called
	}
	s.revision++
	w.newChain().record(from(event, by.address, by.browser))
}

// emptied takes every property's value away, in a fixed order.
func (s *setting) emptied() []assignment {
	var set []assignment
	for _, property := range slices.Sorted(maps.Keys(s.properties)) {
		set = append(set, assignment{property, nil})
	}
	return set
}

// hidden is a new value that is not told.
type hidden struct{}

// set gives a property a value and answers with the change.
func (s *setting) set(assigned assignment) audit.ChangeInput {
	if assigned.value == (hidden{}) {
		return secret(assigned.property)
	}
	before, after := s.properties[assigned.property], value(assigned.value)
	s.properties[assigned.property] = after
	if after == nil {
		delete(s.properties, assigned.property)
	}
	return audit.ChangeInput{Property: assigned.property, Before: before, After: after}
}

func (s *setting) object() *audit.ObjectInput {
	object := &audit.ObjectInput{Type: s.kind.section, ExternalID: s.id}
	if name := s.name(); name != "" {
		object.Name = new(name)
	}
	return object
}

// event is something that happens to the setting.
func (s *setting) event(action audit.Action, verb string, by audit.ActorInput) audit.EventInput {
	return audit.EventInput{
		Action: action, EventName: new(s.kind.section + "." + verb), PerformedBy: by,
		Section: s.kind.section, Object: s.object(), Changes: []audit.ChangeInput{},
		Details: audit.DetailsInput{Settings: &audit.SettingsDetailsInput{Area: s.kind.area}},
	}
}
