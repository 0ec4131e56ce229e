package store

import (
	"testing"

	"daybook/audit"
)

// TestAValueIsFoundInTheKeyAlone: Postgres finds the events that changed a
// property to a value without reading rows of property_changes, most of which
// have another value.
func TestAValueIsFoundInTheKeyAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("fills a database")
	}
	s := openPostgresStore(t)
	fillBulk(t, s, 5000)
	for name, change := range map[string]audit.ChangeFilter{
		"property": {Property: "property-3"},
		"value":    {Property: "property-3", After: audit.JSON("1")},
		"added":    {Property: "property-3", Added: audit.JSON("1")},
	} {
		text, args := pageStatement(t, s, audit.EventQuery{
			Filter: &audit.Filter{Changed: []audit.ChangeFilter{change}}, Limit: planPage,
			Order: audit.Order{Field: audit.OrderOccurredAt, Direction: audit.Descending},
		})
		plan, answer := explain(t, s, text, args)
		plan.each(func(node postgresPlan) {
			if node.Table == "property_changes" && node.NodeType != "Index Only Scan" {
				t.Errorf("%s: reads rows of property_changes:\n%s", name, answer)
			}
		})
	}
}
