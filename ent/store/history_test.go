package store

import (
	"fmt"
	"strings"
	"testing"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// TestObjectsWithOneKeyAreToldApart makes rows whose hash is that of another object:
// histories must ask for type and id too.
func TestObjectsWithOneKeyAreToldApart(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *Store) {
		organization := newOrganization(t, s)
		true1, false1 := audit.ObjectRef{Type: audit.ObjectCustomer, ExternalID: "true"}, audit.ObjectRef{Type: audit.ObjectCustomer, ExternalID: "false"}
		entry := testEntry()
		entry.Category, entry.Object = audit.CategoryCustomer, &audit.Object{Type: false1.Type, ExternalID: false1.ExternalID}
		named := "named, so that it is stored beside the object"
		subject := audit.Subject{ExternalID: "false", Name: &named}
		entry.Details = &audit.CustomerDetails{Customer: &subject, MergedFrom: []audit.Subject{subject}}
		entry.SubjectType, entry.SubjectID, entry.MergedFrom = audit.ObjectCustomer, "false", nil
		appendGroup(t, s, testGroup(organization, entry))
		copyUnderKey(t, s, organization, audit.ObjectKey(true1.Type, true1.ExternalID))

		for object, want := range map[audit.ObjectRef]int{true1: 0, false1: 1} {
			filter := &audit.Filter{History: &object}
			for _, f := range []*audit.Filter{filter, {AnyOf: []audit.Filter{*filter}}} {
				n, err := s.CountEvents(t.Context(), organization, f, 10)
				if err != nil || n != want {
					t.Errorf("the history of %s has %d events, want %d: %v", object.ExternalID, n, want, err)
				}
			}
			n := 0
			err := s.VisitObject(t.Context(), organization, audit.ObjectQuery{Object: object, Limit: 10}, func(*audit.ObjectEvent) bool { n++; return true })
			if err != nil || n != want {
				t.Errorf("%d events of %s were visited, want %d: %v", n, object.ExternalID, want, err)
			}
		}
	})
}

// copyUnderKey repeats the only event with the next sequence, its object, subject and
// merge source under the given key.
func copyUnderKey(t *testing.T, s *Store, organization audit.OrganizationID, key int64) {
	t.Helper()
	var id audit.EventID
	if err := s.reader.QueryRow(`SELECT id FROM events`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	copied, err := audit.NewEventID(id.OccurredAt(), 2, organization)
	if err != nil {
		t.Fatal(err)
	}
	columns := append([]string{"organization", "recorded_at", "actor", "profile", "section"}, entryColumns...)
	values := strings.Join(columns, ", ")
	for _, keyed := range []string{"object_key", "subject_key"} {
		values = strings.Replace(values, keyed, fmt.Sprint(key), 1)
	}
	b := sql.Dialect(s.dialect)
	insert := sql.P(func(p *sql.Builder) {
		p.WriteString("INSERT INTO events (id, " + strings.Join(columns, ", ") + ") SELECT ").Arg(copied).WriteString(", " + values + " FROM events")
	})
	insert.SetDialect(s.dialect)
	text, args := insert.Query()
	if _, err := s.writer.Exec(text, args...); err != nil {
		t.Fatal(err)
	}
	text, args = b.Insert("merge_sources").Columns("organization", "object_key", "event").Values(int64(organization), key, copied).Query()
	if _, err := s.writer.Exec(text, args...); err != nil {
		t.Fatal(err)
	}
}
