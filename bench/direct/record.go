package main

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"sync/atomic"

	"daybook/audit"
	prepared "daybook/bench/event"
	"daybook/ent/store"
)

// preparedEvents is how many different events are recorded, around and around.
const preparedEvents = 8000

// recording records an event a request.
type recording struct {
	engine  *store.Store
	entries []*audit.Entry
	next    atomic.Int64
}

// newRecording prepares the events, and records some so that every name is known.
func newRecording(ctx context.Context, database string) (http.Handler, error) {
	engine, err := store.Open(ctx, database, store.Options{})
	if err != nil {
		return nil, err
	}
	r := &recording{engine: engine}
	if r.entries, err = prepared.Entries(ctx, prepared.Make(preparedEvents)); err != nil {
		return nil, err
	}
	_, err = r.append(ctx, r.entries[:2000])
	return r, err
}

// ServeHTTP implements [http.Handler]. It reads the body as one must, and does
// nothing with it.
func (r *recording) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if _, err := io.Copy(io.Discard, request.Body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	i := int(r.next.Add(1)) % len(r.entries)
	appended, err := r.append(request.Context(), r.entries[i:i+1])
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, []byte(`{"eventId":"`+appended[0].ID.UUID()+`"}`))
}

// append records for the first organization, in one transaction.
func (r *recording) append(ctx context.Context, entries []*audit.Entry) ([]audit.Appended, error) {
	group := audit.Group{Organization: 1, Token: rand.Int64(), Entries: entries} //nolint:gosec // tells groups apart
	outcome := r.engine.Append(ctx, []audit.Group{group})[0]
	return outcome.Appended, outcome.Err
}
