package layering

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// configuration are the names by which a program learns how it was started.
var configuration = map[string][]string{
	"os":   {"Args", "Environ", "ExpandEnv", "Getenv", "LookupEnv"},
	"flag": nil, // all of it
}

// main hands them over and config.go reads them: what a room needs to know is
// an argument of its constructor, so a test can say it and a reader can see it.
func TestOnlyConfigReadsFlagsAndEnvironment(t *testing.T) {
	for name, content := range files(t) {
		if filepath.Ext(name) != ".go" || name == "config.go" || helpsTests(name) {
			continue
		}
		positions := token.NewFileSet()
		file, err := parser.ParseFile(positions, name, content, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if banner.Match(content) {
			continue
		}
		for _, use := range configurationUses(file) {
			t.Errorf("%s uses %s.%s: only config.go reads flags and environment, and main hands them to it; pass what you need as an argument",
				positions.Position(use.Pos()), use.X, use.Sel)
		}
	}
}

// helpsTests says whether a file is only built for tests, which take the place
// of their data from the environment.
func helpsTests(name string) bool {
	return strings.HasSuffix(name, "_test.go") || strings.HasSuffix(filepath.Dir(name), "test")
}

// configurationUses finds the uses of configuration outside func main.
func configurationUses(file *ast.File) []*ast.SelectorExpr {
	var uses []*ast.SelectorExpr
	ast.Inspect(file, func(node ast.Node) bool {
		if function, ok := node.(*ast.FuncDecl); ok && function.Recv == nil && function.Name.Name == "main" {
			return false
		}
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if from, ok := selector.X.(*ast.Ident); ok {
			names, known := configuration[from.Name]
			if known && imports(file, from.Name) && (names == nil || slices.Contains(names, selector.Sel.Name)) {
				uses = append(uses, selector)
			}
		}
		return true
	})
	return uses
}

// imports says whether a file imports a package of the standard library.
func imports(file *ast.File, path string) bool {
	return slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool { return spec.Path.Value == `"`+path+`"` })
}
