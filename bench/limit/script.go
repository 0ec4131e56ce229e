package limit

import (
	"fmt"
	"slices"
	"strings"

	"daybook/audit"
)

// script is a file for pgbench that inserts events with one number of changes.
type script struct {
	changes int // of each event
	weight  int // how often it is run, beside the others
	text    string
}

// sequenceName is the sequence that pgbench's events are numbered with. It has
// gaps where a transaction fails, and no order of commits; Daybook's has.
const sequenceName = "bench_sequence"

// preamble draws the numbers that decide where rows go in indexes.
const preamble = `\set organization random(%d, %d)
\set skew random(0, 9999)
\set actor 1 + :skew * :skew / 10000 * :skew / 10000 * 2000 / 10000
\set section random(1, 60)
\set object random(1, 100000)
`

// variables are columns that take their values from what was drawn.
var variables = map[string]string{
	"id":           "daybook_event_id_v1((extract(epoch FROM n.at) * 1000000)::bigint, n.sequence, :organization::integer)",
	"event":        "e.id",
	"organization": ":organization::integer",
	"recorded_at":  "n.at",
	"actor":        ":actor::integer",
	"profile":      ":actor::integer",
	"section":      ":section::integer",
	"object_key":   "hashint8extended(:object::bigint, 0)",
}

// bundleOfOne is what a row of the journal says that has one event.
var bundleOfOne = map[string]string{
	"organization": ":organization::integer",
	"sequence":     "n.sequence",
	"recorded_at":  "n.at",
	"token":        "1::bigint",
	"event_ids":    "uuid_send(e.id)",
	"digests":      "uuid_send(e.id) || uuid_send(e.id)",
}

// scripts are files for events with none, one, two and more changes: 4 stand
// for all who have more than two, whose mean that is.
func (r *Rows) scripts(first, last audit.OrganizationID) []script {
	var list []script
	for _, changes := range []int{0, 1, 2, 4} {
		s := script{changes: changes}
		var sample recorded
		for _, one := range r.events {
			n := len(one[1])
			if n == changes || changes == 4 && n > 2 {
				s.weight++
			}
			if n == changes && sample == nil {
				sample = one
			}
		}
		s.text = fmt.Sprintf(preamble, first, last) + r.scriptOf(sample)
		list = append(list, s)
	}
	return slices.DeleteFunc(list, func(s script) bool { return s.weight == 0 })
}

// scriptOf is one statement that inserts the rows of an event again, in the
// places of indexes that were drawn.
func (r *Rows) scriptOf(sample recorded) string {
	events, changes, journal := r.tables[0], r.tables[1], r.journal()
	var text strings.Builder
	for i := range sample[1] {
		fmt.Fprintf(&text, "\\set property_%d random(1, 120)\n", i)
	}
	fmt.Fprintf(&text, "WITH n AS MATERIALIZED (SELECT nextval('%s') AS sequence, clock_timestamp() AS at), ", sequenceName)
	fmt.Fprintf(&text, "e AS (INSERT INTO events (%s) SELECT %s FROM n RETURNING id) ", events.names(), events.values(sample[0][0], nil))
	if len(sample[1]) > 0 {
		rows := make([]string, len(sample[1]))
		for i, one := range sample[1] {
			// An ordinal of its own, should two changes draw one property.
			drawn := map[string]string{"property": fmt.Sprintf(":property_%d::integer", i), "ordinal": fmt.Sprintf("%d::smallint", i)}
			rows[i] = "SELECT " + changes.values(one, drawn) + " FROM e"
		}
		fmt.Fprintf(&text, ", c AS (INSERT INTO property_changes (%s) %s) ", changes.names(), strings.Join(rows, " UNION ALL "))
	}
	fmt.Fprintf(&text, "INSERT INTO journal (%s) SELECT %s FROM n, e;\n", journal.names(), journal.values(make(row, len(journal.columns)), bundleOfOne))
	return text.String()
}

// values are the expressions for a row: drawn, or as recorded.
func (t table) values(recorded row, drawn map[string]string) string {
	list := make([]string, len(t.columns))
	for i, c := range t.columns {
		list[i] = "NULL::" + c.kind
		if value := recorded[i]; value != nil {
			list[i] = literal(*value) + "::" + c.kind
		}
		if variable, ok := drawn[c.name]; ok {
			list[i] = variable
		} else if variable, ok := variables[c.name]; ok && recorded[i] != nil {
			list[i] = variable
		}
	}
	return strings.Join(list, ", ")
}

// A colon within a literal would be taken for a variable of pgbench.
var literalEscapes = strings.NewReplacer(`\`, `\\`, `'`, `\'`, `:`, `\x3a`, "\n", `\n`)

func literal(text string) string { return "E'" + literalEscapes.Replace(text) + "'" }
