package layering

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	// banner is the line by which tools know generated code (go help generate).
	banner = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)
	// claim is what some tools already take for it, and generators leave in
	// files that are to be edited.
	claim = regexp.MustCompile(`(?mi)^//\s*(code generated|this file (was|is|will be) (auto|re|generated))`)
)

func TestGeneratedCodeLivesInTheGenFoldersOnly(t *testing.T) {
	for name, content := range files(t) {
		if filepath.Ext(name) != ".go" {
			continue
		}
		inGen := strings.HasPrefix(name, "ent/gen/") || strings.HasPrefix(name, "graph/gen/")
		switch {
		case !inGen && claim.Match(content):
			t.Errorf("%s says it is generated, but generated code lives in ent/gen and graph/gen only, so that nobody edits it or reviews it by mistake", name)
		case inGen && !banner.Match(content):
			t.Errorf("%s is hand-written, but ent/gen and graph/gen hold generated code only: `make generate` may delete it", name)
		}
	}
}

// places are names that mean something on one machine or one network only.
var places = regexp.MustCompile(strings.Join([]string{
	`(?:^|[\s"'=:(` + "`" + `])/(?:work|root|home|Users)/\w`,
	`[A-Z]:\\Users\\`,
	`\bregistry\.npmjs\.org\b`,
	`\bproxy\.golang\.org\b`,
}, "|"))

func TestNoFileNamesAMachineOrARegistry(t *testing.T) {
	for name, content := range files(t) {
		if bytes.IndexByte(content, 0) >= 0 || name == "internal/layering/files_test.go" {
			continue
		}
		scanner := bufio.NewScanner(bytes.NewReader(content))
		scanner.Buffer(nil, len(content)+1)
		for line := 1; scanner.Scan(); line++ {
			if place := places.Find(scanner.Bytes()); place != nil {
				t.Errorf("%s:%d names %q, which exists on one machine or network only: a clone elsewhere cannot use it", name, line, place)
			}
		}
	}
}

// root is the folder of the module. It is walked because go test runs a test
// again when a folder that was read has changed: what git and go list read, it
// does not see.
func root(t *testing.T) string {
	t.Helper()
	folder, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if entry.Name() == ".git" {
			return fs.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// files are the files of the checkout, by their path from the root: those git
// tracks, or all of them where there is no git.
func files(t *testing.T) map[string][]byte {
	t.Helper()
	folder := root(t)
	names := trackedFiles(t, folder)
	if names == nil {
		names = allFiles(t, folder)
	}
	contents := make(map[string][]byte, len(names))
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if os.IsNotExist(err) {
			continue // deleted, and not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		contents[name] = content
	}
	return contents
}

func trackedFiles(t *testing.T, folder string) []string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "git", "ls-files", "-z")
	command.Dir = folder
	output, err := command.Output()
	if err != nil {
		return nil
	}
	return strings.Split(strings.Trim(string(output), "\x00"), "\x00")
}

func allFiles(t *testing.T, folder string) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && !strings.HasPrefix(name, ".git/") {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
