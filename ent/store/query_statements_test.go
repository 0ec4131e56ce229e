package store

import (
	"context"
	stdsql "database/sql"
	"database/sql/driver"
	"strings"
	"sync/atomic"
	"testing"

	"modernc.org/sqlite"

	"daybook/audit"
)

// statements counts the queries that run over its connections.
type statements struct {
	driver.Connector
	ran atomic.Int64
}

func (s *statements) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := s.Connector.Connect(ctx)
	return &countedConn{Conn: conn, ran: &s.ran}, err
}

type countedConn struct {
	driver.Conn
	ran *atomic.Int64
}

func (c *countedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	c.ran.Add(1)
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, text, args)
}

// countStatements makes the store count what it reads.
func countStatements(t *testing.T, s *Store) *statements {
	t.Helper()
	var file string
	if err := s.writer.QueryRow(`SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&file); err != nil {
		t.Fatal(err)
	}
	uri, err := sqliteURI(file)
	if err != nil {
		t.Fatal(err)
	}
	connector, err := sqlite.NewConnector(uri + "?" + strings.Join(sqliteSettings, "&"))
	if err != nil {
		t.Fatal(err)
	}
	counted := &statements{Connector: connector}
	if err := s.reader.Close(); err != nil {
		t.Fatal(err)
	}
	s.reader = stdsql.OpenDB(counted)
	return counted
}

func TestAPageCostsAFixedNumberOfStatements(t *testing.T) {
	s := openSQLiteStore(t)
	fillBulk(t, s, 2000)
	counted := countStatements(t, s)
	from := bulkStart
	name := "agent 1"
	filters := map[string]struct {
		filter *audit.Filter
		order  audit.OrderField
		want   int64
	}{
		"nothing":     {want: 5}, // events, texts, actors, names, sections
		"by recorded": {order: audit.OrderRecordedAt, want: 5},
		"keys": {want: 5 + 4, filter: &audit.Filter{
			Sections: []string{"section-1", "section-2"}, Properties: []string{"property-1", "property-2"},
			PerformedBy: &audit.ActorFilter{ExternalIDs: []string{"actor-1", "actor-2"}},
			AnyOf:       []audit.Filter{{}, {Sections: []string{"section-3"}}, {EventNames: []string{"event.1", "event.2"}}},
		}},
		"a name":         {want: 5 + 1, filter: &audit.Filter{PerformedBy: &audit.ActorFilter{Name: &name}}},
		"recording time": {order: audit.OrderRecordedAt, want: 5 + 1, filter: &audit.Filter{RecordedAt: &audit.TimeRange{From: &from}}},
		"two categories": {want: 5, filter: &audit.Filter{Categories: audit.Categories()[1:3]}},
	}
	for name, one := range filters {
		for _, limit := range []int{1, 50, 500} {
			if one.order == 0 {
				one.order = audit.OrderOccurredAt
			}
			s.recent.forget()
			s.shared.forget()
			before := counted.ran.Load()
			_, err := s.FindEvents(t.Context(), 1, audit.EventQuery{
				Filter: one.filter, Order: audit.Order{Field: one.order, Direction: audit.Descending}, Limit: limit, Fields: audit.AllFields,
			})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got := counted.ran.Load() - before; got != one.want {
				t.Errorf("%s, %d events: %d statements, want %d", name, limit, got, one.want)
			}
		}
	}
}

func TestOnlyWhatIsAskedForIsFetched(t *testing.T) {
	s := openSQLiteStore(t)
	fillBulk(t, s, 100)
	counted := countStatements(t, s)
	for fields, want := range map[audit.Fields]int64{
		{}: 2, {Actors: true}: 3, {Names: true}: 3, {Sections: true}: 3, audit.AllFields: 5,
	} {
		s.recent.forget()
		s.shared.forget()
		before := counted.ran.Load()
		query := audit.EventQuery{Order: audit.Order{Field: audit.OrderOccurredAt, Direction: audit.Ascending}, Limit: 10, Fields: fields}
		if _, err := s.FindEvents(t.Context(), 1, query); err != nil {
			t.Fatal(err)
		}
		if got := counted.ran.Load() - before; got != want {
			t.Errorf("%+v took %d statements, want %d", fields, got, want)
		}
	}
}
