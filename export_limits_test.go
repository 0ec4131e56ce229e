package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"daybook/internal/postgrestest"
)

// Clients that ask for an export and do not read it keep nobody but other exports
// waiting, and those only until they have gone.
func TestExportsThatNobodyReadsLeaveTheServerToOthers(t *testing.T) {
	const events = 15_000 // more text than waits within connections
	s := serve(t, "sqlite:"+filepath.Join(t.TempDir(), "daybook.db"), "--demo", "--demo-events", fmt.Sprint(events), "--exports", "2")
	unread := []*http.Response{s.export(testKey, nil), s.export(testKey, nil)}
	refused := s.export(testKey, nil)
	body, err := io.ReadAll(refused.Body)
	if err != nil || refused.Body.Close() != nil || refused.StatusCode != http.StatusServiceUnavailable ||
		refused.Header.Get("Retry-After") != "10" || !strings.Contains(string(body), `"code":"OVERLOADED"`) {
		t.Errorf("%v: a third is answered %d %v %s", err, refused.StatusCode, refused.Header, body)
	}
	var read page
	s.query(auditLogQuery("id"), nil, &read)
	if len(read.AuditLog.Edges) == 0 {
		t.Error("the log cannot be read meanwhile")
	}
	for _, response := range unread {
		if response.StatusCode != http.StatusOK || response.Body.Close() != nil {
			t.Errorf("an unread export has status %d", response.StatusCode)
		}
	}
	response := s.export(testKey, nil)
	for response.StatusCode == http.StatusServiceUnavailable { // until the server has noticed
		response.Body.Close()
		response = s.export(testKey, nil)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil || response.Body.Close() != nil || len(exportedLines(t, string(text))) < events {
		t.Errorf("%v: the next export has %d bytes", err, len(text))
	}
}

// The memory of an export does not grow with the size of its events either, nor
// with how often a table repeats what its rows have in common.
func TestExportsOfLargeEventsTakeLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("exports half a gigabyte")
	}
	var lines []string
	for n := range 1500 {
		lines = append(lines, keyedLine(n))
	}
	text := `"` + strings.Repeat("x", 240<<10) + `"`
	for range 50 {
		lines = append(lines, eventLine(fmt.Sprintf(`"metadata":%s,"changes":[{"property":"a","before":%s,"after":%s}],`, text, text, text)))
	}
	many := strings.Repeat(`{"property":"a"},`, 500)
	for range 2 {
		lines = append(lines, eventLine(fmt.Sprintf(`"metadata":%s,"changes":[%s],`, text, many[:len(many)-1])))
	}
	file := writeFile(t, t.TempDir(), "events.ndjson", strings.Join(lines, "\n"))
	for engine, database := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "daybook.db"), "postgres": postgrestest.NewDatabase(t)} {
		if output, err := runProgram(t, "import", "--database", database, file); err != nil {
			t.Fatalf("%v: %s", err, output)
		}
		s := serve(t, database)
		for _, format := range []string{"ndjson", "csv"} {
			usual := heapInUse()
			most, size := heapDuring(t, s.export(testKey, map[string]string{"format": format, "columns": exportColumnsOf(format)}))
			t.Logf("%s, %s: %d MiB of text, heap %d KiB and at most %d", engine, format, size>>20, usual>>10, most>>10)
			if most > usual+48<<20 {
				t.Errorf("%s, %s: the heap grew from %d to %d bytes", engine, format, usual, most)
			}
		}
	}
}

func exportColumnsOf(format string) string {
	if format == "csv" {
		return "sequence,property,metadata,before,after"
	}
	return ""
}

func heapInUse() uint64 {
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	return memory.HeapAlloc
}

// heapDuring reads an export to its end, and looks at the heap now and then.
func heapDuring(t *testing.T, response *http.Response) (most uint64, size int64) {
	t.Helper()
	defer response.Body.Close()
	for {
		n, err := io.CopyN(io.Discard, response.Body, 4<<20)
		size += n
		if most = max(most, heapInUse()); errors.Is(err, io.EOF) {
			return most, size
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
