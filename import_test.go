package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// eventLine is a valid line whose members begin with first.
func eventLine(first string) string {
	return `{` + first + `"action":"LOGIN","section":"user","performedBy":{"user":{"externalId":"u"}},"details":{"authorization":{}}}`
}

func keyedLine(n int) string { return eventLine(fmt.Sprintf(`"idempotencyKey":"k%d",`, n)) }

// importing is a folder with a database and a file to import.
type importing struct {
	t            *testing.T
	folder, file string
}

func newImport(t *testing.T, lines ...string) *importing {
	folder := t.TempDir()
	return &importing{t, folder, writeFile(t, folder, "events.ndjson", strings.Join(lines, "\n")+"\n")}
}

func (i *importing) database() string { return "sqlite:" + filepath.Join(i.folder, "daybook.db") }

// expect imports and compares the summary.
func (i *importing) expect(created, duplicates, conflicts, invalid int, args ...string) {
	i.t.Helper()
	output, err := runProgram(i.t, append(append([]string{"import", "--database", i.database()}, args...), i.file)...)
	want := fmt.Sprintf(": %d created, %d duplicates, %d conflicts, %d invalid\n", created, duplicates, conflicts, invalid)
	if !strings.Contains(output, want) || (err != nil) != (conflicts+invalid > 0) {
		i.t.Errorf("%v: %s, want %s", err, output, want)
	}
}

// rejects reads the rejects file.
func (i *importing) rejects() []rejectedLine {
	i.t.Helper()
	content, err := os.ReadFile(i.file + ".rejects.ndjson")
	if err != nil {
		i.t.Fatal(err)
	}
	var list []rejectedLine
	for decoder := json.NewDecoder(bytes.NewReader(content)); ; {
		var line rejectedLine
		if err := decoder.Decode(&line); err == io.EOF {
			return list
		} else if err != nil {
			i.t.Fatal(err)
		}
		list = append(list, line)
	}
}

// Lines without a key, or with null in its place, are recorded once however
// often the file is imported; the same line twice in it is two events.
func TestImportingAgainRecordsNothingTwice(t *testing.T) {
	i := newImport(t,
		eventLine(""), eventLine(""),
		eventLine(`"idempotencyKey":null,`), eventLine(`"idempotency\u004bey" : null ,`),
		strings.Replace(eventLine(""), `}}}`, `}},"idempotencyKey":null}`, 1),
		eventLine(`"metadata":{"idempotencyKey":"not the event's"},`),
		keyedLine(1), "  "+eventLine(`"eventName":"in spaces",`)+"\t\r", "", " \r",
	)
	i.expect(8, 0, 0, 0)
	i.expect(0, 8, 0, 0)
}

// A key given twice is refused, also if one of the two is null.
func TestImportRefusesTwoKeys(t *testing.T) {
	i := newImport(t, eventLine(`"idempotencyKey":null,"idempotencyKey":null,`), eventLine(`"idempotencyKey":"a","idempotencyKey":null,`))
	i.expect(0, 0, 0, 2)
}

func TestImportSkipsAByteOrderMark(t *testing.T) {
	i := newImport(t, byteOrderMark+keyedLine(1), keyedLine(2))
	i.expect(2, 0, 0, 0)
	i = newImport(t, keyedLine(1), byteOrderMark+keyedLine(2))
	i.expect(1, 0, 0, 1)
}

// Rejected lines come in the file's order, with the text as it was and with
// problems that speak of the line.
func TestRejectsTellWhatWasWrongWithEachLine(t *testing.T) {
	long := strings.Repeat("x", maxImportLine+1)
	deep := eventLine(`"metadata":` + strings.Repeat("[", 1001) + strings.Repeat("]", 1001) + `,`)
	unknown := strings.Replace(keyedLine(2), "LOGIN", "DANCE", 1)
	lines := []struct{ text, status, path, code, message string }{
		{strings.Replace(keyedLine(1), `"u"`, `""`, 1), "INVALID", "/performedBy/user/externalId", "REQUIRED", "must not be empty"},
		{unknown, "INVALID", "/action", "BAD_INPUT", ""},
		{" \xa0" + `{"not`, "INVALID", "", "BAD_FORMAT", "is not JSON"},
		{"\xff{}", "INVALID", "", "BAD_FORMAT", "is not JSON"},
		{"[<&>\u2028]\x7f", "INVALID", "", "BAD_FORMAT", "is not JSON"},
		{"[1]", "INVALID", "", "BAD_FORMAT", "is not a JSON object"},
		{keyedLine(0) + " ", "", "", "", ""},
		{long, "INVALID", "", "TOO_LONG", fmt.Sprintf("has %d bytes", maxImportLine+2)},
		{deep, "INVALID", "", "BAD_INPUT", "nests deeper"},
		{strings.Replace(keyedLine(0), "LOGIN", "LOGOUT", 1), "CONFLICT", "/idempotencyKey", "KEY_REUSED", ""},
		{"{", "INVALID", "", "BAD_FORMAT", "is not JSON"},
	}
	i := newImport(t)
	content := ""
	for _, line := range lines {
		content += line.text + "\n"
	}
	i.file = writeFile(t, i.folder, "events.ndjson", content)
	i.expect(1, 0, 1, 9)
	rejects := i.rejects()
	for n, line := range lines {
		if line.status == "" {
			continue
		}
		if len(rejects) == 0 {
			t.Fatalf("line %d is missing", n+1)
		}
		got := rejects[0]
		rejects = rejects[1:]
		if got.Line != n+1 || got.Status != line.status {
			t.Fatalf("line %d is %s, want line %d to be %s", got.Line, got.Status, n+1, line.status)
		}
		problem := got.Problems[0]
		if problem.Path != line.path || problem.Code != line.code || !strings.Contains(problem.Message, line.message) || strings.Contains(problem.Message, "variables/events") {
			t.Errorf("line %d: %+v", n+1, problem)
		}
		if line.text == long {
			if *got.Text != long[:shownOfLongLine] || got.Size != len(long)+1 {
				t.Errorf("of the long line %d bytes are kept of %d", len(*got.Text), got.Size)
			}
			continue
		}
		if text := got.text(); text != line.text || got.Size != 0 {
			t.Errorf("line %d is kept as %q, was %q", n+1, text, line.text)
		}
	}
}

