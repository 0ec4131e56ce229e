package main

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"daybook/audit"
	"daybook/bench/cluster"
)

// statement is one that Daybook has run, as Postgres has logged it.
type statement struct {
	text       string
	parameters []string // as SQL: '1' or NULL
}

// logging is the address of a database whose sessions log each statement.
func logging(address string) string {
	return withSettings(address, map[string]string{"log_statement": "all"})
}

// withSettings is the address of a database whose sessions have some settings.
func withSettings(address string, settings map[string]string) string {
	to, err := url.Parse(address)
	if err != nil {
		panic(err) // it is one of ours
	}
	query := to.Query()
	for name, value := range settings {
		query.Set(name, value)
	}
	to.RawQuery = query.Encode()
	return to.String()
}

// recorded runs a call and gives the part of the server's log that it has
// caused. Nobody else may write to the log meanwhile.
func recorded(ctx context.Context, postgres *cluster.Cluster, call func() error) (string, error) {
	begun := len(postgres.Log())
	if err := call(); err != nil {
		return "", err
	}
	mark := fmt.Sprintf("the log has %d bytes", begun)
	if err := postgres.WriteLog(ctx, mark); err != nil {
		return "", err
	}
	for {
		text, _, found := strings.Cut(postgres.Log()[begun:], mark)
		if found {
			return text, nil
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
}

var (
	executed  = regexp.MustCompile(`(?s)LOG:  execute [^:]+: (.*)`)
	parameter = regexp.MustCompile(`(\$\d+) = ('(?:[^']|'')*'|NULL)`)
	number    = regexp.MustCompile(`\$(\d+)`)
)

// readStatements reads statements and their parameters from a log. A line that
// begins with a tab belongs to the one before.
func readStatements(log string) []statement {
	var list []statement
	for line := range strings.SplitSeq(strings.ReplaceAll(log, "\n\t", "\r"), "\n") {
		if found := executed.FindStringSubmatch(line); found != nil {
			list = append(list, statement{text: strings.ReplaceAll(found[1], "\r", "\n")})
		} else if _, parameters, ok := strings.Cut(line, "DETAIL:  parameters: "); ok && len(list) > 0 {
			for _, each := range parameter.FindAllStringSubmatch(strings.ReplaceAll(parameters, "\r", "\n"), -1) {
				last := &list[len(list)-1]
				last.parameters = append(last.parameters, each[2])
			}
		}
	}
	return list
}

// String is the statement with its parameters in place.
func (s statement) String() string {
	return number.ReplaceAllStringFunc(s.text, func(name string) string {
		n, err := strconv.Atoi(name[1:])
		if err != nil || n > len(s.parameters) {
			return name
		}
		return s.parameters[n-1]
	})
}

// pageStatements are those that Daybook runs for each of the pages.
func (s *stage) pageStatements(ctx context.Context, address string, from []place) ([][]statement, error) {
	_, events, err := s.openReader(ctx, logging(address), 1)
	if err != nil {
		return nil, err
	}
	size, list := 50, make([][]statement, len(from))
	for i, p := range from {
		log, err := recorded(ctx, s.postgres, func() error {
			_, err := events.Events(ctx, audit.Viewer{Organization: reader}, audit.EventPageRequest{
				Filter: &audit.Filter{Categories: []audit.Category{category}},
				Order:  audit.Order{Field: audit.OrderOccurredAt, Direction: audit.Descending},
				Page:   audit.PageRequest{First: &size, After: &p.cursor},
				Fields: audit.Fields{Actors: true, Sections: true},
			})
			return err
		})
		if err != nil {
			return nil, err
		}
		if list[i] = readStatements(log); len(list[i]) == 0 {
			return nil, fmt.Errorf("no statement was logged in %.500s", log)
		}
	}
	return list, nil
}
