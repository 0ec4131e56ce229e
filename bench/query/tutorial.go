package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/lib/pq"

	"daybook/bench/cell"
	"daybook/bench/dataset"
	"daybook/bench/event"
	"daybook/bench/load"
	"daybook/bench/process"
)

// tutorialEvents is the largest log that the tutorial's server is measured with:
// it counts all of them for each page.
const tutorialEvents = 1_000_000

// tutorialSchema is where its tables are, beside Daybook's.
const tutorialSchema = "tutorial"

// tutorialQuery asks it for the same. It begins at an instant instead of behind a
// cursor, which comes to the same page.
const tutorialQuery = `query Page($before: Time!) {
  events(where: {organization: 1, category: "CONVERSATION", occurredAtLT: $before}, first: 50, orderBy: {field: OCCURRED_AT, direction: DESC}) {
    edges { cursor node {
      id occurredAt category action eventName actor { id kind name } section { key name }
      objectType objectID objectName ipAddress changes { property before after }
    } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

// startTutorial generates, builds, fills and starts it, or notes why it is
// skipped.
func (s *stage) startTutorial(ctx context.Context, database *dataset.Database, from []place) (*contender, error) {
	if database.Log.Events > tutorialEvents {
		s.skipped = append(s.skipped, fmt.Sprintf("%s on %d events: it counts them for each page", tutorial, database.Log.Events))
		return nil, nil //nolint:nilnil // nobody to measure
	}
	s.say("starting the server of the tutorial")
	folder, recipe, err := buildTutorial(ctx, s.options.offline)
	if err != nil {
		s.skipped = append(s.skipped, fmt.Sprintf("%s: %v", tutorial, err))
		return nil, nil //nolint:nilnil // nobody to measure
	}
	address := withSettings(database.Address, map[string]string{"search_path": tutorialSchema})
	if err := fillTutorial(ctx, folder, recipe, address); err != nil {
		return nil, err
	}
	host, program, err := s.startProgram(ctx, process.Program{Path: filepath.Join(folder, "tutorial"), Args: []string{"-database", address}, Env: []string{}})
	if err != nil {
		return nil, err
	}
	c := &contender{what: tutorial, host: host, content: tutorialContent, cell: cell.Cell{Program: program}}
	for _, p := range from {
		body := event.Body(tutorialQuery, map[string]any{"before": p.id.OccurredAt().Format(time.RFC3339Nano)})
		c.requests = append(c.requests, load.Post(host, "", body, 1, `"hasNextPage":true`))
	}
	return c, nil
}

// buildTutorial copies the module into the user's cache, generates what is not
// kept with its sources, and builds it, unless that was done before.
func buildTutorial(ctx context.Context, offline bool) (folder, recipe string, err error) {
	source, err := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", "daybook/bench/query").Output()
	if err != nil {
		return "", "", fmt.Errorf("find its sources: %w", err)
	}
	files := os.DirFS(filepath.Join(filepath.Dir(strings.TrimSpace(string(source))), "tutorial"))
	if recipe, err = digest(files); err != nil {
		return "", "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", "", err
	}
	folder = filepath.Join(cache, "daybook", "tutorial-"+recipe)
	if _, err := os.Stat(filepath.Join(folder, "tutorial")); err == nil {
		return folder, recipe, nil
	}
	if offline {
		return "", "", errors.New("it was not built before")
	}
	if err := errors.Join(os.RemoveAll(folder), os.CopyFS(folder, files)); err != nil {
		return "", "", err
	}
	for _, args := range [][]string{
		{"mod", "tidy", "-e"},
		{"run", "-mod=mod", "./ent/entc.go"},
		{"run", "-mod=mod", "github.com/99designs/gqlgen"},
		{"build", "-mod=mod", "-o", "tutorial", "."},
	} {
		command := exec.CommandContext(ctx, "go", args...)
		command.Dir = folder
		command.Env = append(command.Environ(), "GOWORK=off")
		if output, err := command.CombinedOutput(); err != nil {
			return "", "", fmt.Errorf("go %s: %w\n%.2000s", strings.Join(args, " "), err, output)
		}
	}
	return folder, recipe, nil
}

// fillTutorial makes its tables out of Daybook's, unless they are there.
func fillTutorial(ctx context.Context, folder, recipe, address string) (err error) {
	db, err := sql.Open("postgres", address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var made sql.NullString
	if err := db.QueryRowContext(ctx, `SELECT obj_description(to_regnamespace($1), 'pg_namespace')`, tutorialSchema).Scan(&made); err != nil {
		return err
	}
	if made.String == recipe {
		return nil
	}
	if _, err := db.ExecContext(ctx, "DROP SCHEMA IF EXISTS "+tutorialSchema+" CASCADE; CREATE SCHEMA "+tutorialSchema); err != nil {
		return err
	}
	migrate := exec.CommandContext(ctx, filepath.Join(folder, "tutorial"), "-migrate", "-database", address)
	if output, err := migrate.CombinedOutput(); err != nil {
		return fmt.Errorf("make the tables of the tutorial: %w\n%s", err, output)
	}
	fill, err := os.ReadFile(filepath.Join(folder, "load.sql"))
	if err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, string(fill)); err != nil {
		return fmt.Errorf("fill the tables of the tutorial: %w", err)
	}
	_, err = db.ExecContext(ctx, "COMMENT ON SCHEMA "+tutorialSchema+" IS "+pq.QuoteLiteral(recipe))
	return err
}

// tutorialPage is a connection as the tutorial's server answers it. Values of
// changes are JSON as text.
type tutorialPage struct {
	Edges []struct {
		Node struct {
			OccurredAt                                                    time.Time
			Category, Action, EventName, ObjectType, ObjectID, ObjectName string
			IPAddress                                                     string
			Actor                                                         struct{ Kind, Name string }
			Section                                                       struct{ Key string }
			Changes                                                       []struct{ Property, Before, After string }
		}
	}
	PageInfo struct{ HasNextPage bool }
}

func tutorialContent(answer []byte) (page, error) {
	var body struct{ Data struct{ Events tutorialPage } }
	if err := json.Unmarshal(answer, &body); err != nil {
		return page{}, err
	}
	p := page{more: body.Data.Events.PageInfo.HasNextPage}
	for _, edge := range body.Data.Events.Edges {
		n := edge.Node
		e := shown{
			micros: n.OccurredAt.UnixMicro(), category: n.Category, action: n.Action, name: n.EventName,
			actor: n.Actor.Name, kind: n.Actor.Kind, section: n.Section.Key,
			objectType: n.ObjectType, objectID: n.ObjectID, objectName: n.ObjectName, address: n.IPAddress,
		}
		changes := make([]change, len(n.Changes))
		for i, c := range n.Changes {
			changes[i] = change{c.Property, json.RawMessage(c.Before), json.RawMessage(c.After)}
		}
		e.changes = changesText(changes)
		p.events = append(p.events, e)
	}
	return p, nil
}
