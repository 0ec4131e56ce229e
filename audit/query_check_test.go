package audit

import (
	"errors"
	"fmt"
	"testing"
)

func manyTexts(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("10.0.%d.%d", i/250, i%250)
	}
	return texts
}

func repeated(n int, f Filter) []Filter {
	filters := make([]Filter, n)
	for i := range filters {
		filters[i] = f
	}
	return filters
}

// TestFiltersAreBounded: one list that is too long is a mistake in that field;
// lists that are too long together are too expensive, whichever they are.
func TestFiltersAreBounded(t *testing.T) {
	for name, c := range map[string]struct {
		filter Filter
		code   Code
		path   string
		limit  int
	}{
		"a long list":         {filter: Filter{EventNames: manyTexts(1000)}},
		"a list too long":     {Filter{EventNames: manyTexts(1001)}, CodeBadInput, "filter/eventNames", 0},
		"verbs too many":      {Filter{AllOf: []Filter{{Actions: make([]Action, 1001)}}}, CodeBadInput, "filter/allOf/0/actions", 0},
		"causes too many":     {Filter{Status: &StatusFilter{Causes: make([]StatusCause, 1001)}}, CodeBadInput, "filter/status/causes", 0},
		"states too many":     {Filter{Capacity: &CapacityFilter{To: make([]CapacityState, 1001)}}, CodeBadInput, "filter/capacity/to", 0},
		"kinds too many":      {Filter{About: &ActorFilter{Kinds: make([]ActorKind, 1001)}}, CodeBadInput, "filter/about/kinds", 0},
		"changes":             {filter: Filter{Changed: make([]ChangeFilter, 100)}},
		"changes too many":    {Filter{Changed: make([]ChangeFilter, 101)}, CodeBadInput, "filter/changed", 0},
		"operations too many": {Filter{Changed: []ChangeFilter{{Operations: make([]ChangeOperation, 1001)}}}, CodeBadInput, "filter/changed/0/operations", 0},
		"addresses":           {filter: Filter{IPAddresses: manyTexts(500)}},
		"addresses too many":  {Filter{IPAddresses: manyTexts(501)}, CodeBadInput, "filter/ipAddresses", 0},
		"together":            {filter: Filter{EventNames: manyTexts(1000), AnyOf: repeated(10, Filter{Sections: manyTexts(100)})}},
		"together too many":   {Filter{EventNames: manyTexts(1000), AnyOf: repeated(10, Filter{Sections: manyTexts(101)})}, CodeQueryTooExpensive, "", 2000},
		"changes together":    {Filter{Changed: make([]ChangeFilter, 100), Not: &Filter{Changed: make([]ChangeFilter, 1)}}, CodeQueryTooExpensive, "", 100},
		"addresses together":  {Filter{AllOf: repeated(190, Filter{IPAddresses: manyTexts(3)})}, CodeQueryTooExpensive, "", 500},
		"lists of all kinds":  {Filter{Objects: make([]ObjectRef, 1000), Conversations: manyTexts(1000), SeatKinds: make([]SeatKind, 1)}, CodeQueryTooExpensive, "", 2000},
	} {
		err := c.filter.check()
		var known *Error
		errors.As(err, &known)
		switch {
		case c.code == "" && err == nil:
		case known == nil || known.Code != c.code || known.Path != c.path || known.Limit != c.limit:
			t.Errorf("%s: got %v, want %s at %q, limit %d", name, err, c.code, c.path, c.limit)
		}
	}
}
