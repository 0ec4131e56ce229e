package web

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Each question of the audit log's users has its ready query.
func TestReadyQueriesAreTitledAndExplained(t *testing.T) {
	queries := readyQueries(t)
	if len(queries) != 14 {
		t.Errorf("%d ready queries, want 14", len(queries))
	}
	titles := map[string]bool{}
	for _, query := range queries {
		if !strings.HasSuffix(query.Title, "?") || titles[query.Title] {
			t.Errorf("%s: title %q is not a question of its own", query.ID, query.Title)
		}
		if !strings.HasSuffix(query.Explanation, ".") {
			t.Errorf("%s: explanation %q is not a sentence", query.ID, query.Explanation)
		}
		titles[query.Title] = true
	}
}

// A ready query is one named operation that is valid against the schema this server
// serves, with variables of the right types.
func TestReadyQueriesAreValid(t *testing.T) {
	schema := servedSchema(t)
	names := map[string]bool{}
	for _, query := range readyQueries(t) {
		document, problems := gqlparser.LoadQueryWithRules(schema, query.Query, rules.NewDefaultRules())
		if len(problems) > 0 {
			t.Errorf("%s: %v", query.ID, problems)
			continue
		}
		if len(document.Operations) != 1 || document.Operations[0].Name == "" {
			t.Errorf("%s: want one named operation", query.ID)
			continue
		}
		operation := document.Operations[0]
		if names[operation.Name] {
			t.Errorf("%s: the name %s is taken", query.ID, operation.Name)
		}
		names[operation.Name] = true
		checkVariables(t, schema, operation, query)
	}
}

func checkVariables(t *testing.T, schema *ast.Schema, operation *ast.OperationDefinition, query ReadyQuery) {
	t.Helper()
	var variables map[string]any
	if err := json.Unmarshal(query.Variables, &variables); err != nil {
		t.Fatalf("%s: %v", query.ID, err)
	}
	if _, err := validator.VariableValues(schema, operation, variables); err != nil {
		t.Errorf("%s: %v", query.ID, err)
	}
	for name := range variables {
		if operation.VariableDefinitions.ForName(name) == nil {
			t.Errorf("%s: variable %q is not used", query.ID, name)
		}
	}
}

func readyQueries(t *testing.T) []ReadyQuery {
	t.Helper()
	queries, err := ReadyQueries()
	if err != nil {
		t.Fatal(err)
	}
	return queries
}

func servedSchema(t *testing.T) *ast.Schema {
	t.Helper()
	names, err := filepath.Glob("../schema/*.graphql")
	if err != nil || len(names) == 0 {
		t.Fatalf("no schema: %v", err)
	}
	var sources []*ast.Source
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
