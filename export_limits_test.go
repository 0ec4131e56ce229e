package main

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
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
