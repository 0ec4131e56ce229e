package audit

import (
	"context"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
)

// ExportFormat is the form in which an export writes events.
type ExportFormat int16

// The formats: a line of JSON for each event, or a row of a table for each
// change.
const (
	ExportNDJSON ExportFormat = iota + 1
	ExportCSV
)

var exportFormatNames = names{"", "ndjson", "csv"}

// String is the format's name in URLs and on the command line.
func (f ExportFormat) String() string { return exportFormatNames.name(int16(f)) }

// ParseExportFormat reads a format's name. It fails with CodeBadInput.
func ParseExportFormat(name string) (ExportFormat, error) {
	if i := slices.Index(exportFormatNames, name); i > 0 {
		return ExportFormat(i), nil
	}
	return 0, BadInput("format", "format is %.40q; it must be %s.", name, strings.Join(exportFormatNames[1:], " or "))
}

// DefaultExportOrder is the order of an export when nothing else is asked for: the
// one in which an export that goes on where an earlier one ended misses nothing.
func DefaultExportOrder() Order { return Order{Field: OrderRecordedAt, Direction: Ascending} }

// ExportRequest says which events to export, and how.
type ExportRequest struct {
	Format  ExportFormat
	Columns []string // of CSV; nil: [DefaultExportColumns]
	Filter  *Filter  // nil: all
	Order   Order
	After   *string // the cursor after which to go on; nil: from the beginning
}

// Export is one run through events, as text, in memory that does not grow with
// their number.
//
// A complete text ends with an end marker, in the form of its format. Text
// without one was cut off; what is missing can be had by another export in the
// same order after the cursor of its last whole event.
type Export struct {
	events       EventFinder
	organization OrganizationID
	query        EventQuery
	cursors      exportCursors
	lines        exportLines
	text         []byte
	begun, ended bool
	page         []*Event       // read, and not written yet
	row          int            // of the page's first event, the one to go on with
	done         bool           // the end marker is written
	whole        bool           // the whole log is asked for, in the order of recording
	grown        bool           // pages are as large as they get
	ahead        []*exportAhead // the next pages, as far as they are being read

	end exportEnd
	at  int64
}

// exportTextBytes is about how long the parts of a text are at most: a table repeats
// in each row what the rows of an event have in common.
const exportTextBytes = 1 << 20

// exportLines is what a format makes of events. Its methods append to a text.
type exportLines interface {
	begin(to []byte) []byte
	// event writes the rows of an event from the one given, until the text has
	// exportTextBytes. It says with which to go on, 0 if it has written all.
	event(to []byte, event *Event, row int, cursors *exportCursors) (text []byte, next int)
	end(to []byte, end exportEnd) []byte
	failure(to []byte, problem JSON) []byte
	fields() Fields // what they need of the events
}

// exportCursors makes the cursors of an export's events, where lines show them.
type exportCursors struct {
	key   *cursorKey
	order Order
}

// append writes an event's cursor.
func (c *exportCursors) append(to []byte, event *Event) []byte {
	return c.key.appendEvent(to, c.order, event)
}

// exportEnd is what an end marker says.
type exportEnd struct {
	events int
	cursor *string // of the last event, else the one the export began after
}

// Export prepares an export. Nothing is read before [Export.Next]. Close it after
// use.
//
// It fails as Events does, and with CodeBadInput for columns that do not exist;
// a viewer that may only see one object's history gets CodeForbidden.
func (r *Reader) Export(ctx context.Context, viewer Viewer, request ExportRequest) (*Export, error) {
	if err := viewer.mayReadAll(); err != nil {
		return nil, err
	}
	filter := request.Filter
	if filter == nil {
		filter = &Filter{}
	}
	if err := filter.check(); err != nil {
		return nil, err
	}
	lines, err := newExportLines(request)
	if err != nil {
		return nil, err
	}
	cursors, err := r.cursors(ctx, viewer)
	if err != nil {
		return nil, err
	}
	query := EventQuery{Filter: filter, Order: request.Order, Limit: firstExportPage, Bytes: maxExportBytes, Fields: lines.fields()}
	if query.After, err = cursors.readEvent(request.Order, request.After); err != nil {
		return nil, err
	}
	return &Export{
		events: r.events, organization: viewer.Organization, query: query, lines: lines,
		cursors: exportCursors{cursors, request.Order}, end: exportEnd{cursor: request.After},
		whole: request.Order == DefaultExportOrder() && reflect.ValueOf(*filter).IsZero(),
	}, nil
}

func newExportLines(request ExportRequest) (exportLines, error) {
	if request.Format == ExportCSV {
		return newExportRows(request.Columns)
	}
	if request.Columns != nil {
		return nil, BadInput("columns", "columns are for the format csv; a line of ndjson has every field.")
	}
	return &exportObjects{}, nil
}

// Next gives the next part of the text: whole lines, which stay as they are until
// the call after. After the part that has the end marker it fails with io.EOF.
// After any other error the text is to be taken as cut off. The pages after
// are read meanwhile, within the context, which therefore MUST last until [Export.Close].
func (e *Export) Next(ctx context.Context) ([]byte, error) {
	if e.done {
		return nil, io.EOF
	}
	if len(e.page) == 0 {
		if err := e.turn(ctx); err != nil {
			return nil, err
		}
	}
	e.write()
	return e.text, nil
}

// turn takes the next page, and begins to read those after it.
func (e *Export) turn(ctx context.Context) error {
	page := e.nextPage(ctx)
	if err := errors.Join(ctx.Err(), page.err); err != nil {
		return err
	}
	e.pass(page)
	if !e.ended {
		e.readAhead(ctx)
	}
	e.page = page.events
	return nil
}

// write makes the text of the page, or as much of it as a part may have.
func (e *Export) write() {
	e.text = e.text[:0]
	if !e.begun {
		e.begun = true
		e.text = e.lines.begin(e.text)
	}
	n := 0
	for n < len(e.page) && len(e.text) < exportTextBytes {
		if e.text, e.row = e.lines.event(e.text, e.page[n], e.row, &e.cursors); e.row > 0 {
			break
		}
		n++
	}
	if n > 0 {
		last := e.page[n-1]
		cursor := e.cursors.key.event(e.cursors.order, last)
		e.end.cursor, e.at = &cursor, last.Sequence
		e.end.events += n
	}
	e.page = e.page[n:]
	if e.ended && len(e.page) == 0 {
		e.text = e.lines.end(e.text, e.end)
		e.done = true
	}
}

// Failure is what to write when Next failed and something of the export has been
// sent: a line with the problem, as JSON, where the format has a place for it. It
// is no end marker.
func (e *Export) Failure(problem JSON) []byte { return e.lines.failure(nil, problem) }

// Events is how many events the text given so far has.
func (e *Export) Events() int { return e.end.events }

// Sequence is that of the last event given so far, 0 for none.
func (e *Export) Sequence() int64 { return e.at }

// Cursor is that of the last event given so far, else the one the export began
// after.
func (e *Export) Cursor() *string { return e.end.cursor }
