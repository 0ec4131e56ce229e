package activity

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDays compares what is computed with what was worked out by hand; see
// testdata/README.md.
func TestDays(t *testing.T) {
	paths, err := filepath.Glob("testdata/days/*.txt")
	if err != nil || len(paths) < 30 {
		t.Fatalf("%d days: %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			d := parseDay(t, string(text))
			got := d.tell(Of(agent, d.events, d.asked, d.zone))
			if want := strings.Join(d.expect, "\n"); got != want {
				t.Errorf("got\n%s\n\nwant\n%s", got, want)
			}
		})
	}
}
