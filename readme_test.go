package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// curlBody finds what the commands of README.md send.
var curlBody = regexp.MustCompile(`(?s) -d '(\{.*?\})'\n`)

func TestTheTourOfTheReadmeWorks(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	bodies := curlBody.FindAllSubmatch(text, -1)
	if len(bodies) != 2 {
		t.Fatalf("README.md has %d requests; the tour is one that records and one that queries", len(bodies))
	}
	s := serve(t, "sqlite:"+filepath.Join(t.TempDir(), "tour.db"))
	send := func(body []byte, into any) {
		t.Helper()
		var request struct {
			Query     string
			Variables json.RawMessage
		}
		if err := json.Unmarshal(body, &request); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		s.query(request.Query, request.Variables, into)
	}

	type recorded struct {
		RecordEvent struct {
			Result struct{ Status, EventID string }
		}
	}
	var first, second recorded
	send(bodies[0][1], &first)
	send(bodies[0][1], &second)
	if first.RecordEvent.Result.Status != "CREATED" || second.RecordEvent.Result.Status != "DUPLICATE" ||
		first.RecordEvent.Result.EventID != second.RecordEvent.Result.EventID {
		t.Errorf("recorded as %+v, then as %+v", first, second)
	}

	var page struct {
		AuditLog struct {
			Nodes []struct {
				PerformedByName string
				Changes         []struct{ PropertyName, BeforeText, AfterText string }
			}
		}
	}
	send(bodies[1][1], &page)
	if nodes := page.AuditLog.Nodes; len(nodes) != 1 || nodes[0].PerformedByName != "Priya Nair" ||
		len(nodes[0].Changes) != 1 || nodes[0].Changes[0].AfterText != "Done" {
		t.Errorf("the page has %+v", nodes)
	}
}
