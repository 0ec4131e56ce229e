package web

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

const queriesFolder = "playground/queries"

// ReadyQuery is a query the playground offers by title.
type ReadyQuery struct {
	ID          string          `json:"id"`          // the name of its file, without ending
	Title       string          `json:"title"`       // the question it answers
	Explanation string          `json:"explanation"` // one sentence or two
	Query       string          `json:"query"`       // one GraphQL operation, comments included
	Variables   json.RawMessage `json:"variables"`   // a JSON object
}

// ReadyQueries lists the ready queries in the order of their files' names. Each is a file
// NN-name.graphql beside its variables in NN-name.json; of the comment lines it starts
// with, the first is the title and the rest the explanation.
func ReadyQueries() ([]ReadyQuery, error) {
	names, err := fs.Glob(files, queriesFolder+"/*.graphql")
	if err != nil {
		return nil, err
	}
	queries := make([]ReadyQuery, len(names))
	for i, name := range names {
		if queries[i], err = readQuery(name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return queries, nil
}

func readQuery(name string) (ReadyQuery, error) {
	text, err := files.ReadFile(name)
	if err != nil {
		return ReadyQuery{}, err
	}
	stem := strings.TrimSuffix(name, ".graphql")
	variables, err := files.ReadFile(stem + ".json")
	if err != nil {
		return ReadyQuery{}, err
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(variables, &object); err != nil {
		return ReadyQuery{}, fmt.Errorf("variables: %w", err)
	}
	title, explanation := heading(string(text))
	return ReadyQuery{path.Base(stem), title, explanation, string(text), variables}, nil
}

// heading splits the comment lines at the start of a query into title and explanation.
func heading(query string) (title, explanation string) {
	var lines []string
	for line := range strings.Lines(query) {
		comment, ok := strings.CutPrefix(line, "#")
		if !ok {
			break
		}
		lines = append(lines, strings.TrimSpace(comment))
	}
	if len(lines) == 0 {
		return "", ""
	}
	return lines[0], strings.Join(lines[1:], " ")
}
