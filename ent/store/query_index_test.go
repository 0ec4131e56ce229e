package store

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"daybook/audit"
)

// served is a filter with one field, and the index that ARCHITECTURE.md says it
// is served by; "scan" where it says that there is none.
type served struct {
	field, index string
	filter       audit.Filter
}

const scanned = "scan"

// servedFilters has every field of a filter, with values that few events have.
func servedFilters() []served {
	from, to := bulkStart.Add(24*time.Hour), bulkStart.Add(48*time.Hour)
	day := &audit.TimeRange{From: &from, To: &to}
	actor := func(p string) []served {
		name := "agent 250"
		set := func(f audit.ActorFilter) audit.Filter {
			return map[string]audit.Filter{"performedBy": {PerformedBy: &f}, "onBehalfOf": {OnBehalfOf: &f}, "about": {About: &f}}[p]
		}
		index := map[string]string{"performedBy": "events_actor", "onBehalfOf": "events_behalf", "about": "events_about"}[p]
		return []served{
			{p + ".ids", index, set(audit.ActorFilter{IDs: []audit.ActorID{1200}})},
			{p + ".externalIds", index, set(audit.ActorFilter{ExternalIDs: []string{"actor-200"}})},
			{p + ".kinds", index, set(audit.ActorFilter{Kinds: []audit.ActorKind{audit.ActorSystem}})},
			{p + ".name", index, set(audit.ActorFilter{Name: &name})},
		}
	}
	changed := func(f audit.ChangeFilter) audit.Filter {
		f.Property = "property-30"
		return audit.Filter{Changed: []audit.ChangeFilter{f}}
	}
	text, billing := "object-49", []audit.Category{audit.CategoryBilling}
	const properties = "property_changes"
	list := []served{
		{"occurredAt", "events_pkey", audit.Filter{OccurredAt: day}},
		{"recordedAt", scanned, audit.Filter{RecordedAt: day}},
		{"categories", "events_category", audit.Filter{Categories: billing}},
		{"actions", "events_action", audit.Filter{Actions: []audit.Action{audit.ActionForward}}},
		{"eventNames", scanned, audit.Filter{EventNames: []string{"event.49"}}},
		{"sections", "events_section", audit.Filter{Sections: []string{"section-19"}}},
		{"settingsAreas", "events_area", audit.Filter{SettingsAreas: []audit.SettingsArea{audit.AreaKustomerAccess}}},
		{"properties", properties, audit.Filter{Properties: []string{"property-30"}}},
		{"changed.property", properties, changed(audit.ChangeFilter{})},
		{"changed.operations", properties, changed(audit.ChangeFilter{Operations: []audit.ChangeOperation{audit.OperationChanged}})},
		{"changed.before", properties, changed(audit.ChangeFilter{Before: audit.JSON("1")})},
		{"changed.after", properties, changed(audit.ChangeFilter{After: audit.JSON("1")})},
		{"changed.added", properties, changed(audit.ChangeFilter{Added: audit.JSON("1")})},
		{"changed.removed", properties, changed(audit.ChangeFilter{Removed: audit.JSON("1")})},
		{"objects", "events_object", audit.Filter{Objects: []audit.ObjectRef{{Type: "conversation", ExternalID: "object-30"}}}},
		{"objectTypes", scanned, audit.Filter{ObjectTypes: []string{"other"}}},
		{"outcomes", "events_outcome", audit.Filter{Outcomes: []audit.AuthorizationOutcome{audit.OutcomeFailure}}},
		{"seatKinds", "events_seats", audit.Filter{SeatKinds: []audit.SeatKind{audit.SeatSeasonal}}},
		{"ipAddresses", scanned, audit.Filter{IPAddresses: []string{"::7"}}},
		{"status.from", "events_status", audit.Filter{Status: &audit.StatusFilter{From: []audit.StatusType{audit.StatusOffline}}}},
		{"status.to", "events_status", audit.Filter{Status: &audit.StatusFilter{To: []audit.StatusType{audit.StatusOffline}}}},
		{"status.causes", "events_cause", audit.Filter{Status: &audit.StatusFilter{Causes: []audit.StatusCause{audit.CauseSignOut}}}},
		{"capacity.from", "events_capacity", audit.Filter{Capacity: &audit.CapacityFilter{From: []audit.CapacityState{audit.CapacityOver}}}},
		{"capacity.to", "events_capacity", audit.Filter{Capacity: &audit.CapacityFilter{To: []audit.CapacityState{audit.CapacityOver}}}},
		{"workSessionExternalIds", "events_work_session", audit.Filter{WorkSessionExternalIDs: []string{"work session 7"}}},
		{"correlationIds", "events_correlation", audit.Filter{CorrelationIDs: []string{"operation-7"}}},
		{"causedBy", "events_caused_by", audit.Filter{CausedBy: []audit.EventID{{1, 2, 3}}}},
		{"history", "events_object", audit.Filter{History: &audit.ObjectRef{Type: "customer", ExternalID: "object-30"}}},
		{"text", scanned, audit.Filter{Text: &text}},
		{"allOf", "events_category", audit.Filter{AllOf: []audit.Filter{{Categories: billing}, {ObjectTypes: []string{"conversation"}}}}},
		{"anyOf", "events_section", audit.Filter{AnyOf: []audit.Filter{{Categories: billing}, {Sections: []string{"section-19"}, Text: &text}}}},
		{"not", scanned, audit.Filter{Not: &audit.Filter{Categories: audit.Categories()[1:]}}},
		{"conversations", "events_subject", audit.Filter{Conversations: []string{"object-30"}}},
		{"customers", "events_subject", audit.Filter{Customers: []string{"object-30"}}},
	}
	return append(append(append(list, actor("performedBy")...), actor("onBehalfOf")...), actor("about")...)
}

// TestEveryFilterIsListed: each field of a filter has a line in ARCHITECTURE.md
// with the index that serves it, and each line is held by TestPlans.
func TestEveryFilterIsListed(t *testing.T) {
	document, err := os.ReadFile("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, line := range regexp.MustCompile("(?m)^\\| (`[^|]*`) \\| `?([a-z_]+)`? \\|").FindAllStringSubmatch(string(document), -1) {
		for field := range strings.SplitSeq(line[1], ", ") {
			listed[strings.ToLower(strings.Trim(field, "`"))] = line[2]
		}
	}
	fields := filterLeaves(reflect.TypeFor[audit.Filter](), "")
	for _, one := range servedFilters() {
		field := strings.ToLower(one.field)
		if listed[field] != one.index {
			t.Errorf("%s is served by %q, but the list says %q", one.field, one.index, listed[field])
		}
		if !fields[field] {
			t.Errorf("%s is no field of a filter", one.field)
		}
		delete(fields, field)
	}
	for field := range fields {
		t.Errorf("nobody says what serves %s", field)
	}
}

// filterLeaves are the fields of a filter and of the lists of conditions in it.
func filterLeaves(filter reflect.Type, prefix string) map[string]bool {
	leaves := map[string]bool{}
	for field := range filter.Fields() {
		name, inner := prefix+strings.ToLower(field.Name), field.Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if strings.HasSuffix(inner.Name(), "Filter") && inner != reflect.TypeFor[audit.Filter]() {
			for leaf := range filterLeaves(inner, name+".") {
				leaves[leaf] = true
			}
			continue
		}
		leaves[name] = true
	}
	return leaves
}
