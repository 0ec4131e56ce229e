package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"daybook/bench/cluster"
	"daybook/bench/dataset"
)

// TestPagesAndExportsAreMeasured of everybody who is there. Those who answer pages
// must have the same content, and exports must come to their end: else run fails.
func TestPagesAndExportsAreMeasured(t *testing.T) {
	if testing.Short() {
		t.Skip("starts five servers")
	}
	o := options{effort: quickEffort(), sizes: []int{dataset.ChunkSize}, only: "b,d", offline: true, output: filepath.Join(t.TempDir(), "table.md")}
	var stdout strings.Builder
	err := run(t.Context(), o, &stdout, t.Output())
	if errors.Is(err, cluster.ErrMissing) && os.Getenv("CI") == "" {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(o.output)
	table := stdout.String()
	if err != nil || string(written) != table {
		t.Errorf("the file has %d bytes, and the table %d: %v", len(written), len(table), err)
	}
	for _, what := range []string{daybook, direct, pgbench, peer, tutorial} {
		line := regexp.MustCompile(fmt.Sprintf(`(?m)^\| %d \| 8 \| %s \| \*\*\d`, dataset.ChunkSize, regexp.QuoteMeta(what)))
		isSkipped := (what == peer || what == tutorial) && strings.Contains(table, "Skipped: "+strings.TrimSuffix(what, " 4"))
		if !line.MatchString(table) && !isSkipped {
			t.Errorf("nothing tells how many pages come from %s:\n%s", what, table)
		}
	}
	for _, what := range []string{"Daybook, NDJSON", "Daybook, CSV", copied, copiedJSON} {
		if !regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(what) + ` \| \*\*[1-9]`).MatchString(table) {
			t.Errorf("nothing tells how fast %s is:\n%s", what, table)
		}
	}
	if !strings.Contains(table, fmt.Sprintf("All %d events", dataset.Log{Events: dataset.ChunkSize}.EventsOf(reader))) {
		t.Errorf("not the whole log was exported:\n%s", table)
	}
}

// TestPagesThatDifferAreTold in each of what they show.
func TestPagesThatDifferAreTold(t *testing.T) {
	whole := func() page {
		p := page{more: true}
		for i := range 50 {
			p.events = append(p.events, shown{micros: int64(i), category: "BILLING"})
		}
		return p
	}
	if err := whole().compare(whole()); err != nil {
		t.Error(err)
	}
	for _, change := range []func(*page){
		func(p *page) { p.more = false },
		func(p *page) { p.events = p.events[:49] },
		func(p *page) { p.events[7].micros++ },
		func(p *page) { p.events[49].changes = "status: 1 -> 2\n" },
	} {
		other := whole()
		if change(&other); whole().compare(other) == nil {
			t.Errorf("%+v is taken for the same", other)
		}
	}
	short := whole()
	short.events = short.events[:49]
	if short.compare(short) == nil {
		t.Error("a page with 49 events is taken for a whole one")
	}
}
