package browsertest

import "encoding/json"

// exception is what a script threw.
type exception struct {
	Text      string `json:"text"`
	Exception struct {
		Description string `json:"description"`
	} `json:"exception"`
}

func (e *exception) String() string { return e.Text + " " + e.Exception.Description }

// observe keeps what an event says about the page. The browser's mutex is held.
func (p *Page) observe(event message) {
	switch event.Method {
	case "Network.requestWillBeSent":
		p.requests = append(p.requests, requested(event.Params))
	case "Log.entryAdded":
		p.addProblem(logged(event.Params))
	case "Runtime.exceptionThrown":
		p.addProblem(thrown(event.Params))
	case "Runtime.consoleAPICalled":
		p.addProblem(printed(event.Params))
	}
}

func (p *Page) addProblem(text string) {
	if text != "" {
		p.problems = append(p.problems, text)
	}
}

func requested(params json.RawMessage) string {
	var said struct {
		Request struct {
			URL string `json:"url"`
		} `json:"request"`
	}
	_ = json.Unmarshal(params, &said) // the protocol's own shape
	return said.Request.URL
}

// logged is an error the browser itself reports, but for answers of the network: to be
// refused is not a mistake of the page.
func logged(params json.RawMessage) string {
	var said struct {
		Entry struct {
			Source, Level, Text string
		} `json:"entry"`
	}
	_ = json.Unmarshal(params, &said) // the protocol's own shape
	if said.Entry.Level != "error" || said.Entry.Source == "network" {
		return ""
	}
	return said.Entry.Source + ": " + said.Entry.Text
}

func thrown(params json.RawMessage) string {
	var said struct {
		Details exception `json:"exceptionDetails"`
	}
	_ = json.Unmarshal(params, &said) // the protocol's own shape
	return said.Details.String()
}

func printed(params json.RawMessage) string {
	var said struct {
		Type string `json:"type"`
		Args []struct {
			Value       any    `json:"value"`
			Description string `json:"description"`
		} `json:"args"`
	}
	_ = json.Unmarshal(params, &said) // the protocol's own shape
	if said.Type != "error" {
		return ""
	}
	text := "console:"
	for _, arg := range said.Args {
		if value, ok := arg.Value.(string); ok {
			text += " " + value
		}
		text += " " + arg.Description
	}
	return text
}
