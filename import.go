package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"daybook/audit"
	"daybook/auth"
	"daybook/graph"
)

// Bounds of an import.
const (
	importBatchEvents = audit.MaxRecordEvents
	importBatchBytes  = 4 << 20
	maxImportLine     = 2 << 20
)

// errRejected says that an import is complete but refused some lines.
var errRejected = errors.New("some lines were rejected")

// runImport records newline-delimited events. It succeeds only if every line
// was recorded, now or earlier.
func runImport(ctx context.Context, c config, env environment) (err error) {
	d, err := openDaybook(ctx, c, c.logger(env.stderr))
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, d.close(context.WithoutCancel(ctx)))
	}()
	organization, err := d.importOrganization(ctx, c, env)
	if err != nil {
		return err
	}
	input, size, err := openImport(c.args[0], env.stdin)
	if err != nil {
		return err
	}
	defer func() { _ = input.Close() }()
	if c.rejects == "" {
		c.rejects = c.args[0] + ".rejects.ndjson"
		if c.args[0] == "-" {
			c.rejects = "import.rejects.ndjson"
		}
	}
	i := &importer{
		graphql: d.graphql, rejects: &rejectsFile{path: c.rejects}, shown: newProgress(env.stderr, "Importing", size), repeats: map[[32]byte]int{},
		ctx: auth.WithPrincipal(ctx, auth.Principal{
			Organization: int32(organization.ID), OrganizationName: organization.Name, KeyName: "import",
			Scopes: []string{audit.ScopeRecordEvents.String()},
		}),
	}
	err = i.run(input)
	i.shown.end()
	return errors.Join(err, i.finish(env.stdout))
}

// importOrganization is the organization to import into. On an empty database
// it is made, as serving would.
func (d *daybook) importOrganization(ctx context.Context, c config, env environment) (*audit.Organization, error) {
	organizations, err := d.keys.Organizations(ctx)
	if err != nil {
		return nil, err
	}
	if len(organizations) > 0 || c.organization != "" {
		return findOrganization(ctx, d.keys, c.organization)
	}
	if _, err := d.createFirst(ctx, c, env.stdout); err != nil {
		return nil, err
	}
	return findOrganization(ctx, d.keys, "")
}

// openImport opens a file, or standard input for "-"; size is 0 if unknown.
func openImport(path string, stdin io.Reader) (io.ReadCloser, int64, error) {
	if path == "-" {
		return io.NopCloser(stdin), 0, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, info.Size(), nil
}

// importer sends lines through the API's own recordEvents, so that an import
// takes and refuses exactly what the API does.
type importer struct {
	ctx     context.Context //nolint:containedctx // one import, one principal
	graphql *graph.Handler
	rejects *rejectsFile
	shown   *progress
	batch   []importLine
	bytes   int
	number  int              // of the line read last, from 1
	repeats map[[32]byte]int // how often a line without a key was seen
	counts  struct{ lines, created, duplicates, conflicts, invalid int }
}

// importLine is one event on its way.
type importLine struct {
	number int
	text   []byte // as read
	event  []byte // as sent: with an idempotency key
}

func (i *importer) run(input io.Reader) error {
	lines := bufio.NewReaderSize(input, 1<<16)
	for {
		line, tooLong, err := readLine(lines)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read line %d: %w", i.number+1, err)
		}
		end := err != nil
		if !end || len(line) > 0 {
			i.number++
			if err := i.take(line, tooLong); err != nil {
				return err
			}
		}
		if end {
			return i.flush()
		}
	}
}

// readLine reads up to the next line feed; what is beyond the greatest length
// is read over.
func readLine(lines *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := lines.ReadSlice('\n')
		if len(line)+len(part) > maxImportLine {
			line, tooLong = line[:0], true
		} else if !tooLong {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimSpace(line), tooLong, err
		}
	}
}

// take puts a line into the batch, which goes off when it is full.
func (i *importer) take(text []byte, tooLong bool) error {
	if len(text) == 0 && !tooLong {
		i.shown.add(0, 1)
		return nil
	}
	i.counts.lines++
	line := importLine{number: i.number, text: text}
	problem := ""
	switch {
	case tooLong:
		problem = fmt.Sprintf("is longer than %d bytes", maxImportLine)
	case !json.Valid(text) || text[0] != '{':
		problem = "is not a JSON object"
	}
	if problem != "" {
		return i.reject(line, []rejectedProblem{{Message: problem}})
	}
	line.event = i.withKey(text)
	i.batch, i.bytes = append(i.batch, line), i.bytes+len(line.event)
	if len(i.batch) == importBatchEvents || i.bytes >= importBatchBytes {
		return i.flush()
	}
	return nil
}

