package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"daybook/audit"
	"daybook/bench/dataset"
)

// kind says what is promised of a filter.
type kind int

const (
	served     kind = iota // by one index: at most 60 buffers, at any size
	byProperty             // through the rows of changes: at most 220
	combined               // several conditions: at most 600
	searched               // by the index of texts: bounded by time alone
	scanned                // without an index: likewise
	deep                   // no filter, far from the beginning
)

func (k kind) String() string {
	return [...]string{"index", "property", "combination", "text", "scan", "deep"}[k]
}

// buffers is how many may be touched for a page, 0 where nothing is promised.
func (k kind) buffers() int { return [...]int{60, 220, 600, 0, 0, 60}[k] }

// filterCase is a filter with values drawn anew each time.
type filterCase struct {
	name  string
	kind  kind
	order audit.OrderField // OCCURRED_AT when 0
	draw  func(d *drawing) *audit.Filter
}

// drawing draws the values of filters.
type drawing struct {
	*rand.Rand
	log dataset.Log
}

func newest(*drawing) *audit.Filter { return nil }

// filterCases are the filters of the contract alone, and combined as an audit
// view combines them.
func filterCases() []filterCase {
	return []filterCase{
		{name: "newest page", draw: newest},
		{name: "newest page by recordedAt", order: audit.OrderRecordedAt, draw: newest},
		{name: "occurredAt: a month", draw: (*drawing).month},
		{name: "recordedAt: a month, in its order", order: audit.OrderRecordedAt, draw: func(d *drawing) *audit.Filter {
			return &audit.Filter{RecordedAt: d.month().OccurredAt}
		}},
		{name: "category, half of all", draw: func(*drawing) *audit.Filter { return ofCategory(audit.CategoryConversation) }},
		{name: "category, 1 %", draw: func(*drawing) *audit.Filter { return ofCategory(audit.CategoryBilling) }},
		{name: "performedBy, frequent", draw: func(d *drawing) *audit.Filter { return d.by(3) }},
		// One of those that have a full page at 100,000 events: a page that is not full costs less.
		{name: "performedBy, any of 150", draw: func(d *drawing) *audit.Filter { return d.by(150) }},
		{name: "onBehalfOf, frequent", draw: func(d *drawing) *audit.Filter { return &audit.Filter{OnBehalfOf: d.actor(1)} }},
		{name: "about", draw: func(d *drawing) *audit.Filter { return &audit.Filter{About: d.actor(50)} }},
		{name: "section", draw: (*drawing).section},
		{name: "object", draw: (*drawing).object},
		{name: "correlationId, unknown", draw: func(*drawing) *audit.Filter { return &audit.Filter{CorrelationIDs: []string{"req-none"}} }},
		{name: "property, frequent", kind: byProperty, draw: func(d *drawing) *audit.Filter { return d.property(0) }},
		{name: "property, rare", kind: byProperty, draw: func(d *drawing) *audit.Filter { return d.property(5) }},
		{name: "property changed to a value", kind: byProperty, draw: (*drawing).changed},
		{name: "month + category", kind: combined, draw: func(d *drawing) *audit.Filter {
			return both(d.month(), ofCategory(audit.CategoryWorkSession))
		}},
		{name: "month + rare category", kind: combined, draw: func(d *drawing) *audit.Filter {
			return both(d.month(), ofCategory(audit.CategoryBilling))
		}},
		{name: "month + rare property", kind: combined, draw: func(d *drawing) *audit.Filter { return both(d.month(), d.property(5)) }},
		{name: "category + user", kind: combined, draw: func(d *drawing) *audit.Filter { return both(ofCategory(audit.CategorySettings), d.by(20)) }},
		{name: "category + section", kind: combined, draw: func(d *drawing) *audit.Filter {
			return both(ofCategory(audit.CategorySettings), d.section())
		}},
		{name: "user + section", kind: combined, draw: func(d *drawing) *audit.Filter { return both(d.by(20), d.section()) }},
		{name: worstByUser, kind: combined, draw: func(d *drawing) *audit.Filter {
			return both(d.month(), ofCategory(audit.CategoryConversation), d.by(20), d.section())
		}},
		{name: worstByProperty, kind: combined, draw: func(d *drawing) *audit.Filter {
			return both(d.month(), ofCategory(audit.CategoryBilling), d.property(5))
		}},
		{name: "month + status cause", kind: combined, draw: func(d *drawing) *audit.Filter {
			return both(d.month(), &audit.Filter{Status: &audit.StatusFilter{Causes: []audit.StatusCause{audit.CauseSupervisor}}})
		}},
		{name: "object + category", kind: combined, draw: func(d *drawing) *audit.Filter {
			return both(d.object(), ofCategory(audit.CategoryConversation))
		}},
		{name: "section or user (anyOf)", kind: combined, draw: func(d *drawing) *audit.Filter {
			return &audit.Filter{AnyOf: []audit.Filter{*d.section(), *d.by(20)}}
		}},
		{name: "action, rare", kind: scanned, draw: func(*drawing) *audit.Filter { return &audit.Filter{Actions: []audit.Action{audit.ActionMerge}} }},
		{name: "eventName", kind: scanned, draw: func(*drawing) *audit.Filter { return &audit.Filter{EventNames: []string{"customer.merge"}} }},
		{name: "settingsArea, rare", kind: scanned, draw: func(*drawing) *audit.Filter {
			return &audit.Filter{SettingsAreas: []audit.SettingsArea{audit.AreaKustomerAccess}}
		}},
		{name: "outcome", kind: scanned, draw: func(*drawing) *audit.Filter {
			return &audit.Filter{Outcomes: []audit.AuthorizationOutcome{audit.OutcomeFailure}}
		}},
		{name: "seatKind", kind: scanned, draw: func(*drawing) *audit.Filter {
			return &audit.Filter{SeatKinds: []audit.SeatKind{audit.SeatCollaborator}}
		}},
		{name: "ipAddress", kind: scanned, draw: func(d *drawing) *audit.Filter {
			return &audit.Filter{IPAddresses: []string{fmt.Sprintf("203.0.113.%d", d.IntN(256))}}
		}},
		{name: "status cause, rare", kind: scanned, draw: func(*drawing) *audit.Filter {
			return &audit.Filter{Status: &audit.StatusFilter{Causes: []audit.StatusCause{audit.CauseSupervisor}}}
		}},
		{name: "capacity", kind: scanned, draw: func(*drawing) *audit.Filter {
			return &audit.Filter{Capacity: &audit.CapacityFilter{From: []audit.CapacityState{audit.CapacityFull}, To: []audit.CapacityState{audit.CapacityOver}}}
		}},
		{name: "workSession", kind: scanned, draw: func(d *drawing) *audit.Filter {
			return &audit.Filter{WorkSessionExternalIDs: []string{fmt.Sprintf("wks-%07d", d.IntN(200_000))}}
		}},
		{name: "objectType, unknown", kind: scanned, draw: func(*drawing) *audit.Filter { return &audit.Filter{ObjectTypes: []string{"none"}} }},
		{name: "performedBy name", kind: scanned, draw: func(d *drawing) *audit.Filter {
			name := fmt.Sprintf("Number %d", 100+d.IntN(900))
			return &audit.Filter{PerformedBy: &audit.ActorFilter{Name: &name}}
		}},
		{name: "text, frequent", kind: searched, draw: func(*drawing) *audit.Filter { return containing("shipping") }},
		{name: "text, rare", kind: searched, draw: func(d *drawing) *audit.Filter {
			return containing(fmt.Sprintf("order %d?", d.IntN(100_000)))
		}},
		{name: "text + month + category", kind: searched, draw: func(d *drawing) *audit.Filter {
			text := containing(fmt.Sprintf("order %d", 100+d.IntN(900)))
			return both(text, d.month(), ofCategory(audit.CategoryConversation))
		}},
	}
}

