package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"daybook/bench/dataset"
	"daybook/bench/load"
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

// How Postgres itself writes them: as a table, and as lines of JSON.
const (
	copyOut  = `COPY (` + exportedColumns + `) TO STDOUT (FORMAT csv)`
	copyJSON = `COPY (SELECT row_to_json(line) FROM (` + exportedColumns + `) AS line) TO STDOUT`
)

const (
	copied     = "COPY ... TO STDOUT (FORMAT csv) by psql"
	copiedJSON = "COPY of row_to_json by psql"
)

// exportLine is one way to take out a whole log.
type exportLine struct {
	what   string
	run    func(ctx context.Context) (written int64, err error)
	server *server.Server // nil: none
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
	lines := []*exportLine{
		{what: "Daybook, NDJSON", server: started, run: func(ctx context.Context) (int64, error) {
			return export(ctx, started, "ndjson", fmt.Sprintf(`{"end":true,"events":%d,`, events))
		}},
		{what: "Daybook, CSV", server: started, run: func(ctx context.Context) (int64, error) {
			return export(ctx, started, "csv", fmt.Sprintf("#end events=%d ", events))
		}},
		{what: copiedJSON, run: func(ctx context.Context) (int64, error) { return s.psql(ctx, database, copyJSON) }},
		{what: copied, run: func(ctx context.Context) (int64, error) { return s.psql(ctx, database, copyOut) }},
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

// exportTable is the table of (d).
func (r *report) exportTable(b *strings.Builder) {
	if len(r.exports) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## Export\n\nAll %d events of the largest organization, one export at a time.\n\n", r.exported)
	b.WriteString("| what | events/s | MB/s | against COPY as csv | server µs an event | server MB above idle |\n|---|--:|--:|--:|--:|--:|\n")
	for _, line := range r.exports {
		rates, speeds := line.each(r.rate), line.each(func(e exportRound) float64 { return float64(e.written) / 1e6 / e.took.Seconds() })
		ratio, cpu, memory := fmt.Sprintf("%.2fx", load.Median(r.againstCopy(line))), "-", "-"
		if line.server != nil {
			cpu = fmt.Sprintf("%.1f", load.Median(line.each(func(e exportRound) float64 { return float64(e.cpu.Microseconds()) / float64(r.exported) })))
			memory = fmt.Sprintf("%.0f", line.memory())
		}
		fmt.Fprintf(b, "| %s | **%.0f** (%.0f-%.0f) | %.0f | %s | %s | %s |\n", line.what, load.Median(rates), slices.Min(rates), slices.Max(rates),
			load.Median(speeds), ratio, cpu, memory)
	}
}

func (l *exportLine) each(value func(exportRound) float64) []float64 {
	list := make([]float64, len(l.rounds))
	for i, round := range l.rounds {
		list[i] = value(round)
	}
	return list
}

// memory is the most that the server's has grown, in MB.
func (l *exportLine) memory() float64 {
	return slices.Max(l.each(func(e exportRound) float64 { return float64(e.grown) / (1 << 20) }))
}

func (r *report) rate(e exportRound) float64 { return float64(r.exported) / e.took.Seconds() }

// againstCopy are the ratios of a line's rate to that of COPY.
func (r *report) againstCopy(line *exportLine) []float64 {
	rates, limits := line.each(r.rate), r.exports[len(r.exports)-1].each(r.rate)
	for i := range rates {
		rates[i] /= limits[i]
	}
	return rates
}

// exportGoals are those of R5.
func (r *report) exportGoals() {
	for _, line := range r.exports {
		if line.server == nil {
			continue
		}
		ratios := r.againstCopy(line)
		r.goals = append(r.goals, goal{
			name: "R5", text: line.what + ": rate against " + copied, bound: "at least 0.8",
			found: fmt.Sprintf("%.2f (%.2f-%.2f)", load.Median(ratios), slices.Min(ratios), slices.Max(ratios)), met: load.Median(ratios) >= 0.8,
		}, goal{
			name: "R5", text: line.what + ": memory above idle, MB", bound: "under 64",
			found: fmt.Sprintf("%.0f", line.memory()), met: line.memory() < 64,
		})
	}
}
