package storetest

import (
	"slices"
	"testing"

	"daybook/audit"
)

func cataloguePromises() []promise {
	return []promise{
		{"SectionsGatherTheirCategories", sectionsGather},
		{"SectionsOfOthersAreNotSeen", sectionsOfOthers},
		{"PropertiesAreListedByKey", propertiesByKey},
		{"PropertiesKnowTheirSections", propertiesOfSections},
		{"PropertiesStartAsTheyAreWritten", propertiesStart},
	}
}

func (w *workspace) expectSections(t *testing.T, category audit.Category, keys ...string) {
	t.Helper()
	sections, err := w.FindSections(w.ctx, w.org, category)
	if err != nil {
		t.Fatalf("FindSections(%s): %v", category, err)
	}
	var got []string
	for _, section := range sections {
		got = append(got, section.Key)
		if section.Name != audit.DisplayName(section.Key) {
			t.Errorf("section %q is called %q, want %q", section.Key, section.Name, audit.DisplayName(section.Key))
		}
	}
	if !slices.Equal(got, keys) {
		t.Errorf("FindSections(%s) gave %q, want %q", category, got, keys)
	}
}

func (w *workspace) expectProperties(t *testing.T, query audit.PropertyQuery, keys ...string) {
	t.Helper()
	properties, err := w.FindProperties(w.ctx, w.org, query)
	if err != nil {
		t.Fatalf("FindProperties(%s): %v", show(query), err)
	}
	var got []string
	for _, property := range properties {
		got = append(got, property.Key)
		if property.Name != audit.DisplayName(property.Key) {
			t.Errorf("property %q is called %q, want %q", property.Key, property.Name, audit.DisplayName(property.Key))
		}
	}
	if !slices.Equal(got, keys) {
		t.Errorf("FindProperties(%s) gave %q, want %q", show(query), got, keys)
	}
}

func sectionsGather(t *testing.T, w *workspace) {
	settings, about := audit.CategorySettings, audit.CategoryConversation
	w.record(t, w.org, entry(in("b_rule")), entry(in("a-note")))
	w.expectSections(t, 0, "a-note", "b_rule")
	w.expectSections(t, about)
	w.record(t, w.org, entry(in("a-note"), conversation("c-1")), entry(in("C"), conversation("c-1")), entry(in("a-note"), customer("x")))
	w.expectSections(t, 0, "C", "a-note", "b_rule")
	w.expectSections(t, settings, "a-note", "b_rule")
	w.expectSections(t, about, "C", "a-note")
	w.expectSections(t, audit.CategoryCustomer, "a-note")
	sections, err := w.FindSections(w.ctx, w.org, audit.CategoryCustomer)
	if err != nil || len(sections) != 1 {
		t.Fatalf("FindSections: %v, %v", sections, err)
	}
	want := []audit.Category{audit.CategoryConversation, audit.CategoryCustomer, audit.CategorySettings}
	if got := sections[0].Categories.List(); !slices.Equal(got, want) {
		t.Errorf("the section was used in %v, want %v", got, want)
	}
	for _, event := range w.find(t, w.org, oldestFirst(&audit.Filter{Sections: []string{"a-note"}})) {
		same(t, "section of an event", event.Section, sections[0])
	}
}

func sectionsOfOthers(t *testing.T, w *workspace) {
	mine := w.recordOne(t, entry(in("rule")))
	theirs := w.read(t, w.other, w.record(t, w.other, entry(in("rule"), conversation("c")), entry(in("other"))))
	if mine.SectionID == theirs[0].SectionID {
		t.Error("two organizations share a section")
	}
	w.expectSections(t, 0, "rule")
	w.expectSections(t, audit.CategoryConversation)
	sections, err := w.SectionsByID(w.ctx, w.org, []audit.SectionID{theirs[0].SectionID, mine.SectionID, 1 << 30})
	if err != nil || len(sections) != 1 || sections[0].ID != mine.SectionID {
		t.Errorf("SectionsByID gave %s, %v; want the organization's own", show(sections), err)
	}
	if sections, err := w.SectionsByID(w.ctx, w.org, nil); err != nil || len(sections) != 0 {
		t.Errorf("SectionsByID of none: %v, %v", sections, err)
	}
}

func propertiesByKey(t *testing.T, w *workspace) {
	w.expectProperties(t, audit.PropertyQuery{Limit: 10})
	w.record(t, w.org,
		entry(changing(changed("tags", "", `["a"]`), changed("Status", "1", "2"))),
		entry(changing(changed("assigned_users", "", `[1]`), changed("tags", `["a"]`, ""), redacted("secret", audit.OperationChanged))),
		entry(changing(changed("ähre", "", "1"))),
	)
	w.record(t, w.other, entry(changing(changed("theirs", "", "1"))))
	w.expectProperties(t, audit.PropertyQuery{Limit: 10}, "Status", "assigned_users", "secret", "tags", "ähre")
	w.expectProperties(t, audit.PropertyQuery{Limit: 2}, "Status", "assigned_users")
	w.expectProperties(t, audit.PropertyQuery{Limit: 0})
}

func propertiesOfSections(t *testing.T, w *workspace) {
	w.record(t, w.org,
		entry(in("rule"), changing(changed("name", "1", "2"), changed("criteria", "1", "2"))),
		entry(in("search"), changing(changed("name", "1", "2"), changed("query", "1", "2"))),
		entry(in("empty")),
	)
	w.record(t, w.org, entry(in("search"), changing(changed("criteria", "1", "2"))))
	of := func(sections ...string) audit.PropertyQuery {
		return audit.PropertyQuery{Sections: sections, Limit: 10}
	}
	w.expectProperties(t, of("rule"), "criteria", "name")
	w.expectProperties(t, of("search"), "criteria", "name", "query")
	w.expectProperties(t, of("rule", "search", "rule"), "criteria", "name", "query")
	w.expectProperties(t, of("empty"))
	w.expectProperties(t, of("unknown"))
	w.expectProperties(t, audit.PropertyQuery{Sections: []string{}, Limit: 10})
}

func propertiesStart(t *testing.T, w *workspace) {
	keys := []string{"%", "%a", "A", "Ab", "_a", "a", "ab", "a\\b", "a_b", "aé", "b"}
	slices.Sort(keys)
	var changes []audit.Change
	for _, key := range keys {
		changes = append(changes, changed(key, "", "1"))
	}
	w.record(t, w.org, entry(changing(changes...)))
	starting := func(text string) audit.PropertyQuery { return audit.PropertyQuery{StartsWith: text, Limit: 20} }
	w.expectProperties(t, starting(""), keys...)
	w.expectProperties(t, starting("a"), "a", "a\\b", "a_b", "ab", "aé")
	w.expectProperties(t, starting("A"), "A", "Ab")
	w.expectProperties(t, starting("%"), "%", "%a")
	w.expectProperties(t, starting("_"), "_a")
	w.expectProperties(t, starting("a\\"), "a\\b")
	w.expectProperties(t, starting("a_"), "a_b")
	w.expectProperties(t, starting("aé"), "aé")
	w.expectProperties(t, starting("abc"))
}
