package store

import (
	"context"
	"reflect"
	"testing"

	"daybook/audit"
)

// packedEvent is the only event of a Postgres database as a packed row.
func packedEvent(tb testing.TB, s *Store, columns []string) []byte {
	tb.Helper()
	statement, err := s.prepared.of(context.Background(), s.reader, "SELECT "+packed(columns)+" FROM events")
	if err != nil {
		tb.Fatal(err)
	}
	var row []byte
	if err := statement.QueryRowContext(context.Background()).Scan(&row); err != nil {
		tb.Fatal(err)
	}
	return row
}

// readPacked makes an event of a packed row.
func readPacked(row []byte, brief bool) (audit.Event, error) {
	var event eventRow
	from := &packedRow{packed: cell{row}}
	from.begin()
	var shared []textPlace
	event.fill(from, brief, &shared)
	return event.event, from.failure()
}

// TestPackedRowsThatAreCutAreRefused at each of their bytes.
func TestPackedRowsThatAreCutAreRefused(t *testing.T) {
	s := openPostgresStore(t)
	recordedStore(t, s)
	for _, columns := range [][]string{eventColumns, briefColumns} {
		brief := len(columns) == len(briefColumns)
		row := packedEvent(t, s, columns)
		whole, err := readPacked(row, brief)
		if err != nil || whole.Sequence != 1 || whole.Object == nil || whole.Object.ExternalID != "s-1" || whole.SectionID == 0 {
			t.Errorf("the row gave %+v, %v", whole, err)
		}
		for n := range row {
			if _, err := readPacked(row[:n], brief); err == nil {
				t.Errorf("%d of %d bytes were read without an error", n, len(row))
			}
		}
	}
}

// FuzzPackedRow: whatever a row says of its lengths, reading ends within it.
func FuzzPackedRow(f *testing.F) {
	s := openPostgresStore(f)
	appendGroup(f, s, testGroup(newOrganization(f, s), testEntry()))
	f.Add(packedEvent(f, s, eventColumns), false)
	f.Add(packedEvent(f, s, briefColumns), true)
	f.Add([]byte{0, 0, 0, 1, 0, 0, 0, 25, 0x7f, 0xff, 0xff, 0xff}, false)
	f.Fuzz(func(t *testing.T, row []byte, brief bool) {
		first, err := readPacked(row, brief)
		again, errAgain := readPacked(row, brief)
		if (err == nil) != (errAgain == nil) || err == nil && !reflect.DeepEqual(first, again) {
			t.Errorf("%q gave %+v and %+v", row, first, again)
		}
	})
}
