package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"daybook/audit"
)

// export asks a server for an export.
func (s *server) export(key string, parameters map[string]string) *http.Response {
	s.t.Helper()
	query := url.Values{}
	for name, value := range parameters {
		query.Set(name, value)
	}
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.base+"/export?"+query.Encode(), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	return response
}

// exported is the whole text of an export.
func (s *server) exported(key string, parameters map[string]string) string {
	s.t.Helper()
	response := s.export(key, parameters)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		s.t.Fatalf("%v: %d %.300s", err, response.StatusCode, text)
	}
	return string(text)
}

// exportedLines are the lines of an export without its end marker, which must say
// how many they are.
func exportedLines(t *testing.T, text string) []string {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	last := len(lines) - 1
	var end struct {
		End    bool
		Events int
		Cursor string
	}
	if err := json.Unmarshal([]byte(lines[last]), &end); err != nil || !end.End || end.Events != last {
		t.Fatalf("%v: %d lines end with %s", err, last, lines[last])
	}
	return lines[:last]
}

func TestRealEventsAreExportedAsTheyWereSent(t *testing.T) {
	file := filepath.Join(testData(t), "real-events.ndjson")
	sent := readSent(t, file)
	eachEngine(t, func(t *testing.T, database string) {
		if output, err := runProgram(t, "import", "--database", database, file); err != nil {
			t.Fatalf("%v: %s", err, output)
		}
		path := filepath.Join(t.TempDir(), "events.ndjson")
		if output, err := runProgram(t, "export", "--database", database, path); err != nil || !strings.Contains(output, fmt.Sprintf("%d events in ", len(sent))) {
			t.Fatalf("%v: %s", err, output)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := exportedLines(t, string(text))
		if len(lines) != len(sent) {
			t.Fatalf("%d events came back of %d", len(lines), len(sent))
		}
		for i, line := range lines {
			var read readEvent
			if err := json.Unmarshal([]byte(line), &read); err != nil {
				t.Fatalf("line %d: %v", i+1, err)
			}
			compareEvent(t, i+1, &sent[i], &read)
		}
		if served := serve(t, database).exported(testKey, nil); served != string(text) {
			t.Error("the server exports another text than the command")
		}
	})
}

func TestExportsKeepOrganizationsApart(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, database)
		for _, key := range []string{"mine-1", "mine-2"} {
			var recorded recordAnswer
			s.query(recordOne, map[string]any{"event": anEvent(key)}, &recorded)
		}
		output, err := runProgramEnv(t, func(string) string { return "" }, "organization", "--database", database, "create", "Another")
		if err != nil {
			t.Fatal(err)
		}
		other := strings.TrimSpace(output[strings.LastIndex(output, ": ")+2:])
		var recorded recordAnswer
		s.queryAs(other, recordOne, map[string]any{"event": anEvent("theirs-1")}, &recorded)

		mine := exportedLines(t, s.exported(testKey, nil))
		theirs := exportedLines(t, s.exported(other, nil))
		if len(mine) != 2 || len(theirs) != 1 || !strings.Contains(theirs[0], "cnv-theirs-1") {
			t.Fatalf("%d and %d events: %s", len(mine), len(theirs), theirs)
		}
		var event struct{ Cursor string }
		if err := json.Unmarshal([]byte(mine[0]), &event); err != nil {
			t.Fatal(err)
		}
		response := s.export(other, map[string]string{"after": event.Cursor})
		defer response.Body.Close()
		if body, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusBadRequest || !bytes.Contains(body, []byte("BAD_CURSOR")) {
			t.Errorf("another organization's cursor: %d %s", response.StatusCode, body)
		}
		if _, err := runProgram(t, "export", "--database", database, "-"); err == nil || !strings.Contains(err.Error(), "--organization") {
			t.Errorf("without saying which of two organizations: %v", err)
		}
		output, err = runProgram(t, "export", "--database", database, "--organization", "Another", "--after", event.Cursor, "-")
		if err == nil || !strings.Contains(err.Error(), "--after") {
			t.Errorf("%v: %s", err, output)
		}
		output, err = runProgram(t, "export", "--database", database, "--organization", "Another", "-")
		if err != nil || len(exportedLines(t, output)) != 1 {
			t.Errorf("%v: %s", err, output)
		}
		if response := s.export("wrong", nil); response.Body.Close() != nil || response.StatusCode != http.StatusUnauthorized {
			t.Errorf("without a valid key: %d", response.StatusCode)
		}
	})
}

// cutAfter is a terminal's user, who stops the program after the first output.
type cutAfter struct {
	stop context.CancelFunc
	text bytes.Buffer
}

func (c *cutAfter) Write(p []byte) (int, error) {
	c.stop()
	return c.text.Write(p)
}

