// Package layering holds the rules of the house that no compiler knows: which
// room may import which, who reads the environment, and where generated code
// lives. Each failure says which rule was broken and why the rule exists.
package layering

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "daybook"

// A room is a folder of the module, and what the packages in it may use.
type room struct {
	path string
	// imports are the only packages of ours that the room may import itself.
	// A trailing "/..." stands for the package and everything below it.
	imports []string
	// without are packages that must not be linked into the room, however
	// long the way that leads to them.
	without []string
	why     string
}

const (
	gqlgen    = "github.com/99designs/gqlgen/..."
	gqlparser = "github.com/vektah/gqlparser/..."
	ent       = "entgo.io/ent/..."
)

// The rooms. The first that matches a package counts.
var rooms = []room{
	{
		path:    "audit/...",
		imports: []string{"audit/..."},
		without: []string{"net/http", "database/sql", gqlgen, gqlparser, ent},
		why:     "the domain imports neither transport nor storage, so that every room can meet at it and none can leak through it",
	},
	{
		path:    "auth/...",
		without: []string{"database/sql", gqlgen, ent},
		why:     "auth turns a request into a principal; whoever needs both a principal and events is above it",
	},
	{
		path:    "graph/gen/...",
		imports: []string{"audit", "audit/activity", "audit/history", "auth", "graph/..."},
		without: []string{"database/sql", ent},
		why:     "generated resolvers bind to the domain and to graph's own models, never to rows",
	},
	{
		path:    "graph/...",
		imports: []string{"audit", "audit/activity", "audit/history", "auth", "graph/..."},
		without: []string{"database/sql", ent},
		why:     "graph turns GraphQL into calls of the domain; if it could reach a table, a rule would sooner or later live there",
	},
	{
		path:    "ent",
		without: []string{"net/http", "database/sql", gqlgen},
		why:     "the folder itself holds only the command that generates ent/gen",
	},
	{
		path:    "ent/schema/...",
		imports: []string{"audit"},
		without: []string{"net/http", gqlgen, gqlparser},
		why:     "ent's schemas describe tables, with the types of the domain",
	},
	{
		path:    "ent/gen/...",
		imports: []string{"audit", "ent/gen/...", "ent/schema"},
		without: []string{"net/http", gqlgen, gqlparser},
		why:     "generated storage code follows ent/schema alone",
	},
	{
		path:    "ent/store/...",
		imports: []string{"audit", "ent/gen/...", "ent/store/..."},
		without: []string{"net/http", gqlgen, gqlparser},
		why:     "a store is told the organization and the filter; it decides nothing about callers and speaks no transport",
	},
	{
		path:    "demo/...",
		imports: []string{"audit"},
		without: []string{"net/http", "database/sql", gqlgen, ent},
		why:     "the demo workspace is recorded through the same recorder as anyone's events",
	},
	{
		path:    "web/...",
		imports: []string{"web/..."},
		without: []string{"database/sql", gqlgen, ent},
		why:     "the pages use the API that everyone uses",
	},
}

func TestEachRoomImportsOnlyWhatItsRuleAllows(t *testing.T) {
	for _, pkg := range listPackages(t) {
		room, ok := roomOf(pkg)
		if !ok {
			continue
		}
		for _, imported := range pkg.Imports {
			if within(imported, "...") && !slices.ContainsFunc(room.imports, func(p string) bool { return within(imported, p) }) {
				t.Errorf("%s imports %s, but %s may import of ours only %v: %s",
					pkg.ImportPath, imported, room.path, room.imports, room.why)
			}
		}
	}
}

func TestNoRoomLinksWhatItsRuleForbids(t *testing.T) {
	packages := listPackages(t)
	for _, pkg := range packages {
		room, ok := roomOf(pkg)
		if !ok {
			continue
		}
		for _, dependency := range pkg.Deps {
			if slices.ContainsFunc(room.without, func(p string) bool { return matches(dependency, p) }) {
				t.Errorf("%s must not depend on %s: %s", pkg.ImportPath, dependency, room.why)
			}
		}
	}
}

// Every folder has a rule, so that a new one is a decision.
func TestEveryPackageHasARule(t *testing.T) {
	for _, pkg := range listPackages(t) {
		_, ruled := roomOf(pkg)
		wires := pkg.ImportPath == module // server.go and config.go may import all
		helper := within(pkg.ImportPath, "internal/...") || within(pkg.ImportPath, "bench/...")
		if !ruled && !wires && !helper && pkg.Name != "main" {
			t.Errorf("%s has no import rule: add its room to internal/layering/imports_test.go and to ARCHITECTURE.md", pkg.ImportPath)
		}
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		path, pattern string
		want          bool
	}{
		{"net/http", "net/http", true},
		{"net/http/httptest", "net/http", false},
		{"daybook/audit", "daybook/audit/...", true},
		{"daybook/audit/storetest", "daybook/audit/...", true},
		{"daybook/auditing", "daybook/audit/...", false},
	} {
		if got := matches(c.path, c.pattern); got != c.want {
			t.Errorf("matches(%q, %q) = %v", c.path, c.pattern, got)
		}
	}
}

// listedPackage is what `go list -json` says about a package: its own imports
// and everything they lead to, both without those of its tests.
type listedPackage struct {
	ImportPath string
	Name       string
	Imports    []string
	Deps       []string
}

// listPackages lists the packages of the module.
func listPackages(t *testing.T) []listedPackage {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Name,Imports,Deps", module+"/...")
	command.Dir = root(t)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	var packages []listedPackage
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var pkg listedPackage
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages = append(packages, pkg)
	}
}

// roomOf is the room a package stands in.
func roomOf(pkg listedPackage) (room, bool) {
	i := slices.IndexFunc(rooms, func(r room) bool { return within(pkg.ImportPath, r.path) })
	if i < 0 {
		return room{}, false
	}
	return rooms[i], true
}

// within says whether an import path matches a pattern relative to the module.
func within(path, pattern string) bool { return matches(path, module+"/"+pattern) }

// matches knows one wildcard: a trailing "/..." stands for the package before
// it and everything below.
func matches(path, pattern string) bool {
	parent, below := strings.CutSuffix(pattern, "/...")
	return path == parent || below && strings.HasPrefix(path, parent+"/")
}
