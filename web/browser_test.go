package web

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"daybook/web/browsertest"
)

const (
	key = "dbk_test+key/with=signs%20in-it.1234"

	// What the tests look for in the page.
	note         = `document.getElementById("access-note").textContent`
	schemaKnown  = `document.querySelector(".graphiql-doc-explorer-content")?.innerText.includes("query")`
	showDocs     = `document.querySelector('[aria-label="Show Documentation Explorer"]').click()`
	answerShown  = `document.querySelector(".result-window .CodeMirror").CodeMirror.getValue()`
	queriesShown = `document.querySelectorAll(".ready button").length === 14`
)

// The page loads completely from its own origin, under its content security policy.
func TestPlaygroundLoadsFromItsOwnOriginOnly(t *testing.T) {
	server := newEndpoint(t, key)
	page := openPlayground(t, server, "")
	page.Wait(queriesShown)
	page.Wait(note + `.startsWith("This server needs an API key.")`)
	checkOrigin(t, server, page)
	picture(t, page, "without-key")
}

// A link that ends in #key=... sets the key: it leaves the address bar, goes out with
// every request, and is still there when the page is opened again.
func TestPlaygroundTakesAndKeepsTheKeyOfALink(t *testing.T) {
	server := newEndpoint(t, key)
	page := browsertest.Start(t).Open(PlaygroundURL(server.URL, key), 1280, 800)
	page.Wait(note + ` === "Key accepted."`)

	var address string
	page.Eval(`location.href`, &address)
	if address != server.URL+"/playground" {
		t.Errorf("the address bar shows %q", address)
	}
	page.Navigate("about:blank")
	page.Wait(`location.href === "about:blank"`)
	page.Navigate(server.URL + "/playground")
	page.Wait(note + ` === "Key accepted."`)
	page.Eval(showDocs, nil)
	page.Wait(schemaKnown)
	checkOrigin(t, server, page)
	picture(t, page, "documentation")
}

// A wrong key is said to be wrong; the right one, typed into the field, brings the schema.
func TestPlaygroundFetchesTheSchemaAgainForANewKey(t *testing.T) {
	server := newEndpoint(t, key)
	page := browsertest.Start(t).Open(PlaygroundURL(server.URL, "mistyped"), 1280, 800)
	page.Wait(note + `.startsWith("This server refuses the API key")`)
	page.Eval(showDocs, nil)
	submitKey(page, "two words")
	page.Wait(`document.querySelector("#key:invalid")`)
	submitKey(page, " "+key+" ")
	page.Wait(note + ` === "Key accepted."`)
	page.Wait(schemaKnown)
	page.Eval(`document.getElementById("forget").click()`, nil)
	page.Wait(note + `.startsWith("This server needs an API key.")`)
	var stored *string
	if page.Eval(`localStorage.getItem("daybook.apiKey")`, &stored); stored != nil {
		t.Errorf("the forgotten key is still stored: %q", *stored)
	}
	checkOrigin(t, server, page)
}

// Choosing a ready query opens it in a tab and runs it as written, with its variables.
func TestPlaygroundRunsReadyQueries(t *testing.T) {
	server := newEndpoint(t, key)
	page := openPlayground(t, server, key)
	page.Wait(queriesShown)
	page.Wait(note + ` === "Key accepted."`)
	for _, query := range readyQueries(t) {
		choose(page, server, query)
		sent := server.operations(operationName(query))
		if len(sent) != 1 {
			t.Fatalf("%s was sent %d times, want once", query.ID, len(sent))
		}
		checkSent(t, query, sent[0])
	}
	checkOrigin(t, server, page)
}

// Choosing a query again goes back to its tab, and runs it again.
func TestPlaygroundOpensAReadyQueryOnce(t *testing.T) {
	server := newEndpoint(t, key)
	page := openPlayground(t, server, key)
	page.Wait(queriesShown)
	first, second := readyQueries(t)[0], readyQueries(t)[1]
	for _, query := range []ReadyQuery{first, second, first} {
		choose(page, server, query)
	}
	var tabs int
	if page.Eval(`document.querySelectorAll(".graphiql-tab").length`, &tabs); tabs != 3 {
		t.Errorf("%d tabs are open, want the welcome and two queries", tabs)
	}
	if sent := server.operations(operationName(first)); len(sent) != 2 {
		t.Errorf("the query chosen twice was sent %d times", len(sent))
	}
}

