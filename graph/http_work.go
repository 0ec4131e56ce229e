package graph

import (
	"net/http"
	"sync"
	"time"

	"daybook/audit"
)

// maxBodiesInWork is how many bytes of request bodies are worked on at once.
// Parsed, a body takes many times its size, and it is parsed before the queue of
// the recorder is asked whether it has room.
const maxBodiesInWork = 32 << 20

// bodiesInWork bounds the bodies that are worked on, so that memory stays flat
// however many callers send large ones.
type bodiesInWork struct {
	mu    sync.Mutex
	bytes int64
}

// take says whether a body of that size can be worked on now. One that is
// larger than the bound can when it is alone.
func (b *bodiesInWork) take(size int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if size > 0 && b.bytes > 0 && b.bytes+size > maxBodiesInWork {
		return false
	}
	b.bytes += size
	return true
}

// give ends the work on a body.
func (b *bodiesInWork) give(size int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bytes -= size
}

// bodySize is how large the body of a request may turn out. One beyond the limit
// is refused unread.
func (h *Handler) bodySize(r *http.Request) int64 {
	most := int64(h.options.Limits.Body)
	switch {
	case r.Method == http.MethodGet || r.ContentLength > most:
		return 0
	case r.ContentLength < 0:
		return most
	default:
		return r.ContentLength
	}
}

// errBusy refuses a request whose body cannot be worked on now.
func errBusy() error {
	return &audit.Error{
		Code: audit.CodeOverloaded, RetryAfter: time.Second, Message: "More requests are under way than this server takes. Try again.",
	}
}
