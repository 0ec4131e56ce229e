package browsertest

import (
	"encoding/json"
	"os"
	"slices"
)

// Page is a tab of the browser.
type Page struct {
	browser *Browser
	session string

	// Guarded by the browser's mutex.
	requests []string
	problems []string
}

// Open opens an address in a new tab of the given size in CSS pixels.
func (b *Browser) Open(address string, width, height int) *Page {
	b.t.Helper()
	var target struct {
		ID string `json:"targetId"`
	}
	b.call("", "Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct {
		Session string `json:"sessionId"`
	}
	b.call("", "Target.attachToTarget", map[string]any{"targetId": target.ID, "flatten": true}, &attached)

	p := &Page{browser: b, session: attached.Session}
	b.mu.Lock()
	b.pages[p.session] = p
	b.mu.Unlock()
	for _, domain := range []string{"Page", "Network", "Log", "Runtime"} {
		p.call(domain+".enable", nil, nil)
	}
	p.Resize(width, height)
	p.Navigate(address)
	return p
}

// Navigate opens another address in the same tab.
func (p *Page) Navigate(address string) {
	p.browser.t.Helper()
	p.call("Page.navigate", map[string]any{"url": address}, nil)
}

// Resize changes the size of the tab, in CSS pixels.
func (p *Page) Resize(width, height int) {
	p.browser.t.Helper()
	p.call("Emulation.setDeviceMetricsOverride",
		map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
}

// Prefer sets the system's colour scheme: "light" or "dark".
func (p *Page) Prefer(colourScheme string) {
	p.browser.t.Helper()
	scheme := map[string]any{"name": "prefers-color-scheme", "value": colourScheme}
	p.call("Emulation.setEmulatedMedia", map[string]any{"features": []any{scheme}}, nil)
}

// Eval runs a script in the page and stores its value, or that of the promise it returns,
// in into, which may be nil.
func (p *Page) Eval(script string, into any) {
	p.browser.t.Helper()
	value, problem := p.evaluate(script)
	if problem != "" {
		p.browser.t.Fatalf("%s\n\tin %s\n\tproblems of the page: %q", problem, script, p.Problems())
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(value, into); err != nil {
		p.browser.t.Fatalf("%v\n\tin %s", err, script)
	}
}

// Wait waits until an expression is true in the page. The expression may fail until then,
// for instance because what it looks at does not exist yet.
func (p *Page) Wait(expression string) {
	p.browser.t.Helper()
	p.Eval(`new Promise((done, fail) => {
		const until = performance.now() + `+waitMilliseconds+`;
		const look = () => {
			let value = false;
			try { value = (`+expression+`) } catch {}
			if (value) done(true);
			else if (performance.now() > until) fail(new Error("never became true; the page says: " + document.body?.innerText));
			else requestAnimationFrame(look);
		};
		look();
	})`, nil)
}

// waitMilliseconds is less than patience, so that the page can say what it shows.
const waitMilliseconds = "20000"

func (p *Page) evaluate(script string) (value json.RawMessage, problem string) {
	p.browser.t.Helper()
	var answer struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Exception *exception `json:"exceptionDetails"`
	}
	p.call("Runtime.evaluate", map[string]any{
		"expression": script, "awaitPromise": true, "returnByValue": true, "userGesture": true,
	}, &answer)
	if answer.Exception != nil {
		return nil, answer.Exception.String()
	}
	return answer.Result.Value, ""
}

// Requests lists the addresses the page has asked for, in order.
func (p *Page) Requests() []string {
	p.browser.mu.Lock()
	defer p.browser.mu.Unlock()
	return slices.Clone(p.requests)
}

// Problems lists the errors the page has had: exceptions, errors on its console, and
// violations of its content security policy. Answers such as 401 are not among them.
func (p *Page) Problems() []string {
	p.browser.mu.Lock()
	defer p.browser.mu.Unlock()
	return slices.Clone(p.problems)
}

// Screenshot writes what the tab shows to a PNG file.
func (p *Page) Screenshot(name string) {
	p.browser.t.Helper()
	var picture struct {
		Data []byte `json:"data"`
	}
	p.call("Page.captureScreenshot", map[string]any{"format": "png"}, &picture)
	if err := os.WriteFile(name, picture.Data, 0o600); err != nil {
		p.browser.t.Fatal(err)
	}
}

func (p *Page) call(method string, params, into any) {
	p.browser.t.Helper()
	p.browser.call(p.session, method, params, into)
}
