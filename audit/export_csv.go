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
}

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
	return rows, nil
}

func (r *exportRows) fields() Fields {
	var all Fields
	for _, column := range r.columns {
		all.Actors = all.Actors || column.needs.Actors
		all.Names = all.Names || column.needs.Names
		all.Sections = all.Sections || column.needs.Sections
	}
	return all
}

func (r *exportRows) begin(to []byte) []byte {
	for i, column := range r.columns {
		to = appendCell(to, i, column.name)
	}
	return append(to, '\r', '\n')
}

func (r *exportRows) event(to []byte, event *Event, cursor string) []byte {
	row := &exportRow{event: event, cursor: cursor, names: &r.names}
	if len(event.Changes) == 0 {
		return r.row(to, row)
	}
	for i := range event.Changes {
		row.change = &event.Changes[i]
		to = r.row(to, row)
	}
	return to
}

func (r *exportRows) row(to []byte, row *exportRow) []byte {
	for i, column := range r.columns {
		to = appendCell(to, i, neutral(column.text(row)))
	}
	return append(to, '\r', '\n')
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

// needsQuotes says whether a cell has what ends cells or rows.
func needsQuotes(cell string) bool {
	for i := range len(cell) {
		switch cell[i] {
		case ',', '"', '\r', '\n':
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
