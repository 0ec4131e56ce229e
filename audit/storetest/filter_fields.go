package storetest

import (
	"reflect"
	"testing"
	"time"

	"daybook/audit"
)

// everyFieldIsAsked walks the questions: a field added to the filter needs a
// question of its own.
func everyFieldIsAsked(t *testing.T, _ *workspace) {
	asked := map[string]bool{"Filter.RecordedAt": true} // see recordedAtRange
	for _, i := range interviews() {
		for _, q := range i.questions {
			noteFields(reflect.ValueOf(q.filter), asked)
		}
	}
	for _, shape := range []any{
		audit.Filter{}, audit.ActorFilter{}, audit.ChangeFilter{}, audit.StatusFilter{}, audit.CapacityFilter{}, audit.TimeRange{},
	} {
		for _, name := range fieldNames(reflect.TypeOf(shape)) {
			if !asked[name] {
				t.Errorf("no question uses %s", name)
			}
		}
	}
}

// noteFields marks the fields that are not zero, in v and in what it holds.
func noteFields(v reflect.Value, asked map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			noteFields(v.Elem(), asked)
		}
	case reflect.Slice:
		for i := range v.Len() {
			noteFields(v.Index(i), asked)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i, name := range fieldNames(v.Type()) {
			if !v.Field(i).IsZero() {
				asked[name] = true
				noteFields(v.Field(i), asked)
			}
		}
	}
}

func fieldNames(shape reflect.Type) []string {
	names := make([]string, shape.NumField())
	for i := range names {
		names[i] = shape.Name() + "." + shape.Field(i).Name
	}
	return names
}

// emptyLists: nil is no filter, but an empty list matches nothing. Only an
// empty AllOf asks nothing.
func emptyLists(t *testing.T, w *workspace) {
	for _, e := range fullEntries() {
		w.record(t, w.org, e)
	}
	for _, set := range listSetters() {
		filter := &audit.Filter{}
		name := set(filter)
		want := 0
		if name == "Filter.AllOf" {
			want = len(fullEntries())
		}
		if found := w.find(t, w.org, oldestFirst(filter)); len(found) != want {
			t.Errorf("an empty list in %s found %d events, want %d", name, len(found), want)
		}
		if n, err := w.CountEvents(w.ctx, w.org, filter, 100); err != nil || n != want {
			t.Errorf("an empty list in %s counted %d events, %v; want %d", name, n, err, want)
		}
		all := len(fullEntries())
		if found := w.find(t, w.org, oldestFirst(&audit.Filter{Not: filter})); len(found) != all-want {
			t.Errorf("not an empty list in %s found %d events, want %d", name, len(found), all-want)
		}
	}
}

// listSetters make each list of a filter empty but not nil, and give its name.
func listSetters() []func(*audit.Filter) string {
	var setters []func(*audit.Filter) string
	add := func(within func(*audit.Filter) any) {
		shape := reflect.TypeOf(within(&audit.Filter{})).Elem()
		for i := range shape.NumField() {
			if kind := shape.Field(i).Type; kind.Kind() == reflect.Slice && kind != reflect.TypeFor[audit.JSON]() {
				setters = append(setters, func(f *audit.Filter) string {
					reflect.ValueOf(within(f)).Elem().Field(i).Set(reflect.MakeSlice(kind, 0, 0))
					return shape.Name() + "." + shape.Field(i).Name
				})
			}
		}
	}
	add(func(f *audit.Filter) any { return f })
	add(func(f *audit.Filter) any { f.PerformedBy = &audit.ActorFilter{}; return f.PerformedBy })
	add(func(f *audit.Filter) any { f.OnBehalfOf = &audit.ActorFilter{}; return f.OnBehalfOf })
	add(func(f *audit.Filter) any { f.About = &audit.ActorFilter{}; return f.About })
	add(func(f *audit.Filter) any { f.Status = &audit.StatusFilter{}; return f.Status })
	add(func(f *audit.Filter) any { f.Capacity = &audit.CapacityFilter{}; return f.Capacity })
	add(func(f *audit.Filter) any {
		f.Changed = []audit.ChangeFilter{{Property: "status"}}
		return &f.Changed[0]
	})
	return setters
}

// given is a filter's fields that are not zero, to be shown.
func given(filter audit.Filter) map[string]any {
	fields := map[string]any{}
	v := reflect.ValueOf(filter)
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			fields[v.Type().Field(i).Name] = v.Field(i).Interface()
		}
	}
	return fields
}
