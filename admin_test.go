package main

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// An organization whose keys are all lost gets a new administrator.
func TestOrganizationKeyOpensAnOrganizationAgain(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		for _, name := range []string{"First", "Second"} {
			if _, err := runProgramEnv(t, noVariables, "organization", "--database", database, "create", name); err != nil {
				t.Fatal(err)
			}
		}
		s := serve(t, database)
		for _, name := range []string{"Second", "org_2"} {
			output, err := runProgramEnv(t, noVariables, "organization", "--database", database, "key", name)
			if err != nil || !strings.HasPrefix(output, "org_2\tSecond\n") {
				t.Fatalf("%v: %s", err, output)
			}
			var viewer struct {
				Viewer struct {
					Organization struct{ Name string }
					Scopes       []string
				}
			}
			s.queryAs(printedKey(output), `{ viewer { organization { name } scopes } }`, nil, &viewer)
			if viewer.Viewer.Organization.Name != "Second" || len(viewer.Viewer.Scopes) != 4 {
				t.Errorf("the key of %s is one of %+v", name, viewer.Viewer)
			}
		}
		if _, err := runProgramEnv(t, noVariables, "organization", "--database", database, "key", "Third"); err == nil || !strings.Contains(err.Error(), "Third") {
			t.Errorf("a key of nobody: %v", err)
		}
		for _, args := range [][]string{{"key"}, {"key", ""}, {"key", "First", "Second"}, {"remove", "First"}} {
			if _, err := runProgramEnv(t, noVariables, append([]string{"organization", "--database", database}, args...)...); err == nil || !strings.Contains(err.Error(), "key NAME") {
				t.Errorf("%q: %v", args, err)
			}
		}
	})
}

// printedKey is the secret at the end of a command's output.
func printedKey(output string) string {
	return strings.TrimSpace(output[strings.LastIndex(output, ": ")+2:])
}

// A name or key that is taken is refused clearly, and leaves nothing behind.
func TestOrganizationCreateWithWhatIsTaken(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		create := func(getenv func(string) string, name string) error {
			_, err := runProgramEnv(t, getenv, "organization", "--database", database, "create", name)
			return err
		}
		if err := create(testEnvironment, "First"); err != nil {
			t.Fatal(err)
		}
		if err := create(testEnvironment, "Second"); err == nil || err.Error() != "DAYBOOK_BOOTSTRAP_KEY: This secret is another key's already." {
			t.Errorf("a key that is taken: %v", err)
		}
		if err := create(noVariables, "First"); err == nil || err.Error() != "There is an organization of this name already." {
			t.Errorf("a name that is taken: %v", err)
		}
		listed, err := runProgram(t, "organization", "--database", database, "list")
		if err != nil || listed != "org_1\tFirst\n" {
			t.Errorf("%v: left behind %q", err, listed)
		}
		if err := create(noVariables, "Second"); err != nil {
			t.Errorf("the name is not free after the failure: %v", err)
		}
	})
}

// Servers that start at once on an empty database agree on one organization and
// the one key they were given.
func TestServersStartingAtOnceMakeOneOrganization(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		var starting sync.WaitGroup
		servers := make([]*server, 3)
		for i := range servers {
			starting.Go(func() { servers[i] = serveProcess(t, database) })
		}
		starting.Wait()
		for i, s := range servers {
			if s == nil {
				t.Fatalf("server %d did not start", i)
			}
			var viewer struct {
				Viewer struct{ Organization struct{ ID string } }
			}
			s.query(`{ viewer { organization { id } } }`, nil, &viewer)
		}
		listed, err := runProgram(t, "organization", "--database", database, "list")
		if err != nil || strings.Count(listed, "\n") != 1 || !strings.HasSuffix(listed, "\tDefault\n") {
			t.Errorf("%v: %q", err, listed)
		}
	})
}

// A secret that is too short is refused by the name of its variable.
func TestServingWithAShortBootstrapKey(t *testing.T) {
	short := func(name string) string { return map[string]string{"DAYBOOK_BOOTSTRAP_KEY": "short"}[name] }
	database := "sqlite:" + filepath.Join(t.TempDir(), "daybook.db")
	_, err := runProgramEnv(t, short, "--addr", "127.0.0.1:0", "--database", database)
	if err == nil || !strings.Contains(err.Error(), "DAYBOOK_BOOTSTRAP_KEY") {
		t.Errorf("%v", err)
	}
}
