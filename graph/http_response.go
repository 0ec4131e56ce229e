package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// write sends the answer. The data goes out as the executor wrote it.
func (h *Handler) write(w http.ResponseWriter, media mediaType, status int, response *graphql.Response) {
	if media == mediaNone {
		media = mediaJSON
	}
	before, after, err := envelope(response)
	if err != nil {
		panic(fmt.Errorf("write errors as JSON: %w", err)) // they are texts and numbers
	}
	header := w.Header()
	header.Set("Content-Type", string(media)+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(before)+len(response.Data)+len(after)))
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Add("Vary", "Accept")
	w.WriteHeader(status)
	for _, part := range [][]byte{before, response.Data, after} {
		if _, err := w.Write(part); err != nil {
			return // the client has gone
		}
	}
}

// envelope is what stands around the data of an answer. Errors come first, so that
// a person sees them; data is absent when nothing was executed.
func envelope(response *graphql.Response) (before, after []byte, err error) {
	before = append(before, '{')
	if len(response.Errors) > 0 {
		errs, err := json.Marshal(response.Errors)
		if err != nil {
			return nil, nil, err
		}
		before = append(append(before, `"errors":`...), errs...)
	}
	if response.Data != nil {
		if len(response.Errors) > 0 {
			before = append(before, ',')
		}
		before = append(before, `"data":`...)
	}
	if len(response.Extensions) > 0 {
		extensions, err := json.Marshal(response.Extensions)
		if err != nil {
			return nil, nil, err
		}
		after = append(append(after, `,"extensions":`...), extensions...)
	}
	return before, append(after, '}'), nil
}
