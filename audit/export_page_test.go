package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// gappedLog has the events of some sequences, and refuses pages that are too large.
type gappedLog struct {
	EventFinder
	events []*Event
	most   func(after int64) int // events on the page after a sequence
}

func (l *gappedLog) FindEvents(_ context.Context, _ OrganizationID, query EventQuery) ([]*Event, error) {
	var after int64
	if query.After != nil {
		after = query.After.Sequence
	}
	if query.Limit > l.most(after) {
		return nil, Errorf(CodeQueryTooExpensive, "too much")
	}
	from, _ := slices.BinarySearchFunc(l.events, after+1, func(e *Event, sequence int64) int { return cmp.Compare(e.Sequence, sequence) })
	return l.events[from:min(from+query.Limit, len(l.events))], nil
}

// CursorKey implements [CursorKeys].
func (*gappedLog) CursorKey(context.Context, OrganizationID) ([]byte, error) {
	return []byte("key"), nil
}

// TestPagesReadAheadLeaveNothingOut, whether they begin where it was thought or not.
func TestPagesReadAheadLeaveNothingOut(t *testing.T) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // nothing secret
		log := &gappedLog{most: func(int64) int { return maxExportPage }}
		gaps := random.IntN(3) * random.IntN(50) // of a thousand
		want := []string{"sequence"}
		last := random.Int64N(8000)
		for sequence := int64(1); sequence <= last; sequence++ {
			if random.IntN(1000) < gaps {
				continue
			}
			id, err := NewEventID(time.Unix(sequence%977, 0), sequence, 1)
			if err != nil {
				t.Fatal(err)
			}
			log.events = append(log.events, &Event{ID: id, Sequence: sequence, Category: CategorySettings, Action: ActionUpdate})
			want = append(want, fmt.Sprint(sequence))
		}
		if seed%3 == 0 { // some parts are dear
			log.most = func(after int64) int { return []int{maxExportPage, 50, 200}[after/1500%3] }
		}
		if got := exportedSequences(t, log); !slices.Equal(got, want) {
			t.Fatalf("seed %d: %d of %d events were exported, or in another order", seed, len(got)-1, len(want)-1)
		}
	}
}

// TestLongEventsAreWrittenInParts, which have each row once, and count an event when
// its last is given.
func TestLongEventsAreWrittenInParts(t *testing.T) {
	log := &gappedLog{most: func(int64) int { return maxExportPage }}
	metadata := strings.Repeat("x", 5<<10)
	var want, text strings.Builder
	want.WriteString("sequence,metadata,property\r\n")
	for n, changes := range []int{1, 500, 1, 499} {
		event := &Event{Sequence: int64(n + 1), Metadata: JSON(metadata)}
		for i := range changes {
			event.Changes = append(event.Changes, Change{Property: fmt.Sprint(i)})
			fmt.Fprintf(&want, "%d,%s,%d\r\n", event.Sequence, metadata, i)
		}
		log.events = append(log.events, event)
	}
	export, err := NewReader(log, nil, nil, log).Export(t.Context(), Viewer{Organization: 1},
		ExportRequest{Format: ExportCSV, Columns: []string{"sequence", "metadata", "property"}, Order: DefaultExportOrder()})
	if err != nil {
		t.Fatal(err)
	}
	defer export.Close()
	var counted []int
	for {
		part, err := export.Next(t.Context())
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || len(part) > exportTextBytes+len(metadata)+100 {
			t.Fatalf("%v: a part has %d bytes", err, len(part))
		}
		text.Write(part)
		counted = append(counted, export.Events())
	}
	if got, end, _ := strings.Cut(text.String(), endMark); got != want.String() || !strings.HasPrefix(end, " events=4 ") {
		t.Errorf("%d bytes were written, want %d, and at the end %s", len(got), want.Len(), end)
	}
	if !slices.Equal(counted, []int{1, 1, 3, 3, 4}) {
		t.Errorf("after each part there were %v events", counted)
	}
}

// exportedSequences are the lines of an export of the whole log, but the end marker.
func exportedSequences(t *testing.T, log *gappedLog) []string {
	t.Helper()
	export, err := NewReader(log, nil, nil, log).Export(t.Context(), Viewer{Organization: 1},
		ExportRequest{Format: ExportCSV, Columns: []string{"sequence"}, Order: DefaultExportOrder()})
	if err != nil {
		t.Fatal(err)
	}
	defer export.Close()
	var text strings.Builder
	for {
		part, err := export.Next(t.Context())
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text.Write(part)
	}
	lines := strings.Split(strings.TrimSuffix(text.String(), "\r\n"), "\r\n")
	last := len(lines) - 1
	if want := fmt.Sprintf("%s events=%d", endMark, len(lines)-2); !strings.HasPrefix(lines[last], want) {
		t.Fatalf("the end is %q, want %q", lines[last], want)
	}
	return lines[:last]
}
