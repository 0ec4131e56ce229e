package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// cacheControl is the value of a Cache-Control header.
type cacheControl string

const (
	immutable  cacheControl = "public, max-age=31536000, immutable"
	revalidate cacheControl = "no-cache"
)

// contentTypes is fixed, because the types the standard library would find differ from
// one machine to the next. Files it does not name are plain text.
var contentTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".svg":  "image/svg+xml",
}

// asset is one embedded text file, ready to be served plain or compressed.
type asset struct {
	body        func() []byte // a copy each time: kept, they would be 2 MB, and the heap may be five times of what is kept
	compressed  func() []byte
	contentType string
	cache       cacheControl
	sum         string
}

func newAsset(name string, body func() []byte, cache cacheControl) *asset {
	contentType, ok := contentTypes[path.Ext(name)]
	if !ok {
		contentType = "text/plain; charset=utf-8"
	}
	sum := sha256.Sum256(body())
	return &asset{
		body:        body,
		compressed:  sync.OnceValue(func() []byte { return compress(body()) }),
		contentType: contentType,
		cache:       cache,
		sum:         base64.RawURLEncoding.EncodeToString(sum[:16]),
	}
}

// ServeHTTP answers with the file, or with 304 when the client has it.
func (a *asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", a.contentType)
	header.Set("Cache-Control", string(a.cache))
	header.Set("Vary", "Accept-Encoding")
	header.Set("ETag", `"`+a.sum+`"`)
	body := a.body
	if acceptsGzip(r) {
		header.Set("Content-Encoding", "gzip")
		header.Set("ETag", `"`+a.sum+`-gzip"`)
		body = a.compressed
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body()))
}

// acceptsGzip reads Accept-Encoding, where a weight of zero ("gzip;q=0") is a refusal.
func acceptsGzip(r *http.Request) bool {
	for offer := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, weight, weighted := strings.Cut(strings.ReplaceAll(offer, " ", ""), ";")
		if strings.EqualFold(coding, "gzip") {
			return !weighted || strings.Trim(weight, "q=0.") != ""
		}
	}
	return false
}

// compress cannot fail: it writes to memory, at a level that exists.
func compress(body []byte) []byte {
	var into bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&into, gzip.BestCompression)
	_, _ = writer.Write(body)
	_ = writer.Close()
	return into.Bytes()
}
