package audit

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// taker is a writer that takes one call's batches, and how many: 0 while it
// waits.
type taker struct{ lines atomic.Int32 }

func startTaking(q *queue) *taker {
	taken := &taker{}
	go func() { taken.lines.Store(int32(len(q.take(500)))) }()
	synctest.Wait()
	return taken
}

// pushOnes puts one event of each organization into the queue.
func pushOnes(t *testing.T, q *queue, organizations ...OrganizationID) {
	t.Helper()
	for _, organization := range organizations {
		s := &submission{organization: organization}
		s.items = []*item{{of: s, entry: &Entry{}}}
		if err := q.push(s); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Wait()
}

func (taken *taker) expect(t *testing.T, want int32) {
	t.Helper()
	synctest.Wait()
	if lines := taken.lines.Load(); lines != want {
		t.Errorf("a writer has taken %d organizations, want %d", lines, want)
	}
}

// TestOrganizationsWaitForAsManyAsAreWritten, so that they share a commit.
func TestOrganizationsWaitForAsManyAsAreWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1000, 1<<30, 64)
		pushOnes(t, q, 1, 2, 3)
		startTaking(q).expect(t, 3)
		second := startTaking(q)
		pushOnes(t, q, 4, 5)
		second.expect(t, 0)
		pushOnes(t, q, 6)
		second.expect(t, 3)
	})
}

// TestWhoeverWaitsGoesOnceNothingIsWritten.
func TestWhoeverWaitsGoesOnceNothingIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1000, 1<<30, 64)
		pushOnes(t, q, 1, 2, 3)
		batches := q.take(500)
		second := startTaking(q)
		pushOnes(t, q, 4)
		second.expect(t, 0)
		q.done(batches[0])
		q.done(batches[1])
		second.expect(t, 1)
	})
}

// TestAFullCallIsNotKeptBack, nor is one with many events.
func TestAFullCallIsNotKeptBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1000, 1<<30, 2)
		pushOnes(t, q, 1, 2, 3, 4, 5, 6)
		for range 3 {
			startTaking(q).expect(t, 2)
		}
		pushOnes(t, q, 7)
		fourth := startTaking(q)
		fourth.expect(t, 0)
		pushOnes(t, q, 7)
		fourth.expect(t, 1)
	})
}

// TestACallThatHangsHoldsNobodyUp for long.
func TestACallThatHangsHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1000, 1<<30, 64)
		pushOnes(t, q, 1, 2, 3)
		hanging := q.take(500)
		second := startTaking(q)
		pushOnes(t, q, 4)
		second.expect(t, 0)
		time.Sleep(slow)
		second.expect(t, 1)
		for _, b := range hanging {
			q.done(b)
		}
		if q.writing != 1 {
			t.Errorf("%d lines count as being written, want 1", q.writing)
		}
	})
}

// TestClosingSendsEveryWriterHome, also those that waited for more.
func TestClosingSendsEveryWriterHome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1000, 1<<30, 64)
		pushOnes(t, q, 1, 2)
		first := q.take(500)
		home := make(chan int)
		for range 3 {
			go func() {
				lines := 0
				for batches := q.take(500); batches != nil; batches = q.take(500) {
					for _, b := range batches {
						q.done(b)
					}
					lines += len(batches)
				}
				home <- lines
			}()
		}
		pushOnes(t, q, 3)
		q.close()
		for _, b := range first {
			q.done(b)
		}
		if lines := <-home + <-home + <-home; lines != 1 {
			t.Errorf("the writers took %d organizations, want 1", lines)
		}
	})
}
