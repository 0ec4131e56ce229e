package storetest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"daybook/audit"
)

// recorder is a Recorder over the workspace's engine, or over one that makes it
// go wrong. It ends with the test.
func (w *workspace) recorder(t *testing.T, appender audit.Appender, options audit.RecorderOptions) *audit.Recorder {
	t.Helper()
	options.Log = slog.New(slog.DiscardHandler)
	r := audit.NewRecorder(appender, options)
	t.Cleanup(func() {
		if err := r.Close(context.Background()); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return r
}

// say changes an input.
type say func(*audit.EventInput)

// input is an ordinary event of the settings, changed by what is said of it.
func input(said ...say) audit.EventInput {
	in := audit.EventInput{
		Action: audit.ActionUpdate, Section: "shortcut",
		PerformedBy: audit.ActorInput{User: &audit.UserInput{ExternalID: "ann", Name: ptr("Ann"), Email: ptr("ann@example.com")}},
		Changes:     []audit.ChangeInput{{Property: "name", Before: audit.JSON(`"a"`), After: audit.JSON(`{ "b": 1.0 }`)}},
		Details:     audit.DetailsInput{Settings: &audit.SettingsDetailsInput{Area: audit.AreaShortcuts}},
	}
	for _, s := range said {
		s(&in)
	}
	return in
}

// withKey gives the event an idempotency key, and a content of that name.
func withKey(key, content string) say {
	return func(in *audit.EventInput) { in.IdempotencyKey, in.EventName = &key, &content }
}

// named gives the event a content of its own.
func named(content string) say { return func(in *audit.EventInput) { in.EventName = &content } }

// invalid makes the event invalid.
func invalid(in *audit.EventInput) { in.Section = "" }

func causedByKey(key string) say {
	return func(in *audit.EventInput) { in.CausedBy = &audit.CauseInput{IdempotencyKey: &key} }
}

func causedByEvent(id string) say {
	return func(in *audit.EventInput) { in.CausedBy = &audit.CauseInput{EventID: &id} }
}

// records is a call that must be answered.
func records(t rapid.TB, r *audit.Recorder, organization audit.OrganizationID, atomic bool, events ...audit.EventInput) []audit.RecordResult {
	t.Helper()
	results, err := r.Record(context.Background(), organization, events, atomic)
	if err != nil {
		t.Fatalf("Record of %d events: %v", len(events), err)
	}
	checkResults(t, results, len(events))
	return results
}

// checkResults checks what holds for all results: one for each event, in their
// order, with an id and problems where the status calls for them.
func checkResults(t rapid.TB, results []audit.RecordResult, events int) {
	t.Helper()
	if len(results) != events {
		t.Fatalf("%d events got %d results", events, len(results))
	}
	for i, result := range results {
		refused := result.Status == audit.RecordInvalid || result.Status == audit.RecordConflict
		recorded := result.Status == audit.RecordCreated || result.Status == audit.RecordDuplicate
		switch {
		case result.Index != i:
			t.Errorf("result %d says that it is of event %d", i, result.Index)
		case recorded && result.EventID == nil, !recorded && !refused && result.EventID != nil:
			t.Errorf("event %d is %s with the id %v", i, result.Status, result.EventID)
		case refused != (len(result.Problems) > 0):
			t.Errorf("event %d is %s with %d problems", i, result.Status, len(result.Problems))
		}
	}
}

// expectStatuses compares with statuses in one text, separated by blanks.
func expectStatuses(t rapid.TB, results []audit.RecordResult, want string) {
	t.Helper()
	statuses := make([]string, len(results))
	for i, result := range results {
		statuses[i] = result.Status.String()
	}
	if got := strings.Join(statuses, " "); got != want {
		t.Errorf("got  %s\nwant %s\n%s", got, want, showProblems(results))
	}
}

func showProblems(results []audit.RecordResult) string {
	var b strings.Builder
	for i, result := range results {
		for _, problem := range result.Problems {
			fmt.Fprintf(&b, "%d: %s %s %s\n", i, problem.Code, problem.Path, problem.Message)
		}
	}
	return b.String()
}

// expectProblem expects one problem, at a path.
func expectProblem(t rapid.TB, result audit.RecordResult, code audit.ProblemCode, path string) {
	t.Helper()
	if len(result.Problems) != 1 || result.Problems[0].Code != code || result.Problems[0].Path != path || result.Problems[0].Message == "" {
		t.Errorf("event %d has the problems %+v, want one: %s at %s", result.Index, result.Problems, code, path)
	}
}

// expectSame expects results that name one event.
func expectSame(t rapid.TB, results ...audit.RecordResult) {
	t.Helper()
	for _, result := range results[1:] {
		if !equalPointers(result.EventID, results[0].EventID) {
			t.Errorf("event %d names %s, want %s", result.Index, showPtr(result.EventID), showPtr(results[0].EventID))
		}
	}
}

// expectLog verifies the organization's whole log and expects it to have n
// events: none twice, none too few.
func (w *workspace) expectLog(t rapid.TB, organization audit.OrganizationID, n int) {
	t.Helper()
	last, err := audit.VerifyJournal(context.Background(), w, organization)
	if err != nil {
		t.Fatalf("the log does not verify: %v", err)
	}
	if last != int64(n) {
		t.Errorf("the log ends at sequence %d, want %d", last, n)
	}
	if events := w.find(t, organization, oldestFirst(nil)); len(events) != n {
		t.Errorf("%d events, want %d", len(events), n)
	}
}

// expectCode expects an error that callers see under a code.
func expectCode(t rapid.TB, err error, code audit.Code) {
	t.Helper()
	var known *audit.Error
	if !errors.As(err, &known) || known.Code != code || known.Message == "" {
		t.Errorf("got the error %v, want one of code %s", err, code)
	}
	if code == audit.CodeOverloaded && (known == nil || known.RetryAfter <= 0) {
		t.Errorf("%v does not say when to try again", err)
	}
}

// repeated is n ordinary events.
func repeated(n int) []audit.EventInput { return slices.Repeat([]audit.EventInput{input()}, n) }
