package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"daybook/bench/dataset"
	"daybook/bench/process"
	"daybook/bench/server"
)

// exportedEvents is the largest log that is exported.
const exportedEvents = 1_000_000

// The columns that an export reads, in no order, and the texts that many events
// share in their places.
const exportedColumns = `SELECT events.id, recorded_at, category, action, name.text AS event_name, actor, profile, behalf_actor, behalf_profile,
	about_actor, about_profile, section, object_type, object_id, object_name, address, address_key, agent.text AS user_agent, correlation_id,
	caused_by, changes, details, metadata
	FROM events LEFT JOIN shared_texts AS name ON name.id = event_name LEFT JOIN shared_texts AS agent ON agent.id = user_agent
	WHERE events.organization = 1`

// The columns that an export as CSV shows, with the names in their places, but a row
// for each event.
const shownColumns = `SELECT COALESCE(profile.name, actor.name, actor.external_id) AS performed_by, events.id, action, section.name AS section,
	changes, actor.external_id AS performed_by_external_id, object_type, object_id
	FROM events JOIN actors AS actor ON actor.id = events.actor JOIN actor_profiles AS profile ON profile.id = events.profile
	JOIN sections AS section ON section.id = events.section
	WHERE events.organization = 1`

// How Postgres itself writes them: as a table, and as lines of JSON.
const (
	copyOut   = `COPY (` + exportedColumns + `) TO STDOUT (FORMAT csv)`
	copyShown = `COPY (` + shownColumns + `) TO STDOUT (FORMAT csv)`
	copyJSON  = `COPY (SELECT row_to_json(line) FROM (` + exportedColumns + `) AS line) TO STDOUT`
)

const (
	copied      = "COPY ... TO STDOUT (FORMAT csv) by psql"
	copiedShown = "the same of the columns that CSV shows"
	copiedJSON  = "COPY of row_to_json by psql"
)

// exportLine is one way to take out a whole log.
type exportLine struct {
	what   string
	run    func(ctx context.Context) (written int64, err error)
	server *server.Server // nil: none
	limit  *exportLine    // what R5 compares it with; nil: none
	rounds []exportRound
}

// exportRound is one whole export.
type exportRound struct {
	took    time.Duration
	written int64 // bytes
	grown   int64 // by how many bytes the server's memory was above idle
	cpu     time.Duration
}

// measureExports is (d): the whole log of the largest organization.
func (s *stage) measureExports(ctx context.Context, r *report) error {
	database := s.largest(exportedEvents)
	started, err := s.serve(ctx, database)
	if err != nil {
		return err
	}
	events := database.Log.EventsOf(reader)
	copyBy := func(what, statement string) *exportLine {
		return &exportLine{what: what, run: func(ctx context.Context) (int64, error) { return s.psql(ctx, database, statement) }}
	}
	table, shown, json := copyBy(copied, copyOut), copyBy(copiedShown, copyShown), copyBy(copiedJSON, copyJSON)
	lines := []*exportLine{
		{what: "Daybook, NDJSON", server: started, limit: json, run: func(ctx context.Context) (int64, error) {
			return export(ctx, started, "ndjson", fmt.Sprintf(`{"end":true,"events":%d,`, events))
		}},
		{what: "Daybook, CSV", server: started, limit: table, run: func(ctx context.Context) (int64, error) {
			return export(ctx, started, "csv", fmt.Sprintf("#end events=%d ", events))
		}},
		json, table, shown,
	}
	for round := range s.options.rounds {
		for _, line := range lines {
			if err := line.measure(ctx); err != nil {
				return fmt.Errorf("%s: %w", line.what, err)
			}
			fmt.Fprintf(s.log, "round %d of %d: %s: %.0f events/s\n", round+1, s.options.rounds, line.what,
				float64(events)/line.rounds[round].took.Seconds())
		}
	}
	r.exported, r.exports = events, lines
	return nil
}

// largest is the largest log to measure that has no more events than most, or else
// the smallest.
func (s *stage) largest(most int) *dataset.Database {
	found := s.databases[0]
	for _, database := range s.databases {
		if database.Log.Events <= min(most, s.options.largest) {
			found = database
		}
	}
	return found
}

func (l *exportLine) measure(ctx context.Context) error {
	var idle int64
	var cpu time.Duration
	if l.server != nil {
		l.server.Process.ResetPeak()
		idle, cpu = l.server.Process.PeakMemory(), l.server.Process.CPU()
	}
	begun := time.Now()
	written, err := l.run(ctx)
	if err != nil {
		return err
	}
	round := exportRound{took: time.Since(begun), written: written}
	if l.server != nil {
		round.grown, round.cpu = l.server.Process.PeakMemory()-idle, l.server.Process.CPU()-cpu
	}
	l.rounds = append(l.rounds, round)
	return nil
}

// export takes out the whole log of the largest organization, and fails unless
// it comes to its end.
func export(ctx context.Context, from *server.Server, format, end string) (int64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+from.Host+"/export?format="+format, nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+from.Secrets[reader-1])
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	var last tail
	written, err := io.Copy(&last, response.Body)
	if err == nil && !bytes.Contains(last.text, []byte(end)) {
		err = fmt.Errorf("%s: the export has no end marker but %.300q", response.Status, last.text)
	}
	return written, err
}

// tail keeps the last part of what is written to it.
type tail struct{ text []byte }

func (t *tail) Write(part []byte) (int, error) {
	const kept = 1000
	t.text = append(t.text, part[max(0, len(part)-kept):]...)
	t.text = slices.Clone(t.text[max(0, len(t.text)-kept):])
	return len(part), nil
}

// counter counts what is written to it.
type counter struct{ bytes int64 }

func (c *counter) Write(part []byte) (int, error) {
	c.bytes += int64(len(part))
	return len(part), nil
}

// psql runs a statement and counts the bytes of its answer.
func (s *stage) psql(ctx context.Context, database *dataset.Database, statement string) (int64, error) {
	var output counter
	var complaint process.Output
	command := process.Program{
		Path: s.postgres.Program("psql"), Args: []string{"--no-psqlrc", "--quiet", "--command", statement, database.Address}, Env: []string{},
	}.Command()
	command.Stdout, command.Stderr = &output, &complaint
	stopped := context.AfterFunc(ctx, func() { _ = command.Process.Kill() })
	defer stopped()
	if err := command.Run(); err != nil {
		return 0, errors.Join(err, errors.New(complaint.String()))
	}
	return output.bytes, nil
}
