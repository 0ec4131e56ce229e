package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"daybook/audit"
	"daybook/internal/postgrestest"
	"daybook/internal/proxytest"
)

// correlatedLines are valid lines with a correlation id each, every other with a key.
func correlatedLines(name string, lines int) []string {
	list := make([]string, lines)
	for n := range list {
		first := fmt.Sprintf(`"correlationId":"%s-%d","userAgent":"agent %d","changes":[{"property":"p%d","after":"a walrus"}],`, name, n, n%700, n%30)
		if n%2 == 0 {
			first += fmt.Sprintf(`"idempotencyKey":"%s-%d",`, name, n)
		}
		list[n] = eventLine(first)
	}
	return list
}

// TestKilledImportGoesOn kills an import again and again: each leaves whole batches,
// from the beginning of the file, and the next goes on after them.
func TestKilledImportGoesOn(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		const lines = 6 * audit.MaxRecordEvents
		i := newImport(t, correlatedLines("line", lines)...)
		if _, err := runProgram(t, "migrate", "--database", database); err != nil {
			t.Fatal(err)
		}
		rounds := faultRounds(t, 4)
		for round := range rounds {
			i.kill(database, audit.MaxRecordEvents*(1+5*round/max(1, rounds-1)))
			i.expectBeginning(verifyLog(t, database), "line")
		}
		recorded := len(verifyLog(t, database))
		i.expectIn(database, lines-recorded, recorded)
		if n := i.expectBeginning(verifyLog(t, database), "line"); n != lines {
			t.Errorf("%d lines are recorded", n)
		}
		expectCounted(t, serve(t, database), lines)
	})
}

// kill imports the file in a process of its own, and kills that some time after so
// many events have been recorded.
func (i *importing) kill(database string, events int) {
	i.t.Helper()
	db := openSQL(i.t, database)
	defer db.Close()
	cmd := exec.CommandContext(i.t.Context(), os.Args[0], "import", "--database", database, i.file)
	cmd.Env = append(os.Environ(), asProgram+"=1", "DAYBOOK_BOOTSTRAP_KEY="+testKey)
	cmd.Stderr = testLog{i.t}
	if err := cmd.Start(); err != nil {
		i.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // it is killed, or done before
	}()
	for looks := rand.IntN(100); looks >= 0; { //nolint:gosec // nothing secret
		select {
		case <-ended:
			looks = -1
		default:
			if eventsIn(i.t, db) >= events {
				looks-- // each takes a moment of the work that is under way
			}
		}
	}
	_ = cmd.Process.Kill()
	<-ended
	i.t.Logf("killed at %d events", eventsIn(i.t, db))
}

func eventsIn(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	if err := db.QueryRowContext(context.WithoutCancel(t.Context()), `SELECT count(*) FROM events`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// expectBeginning expects that the events recorded are the first lines of the file,
// in whole batches, and says how many.
func (i *importing) expectBeginning(recorded map[string]string, name string) int {
	i.t.Helper()
	if len(recorded)%audit.MaxRecordEvents != 0 {
		i.t.Errorf("%d lines are recorded, which are no whole batches", len(recorded))
	}
	for n := range len(recorded) {
		if one := fmt.Sprintf("%s-%d", name, n); recorded[one] == "" {
			i.t.Fatalf("%d lines are recorded, and %s is not", len(recorded), one)
		}
	}
	return len(recorded)
}

// expectCounted expects what is built behind recording to know of every line.
func expectCounted(t *testing.T, s *server, lines int) {
	t.Helper()
	type count struct {
		TotalCount struct {
			Value int
			Exact bool
		}
	}
	var counted struct{ All, Some, Walruses count }
	s.query(`{ all: auditLog(first: 0) { totalCount { value exact } }
		some: auditLog(first: 0, filter: { properties: ["p7"] }) { totalCount { value exact } }
		walruses: auditLog(first: 0, filter: { text: "walrus" }) { totalCount { value exact } } }`, nil, &counted)
	for _, one := range []struct {
		got  count
		want int
	}{{counted.All, lines}, {counted.Some, lines / 30}, {counted.Walruses, lines}} {
		if one.got.TotalCount.Value != one.want || !one.got.TotalCount.Exact {
			t.Errorf("counted %+v, want %d", counted, one.want)
		}
	}
}

// TestImportWithConnectionsCutAtEachStatement loses the first round trip of an
// import, then the second, and so on: it ends well, or leaves whole batches to go on
// after.
func TestImportWithConnectionsCutAtEachStatement(t *testing.T) {
	t.Parallel()
	database := postgrestest.NewDatabase(t)
	proxy := proxytest.Start(t, database)
	newImport(t, eventLine(`"correlationId":"first",`)).expectIn(database, 1, 0)
	ended := map[bool]int{}
	for _, lost := range []proxytest.Cut{proxytest.Statement, proxytest.Answer} {
		for n, reached := int64(1), true; reached; n++ {
			name := fmt.Sprintf("cut-%d-%d", lost, n)
			i := newImport(t, correlatedLines(name, audit.MaxRecordEvents+1)...)
			reached = false
			proxy.CutWhere(func(roundTrip int64) proxytest.Cut {
				if roundTrip != n {
					return proxytest.Nothing
				}
				reached = true
				return lost
			})
			output, err := runProgram(t, "import", "--database", proxy.URL(), i.file)
			proxy.CutWhere(nil)
			recorded := correlated(t, database, name)
			switch {
			case err == nil && strings.Contains(output, ": 501 created, 0 duplicates"):
			case err != nil && recorded == audit.MaxRecordEvents+1 && strings.Contains(err.Error(), "left to the next import or server"):
			case err != nil && recorded%audit.MaxRecordEvents == 0:
				i.expectIn(database, audit.MaxRecordEvents+1-recorded, recorded)
			default:
				t.Errorf("%s: %v: %d are recorded, and it says %s", name, err, recorded, output)
			}
			ended[err == nil]++
		}
	}
	all := verifyLog(t, database)
	if want := 1 + (ended[true]+ended[false])*(audit.MaxRecordEvents+1); len(all) != want {
		t.Errorf("%d events are recorded, want %d", len(all), want)
	}
	t.Logf("%d imports ended well and %d did not", ended[true], ended[false])
}

// expectIn imports into a database and compares the summary.
func (i *importing) expectIn(database string, created, duplicates int) {
	i.t.Helper()
	output, err := runProgram(i.t, "import", "--database", database, i.file)
	want := fmt.Sprintf(": %d created, %d duplicates, 0 conflicts, 0 invalid\n", created, duplicates)
	if err != nil || !strings.Contains(output, want) {
		i.t.Errorf("%v: %s, want %s", err, output, want)
	}
}

// correlated is how many events have a correlation id that begins so.
func correlated(t *testing.T, database, name string) (n int) {
	t.Helper()
	db := openSQL(t, database)
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM events WHERE correlation_id LIKE '`+name+`-%'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
