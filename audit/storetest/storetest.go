// Package storetest is the conformance suite of Daybook's engines. It tests
// what the interfaces of package audit promise and knows nothing of how an
// engine keeps it; passing it is what makes something an engine.
//
// An engine's own test is a few lines:
//
//	func TestConformance(t *testing.T) {
//		storetest.Run(t, func(tb testing.TB) storetest.Store { return openEmpty(tb) })
//	}
package storetest

import (
	"testing"

	"daybook/audit"
)

// Store is everything an engine offers.
type Store interface {
	audit.Appender
	audit.EventFinder
	audit.Catalogue
	audit.KeyStore
	audit.JournalFinder
	audit.WorkFinder
}

// promise is one thing that an engine must keep, named as a sentence.
type promise struct {
	name  string
	check func(t *testing.T, w *workspace)
}

// chapter is some promises that belong together.
type chapter struct {
	name     string
	promises []promise
}

// Run checks every promise, each on a store of its own: open MUST return an
// empty one and clean up after itself with tb.Cleanup.
func Run(t *testing.T, open func(tb testing.TB) Store) {
	RunRecording(t, open)
	RunReading(t, open)
	RunCounts(t, open)
	runChapters(t, open, []chapter{
		{"Together", concurrencyPromises()},
		{"Exactness", exactPromises()},
		{"Texts", textPromises()},
		{"Fields", fieldPromises()},
		{"Actors", actorPromises()},
		{"Catalogue", cataloguePromises()},
		{"Access", accessPromises()},
		{"History", historyPromises()},
		{"Journal", journalPromises()},
		{"Coverage", coveragePromises()},
		{"Work", workPromises()},
		{"Results", recorderResultPromises()},
		{"Atomic", recorderAtomicPromises()},
		{"Causes", recorderCausePromises()},
		{"Queue", recorderQueuePromises()},
		{"Faults", recorderFaultPromises()},
		{"Rules", recorderRulePromises()},
	})
}

// RunRecording checks, as Run does, the promises about what one call records.
func RunRecording(t *testing.T, open func(tb testing.TB) Store) {
	runChapters(t, open, []chapter{
		{"Recording", recordPromises()},
		{"Keys", idempotencyPromises()},
		{"Settling", settlePromises()},
	})
}

// RunReading checks, as Run does, the promises about which events are found and in
// what order. They hold whatever an engine has built behind recording, so an
// engine that builds something runs them in each state that can be in.
func RunReading(t *testing.T, open func(tb testing.TB) Store) {
	runChapters(t, open, []chapter{
		{"Filters", filterPromises()},
		{"Order", orderPromises()},
		{"Reference", referencePromises()},
	})
}

// RunCounts checks, as Run does, the promises about counts, which hold as those of
// RunReading do.
func RunCounts(t *testing.T, open func(tb testing.TB) Store) {
	runChapters(t, open, []chapter{{"Counts", countPromises()}})
}

func runChapters(t *testing.T, open func(tb testing.TB) Store, chapters []chapter) {
	for _, chapter := range chapters {
		t.Run(chapter.name, func(t *testing.T) {
			for _, p := range chapter.promises {
				t.Run(p.name, func(t *testing.T) { p.check(t, newWorkspace(t, open(t))) })
			}
		})
	}
}