func (r *rejectedLine) text() string {
	if r.Text != nil {
		return *r.Text
	}
	return string(r.TextBase64)
}

// A batch full of lines that make whole requests fail is taken apart.
func TestImportRefusesManyBadLinesAndKeepsTheRest(t *testing.T) {
	var lines []string
	for n := range 1200 {
		line := keyedLine(n)
		if n%3 == 0 {
			line = strings.Replace(line, "LOGIN", "DANCE", 1)
		}
		lines = append(lines, line)
	}
	i := newImport(t, lines...)
	i.expect(800, 0, 0, 400)
	for n, line := range i.rejects() {
		if line.Line != 3*n+1 {
			t.Fatalf("reject %d is line %d", n, line.Line)
		}
	}
}

// No file is overwritten but the rejects of an earlier import.
func TestRejectsReplaceOnlyRejects(t *testing.T) {
	i := newImport(t, keyedLine(1), "no event")
	before, err := os.ReadFile(i.file)
	if err != nil {
		t.Fatal(err)
	}
	linked := filepath.Join(i.folder, "linked.ndjson")
	if err := os.Symlink(i.file, linked); err != nil {
		t.Fatal(err)
	}
	notes := writeFile(t, i.folder, "notes.txt", "to be kept")
	for _, rejects := range []string{i.file, linked, notes, i.folder} {
		_, err := runProgram(t, "import", "--database", i.database(), "--rejects", rejects, i.file)
		if err == nil || !strings.Contains(err.Error(), "choose another --rejects") {
			t.Errorf("--rejects %s: %v", filepath.Base(rejects), err)
		}
	}
	for path, want := range map[string]string{i.file: string(before), notes: "to be kept"} {
		if after, err := os.ReadFile(path); err != nil || string(after) != want {
			t.Errorf("%s is changed: %v %q", filepath.Base(path), err, after)
		}
	}
	i.expect(1, 0, 0, 1)
	i.expect(0, 1, 0, 1)
	i.expect(0, 1, 0, 1, "--rejects", os.DevNull)
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatalf("the null device was replaced: %v", err)
	}
}

// The rejects are those of the last import, and nothing else is left beside them.
func TestRejectsAreOfTheLastImport(t *testing.T) {
	i := newImport(t, keyedLine(1), "no event", "none either")
	i.expect(1, 0, 0, 2)
	writeFile(t, i.folder, "events.ndjson", keyedLine(1)+"\nno event\n")
	i.expect(0, 1, 0, 1)
	if list := i.rejects(); len(list) != 1 {
		t.Errorf("%d rejects, want the last import's", len(list))
	}
	writeFile(t, i.folder, "events.ndjson", keyedLine(1)+"\n")
	i.expect(0, 1, 0, 0)
	entries, err := os.ReadDir(i.folder)
	if err != nil {
		t.Fatal(err)
	}
	left := slices.DeleteFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), "daybook.db") })
	if len(left) != 1 || left[0].Name() != "events.ndjson" {
		t.Errorf("left in the folder: %v", left)
	}
}

// An import that is interrupted says so and how to go on; then nothing is
// recorded twice and nothing is missing.
func TestInterruptedImportGoesOn(t *testing.T) {
	var lines []string
	for n := range 700 {
		lines = append(lines, keyedLine(n))
	}
	i := newImport(t, lines...)
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	input, output := io.Pipe()
	go func() {
		_, _ = io.WriteString(output, strings.Join(lines[:500], "\n")+"\n")
		_, _ = io.WriteString(output, lines[500]+"\n") // is asked for when the 500 are recorded
		interrupt()
	}()
	var stdout bytes.Buffer
	rejects := filepath.Join(i.folder, "rejects.ndjson")
	err := run(ctx, []string{"import", "--database", i.database(), "--rejects", rejects, "-"}, environment{testEnvironment, input, &stdout, testLog{t}})
	if err == nil || !strings.Contains(err.Error(), "interrupted after line 500") {
		t.Errorf("it ended with %v", err)
	}
	if want := "500 lines in "; !strings.HasPrefix(stdout.String(), want) || !strings.Contains(stdout.String(), ": 500 created, 0") {
		t.Errorf("the summary is %s", stdout.String())
	}
	i.expect(200, 500, 0, 0)
}
