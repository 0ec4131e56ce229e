package graph

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"daybook/audit"
)

// ExportHandler answers GET with all events that match a filter, as a stream.
//
// The parameters of the URL are those of [ExportParameters]: format, filter,
// order, columns, after. The key needs the scope READ_AUDIT_LOG. Whatever is wrong
// before the first line is answered as GraphQL errors are, with a status. What
// goes wrong later ends the stream without its end marker and cuts the
// connection, so that neither the text nor HTTP looks complete.
type ExportHandler struct {
	graphql  *Handler
	reader   *audit.Reader
	running  chan struct{} // has an element for each export that runs
	stopping <-chan struct{}
}

// NewExportHandler makes an ExportHandler, under which so many exports run at
// once; those beyond are refused with CodeOverloaded. Exports that run when
// stopping is closed end at once; their clients can go on with another server. nil
// never is.
func NewExportHandler(graphql *Handler, reader *audit.Reader, atOnce int, stopping <-chan struct{}) *ExportHandler {
	return &ExportHandler{graphql: graphql, reader: reader, running: make(chan struct{}, atOnce), stopping: stopping}
}

// ServeHTTP answers one request.
func (h *ExportHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		h.refuse(w, r, http.StatusMethodNotAllowed, audit.BadInput("", "An export is asked for by GET."))
		return
	}
	request, export, problems := h.prepare(r)
	if len(problems) > 0 {
		h.refuse(w, r, exportStatus(problems[0]), problems...)
		return
	}
	select {
	case h.running <- struct{}{}:
		defer func() { <-h.running }()
	default:
		err := errExports()
		h.refuse(w, r, exportStatus(err), err)
		return
	}
	defer export.Close()
	first, err := export.Next(r.Context())
	if err != nil {
		h.refuse(w, r, exportStatus(err), err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", exportMedia(request.Format))
	header.Set("Content-Disposition", `attachment; filename="events.`+request.Format.String()+`"`)
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	h.stream(newExportWriter(w), r, export, first)
}

// errExports refuses an export because as many run as may. They take their time, so
// that asking again at once would be in vain.
func errExports() error {
	return &audit.Error{
		Code: audit.CodeOverloaded, RetryAfter: 10 * time.Second, Message: "As many exports are under way as this server runs at once. Try again later.",
	}
}

func exportMedia(format audit.ExportFormat) string {
	if format == audit.ExportCSV {
		return "text/csv; charset=utf-8; header=present"
	}
	return "application/x-ndjson; charset=utf-8"
}

// prepare reads the request and checks everything about it.
func (h *ExportHandler) prepare(r *http.Request) (request audit.ExportRequest, export *audit.Export, problems []error) {
	viewer, err := viewerFrom(r.Context())
	if err != nil {
		return request, nil, []error{err}
	}
	if !viewer.has(audit.ScopeReadAuditLog) {
		return request, nil, []error{forbidden(audit.ScopeReadAuditLog)}
	}
	parameters, err := exportParameters(r.URL)
	if err != nil {
		return request, nil, []error{err}
	}
	request, refused := h.graphql.ReadExport(r.Context(), parameters)
	for _, problem := range refused {
		problems = append(problems, problem)
	}
	if len(problems) > 0 {
		return request, nil, problems
	}
	if export, err = h.reader.Export(r.Context(), viewer.Viewer, request); err != nil {
		return request, nil, []error{err}
	}
	return request, export, nil
}

// exportParameters reads the URL. A parameter that does not exist is refused: a
// misspelt filter would export everything.
func exportParameters(from *url.URL) (ExportParameters, error) {
	var p ExportParameters
	into := map[string]*string{"format": &p.Format, "filter": &p.Filter, "order": &p.Order, "columns": &p.Columns, "after": &p.After}
	query, err := url.ParseQuery(from.RawQuery)
	if err != nil {
		return p, audit.BadInput("", "The URL's query cannot be read.")
	}
	for name, values := range query {
		if into[name] == nil {
			known := strings.Join(slices.Sorted(maps.Keys(into)), ", ")
			return p, audit.BadInput("", "%.40q is not a parameter of an export. The parameters are: %s.", name, known)
		}
		if len(values) > 1 {
			return p, audit.BadInput(name, "%s is given twice.", name)
		}
		*into[name] = values[0]
	}
	return p, nil
}

// stream sends the parts of an export, first having been read already. When it
// cannot send them all it ends by cutting the connection.
func (h *ExportHandler) stream(to *exportWriter, r *http.Request, export *audit.Export, part []byte) {
	var err error
	for err == nil {
		if err = to.write(part); err != nil {
			panic(http.ErrAbortHandler) // the client has gone
		}
		if part, err = h.next(r.Context(), export); errors.Is(err, io.EOF) {
			return
		}
	}
	if r.Context().Err() == nil {
		_ = to.write(export.Failure(h.problem(r.Context(), err)))
	}
	panic(http.ErrAbortHandler)
}

// next reads the next part, unless the server is to stop.
func (h *ExportHandler) next(ctx context.Context, export *audit.Export) ([]byte, error) {
	part, err := export.Next(ctx)
	select {
	case <-h.stopping:
		if !errors.Is(err, io.EOF) {
			stopped := audit.Errorf(audit.CodeOverloaded, "The server is being stopped. Go on after the last event's cursor.")
			stopped.RetryAfter = time.Second
			return nil, stopped
		}
	default:
	}
	return part, err
}

// problem is an error as a GraphQL answer would show it.
func (h *ExportHandler) problem(ctx context.Context, err error) audit.JSON {
	text, failed := json.Marshal(h.graphql.errors.Present(ctx, err))
	if failed != nil {
		panic(failed) // it is texts and numbers
	}
	return text
}

func (h *ExportHandler) refuse(w http.ResponseWriter, r *http.Request, status int, problems ...error) {
	if wait, isOverloaded := retryAfter(problems[0]); isOverloaded {
		w.Header().Set("Retry-After", wait)
	}
	h.graphql.write(w, mediaJSON, status, h.graphql.refuse(r.Context(), problems))
}

func retryAfter(err error) (seconds string, is bool) {
	problem := (*audit.Error)(nil)
	if !errors.As(err, &problem) || problem.Code != audit.CodeOverloaded {
		return "", false
	}
	return strconv.Itoa(max(1, int(problem.RetryAfter.Round(time.Second).Seconds()))), true
}

// exportStatus is the status that says what an error's code says.
func exportStatus(err error) int {
	switch audit.ErrorCode(err) {
	case audit.CodeUnauthenticated:
		return http.StatusUnauthorized
	case audit.CodeForbidden:
		return http.StatusForbidden
	case audit.CodeNotFound:
		return http.StatusNotFound
	case audit.CodeOverloaded:
		return http.StatusServiceUnavailable
	case audit.CodeInternal:
		return http.StatusInternalServerError
	default:
		return http.StatusBadRequest
	}
}

// exportPatience is how long a client may take for exportPiece bytes.
const (
	exportPatience = time.Minute
	exportPiece    = 64 << 10
)

// exportWriter sends text piece by piece, each with a deadline of its own: that of
// the server is for whole answers, which an export may outlast.
type exportWriter struct {
	to         io.Writer
	controller *http.ResponseController
}

func newExportWriter(w http.ResponseWriter) *exportWriter {
	return &exportWriter{to: w, controller: http.NewResponseController(w)}
}

func (w *exportWriter) write(text []byte) error {
	for piece := range slices.Chunk(text, exportPiece) {
		_ = w.controller.SetWriteDeadline(time.Now().Add(exportPatience)) // not every writer has one
		if _, err := w.to.Write(piece); err != nil {
			return err
		}
	}
	if err := w.controller.Flush(); !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}
