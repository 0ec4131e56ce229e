package layering

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// quoted finds what stands in backticks and looks like a path from the root.
var quoted = regexp.MustCompile("`((?:[a-z_.]+/)+|(?:[a-z_.]+/)*[A-Za-z_]+\\.(?:go|md|yml)|(?:[a-z_.]+/)+[A-Za-z0-9_-]+\\.[a-z]+)`")

func TestDocumentsNameFilesThatExist(t *testing.T) {
	for _, document := range []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"} {
		for _, match := range quoted.FindAllSubmatch(readFile(t, document), -1) {
			name := string(match[1])
			if _, err := os.Stat(filepath.Join(root(t), name)); err != nil {
				t.Errorf("%s names %s, which does not exist", document, name)
			}
		}
	}
}

var (
	definedFlag    = regexp.MustCompile(`(?m)^\tflags\.\w+Var\(&[^,]+, "([a-z-]+)"`)
	documentedFlag = regexp.MustCompile("[` ]--([a-z-]+)")
)

func TestTheReadmeNamesEveryFlag(t *testing.T) {
	defined := names(definedFlag, readFile(t, "config.go"))
	documented := names(documentedFlag, readFile(t, "README.md"))
	if len(defined) == 0 || len(documented) == 0 {
		t.Fatalf("found %d flags in config.go and %d in README.md", len(defined), len(documented))
	}
	for _, flag := range defined {
		if !slices.Contains(documented, flag) {
			t.Errorf("config.go reads --%s, which README.md does not mention", flag)
		}
	}
	for _, flag := range documented {
		if !slices.Contains(defined, flag) {
			t.Errorf("README.md mentions --%s, which config.go does not read", flag)
		}
	}
}

// names are the first groups of a pattern's matches.
func names(pattern *regexp.Regexp, content []byte) []string {
	var found []string
	for _, match := range pattern.FindAllSubmatch(content, -1) {
		found = append(found, string(match[1]))
	}
	return found
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}
