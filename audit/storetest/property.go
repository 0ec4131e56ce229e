package storetest

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"daybook/audit"
)

func referencePromises() []promise {
	return []promise{
		{"AnyQueryOfAnyEventsAgrees", anyQueryAgrees},
		{"AnyQueryOfRealEventsAgrees", anyQueryOfRealEventsAgrees},
		{"AnyQueryOfRealEventsAgreesWhileRecording", anyQueryOfRealEventsAgreesWhileRecording},
	}
}

// anyQueryAgrees draws events and queries from few values, so that they meet
// often, and expects of the engine what the reference answers. Every draw has an
// organization of its own beside those of all earlier ones.
func anyQueryAgrees(t *testing.T, w *workspace) {
	const queries = 8
	draw := 0
	rapid.Check(t, func(t *rapid.T) {
		draw++
		organization := w.organization(t, "drawn "+strconv.Itoa(draw))
		entries := rapid.SliceOfN(rapid.Custom(drawEntry), 0, 20).Draw(t, "entries")
		reference := w.recordDrawn(t, organization, entries)
		values := valuesOf(reference)
		for range queries {
			checkScan(t, w, organization, reference, drawQuery(t, values))
		}
	})
}

// recordDrawn records the entries in two groups, so that what the first has made
// is there already when the second comes.
func (w *workspace) recordDrawn(t *rapid.T, organization audit.OrganizationID, entries []*audit.Entry) *reference {
	cut := rapid.IntRange(0, len(entries)).Draw(t, "cut")
	var appended []audit.Appended
	for _, group := range [][]*audit.Entry{entries[:cut], entries[cut:]} {
		if len(group) > 0 {
			appended = append(appended, w.record(t, organization, group...)...)
		}
	}
	if len(appended) == 0 {
		return &reference{}
	}
	return newReference(entries, w.read(t, organization, appended))
}

func drawQuery(t *rapid.T, v *values) audit.EventQuery {
	query := audit.EventQuery{
		Order:   rapid.SampledFrom(orders()).Draw(t, "order"),
		FromEnd: rapid.Bool().Draw(t, "from end"),
		Limit:   rapid.SampledFrom([]int{100, 1, 2, 5, 0}).Draw(t, "limit"),
	}
	if rapid.Bool().Draw(t, "filtered") {
		query.Filter = ptr(drawFilter(t, v, 2))
	}
	query.After, query.Before = drawPosition(t, v, "after"), drawPosition(t, v, "before")
	return query
}

// drawPosition is none, that of an event, or one at which there is no event.
func drawPosition(t *rapid.T, v *values, label string) *audit.Position {
	if len(v.positions) == 0 || rapid.IntRange(0, 2).Draw(t, label+" given") != 1 {
		return nil
	}
	place := rapid.SampledFrom(v.positions).Draw(t, label)
	if rapid.IntRange(0, 3).Draw(t, label+" elsewhere") == 3 {
		place.ID = audit.FirstEventIDAt(place.ID.OccurredAt())
		place.Sequence += int64(len(v.positions) / 2)
	}
	return &place
}

// drawFilter puts together up to three of the fields, and up to depth levels of
// filters within filters.
func drawFilter(t *rapid.T, v *values, depth int) audit.Filter {
	fields := filterFields(v)
	if depth > 0 {
		inner := func(t *rapid.T) audit.Filter { return drawFilter(t, v, depth-1) }
		list := rapid.SliceOfN(rapid.Custom(inner), 0, 3)
		fields = append(fields,
			func(t *rapid.T, f *audit.Filter) { f.AllOf = list.Draw(t, "allOf") },
			func(t *rapid.T, f *audit.Filter) { f.AnyOf = list.Draw(t, "anyOf") },
			func(t *rapid.T, f *audit.Filter) { f.Not = ptr(inner(t)) },
		)
	}
	var filter audit.Filter
	for range rapid.IntRange(0, 3).Draw(t, "fields") {
		set := rapid.IntRange(0, len(fields)-1).Draw(t, "field")
		fields[set](t, &filter)
	}
	return filter
}

// fieldDraw sets one field of a filter.
type fieldDraw func(*rapid.T, *audit.Filter)

// filterFields draws lists from what the events have, and from a little that
// they may not have.
func filterFields(v *values) []fieldDraw {
	return []fieldDraw{
		func(t *rapid.T, f *audit.Filter) { f.OccurredAt = drawRange(t, v.occurred) },
		func(t *rapid.T, f *audit.Filter) { f.RecordedAt = drawRange(t, v.recorded) },
		func(t *rapid.T, f *audit.Filter) { f.Categories = some(t, audit.Categories()) },
		func(t *rapid.T, f *audit.Filter) { f.Actions = some(t, v.actions) },
		func(t *rapid.T, f *audit.Filter) { f.EventNames = some(t, v.names) },
		func(t *rapid.T, f *audit.Filter) { f.PerformedBy = drawActorFilter(t, v) },
		func(t *rapid.T, f *audit.Filter) { f.OnBehalfOf = drawActorFilter(t, v) },
		func(t *rapid.T, f *audit.Filter) { f.About = drawActorFilter(t, v) },
		func(t *rapid.T, f *audit.Filter) { f.Sections = some(t, v.sections) },
		func(t *rapid.T, f *audit.Filter) { f.Properties = some(t, v.properties) },
		func(t *rapid.T, f *audit.Filter) {
			one := func(t *rapid.T) audit.ChangeFilter { return drawChangeFilter(t, v) }
			f.Changed = rapid.SliceOfN(rapid.Custom(one), 0, 3).Draw(t, "changed")
		},
		func(t *rapid.T, f *audit.Filter) { f.Objects = some(t, v.objects) },
		func(t *rapid.T, f *audit.Filter) { f.ObjectTypes = some(t, v.objectTypes) },
		func(t *rapid.T, f *audit.Filter) { f.IPAddresses = some(t, v.addresses) },
		func(t *rapid.T, f *audit.Filter) { f.CorrelationIDs = some(t, v.correlations) },
		func(t *rapid.T, f *audit.Filter) { f.Text = ptr(rapid.SampledFrom(v.texts).Draw(t, "text")) },
		func(t *rapid.T, f *audit.Filter) { f.Conversations = some(t, v.subjects) },
		func(t *rapid.T, f *audit.Filter) { f.Customers = some(t, v.subjects) },
		func(t *rapid.T, f *audit.Filter) {
			f.Outcomes = some(t, []audit.AuthorizationOutcome{audit.OutcomeSuccess, audit.OutcomeFailure})
		},
		func(t *rapid.T, f *audit.Filter) { f.SeatKinds = some(t, seatKinds) },
		func(t *rapid.T, f *audit.Filter) { f.SettingsAreas = some(t, areas) },
		func(t *rapid.T, f *audit.Filter) { f.WorkSessionExternalIDs = some(t, v.sessions) },
		func(t *rapid.T, f *audit.Filter) { f.Status = drawStatusFilter(t) },
		func(t *rapid.T, f *audit.Filter) { f.Capacity = drawCapacityFilter(t) },
	}
}

// some is a list of up to three of the values, never nil.
func some[T any](t *rapid.T, values []T) []T {
	if len(values) == 0 {
		return []T{}
	}
	list := rapid.SliceOfN(rapid.SampledFrom(values), 0, 3).Draw(t, "values")
	return slices.Concat([]T{}, list)
}

// maybe is a list of up to three of the values, or nil.
func maybe[T any](t *rapid.T, values []T) []T {
	if rapid.Bool().Draw(t, "given") {
		return some(t, values)
	}
	return nil
}
