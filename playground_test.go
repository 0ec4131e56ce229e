package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"daybook/web"
	"daybook/web/browsertest"
)

// Whoever starts the demo and chooses a ready query sees something.
func TestReadyQueriesFindSomethingInTheDemoWorkspace(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, database, "--demo")
		for _, query := range readyQueries(t) {
			var answer map[string]map[string]json.RawMessage
			s.query(query.Query, query.Variables, &answer)
			for field, parts := range answer {
				if !slices.ContainsFunc(slices.Collect(maps.Values(parts)), isFilledList) {
					t.Errorf("%s: %s found nothing", query.ID, field)
				}
			}
		}
	})
}

// isFilledList says whether a part of an answer lists something: events, properties,
// changes.
func isFilledList(part json.RawMessage) bool {
	var list []json.RawMessage
	return json.Unmarshal(part, &list) == nil && len(list) > 0
}

// In a browser, the link that the demo prints opens the playground with the documentation
// of the schema, and each ready query runs at a click.
func TestPlaygroundRunsReadyQueriesInABrowser(t *testing.T) {
	page := browsertest.Start(t).Open("about:blank", 1280, 800)
	s := serve(t, "sqlite:"+filepath.Join(t.TempDir(), "daybook.db"), "--demo", "--demo-events", "10000")
	page.Navigate(web.PlaygroundURL(s.base, testKey))
	page.Wait(`document.querySelectorAll(".ready button").length > 0`)
	page.Eval(`window.isFilled = field => Object.values(field).some(part => Array.isArray(part) && part.length > 0)`, nil)
	for _, query := range readyQueries(t) {
		button := fmt.Sprintf(`document.querySelector('[data-query="%s"]')`, query.ID)
		page.Eval(button+`.click()`, nil)
		page.Wait(button + `.ariaCurrent === "true" && Object.values(` + shownData + `).every(isFilled)`)
	}
	page.Eval(`document.querySelector('[aria-label="Show Documentation Explorer"]').click()`, nil)
	page.Wait(`document.querySelector(".graphiql-doc-explorer-content").innerText.includes("AuditEventConnection")`)
	for _, problem := range page.Problems() {
		t.Errorf("the page had a problem: %s", problem)
	}
}

// shownData is the data of the answer that the playground shows.
const shownData = `JSON.parse(document.querySelector(".result-window .CodeMirror").CodeMirror.getValue()).data`

func readyQueries(t *testing.T) []web.ReadyQuery {
	t.Helper()
	queries, err := web.ReadyQueries()
	if err != nil {
		t.Fatal(err)
	}
	return queries
}
