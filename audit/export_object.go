package audit

import (
	"bytes"
	"strconv"
	"time"
)

// exportObject is the text of a JSON object that is being written: each method
// appends a field.
type exportObject struct {
	to       []byte
	repeated *repeatedObjects
}

// repeatedObjects are the objects that many events of an export have, as they are
// written.
type repeatedObjects struct {
	actors   writtenObjects[*Actor]
	sections writtenObjects[*Section]
}

// writtenObjects is how actors or sections were written before. Engines give the
// same one to many events.
type writtenObjects[K comparable] map[K][]byte

// mostWritten is how many are kept before all are forgotten.
const mostWritten = 2000

// append writes an object, by write if it was not written before.
func (w *writtenObjects[K]) append(to []byte, object K, write func(to []byte) []byte) []byte {
	text, written := (*w)[object]
	if !written {
		if *w == nil || len(*w) >= mostWritten {
			*w = writtenObjects[K]{}
		}
		text = write(nil)
		(*w)[object] = text
	}
	return append(to, text...)
}

// name begins a field. No value ends with an opening brace, so that one means
// that the field is the first.
func (o *exportObject) name(name string) {
	if o.to[len(o.to)-1] == '{' {
		o.to = append(o.to, '"')
	} else {
		o.to = append(o.to, `,"`...)
	}
	o.to = append(append(o.to, name...), `":`...)
}

func (o *exportObject) null(name string) {
	o.name(name)
	o.to = append(o.to, "null"...)
}

func (o *exportObject) text(name, text string) {
	o.name(name)
	o.to = appendJSONString(o.to, text)
}

func (o *exportObject) optional(name string, text *string) {
	if text == nil {
		o.null(name)
		return
	}
	o.text(name, *text)
}

// displayText writes what [Change.BeforeText] and [Change.AfterText] give. A string
// without escapes is written as it is stored.
func (o *exportObject) displayText(name string, given *string, value JSON) {
	plain := plainText(value)
	if given != nil || plain == nil {
		o.optional(name, displayText(given, value))
		return
	}
	o.name(name)
	o.to = append(append(append(o.to, '"'), plain...), '"')
}

func (o *exportObject) eventID(name string, id EventID) {
	o.name(name)
	o.to = append(id.append(append(o.to, '"'), "evt_"), '"')
}

func (o *exportObject) changeID(name string, id ChangeID) {
	o.name(name)
	o.to = append(id.append(append(o.to, '"')), '"')
}

func (o *exportObject) numberID(name, prefix string, id int32) {
	o.name(name)
	o.to = append(appendNumberID(append(o.to, '"'), prefix, id), '"')
}

func (o *exportObject) boolean(name string, value bool) {
	o.name(name)
	o.to = strconv.AppendBool(o.to, value)
}

func (o *exportObject) number(name string, value int64) {
	o.name(name)
	o.to = strconv.AppendInt(o.to, value, 10)
}

func (o *exportObject) optionalNumber(name string, value *int32) {
	if value == nil {
		o.null(name)
		return
	}
	o.number(name, int64(*value))
}

func (o *exportObject) instant(name string, t time.Time) {
	o.name(name)
	o.to = append(AppendInstant(append(o.to, '"'), t), '"')
}

// json writes stored JSON on one line. Within its strings line breaks are always
// escaped, so that those that are not stand between tokens.
func (o *exportObject) json(name string, value JSON) {
	if value == nil {
		o.null(name)
		return
	}
	o.name(name)
	start := len(o.to)
	o.to = append(o.to, value...)
	written := o.to[start:]
	for i := bytes.IndexAny(written, "\r\n"); i >= 0; i = bytes.IndexAny(written, "\r\n") {
		written[i] = ' '
		written = written[i+1:]
	}
}

// within writes an object as the field's value.
func (o *exportObject) within(name string, write func()) {
	o.name(name)
	o.to = append(o.to, '{')
	write()
	o.to = append(o.to, '}')
}

// list writes a list of n objects as the field's value.
func (o *exportObject) list(name string, n int, write func(i int)) {
	o.name(name)
	o.to = append(o.to, '[')
	for i := range n {
		if i > 0 {
			o.to = append(o.to, ',')
		}
		o.to = append(o.to, '{')
		write(i)
		o.to = append(o.to, '}')
	}
	o.to = append(o.to, ']')
}
