package audit

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bounds of filters. Those of a whole filter keep a database's planning of it
// well under a second; changes and addresses take longest to plan.
const (
	maxFilterList      = 1000 // values in one list
	maxFilterValues    = 2000 // values in all lists together
	maxFilterChanges   = 100  // elements of all changed together
	maxFilterAddresses = 500  // elements of all ipAddresses together
	maxFilterDepth     = 8    // allOf, anyOf and not within each other
	maxFilterNodes     = 200  // filters within one filter
	maxFilterText      = 1024 // bytes of a name or text
)

// filterCheck walks a filter, counts what is in it and keeps the first thing
// wrong with it.
type filterCheck struct {
	nodes, values, changed, addressed int

	err error
}

// check fails with CodeBadInput and the path of the first field out of bounds,
// or with CodeQueryTooExpensive when its lists have too many values together.
func (f *Filter) check() error {
	c := &filterCheck{}
	c.filter("filter", f, 0)
	return c.err
}

func (c *filterCheck) fail(path, format string, args ...any) {
	if c.err == nil {
		c.err = BadInput(path, "%s", path+": "+fmt.Sprintf(format, args...))
	}
}

func (c *filterCheck) filter(path string, f *Filter, depth int) {
	if f == nil || c.err != nil {
		return
	}
	if c.nodes++; c.nodes > maxFilterNodes {
		c.fail(path, "a filter may hold at most %d filters", maxFilterNodes)
		return
	}
	if depth > maxFilterDepth {
		c.fail(path, "filters may nest at most %d deep", maxFilterDepth)
		return
	}
	c.timeRange(path+"/occurredAt", f.OccurredAt)
	c.timeRange(path+"/recordedAt", f.RecordedAt)
	c.enums(path, f)
	c.texts(path+"/eventNames", f.EventNames)
	c.texts(path+"/sections", f.Sections)
	c.texts(path+"/properties", f.Properties)
	c.texts(path+"/objectTypes", f.ObjectTypes)
	c.texts(path+"/workSessionExternalIds", f.WorkSessionExternalIDs)
	c.texts(path+"/correlationIds", f.CorrelationIDs)
	c.texts(path+"/conversationExternalIds", f.Conversations)
	c.texts(path+"/customerExternalIds", f.Customers)
	c.text(path+"/text", f.Text)
	c.actor(path+"/performedBy", f.PerformedBy)
	c.actor(path+"/onBehalfOf", f.OnBehalfOf)
	c.actor(path+"/about", f.About)
	c.objects(path+"/objects", f.Objects)
	if f.History != nil {
		c.objects(path+"/history", []ObjectRef{*f.History})
	}
	c.addresses(path+"/ipAddresses", f.IPAddresses)
	c.changes(path+"/changed", f.Changed)
	c.filters(path+"/allOf", f.AllOf, depth)
	c.filters(path+"/anyOf", f.AnyOf, depth)
	c.filter(path+"/not", f.Not, depth+1)
}

func (c *filterCheck) filters(path string, filters []Filter, depth int) {
	for i := range filters {
		c.filter(fmt.Sprintf("%s/%d", path, i), &filters[i], depth+1)
	}
}

func (c *filterCheck) timeRange(path string, r *TimeRange) {
	if r != nil && r.From != nil && r.To != nil && r.From.After(*r.To) {
		c.fail(path, "from is after to")
	}
}

// list counts the values of a list, of which it may have so many.
func (c *filterCheck) list(path string, n, most int) {
	if n > most {
		c.fail(path, "has %d values; at most %d are allowed", n, most)
	}
	c.values += n
	c.total("values", c.values, maxFilterValues)
}

// total refuses more than the lists of a whole filter may have together. No one
// field is at fault then.
func (c *filterCheck) total(what string, n, most int) {
	if n > most && c.err == nil {
		err := Errorf(CodeQueryTooExpensive, "The filter has too many %s in all its lists together; at most %d are allowed.", what, most)
		err.Limit = most
		c.err = err
	}
}