// An export that is cut off says so, keeps the file of an earlier one, and can go
// on.
func TestExportCommandSaysWhenItIsCutOff(t *testing.T) {
	var lines []string
	for n := range 300 {
		lines = append(lines, keyedLine(n+10))
	}
	more := newImport(t, lines...)
	more.expect(300, 0, 0, 0)
	ctx, stop := context.WithCancel(t.Context())
	cut := &cutAfter{stop: stop}
	err := run(ctx, []string{"export", "--database", more.database(), "-"}, environment{testEnvironment, strings.NewReader(""), cut, testLog{t}})
	if err == nil || !strings.Contains(err.Error(), "cut off after 100 events: interrupted") {
		t.Fatalf("an interrupted export ends with %v", err)
	}
	_, cursor, found := strings.Cut(err.Error(), "--after ")
	if !found {
		t.Fatalf("%v says no cursor", err)
	}
	rest, err := runProgram(t, "export", "--database", more.database(), "--after", cursor, "-")
	if err != nil {
		t.Fatal(err)
	}
	first := strings.Split(strings.TrimSpace(cut.text.String()), "\n")
	if all := append(first, exportedLines(t, rest)...); len(all) != 300 || !strings.Contains(all[299], `"sequence":300,`) {
		t.Errorf("both parts together have %d events", len(all))
	}

	path := writeFile(t, more.folder, "old.ndjson", "an earlier export")
	stopped, stop := context.WithCancel(t.Context())
	stop()
	err = run(stopped, []string{"export", "--database", more.database(), path}, environment{testEnvironment, strings.NewReader(""), io.Discard, testLog{t}})
	if kept, _ := os.ReadFile(path); err == nil || string(kept) != "an earlier export" {
		t.Errorf("%v: the earlier file has %.80q", err, kept)
	}
	output, err := runProgram(t, "export", "--database", more.database(), "--format", "csv", "--columns", "sequence", path)
	if kept, _ := os.ReadFile(path); err != nil || !strings.HasPrefix(string(kept), "sequence\r\n1\r\n") || !strings.Contains(string(kept), "#end events=300") {
		t.Errorf("%v: %s: the file has %.80q", err, output, kept)
	}
	if _, err := os.Stat(path + ".partial"); !os.IsNotExist(err) {
		t.Errorf("the partial file is still there: %v", err)
	}
}

func TestExportCommandRefusesAsTheAPIDoes(t *testing.T) {
	i := newImport(t, keyedLine(1))
	if _, err := runProgram(t, "export", "--database", i.database(), "-"); err == nil || !strings.Contains(err.Error(), "no organization") {
		t.Errorf("from an empty database: %v", err)
	}
	i.expect(1, 0, 0, 0)
	for _, test := range []struct{ flag, value, want string }{
		{"--format", "xml", "format"},
		{"--filter", `{"categories":["NONE"]}`, "filter/categories/0"},
		{"--filter", `{"ipAddresses":["no"]}`, "filter/ipAddresses/0"},
		{"--filter", `{`, "filter is not JSON"},
		{"--order", `{"field":"ID"}`, "order/field"},
		{"--columns", `id`, "columns"},
		{"--after", `x`, "--after"},
	} {
		path := filepath.Join(i.folder, "none.ndjson")
		_, err := runProgram(t, "export", "--database", i.database(), test.flag, test.value, path)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %s: %v", test.flag, test.value, err)
		}
		if files, _ := filepath.Glob(path + "*"); files != nil {
			t.Errorf("%s %s leaves %v", test.flag, test.value, files)
		}
	}
}

// The memory of an export does not grow with the number of events.
func TestExportTakesConstantMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("fills a log with 50,000 events")
	}
	const events = 50_000
	s := serve(t, "sqlite:"+filepath.Join(t.TempDir(), "daybook.db"), "--demo", "--demo-events", fmt.Sprint(events))
	for _, format := range []string{"ndjson", "csv"} {
		response := s.export(testKey, map[string]string{"format": format})
		lines := bufio.NewScanner(response.Body)
		lines.Buffer(nil, 1<<20)
		var first, most uint64
		n := 0
		for ; lines.Scan(); n++ {
			if n%10_000 != 5_000 {
				continue
			}
			var memory runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&memory)
			if most = max(most, memory.HeapAlloc); first == 0 {
				first = memory.HeapAlloc
			}
		}
		if err := lines.Err(); err != nil || n < events {
			t.Errorf("%v after %d lines", err, n)
		}
		response.Body.Close()
		if t.Logf("%s: %d lines, heap %d to %d KiB", format, n, first>>10, most>>10); most > first+16<<20 {
			t.Errorf("%s: the heap grew from %d to %d bytes", format, first, most)
		}
	}
}

func TestTheReadmeNamesEveryColumnOfExports(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, column := range audit.ExportColumns() {
		if !bytes.Contains(text, []byte("`"+column+"`")) {
			t.Errorf("README.md does not name the column %s", column)
		}
	}
}
