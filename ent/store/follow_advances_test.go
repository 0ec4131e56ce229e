package store

import (
	"testing"
	"testing/synctest"
	"time"

	"daybook/audit"
)

var testPace = followPace{quiet: 20 * time.Millisecond, patience: 2 * time.Second, patientEvents: 100, rest: 3}

// waited is how long a follower waits for a recorder that does what it is told.
func waited(t *testing.T, record func(*advances)) (duration time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		a := newAdvances()
		a.add(1, 1)
		_, since, _ := a.next()
		go record(a)
		synctest.Wait()
		a.waitForRecorder(t.Context(), testPace, since)
		duration = time.Since(since)
	})
	return duration
}

func TestFollowersWaitForTheRecorder(t *testing.T) {
	for name, test := range map[string]struct {
		record      func(*advances)
		least, most time.Duration
	}{
		"nobody records":         {func(*advances) {}, 0, 0},
		"until it is quiet":      {func(a *advances) { a.begin(); time.Sleep(time.Second); a.end(nil, nil) }, time.Second, 1100 * time.Millisecond},
		"but not for ever":       {func(a *advances) { a.begin() }, 2 * time.Second, 2100 * time.Millisecond},
		"and not far behind":     {func(a *advances) { a.begin(); a.add(2, 100) }, 0, 0},
		"until it is far behind": {func(a *advances) { a.begin(); time.Sleep(time.Second); a.add(2, 100) }, time.Second, 1100 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			if got := waited(t, test.record); got < test.least || got > test.most {
				t.Errorf("waited %s, want %s to %s", got, test.least, test.most)
			}
		})
	}
}

func TestFollowersRestOnlyWhileTheRecorderIsBusy(t *testing.T) {
	for busy, want := range map[bool]time.Duration{true: 30 * time.Millisecond, false: 0} {
		synctest.Test(t, func(t *testing.T) {
			a := newAdvances()
			if busy {
				a.begin()
			}
			began := time.Now()
			a.rest(t.Context(), testPace, 10*time.Millisecond)
			if got := time.Since(began); got != want {
				t.Errorf("busy %t: rested %s, want %s", busy, got, want)
			}
		})
	}
}

func TestOrganizationsAreTakenInTurn(t *testing.T) {
	a := newAdvances()
	groups := []audit.Group{{Organization: 1}, {Organization: 2}, {Organization: 3}}
	recorded := audit.Outcome{Appended: make([]audit.Appended, 2)}
	a.begin()
	a.end(groups, []audit.Outcome{recorded, {Err: audit.ErrBusy}, recorded})
	a.begin()
	a.end(groups[:1], []audit.Outcome{recorded})
	if _, events := a.busy(0); events != 6 {
		t.Errorf("%d events wait, want 6", events)
	}
	for _, want := range []audit.OrganizationID{1, 3} {
		if got, _, found := a.next(); !found || got != want {
			t.Errorf("next is %s, want %s", got, want)
		}
	}
	if _, _, found := a.next(); found {
		t.Error("an organization that recorded nothing waits")
	}
	select {
	case <-a.wake:
	default:
		t.Error("nobody was woken")
	}
}
