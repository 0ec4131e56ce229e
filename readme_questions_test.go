package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// questionRow is a row of the table of questions in README.md.
var questionRow = regexp.MustCompile("(?m)^\\| .* \\| `(.+)` \\|$")

// TestTheQuestionsOfTheReadmeAreQueries asks them of the demo workspace: what matters
// is that they are answered as they stand.
func TestTheQuestionsOfTheReadmeAreQueries(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Questions it answers\n")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := questionRow.FindAllStringSubmatch(section, -1)
	if len(rows) < 10 {
		t.Fatalf("there are %d questions", len(rows))
	}
	values := strings.NewReplacer(
		"$then", `"2026-03-01T00:00:00Z"`, "$from", `"2026-03-01T00:00:00Z"`, "$to", `"2026-03-02T00:00:00Z"`,
		"$day", `{from: "2026-03-11T00:00:00Z", to: "2026-03-12T00:00:00Z"}`, "$week", `{from: "2026-03-09T00:00:00Z", to: "2026-03-16T00:00:00Z"}`,
		"$month", `{from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z"}`, "$lastSequenceThen", "100",
		"$user", `"usr-jonas"`, "$agent", `"usr-priya"`, "$operation", `"req-1"`, "$event", `"evt_00000000000000000000000000"`,
	)
	s := serve(t, "sqlite:"+filepath.Join(t.TempDir(), "questions.db"), "--demo", "--demo-events", "10000")
	for _, row := range rows {
		var answer map[string]any
		s.query("{ "+values.Replace(row[1])+" }", nil, &answer)
	}
}
