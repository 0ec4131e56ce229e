package store

import (
	"testing"
	"time"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
	"daybook/audit/history"
)

// TestAVeryLongHistoryIsRefused: the state of an object with more events than a
// state is made of is refused; at an instant before that it is not, and takes no
// longer for what follows.
func TestAVeryLongHistoryIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("fills two databases")
	}
	eachEngine(t, func(t *testing.T, s *Store) {
		organization := newOrganization(t, s)
		object := audit.ObjectRef{Type: "counter", ExternalID: "1"}
		fillHistory(t, s, organization, object, history.MaxEvents+1)
		reader := history.NewReader(audit.NewReader(s, s, s, noKeys{}), func() time.Time { return bulkStart })
		viewer := audit.Viewer{Organization: organization}

		_, err := reader.AsOf(t.Context(), viewer, object, bulkStart.AddDate(1, 0, 0))
		if audit.ErrorCode(err) != audit.CodeQueryTooExpensive {
			t.Errorf("the state after too many events: %v", err)
		}
		state, err := reader.AsOf(t.Context(), viewer, object, bulkStart.Add((history.MaxEvents-1)*time.Second))
		if err != nil || len(state.Properties) != 1 || string(state.Properties[0].Value) != "2" {
			t.Errorf("the state after as many as are allowed is %+v: %v", state, err)
		}
		if state, err = reader.AsOf(t.Context(), viewer, object, bulkStart); err != nil || len(state.Properties) != 1 {
			t.Errorf("the state after the first is %+v: %v", state, err)
		}
	})
}

// noKeys are the keys of cursors where there are none.
type noKeys struct{ audit.CursorKeys }

// fillHistory makes events of one object, a second apart.
func fillHistory(t *testing.T, s *Store, organization audit.OrganizationID, object audit.ObjectRef, events int) {
	t.Helper()
	details, err := encodeDetails(&audit.SettingsDetails{Area: audit.AreaOther}, nil)
	if err != nil {
		t.Fatal(err)
	}
	changes := encodeChanges([]audit.Change{{Property: "count", Operation: audit.OperationChanged, Before: audit.JSON("1"), After: audit.JSON("2")}})
	tx, err := s.writer.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for first := 0; first < events; first += 500 {
		insert := sql.Dialect(s.dialect).Insert("events").Columns("id", "organization", "recorded_at", "category", "action", "actor", "profile",
			"section", "object_key", "object_type", "object_id", "changes", "details", "search_text", "seed")
		for i := first; i < min(first+500, events); i++ {
			at := bulkStart.Add(time.Duration(i) * time.Second)
			id, err := audit.NewEventID(at, int64(i+1), organization)
			if err != nil {
				t.Fatal(err)
			}
			insert.Values(id, int64(organization), instantArg(s.dialect, at), int(audit.CategorySettings), int(audit.ActionUpdate), 1, 1,
				1, audit.ObjectKey(object.Type, object.ExternalID), objectType(object.Type), object.ExternalID, string(changes), string(details), "", id[:])
		}
		text, args := insert.Query()
		if _, err := tx.ExecContext(t.Context(), text, args...); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}
