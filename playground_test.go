package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"daybook/web"
	"daybook/web/browsertest"
)

// Whoever starts the demo and chooses a ready query sees something.
func TestReadyQueriesFindSomethingInTheDemoWorkspace(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, database, "--demo")
		for _, query := range readyQueries(t) {
			var answer map[string]struct{ Nodes []json.RawMessage }
			s.query(query.Query, query.Variables, &answer)
			for field, connection := range answer {
				if len(connection.Nodes) == 0 {
					t.Errorf("%s: %s found nothing", query.ID, field)
				}
			}
		}
	})
}

// In a browser, the link that the demo prints opens the playground with the documentation
// of the schema, and each ready query runs at a click.
func TestPlaygroundRunsReadyQueriesInABrowser(t *testing.T) {
	page := browsertest.Start(t).Open("about:blank", 1280, 800)
	s := serve(t, "sqlite:"+filepath.Join(t.TempDir(), "daybook.db"), "--demo", "--demo-events", "10000")
	page.Navigate(web.PlaygroundURL(s.base, testKey))
	page.Wait(`document.querySelectorAll(".ready button").length > 0`)
	for _, query := range readyQueries(t) {
		button := fmt.Sprintf(`document.querySelector('[data-query="%s"]')`, query.ID)
		page.Eval(button+`.click()`, nil)
		page.Wait(button + `.ariaCurrent === "true" && Object.values(` + shownData + `).every(field => field.nodes.length > 0)`)
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
