package audit

// Page sizes.
const (
	DefaultPageSize = 50
	MaxPageSize     = 500
)

// PageRequest asks for a page as Relay does: first and after walk forwards,
// last and before backwards. The rows keep one order whichever way is walked.
type PageRequest struct {
	First  *int
	After  *string
	Last   *int
	Before *string
}

// window is a checked PageRequest: how many rows from which end.
type window struct {
	size    int
	fromEnd bool
}

// window checks the sizes. It fails with CodeBadInput.
func (p PageRequest) window() (window, error) {
	switch {
	case p.First != nil && p.Last != nil:
		return window{}, BadInput("last", "Give first or last, not both.")
	case p.First != nil:
		return window{size: *p.First}, checkPageSize("first", *p.First)
	case p.Last != nil:
		return window{size: *p.Last, fromEnd: true}, checkPageSize("last", *p.Last)
	case p.Before != nil && p.After == nil:
		return window{size: DefaultPageSize, fromEnd: true}, nil
	default:
		return window{size: DefaultPageSize}, nil
	}
}

func checkPageSize(name string, size int) error {
	if size < 0 || size > MaxPageSize {
		return BadInput(name, "%s is %d; it must be between 0 and %d.", name, size, MaxPageSize)
	}
	return nil
}

// PageInfo is Relay's.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// cut takes the row too many off the rows of a scan of size+1, and says what
// lies beyond them. Rows beyond a given cursor are taken to exist: the cursor
// came from one.
func cut[T any](rows []T, w window, page PageRequest) ([]T, PageInfo) {
	more := len(rows) > w.size
	if more && w.fromEnd {
		rows = rows[len(rows)-w.size:]
	} else if more {
		rows = rows[:w.size]
	}
	info := PageInfo{HasNextPage: page.Before != nil, HasPreviousPage: page.After != nil}
	if w.fromEnd {
		info.HasPreviousPage = info.HasPreviousPage || more
	} else {
		info.HasNextPage = info.HasNextPage || more
	}
	return rows, info
}
