package audit

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// exportRows writes a table as RFC 4180 has it: a header, then a row for each
// change of an event, and one for an event without changes. Lines end with CR LF.
//
// No cell is a formula to a spreadsheet: see neutral. The last row is the end
// marker: its first cell is "#end events=N cursor=...", the others are empty. It
// is a row, and not a trailer of HTTP, because browsers, curl and files do not
// keep those; and no other row begins like it.
type exportRows struct {
	columns []exportColumn
	names   DisplayNames
	shared  []span // the cells that row wrote last, with the commas before them

	repeated repeatedObjects
}

// span is a part of a text.
type span struct{ start, end int }

func newExportRows(names []string) (*exportRows, error) {
	if names == nil {
		names = DefaultExportColumns()
	}
	rows := &exportRows{}
	for i, name := range names {
		path := "columns/" + strconv.Itoa(i)
		at := slices.IndexFunc(exportColumns, func(c exportColumn) bool { return c.name == name })
		if at < 0 {
			return nil, BadInput(path, "%.40q is not a column. The columns are: %s.", name, strings.Join(ExportColumns(), ", "))
		}
		if slices.Contains(names[:i], name) {
			return nil, BadInput(path, "The column %s is named twice.", name)
		}
		rows.columns = append(rows.columns, exportColumns[at])
	}
	if len(names) == 0 {
		return nil, BadInput("columns", "columns must name one column at least.")
	}
	rows.shared = make([]span, len(rows.columns))
	return rows, nil
}

func (r *exportRows) fields() Fields {
	all := Fields{Brief: true}
	for _, column := range r.columns {
		all.Actors = all.Actors || column.needs.Actors
		all.Names = all.Names || column.needs.Names
		all.Sections = all.Sections || column.needs.Sections
		all.Brief = all.Brief && !column.more
	}
	return all
}

func (r *exportRows) begin(to []byte) []byte {
	for i, column := range r.columns {
		to = appendCell(to, i, column.name)
	}
	return append(to, '\r', '\n')
}

func (r *exportRows) event(to []byte, event *Event, from int, cursors *exportCursors) (text []byte, next int) {
	row := &exportRow{event: event, cursors: cursors, names: &r.names, repeated: &r.repeated}
	if len(event.Changes) > 0 {
		row.change = &event.Changes[from]
	}
	to = r.row(to, row)
	for i := from + 1; i < len(event.Changes); i++ {
		if len(to) >= exportTextBytes {
			return to, i
		}
		row.change = &event.Changes[i]
		to = r.nextRow(to, row)
	}
	return to, 0
}

// row writes the first row of an event, or of those of its rows that are in a text.
func (r *exportRows) row(to []byte, row *exportRow) []byte {
	for i := range r.columns {
		start := len(to)
		to = r.cell(to, i, row)
		r.shared[i] = span{start, len(to)}
	}
	return append(to, '\r', '\n')
}

// nextRow writes another row of the event. The cells that all its rows have are taken
// from the one that row wrote.
func (r *exportRows) nextRow(to []byte, row *exportRow) []byte {
	for i := range r.columns {
		if r.columns[i].each {
			to = r.cell(to, i, row)
		} else {
			to = append(to, to[r.shared[i].start:r.shared[i].end]...)
		}
	}
	return append(to, '\r', '\n')
}

// cell writes the i-th cell of a row.
func (r *exportRows) cell(to []byte, i int, row *exportRow) []byte {
	if i > 0 {
		to = append(to, ',')
	}
	start := len(to)
	if to = r.columns[i].write(to, row); r.columns[i].safe || isHarmless(to[start:]) {
		return to
	}
	return appendQuoted(to[:start], neutral(string(to[start:])))
}

// endMark begins the first cell of the last row.
const endMark = "#end"

func (r *exportRows) end(to []byte, end exportEnd) []byte {
	mark := endMark + " events=" + strconv.Itoa(end.events)
	if end.cursor != nil {
		mark += " cursor=" + *end.cursor
	}
	to = append(to, mark...)
	for range len(r.columns) - 1 {
		to = append(to, ',')
	}
	return append(to, '\r', '\n')
}

// failure writes nothing: whatever it wrote would be a row of the table.
func (r *exportRows) failure(to []byte, _ JSON) []byte { return to }

// neutral puts an apostrophe before what a spreadsheet might take for a formula,
// before what could be taken for the end marker, and, so that taking one leading
// apostrophe away always gives the value back, before an apostrophe.
func neutral(cell string) string {
	if cell == "" {
		return cell
	}
	switch cell[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n', '\'':
		return "'" + cell
	}
	if cell[0] != endMark[0] && cell[0] < utf8.RuneSelf {
		return cell
	}
	for _, lead := range []string{"＝", "＋", "－", "＠", endMark} {
		if strings.HasPrefix(cell, lead) {
			return "'" + cell
		}
	}
	return cell
}

// isHarmless says of most cells that they can stand as they are.
func isHarmless(cell []byte) bool {
	if len(cell) == 0 {
		return true
	}
	if first := cell[0] | 0x20; (first < 'a' || first > 'z') && (cell[0] < '0' || cell[0] > '9') {
		return false
	}
	for _, c := range cell {
		if quoted[c] {
			return false
		}
	}
	return true
}

// quoted are the bytes that end cells or rows.
var quoted = [256]bool{',': true, '"': true, '\r': true, '\n': true}

// needsQuotes says whether a cell has what ends cells or rows.
func needsQuotes(cell string) bool {
	for i := range len(cell) {
		if quoted[cell[i]] {
			return true
		}
	}
	return false
}

// appendCell writes the i-th cell of a row. encoding/csv is not used: with the
// line ends of RFC 4180 it changes the line breaks within cells.
func appendCell(to []byte, i int, cell string) []byte {
	if i > 0 {
		to = append(to, ',')
	}
	return appendQuoted(to, cell)
}

// appendQuoted writes a cell, in quotation marks where it needs them.
func appendQuoted(to []byte, cell string) []byte {
	if !needsQuotes(cell) {
		return append(to, cell...)
	}
	to = append(to, '"')
	for {
		before, after, found := strings.Cut(cell, `"`)
		to = append(to, before...)
		if !found {
			return append(to, '"')
		}
		to = append(to, '"', '"')
		cell = after
	}
}