// The combinations that the goals name.
const (
	worstByUser     = "month + category + user + section"
	worstByProperty = "month + rare property + rare category"
)

func ofCategory(c audit.Category) *audit.Filter {
	return &audit.Filter{Categories: []audit.Category{c}}
}

func containing(text string) *audit.Filter { return &audit.Filter{Text: &text} }

// both joins filters that ask for different things.
func both(filters ...*audit.Filter) *audit.Filter {
	var joined audit.Filter
	for _, f := range filters {
		switch {
		case f.OccurredAt != nil:
			joined.OccurredAt = f.OccurredAt
		case f.Categories != nil:
			joined.Categories = f.Categories
		case f.PerformedBy != nil:
			joined.PerformedBy = f.PerformedBy
		case f.Sections != nil:
			joined.Sections = f.Sections
		case f.Properties != nil:
			joined.Properties = f.Properties
		case f.Objects != nil:
			joined.Objects = f.Objects
		case f.Status != nil:
			joined.Status = f.Status
		case f.Text != nil:
			joined.Text = f.Text
		}
	}
	return &joined
}

func (d *drawing) month() *audit.Filter {
	from := dataset.Begin.AddDate(0, d.IntN(24), 0)
	to := from.AddDate(0, 1, 0)
	return &audit.Filter{OccurredAt: &audit.TimeRange{From: &from, To: &to}}
}

// actor is one of the first actors, which do most.
func (d *drawing) actor(first int) *audit.ActorFilter {
	return &audit.ActorFilter{ExternalIDs: []string{fmt.Sprintf("usr-%05d", d.IntN(first))}}
}

func (d *drawing) by(first int) *audit.Filter { return &audit.Filter{PerformedBy: d.actor(first)} }

func (d *drawing) section() *audit.Filter {
	return &audit.Filter{Sections: []string{fmt.Sprintf("section_%02d", d.IntN(60))}}
}

func (d *drawing) object() *audit.Filter {
	return &audit.Filter{Objects: []audit.ObjectRef{{Type: "conversation", ExternalID: dataset.ObjectID(d.IntN(dataset.BusyObjects))}}}
}

// property is one that the n-th change of an event may have: of the first are
// the frequent ones, of the last those in two events of a hundred.
func (d *drawing) property(n int) *audit.Filter {
	return &audit.Filter{Properties: []string{d.propertyName(n)}}
}

func (d *drawing) propertyName(n int) string { return fmt.Sprintf("property_%03d", n*20+d.IntN(20)) }

func (d *drawing) changed() *audit.Filter {
	return &audit.Filter{Changed: []audit.ChangeFilter{{Property: d.propertyName(0), After: audit.JSON(`"vip"`)}}}
}

// depth is how deep the deep page is: a million, where the log has twice that.
func depth(log dataset.Log) int { return min(1_000_000, log.EventsOf(reader)/2) }

// deepInstant is when the event happened that is so deep.
func deepInstant(log dataset.Log) time.Time {
	share := 1 - float64(depth(log))/float64(log.EventsOf(reader))
	return dataset.Begin.Add(time.Duration(share * float64(dataset.End.Sub(dataset.Begin))))
}
