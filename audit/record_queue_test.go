package audit

import (
	"fmt"
	"slices"
	"testing"
)

// takeAll fills a queue with calls of that many events for organizations in turn,
// and gives what each commit takes as "organization:events".
func takeAll(t *testing.T, maxLines, maxEvents int, calls ...[2]int) [][]string {
	t.Helper()
	q := newQueue(100_000, 1<<30, maxLines)
	for _, call := range calls {
		s := &submission{organization: OrganizationID(call[0])}
		for range call[1] {
			s.items = append(s.items, &item{of: s, entry: &Entry{}})
		}
		if err := q.push(s); err != nil {
			t.Fatal(err)
		}
	}
	var taken [][]string
	for len(q.ready) > 0 {
		var one []string
		batches := q.take(maxEvents)
		for _, b := range batches {
			one = append(one, fmt.Sprintf("%d:%d", b.line.organization, b.events))
		}
		for _, b := range batches {
			q.done(b)
		}
		taken = append(taken, one)
	}
	return taken
}

func expectTaken(t *testing.T, got [][]string, want ...[]string) {
	t.Helper()
	if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Errorf("taken %v, want %v", got, want)
	}
}

func TestSmallCallsOfManyShareACommit(t *testing.T) {
	got := takeAll(t, 3, 500, [2]int{1, 1}, [2]int{2, 1}, [2]int{2, 2}, [2]int{3, 1}, [2]int{4, 1})
	expectTaken(t, got, []string{"1:1", "2:3", "3:1"}, []string{"4:1"})
}

func TestALargeCallGoesAlone(t *testing.T) {
	got := takeAll(t, 64, 500, [2]int{1, 500}, [2]int{2, 1}, [2]int{3, 100}, [2]int{4, 1})
	expectTaken(t, got, []string{"1:500"}, []string{"2:1"}, []string{"3:100"}, []string{"4:1"})
}

// TestOneThatSendsMuchGetsAShare while others wait, and all once nobody does.
func TestOneThatSendsMuchGetsAShare(t *testing.T) {
	var calls [][2]int
	for range 20 {
		calls = append(calls, [2]int{1, 10})
	}
	got := takeAll(t, 64, 400, append(calls, [2]int{2, 1})...)
	expectTaken(t, got, []string{"1:50", "2:1"}, []string{"1:150"})
}

func TestACommitIsBounded(t *testing.T) {
	var calls [][2]int
	for organization := range 10 {
		calls = append(calls, [2]int{organization + 1, 10})
	}
	got := takeAll(t, 64, 80, calls...)
	expectTaken(t, got,
		[]string{"1:10", "2:10", "3:10", "4:10", "5:10", "6:10", "7:10", "8:10"}, []string{"9:10", "10:10"})
}

// TestWhatIsPostponedGoesAlone, before what came later for its organization.
func TestWhatIsPostponedGoesAlone(t *testing.T) {
	q := newQueue(1000, 1<<30, 64)
	push := func(organization OrganizationID) *submission {
		s := &submission{organization: organization}
		s.items = []*item{{of: s, entry: &Entry{}}}
		if err := q.push(s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	early := push(1)
	push(2)
	batches := q.take(500)
	late := push(1)
	push(3)
	q.postpone(batches[0])
	q.done(batches[1])
	push(4)
	if first := q.take(500); len(first) != 1 || first[0].line.organization != 3 {
		t.Errorf("the first commit takes %d organizations", len(first))
	}
	alone := q.take(500)
	if len(alone) != 1 || !slices.Equal(alone[0].submissions, []*submission{early, late}) {
		t.Errorf("what was postponed goes with %d organizations, %v", len(alone), alone[0].submissions)
	}
}