// The page fits wide and narrow windows, and its own colours follow GraphiQL's theme: the
// system's, unless one is chosen there.
func TestPlaygroundFitsTheWindowAndTheTheme(t *testing.T) {
	const background = `getComputedStyle(document.querySelector(".bar")).backgroundColor === `
	const light, dark = background + `"rgb(255, 255, 255)"`, background + `"rgb(33, 43, 61)"`
	server := newEndpoint(t, key)
	page := openPlayground(t, server, key)
	page.Wait(queriesShown)
	choose(page, server, readyQueries(t)[0])
	for theme, shown := range map[string]string{"light": light, "dark": dark} {
		page.Prefer(theme)
		page.Wait(shown)
		for _, width := range []int{1280, 800} {
			page.Resize(width, 800)
			page.Wait(`document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight`)
			picture(t, page, fmt.Sprintf("%s-%d", theme, width))
		}
	}
	page.Prefer("dark")
	page.Eval(`document.querySelector('[aria-label="Open settings dialog"]').click()`, nil)
	page.Eval(`new Promise(requestAnimationFrame).then(() => document.querySelector('[data-theme="light"]').click())`, nil)
	page.Wait(light)
	checkOrigin(t, server, page)
}

// openPlayground opens the playground in a browser that has no key, or has one already.
func openPlayground(t *testing.T, server *endpoint, key string) *browsertest.Page {
	t.Helper()
	return browsertest.Start(t).Open(PlaygroundURL(server.URL, key), 1280, 800)
}

// choose clicks a ready query and waits for the answer to this very click.
func choose(page *browsertest.Page, server *endpoint, query ReadyQuery) {
	number := server.requests() + 1
	page.Eval(fmt.Sprintf(`document.querySelector('[data-query="%s"]').click()`, query.ID), nil)
	page.Wait(fmt.Sprintf(`%s.includes("%s, request %d")`, answerShown, operationName(query), number))
}

// submitKey fills in the field and presses its button.
func submitKey(page *browsertest.Page, key string) {
	page.Eval(fmt.Sprintf(`document.getElementById("key").value = %q; document.querySelector("#access [type=submit]").click()`, key), nil)
}

func operationName(query ReadyQuery) string {
	_, rest, _ := strings.Cut(query.Query, "\nquery ")
	name, _, _ := strings.Cut(rest, "(")
	return name
}

func checkSent(t *testing.T, query ReadyQuery, sent request) {
	t.Helper()
	var variables map[string]any
	if err := json.Unmarshal(query.Variables, &variables); err != nil {
		t.Fatal(err)
	}
	if sent.Query != query.Query || !reflect.DeepEqual(sent.Variables, variables) {
		t.Errorf("%s was sent as %s\nwith %v", query.ID, sent.Query, sent.Variables)
	}
	if sent.authorization != "Bearer "+key {
		t.Errorf("%s was sent with Authorization %q", query.ID, sent.authorization)
	}
}

// checkOrigin fails when the page asked anyone but its own server, or had an error.
func checkOrigin(t *testing.T, server *endpoint, page *browsertest.Page) {
	t.Helper()
	for _, address := range page.Requests() {
		own := strings.HasPrefix(address, server.URL+"/") || strings.HasPrefix(address, "data:") || address == "about:blank"
		if !own {
			t.Errorf("the page asked %s", address)
		}
	}
	for _, problem := range page.Problems() {
		t.Errorf("the page had a problem: %s", problem)
	}
}

// picture keeps a screenshot when DAYBOOK_SCREENSHOTS names a folder for them.
func picture(t *testing.T, page *browsertest.Page, name string) {
	t.Helper()
	if folder := os.Getenv("DAYBOOK_SCREENSHOTS"); folder != "" {
		page.Screenshot(filepath.Join(folder, name+".png"))
	}
}