// withKey gives an event without an idempotency key one that follows from its
// text and from how often that text came before, so that importing a file again
// makes no event twice.
func (i *importer) withKey(text []byte) []byte {
	var given struct {
		Key json.RawMessage `json:"idempotencyKey"`
	}
	if err := json.Unmarshal(text, &given); err != nil || given.Key != nil {
		return text
	}
	sum := sha256.Sum256(text)
	i.repeats[sum]++
	key := "import:" + hex.EncodeToString(sum[:]) + ":" + strconv.Itoa(i.repeats[sum])
	rest := bytes.TrimSpace(text[1:])
	separator := ","
	if rest[0] == '}' {
		separator = ""
	}
	return append([]byte(`{"idempotencyKey":"`+key+`"`+separator), rest...)
}

const importMutation = `mutation Import($events: [EventInput!]!) {
  recordEvents(events: $events) { results { index status problems { path code message } } }
}`

// importAnswer is the answer to importMutation.
type importAnswer struct {
	RecordEvents *struct {
		Results []struct {
			Index    int
			Status   string
			Problems []rejectedProblem
		}
	} `json:"recordEvents"`
}

// flush records the batch. Lines that make the whole request fail (an unknown
// enum value, say) are rejected, and the rest is sent again.
func (i *importer) flush() error {
	for len(i.batch) > 0 {
		response := i.graphql.Execute(i.ctx, graph.Request{Query: importMutation, Variables: i.variables()})
		if len(response.Errors) == 0 {
			return i.settle(response.Data)
		}
		refused := map[int][]rejectedProblem{}
		for _, err := range response.Errors {
			path, _ := err.Extensions["path"].(string)
			index, rest, ok := eventPath(path)
			if !ok || index >= len(i.batch) {
				return fmt.Errorf("lines %d to %d: %s", i.batch[0].number, i.batch[len(i.batch)-1].number, err.Message)
			}
			code, _ := err.Extensions["code"].(string)
			refused[index] = append(refused[index], rejectedProblem{Path: rest, Code: code, Message: err.Message})
		}
		kept := i.batch[:0:0]
		for index, line := range i.batch {
			if problems := refused[index]; problems == nil {
				kept = append(kept, line)
			} else if err := i.reject(line, problems); err != nil {
				return err
			}
		}
		i.batch = kept
	}
	i.bytes = 0
	return nil
}

func (i *importer) variables() json.RawMessage {
	buffer := make([]byte, 0, i.bytes+len(i.batch)+16)
	buffer = append(buffer, `{"events":[`...)
	for n, line := range i.batch {
		if n > 0 {
			buffer = append(buffer, ',')
		}
		buffer = append(buffer, line.event...)
	}
	return append(buffer, "]}"...)
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

// settle counts the results of a recorded batch and empties it.
func (i *importer) settle(data json.RawMessage) error {
	var answer importAnswer
	if err := json.Unmarshal(data, &answer); err != nil || answer.RecordEvents == nil {
		return fmt.Errorf("the answer to recordEvents cannot be read: %w", err)
	}
	done := int64(0)
	for _, result := range answer.RecordEvents.Results {
		line := i.batch[result.Index]
		switch result.Status {
		case audit.RecordCreated.String():
			i.counts.created++
		case audit.RecordDuplicate.String():
			i.counts.duplicates++
		default:
			if err := i.rejectAs(result.Status, line, result.Problems); err != nil {
				return err
			}
			continue
		}
		done += int64(len(line.text) + 1)
	}
	i.shown.add(len(i.batch), done)
	i.batch, i.bytes = i.batch[:0], 0
	return nil
}

func (i *importer) reject(line importLine, problems []rejectedProblem) error {
	return i.rejectAs(audit.RecordInvalid.String(), line, problems)
}

func (i *importer) rejectAs(status string, line importLine, problems []rejectedProblem) error {
	if status == audit.RecordConflict.String() {
		i.counts.conflicts++
	} else {
		i.counts.invalid++
	}
	i.shown.add(0, int64(len(line.text)+1))
	return i.rejects.write(line, status, problems)
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

// rejectedProblem is one reason for which a line was refused.
type rejectedProblem struct {
	Path    string `json:"path"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// rejectsFile takes refused lines; it is made when the first one comes.
type rejectsFile struct {
	path string
	file *os.File
}

// write adds a line as a JSON object: its number, its status, the problems, and
// the text that was refused.
func (r *rejectsFile) write(line importLine, status string, problems []rejectedProblem) error {
	if r.file == nil {
		file, err := os.Create(r.path)
		if err != nil {
			return fmt.Errorf("open the rejects file: %w", err)
		}
		r.file = file
	}
	rejected := struct {
		Line     int               `json:"line"`
		Status   string            `json:"status"`
		Problems []rejectedProblem `json:"problems"`
		Text     string            `json:"text"`
	}{line.number, status, problems, string(line.text)}
	encoder := json.NewEncoder(r.file)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(rejected)
}

func (r *rejectsFile) close() error {
	if r.file == nil {
		return nil
	}
	return r.file.Close()
}
