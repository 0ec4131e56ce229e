package render

import (
	"strings"
	"sync"
	"testing"
)

func TestAPlanIsCompiledOnceForEachCombinationOfConditions(t *testing.T) {
	r := newRequest(t, loadSchema(t, ""), `query ($a: Boolean!, $b: Boolean!, $first: Int) {
		auditLog(first: $first) { nodes { id ...F @include(if: $a) } }
	} fragment F on AuditEvent { sequence @skip(if: $b) eventName }`)
	plans := map[*Plan]string{}
	for range 2 {
		for _, values := range []map[string]any{
			{"a": true, "b": true, "first": 1}, {"a": true, "b": false, "first": 2}, {"a": false, "b": true}, {"a": false, "b": false},
		} {
			plan := r.plan(values)
			text := write1(t, plan, page())
			if before, known := plans[plan]; known && before != text {
				t.Errorf("one plan writes %s and %s", before, text)
			}
			plans[plan] = text
			all, some, none := strings.Contains(text, "sequence"), strings.Contains(text, "eventName"), text == `[{"id":"evt_00000000000000000000000000"}]`
			if some != values["a"] || all != (values["a"] == true && values["b"] == false) || none != (values["a"] == false) {
				t.Errorf("%v writes %s", values, text)
			}
		}
	}
	if len(plans) != 4 {
		t.Errorf("%d plans were compiled", len(plans))
	}
}

func TestConditionsWithoutAValueHaveNoPlan(t *testing.T) {
	r := newRequest(t, loadSchema(t, ""), `query ($a: Boolean!) { auditLog { nodes { id } } viewer @skip(if: $a) { id } }`)
	for _, value := range []any{nil, "true", 1, map[string]any{}} {
		if _, given := r.plans.conditionsOf(map[string]any{"a": value}); given {
			t.Errorf("%v is a condition's value", value)
		}
	}
}

func TestPlansAreKeptWithinBounds(t *testing.T) {
	var query strings.Builder
	query.WriteString("query ($a0: Boolean!, $a1: Boolean!, $a2: Boolean!, $a3: Boolean!, $a4: Boolean!, $a5: Boolean!) { auditLog { nodes { id ")
	query.WriteString(strings.Repeat("id @skip(if: $a0) sequence @skip(if: $a1) eventName @skip(if: $a2) ", 3))
	query.WriteString("changes { id property operation before after beforeText afterText differences { path before after } } ")
	query.WriteString("a: action @skip(if: $a3) b: action @skip(if: $a4) c: action @skip(if: $a5) ")
	for _, name := range strings.Split("defghijklmnopqrstuvw", "") {
		query.WriteString(name + ": section { id key name categories } ")
	}
	query.WriteString("} } }")
	r := newRequest(t, loadSchema(t, ""), query.String())
	var wait sync.WaitGroup
	for values := range 64 {
		wait.Go(func() {
			variables := map[string]any{}
			for i, name := range []string{"a0", "a1", "a2", "a3", "a4", "a5"} {
				variables[name] = values>>i&1 == 1
			}
			if r.plan(variables) == nil {
				t.Error("there is no plan")
			}
		})
	}
	wait.Wait()
	kept := 0
	for _, plan := range r.plans.plans {
		kept += plan.fields
	}
	if kept != r.plans.kept || kept > maxKeptFields || kept == 0 {
		t.Errorf("%d fields are kept, %d accounted", kept, r.plans.kept)
	}
}
