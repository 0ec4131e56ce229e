package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"daybook/audit"
	"daybook/auth"
	"daybook/graph"
)

// importBatchBytes bounds the text of one batch, which has audit.MaxRecordEvents
// lines at the most.
const importBatchBytes = 4 << 20

// importer sends lines through the API's own recordEvents, so that an import
// takes and refuses exactly what the API does.
type importer struct {
	graphql   *graph.Handler
	principal auth.Principal
	rejects   *rejectsFile
	shown     *progress
	keys      lineKeys
	batch     []*importLine // in line order, refused ones included
	bytes     int           // of the batch, about
	counts    struct{ lines, created, duplicates, conflicts, invalid int }
}

// run imports all lines. What ended before it was interrupted, or failed, is
// counted; importing the same lines again is safe.
func (i *importer) run(ctx context.Context, lines *lineReader) error {
	settled := 0 // the last line of the last batch
	for {
		line, err := lines.next()
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("interrupted after line %d: run the same import again and it goes on there, what is recorded is not recorded twice", settled)
		case errors.Is(err, io.EOF):
			return i.flush(ctx)
		case err != nil:
			return err
		}
		if line.blank() {
			i.shown.add(0, int64(line.size))
			continue
		}
		line.prepare(&i.keys)
		i.batch, i.bytes = append(i.batch, line), i.bytes+len(line.text)
		if len(i.batch) == audit.MaxRecordEvents || i.bytes >= importBatchBytes {
			if err := i.flush(ctx); err != nil {
				return err
			}
			settled = line.number
		}
	}
}

// flush records the batch, to its end even when ctx ends, so that the counts are
// right.
func (i *importer) flush(ctx context.Context) error {
	ctx = auth.WithPrincipal(context.WithoutCancel(ctx), i.principal)
	valid := slices.DeleteFunc(slices.Clone(i.batch), (*importLine).refused)
	sent := i.send(ctx, valid)
	size := int64(0)
	for _, line := range i.batch {
		if err := i.settle(line); err != nil {
			return errors.Join(sent, err)
		}
		size += int64(line.size)
	}
	i.shown.add(len(i.batch), size)
	i.batch, i.bytes = i.batch[:0], 0
	return sent
}

func (l *importLine) refused() bool { return len(l.problems) > 0 }

// settle counts a line and puts it into the rejects file if it was refused.
func (i *importer) settle(line *importLine) error {
	switch line.status {
	case "": // an error kept it from being recorded
		return nil
	case audit.RecordCreated.String():
		i.counts.created++
	case audit.RecordDuplicate.String():
		i.counts.duplicates++
	case audit.RecordConflict.String():
		i.counts.conflicts++
	default:
		i.counts.invalid++
	}
	i.counts.lines++
	if !line.refused() {
		return nil
	}
	return i.rejects.write(line)
}

const importMutation = `mutation Import($events: [EventInput!]!) {
  recordEvents(events: $events) { results { index status problems { path code message } } }
}`

// send records lines and notes what became of each. Lines that make the whole
// request fail (an unknown enum value, say) are refused, and the rest is sent
// again.
func (i *importer) send(ctx context.Context, lines []*importLine) error {
	for len(lines) > 0 {
		response := i.graphql.Execute(ctx, graph.Request{Query: importMutation, Variables: importVariables(lines)})
		if len(response.Errors) == 0 {
			return noteResults(lines, response.Data)
		}
		if !refuseNamed(lines, response.Errors) {
			return i.divide(ctx, lines, response.Errors[0])
		}
		lines = slices.DeleteFunc(lines, (*importLine).refused)
	}
	return nil
}

// divide sends the halves of a request that was refused without naming a line
// (one that nests too deep, say), down to the line that is to blame. Any other
// failure ends the import.
func (i *importer) divide(ctx context.Context, lines []*importLine, cause *gqlerror.Error) error {
	first, last := lines[0], lines[len(lines)-1]
	code, _ := cause.Extensions["code"].(string)
	switch {
	case code != string(audit.CodeBadInput) && code != string(audit.CodeQueryTooExpensive):
		return fmt.Errorf("lines %d to %d: %s", first.number, last.number, cause.Message)
	case len(lines) == 1:
		first.refuse(rejectedProblem{Code: code, Message: cause.Message})
		return nil
	}
	half := len(lines) / 2
	if err := i.send(ctx, lines[:half]); err != nil {
		return err
	}
	return i.send(ctx, lines[half:])
}

// importVariables are the variables of importMutation.
func importVariables(lines []*importLine) json.RawMessage {
	size := len(`{"events":[]}`)
	for _, line := range lines {
		size += len(line.event) + 1
	}
	buffer := append(make([]byte, 0, size), `{"events":[`...)
	for n, line := range lines {
		if n > 0 {
			buffer = append(buffer, ',')
		}
		buffer = append(buffer, line.event...)
	}
	return append(buffer, "]}"...)
}

// refuseNamed refuses the lines that errors name. It changes nothing and says
// false when one of them names none.
func refuseNamed(lines []*importLine, errs gqlerror.List) bool {
	problems := make([]rejectedProblem, len(errs))
	indexes := make([]int, len(errs))
	for n, err := range errs {
		path, _ := err.Extensions["path"].(string)
		code, _ := err.Extensions["code"].(string)
		index, rest, ok := eventPath(path)
		if !ok || index >= len(lines) {
			return false
		}
		// The message begins with the path into the batch, which says nothing to
		// the owner of the file.
		indexes[n], problems[n] = index, rejectedProblem{Path: rest, Code: code, Message: strings.TrimPrefix(err.Message, path+" ")}
	}
	for n, index := range indexes {
		lines[index].refuse(problems[n])
	}
	return true
}

// eventPath reads "variables/events/17/action" as 17 and "/action".
func eventPath(path string) (index int, rest string, ok bool) {
	path, ok = strings.CutPrefix(path, "variables/events/")
	number, rest, found := strings.Cut(path, "/")
	if found {
		rest = "/" + rest
	}
	index, err := strconv.Atoi(number)
	return index, rest, ok && err == nil && index >= 0
}

// noteResults gives each line its result from the answer to importMutation.
func noteResults(lines []*importLine, data json.RawMessage) error {
	var answer struct {
		RecordEvents struct {
			Results []struct {
				Index    int
				Status   string
				Problems []rejectedProblem
			}
		}
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return fmt.Errorf("read the answer to recordEvents: %w", err)
	}
	for _, result := range answer.RecordEvents.Results {
		lines[result.Index].status, lines[result.Index].problems = result.Status, result.Problems
	}
	return nil
}

// finish prints the summary. It fails with errRejected if lines were refused.
func (i *importer) finish(output io.Writer) error {
	c := i.counts
	_, _ = fmt.Fprintf(output, "%d lines in %s (%.0f/s): %d created, %d duplicates, %d conflicts, %d invalid\n",
		c.lines, time.Since(i.shown.started).Round(10*time.Millisecond), i.shown.rate(), c.created, c.duplicates, c.conflicts, c.invalid)
	if err := i.rejects.close(); err != nil {
		return err
	}
	if c.conflicts+c.invalid == 0 {
		return nil
	}
	_, _ = fmt.Fprintf(output, "Refused lines and why: %s\n", i.rejects.path)
	return errRejected
}