func (c *filterCheck) enums(path string, f *Filter) {
	c.list(path+"/categories", len(f.Categories), maxFilterList)
	c.list(path+"/actions", len(f.Actions), maxFilterList)
	c.list(path+"/settingsAreas", len(f.SettingsAreas), maxFilterList)
	c.list(path+"/outcomes", len(f.Outcomes), maxFilterList)
	c.list(path+"/seatKinds", len(f.SeatKinds), maxFilterList)
	if s := f.Status; s != nil {
		c.list(path+"/status/from", len(s.From), maxFilterList)
		c.list(path+"/status/to", len(s.To), maxFilterList)
		c.list(path+"/status/causes", len(s.Causes), maxFilterList)
	}
	if s := f.Capacity; s != nil {
		c.list(path+"/capacity/from", len(s.From), maxFilterList)
		c.list(path+"/capacity/to", len(s.To), maxFilterList)
	}
}

func (c *filterCheck) texts(path string, texts []string) {
	c.list(path, len(texts), maxFilterList)
	for i := 0; i < len(texts) && c.err == nil; i++ {
		c.text(fmt.Sprintf("%s/%d", path, i), &texts[i])
	}
}

func (c *filterCheck) text(path string, text *string) {
	switch {
	case text == nil:
	case len(*text) > maxFilterText:
		c.fail(path, "is longer than %d bytes", maxFilterText)
	case !utf8.ValidString(*text):
		c.fail(path, "is not valid Unicode text")
	case strings.ContainsRune(*text, 0):
		c.fail(path, "has a NUL character, which no event can have")
	}
}

func (c *filterCheck) actor(path string, f *ActorFilter) {
	if f == nil {
		return
	}
	c.list(path+"/ids", len(f.IDs), maxFilterList)
	c.list(path+"/kinds", len(f.Kinds), maxFilterList)
	c.texts(path+"/externalIds", f.ExternalIDs)
	c.text(path+"/name", f.Name)
}

func (c *filterCheck) objects(path string, objects []ObjectRef) {
	c.list(path, len(objects), maxFilterList)
	for i := 0; i < len(objects) && c.err == nil; i++ {
		c.text(fmt.Sprintf("%s/%d/type", path, i), &objects[i].Type)
		c.text(fmt.Sprintf("%s/%d/externalId", path, i), &objects[i].ExternalID)
	}
}

func (c *filterCheck) addresses(path string, addresses []string) {
	c.list(path, len(addresses), maxFilterAddresses)
	c.addressed += len(addresses)
	c.total("addresses", c.addressed, maxFilterAddresses)
	for i := 0; i < len(addresses) && c.err == nil; i++ {
		if _, _, err := AddressRange(addresses[i]); err != nil {
			c.fail(fmt.Sprintf("%s/%d", path, i), "%s", err)
		}
	}
}

func (c *filterCheck) changes(path string, changes []ChangeFilter) {
	c.list(path, len(changes), maxFilterChanges)
	c.changed += len(changes)
	c.total("changes", c.changed, maxFilterChanges)
	for i := 0; i < len(changes) && c.err == nil; i++ {
		at, f := fmt.Sprintf("%s/%d", path, i), &changes[i]
		c.text(at+"/property", &f.Property)
		c.list(at+"/operations", len(f.Operations), maxFilterList)
		c.value(at+"/before", f.Before)
		c.value(at+"/after", f.After)
		c.value(at+"/added", f.Added)
		c.value(at+"/removed", f.Removed)
	}
}

func (c *filterCheck) value(path string, value JSON) {
	if value == nil {
		return
	}
	if _, err := parseJSON(value); err != nil {
		c.fail(path, "%s", err)
	}
}

// check fails as that of a Filter does.
func (f *ActorFilter) check(path string) error {
	c := &filterCheck{}
	c.actor(path, f)
	return c.err
}
