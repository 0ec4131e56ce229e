package graph

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// readRequest reads the parameters of a request, from its body or its URL.
func (h *Handler) readRequest(w http.ResponseWriter, r *http.Request) (Request, *httpError) {
	if r.Method == http.MethodGet {
		return requestFromURL(r.URL)
	}
	if refusal := checkContent(r.Header); refusal != nil {
		return Request{}, refusal
	}
	body, refusal := h.readBody(w, r)
	if refusal != nil {
		return Request{}, refusal
	}
	return requestFromBody(body)
}

// checkContent takes JSON in UTF-8 and nothing else. A form, which any web page
// could send with the browser's credentials, is none.
func checkContent(header http.Header) *httpError {
	if header.Get("Content-Type") == string(mediaJSON) && header.Get("Content-Encoding") == "" {
		return nil // what nearly everybody sends
	}
	media, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || media != string(mediaJSON) || !isUTF8(parameters) {
		return httpErrorf(http.StatusUnsupportedMediaType, "", "The body must be application/json in UTF-8.")
	}
	if encoding := header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return httpErrorf(http.StatusUnsupportedMediaType, "", "The body must not be compressed.")
	}
	return nil
}

// readBody reads the body as far as the limit allows. What it gives is referred
// to by the events recorded from it and cannot be used again.
func (h *Handler) readBody(w http.ResponseWriter, r *http.Request) ([]byte, *httpError) {
	// A length is only a promise: most of a large body must come before it is believed.
	if r.ContentLength > 0 && r.ContentLength <= min(64<<10, int64(h.options.Limits.Body)) {
		body := make([]byte, r.ContentLength)
		if _, err := io.ReadFull(r.Body, body); err != nil {
			return nil, errCutBody()
		}
		return body, nil
	}
	return h.readLongBody(w, r)
}

// readLongBody reads a body that may be longer than the limit.
func (h *Handler) readLongBody(w http.ResponseWriter, r *http.Request) ([]byte, *httpError) {
	most := h.options.Limits.Body
	body := bytes.Buffer{}
	if r.ContentLength <= int64(most) {
		body.Grow(int(min(max(r.ContentLength, 0), 64<<10)) + bytes.MinRead)
	}
	_, err := io.Copy(&body, http.MaxBytesReader(w, r.Body, int64(most)))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		refusal := tooExpensive(most, "The body is larger than %d bytes.")
		return nil, &httpError{status: http.StatusRequestEntityTooLarge, err: refusal}
	}
	if err != nil {
		return nil, errCutBody()
	}
	return body.Bytes(), nil
}

func errCutBody() *httpError {
	return httpErrorf(http.StatusBadRequest, "", "The body could not be read to its end.")
}

// requestFromBody reads the parameters from a JSON object.
func requestFromBody(body []byte) (Request, *httpError) {
	reader := &jsonReader{text: body}
	switch {
	case bytes.HasPrefix(body, []byte("\uFEFF")):
		return Request{}, badRequest("", "The body begins with a byte order mark, which JSON must not.")
	case reader.next() == 0 && reader.at == len(body):
		return Request{}, badRequest("", "The body is empty; it must be a JSON object with the query.")
	case reader.next() == '[':
		return Request{}, badRequest("", "The body must be a JSON object with the query; a list of requests is not supported.")
	case reader.next() != '{':
		return Request{}, badRequest("", "The body must be a JSON object with the query.")
	}
	request := Request{}
	given, err := request.readParameters(reader)
	if refusal := (*httpError)(nil); errors.As(err, &refusal) {
		return request, refusal
	}
	if err != nil {
		return request, badRequest("", "The body is not JSON: %v.", err)
	}
	return request, requireQuery(given["query"])
}

// readParameters reads the object of all parameters and says which were given.
// Others than those of the specification are passed over, as it has it.
func (request *Request) readParameters(reader *jsonReader) (given map[string]bool, err error) {
	if err := reader.open(); err != nil {
		return nil, err
	}
	given = map[string]bool{}
	for {
		more, err := reader.more('}', len(given))
		if err != nil {
			return nil, err
		}
		if !more {
			return given, reader.end()
		}
		key, err := reader.key()
		if err != nil {
			return nil, err
		}
		name, _ := key.decode()
		if given[name] {
			return nil, badRequest("", "The parameter %s is given twice.", excerpt([]byte(name)))
		}
		given[name] = true
		if err := request.readParameter(name, reader); err != nil {
			return nil, err
		}
	}
}

// readParameter reads one parameter and checks its type.
func (request *Request) readParameter(name string, reader *jsonReader) error {
	kind := reader.next()
	start := reader.at
	value, err := reader.skip()
	if err != nil {
		return err
	}
	isText := name == "query" || name == "operationName"
	isObject := name == "variables" || name == "extensions"
	switch {
	case kind == 'n' && name != "query":
		return nil
	case isText && kind != '"':
		return badRequest(name, "%s must be a string.", name)
	case isObject && kind != '{':
		return badRequest(name, "%s must be an object.", name)
	case isText:
		text, _ := (&jsonReader{text: reader.text[:reader.at], at: start}).string()
		decoded, _ := text.decode()
		request.setText(name, decoded)
	case name == "variables":
		request.Variables = value
	}
	return nil
}

func (request *Request) setText(name, text string) {
	if name == "query" {
		request.Query = text
	} else {
		request.OperationName = text
	}
}

// requestFromURL reads the parameters from the query part of a URL.
func requestFromURL(u *url.URL) (Request, *httpError) {
	request := Request{}
	parameters, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return request, badRequest("", "The URL's query part is not well formed.")
	}
	for _, name := range []string{"query", "operationName", "variables", "extensions"} {
		values := parameters[name]
		switch {
		case len(values) > 1:
			return request, badRequest(name, "The parameter %s is given twice.", name)
		case len(values) == 0 || values[0] == "":
		case name == "query" || name == "operationName":
			request.setText(name, values[0])
		default:
			if refusal := request.readJSONParameter(name, values[0]); refusal != nil {
				return request, refusal
			}
		}
	}
	return request, requireQuery(parameters.Has("query"))
}

// readJSONParameter reads a parameter that is a JSON text by itself.
func (request *Request) readJSONParameter(name, text string) *httpError {
	reader := &jsonReader{text: []byte(text)}
	err := request.readParameter(name, reader)
	if refusal := (*httpError)(nil); errors.As(err, &refusal) {
		return refusal
	}
	if err == nil {
		err = reader.end()
	}
	if err != nil {
		return badRequest(name, "%s is not JSON: %v.", name, err)
	}
	return nil
}

func requireQuery(given bool) *httpError {
	if given {
		return nil
	}
	return badRequest("query", "The parameter query is missing.")
}

func badRequest(path, message string, args ...any) *httpError {
	return httpErrorf(http.StatusBadRequest, path, message, args...)
}
