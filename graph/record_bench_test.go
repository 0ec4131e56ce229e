package graph_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"

	"daybook/audit"
	"daybook/auth"
	"daybook/bench/event"
	"daybook/graph"
)

// positions gives events their places in the log and keeps nothing, so that what is
// measured is the server's part of recording.
type positions struct{ audit.Appender }

func (positions) Lanes() (writers, groups int) { return 4, 64 }

func (positions) Append(_ context.Context, groups []audit.Group) []audit.Outcome {
	outcomes := make([]audit.Outcome, len(groups))
	for i, group := range groups {
		outcomes[i].Appended = make([]audit.Appended, len(group.Entries))
	}
	return outcomes
}

// nobody takes an answer and throws it away.
type nobody struct{ header http.Header }

func (n *nobody) Header() http.Header { return n.header }
func (n *nobody) WriteHeader(status int) {
	if status != http.StatusOK {
		panic(http.StatusText(status))
	}
}
func (n *nobody) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkRecordOne is a request that records one event, from the handler to the
// queue and back: without HTTP itself, and without a database.
func BenchmarkRecordOne(b *testing.B) {
	b.Run("directly", func(b *testing.B) { benchmarkRecordOne(b, true) })
	b.Run("by the executor", func(b *testing.B) { benchmarkRecordOne(b, false) })
}

func benchmarkRecordOne(b *testing.B, direct bool) {
	log := slog.New(slog.DiscardHandler)
	recorder := audit.NewRecorder(positions{}, audit.RecorderOptions{Redaction: audit.NewRedaction(audit.DefaultRedaction, nil), Log: log})
	defer recorder.Close(b.Context())
	options := graph.Options{Log: log}
	if direct {
		options.Recorder = recorder
	}
	handler := graph.NewHandler(graph.NewExecutableSchema(nil, nil, recorder, nil), options)
	check := func(context.Context, string) (auth.Principal, error) {
		return auth.Principal{Organization: 1, Scopes: []string{"RECORD_EVENTS"}}, nil
	}
	server := auth.Require(check, log, handler)
	var bodies [][]byte
	for _, e := range event.Make(200) {
		bodies = append(bodies, event.BodyOfOne(&e))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		body := bodies[i%len(bodies)]
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "/graphql", io.NopCloser(bytes.NewReader(body)))
		if err != nil {
			b.Fatal(err)
		}
		r.ContentLength = int64(len(body))
		r.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}, "Authorization": {"Bearer key"}}
		server.ServeHTTP(&nobody{header: http.Header{}}, r)
	}
}

// BenchmarkRequestOnly is what the benchmark above takes for itself.
func BenchmarkRequestOnly(b *testing.B) {
	body := []byte("{}")
	b.ReportAllocs()
	for b.Loop() {
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "/graphql", io.NopCloser(bytes.NewReader(body)))
		if err != nil {
			b.Fatal(err)
		}
		r.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}, "Authorization": {"Bearer key"}}
		_ = &nobody{header: http.Header{}}
	}
}
