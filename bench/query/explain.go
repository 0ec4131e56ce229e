package main

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"daybook/bench/cluster"
)

// explaining is the address of a database whose sessions explain what they have
// run, with the buffers it touched, into the server's log.
func explaining(address string) string {
	return withSettings(address, map[string]string{
		"session_preload_libraries":     "auto_explain",
		"auto_explain.log_min_duration": "0", "auto_explain.log_analyze": "on", "auto_explain.log_buffers": "on",
		"auto_explain.log_timing": "off", "auto_explain.log_format": "json",
	})
}

// touched is how many buffers statements touched, whether they were in memory or
// not.
type touched struct {
	events int // by those that look for events, in their table or in the journal
	all    int // also by those that look up names
}

// aboutEvents tells statements that look for events.
var aboutEvents = regexp.MustCompile(`\b(events|journal)\b`)

// explained runs a call of a session that explains, and says what it touched.
func explained(ctx context.Context, postgres *cluster.Cluster, call func() error) (touched, error) {
	log, err := recorded(ctx, postgres, call)
	if err != nil {
		return touched{}, err
	}
	return readBuffers(log)
}

// readBuffers adds up the plans of a log.
func readBuffers(log string) (touched, error) {
	var t touched
	for line := range strings.SplitSeq(strings.ReplaceAll(log, "\n\t", "\r"), "\n") {
		_, text, ok := strings.Cut(line, "  plan:\r")
		if !ok {
			continue
		}
		var one struct {
			Text string `json:"Query Text"`
			Plan struct {
				Hit  int `json:"Shared Hit Blocks"`
				Read int `json:"Shared Read Blocks"`
			}
		}
		if err := json.Unmarshal([]byte(strings.ReplaceAll(text, "\r", "\n")), &one); err != nil {
			return t, fmt.Errorf("read a plan: %w in %.300s", err, text)
		}
		t.all += one.Plan.Hit + one.Plan.Read
		if aboutEvents.MatchString(one.Text) {
			t.events += one.Plan.Hit + one.Plan.Read
		}
	}
	return t, nil
}
