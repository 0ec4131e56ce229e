package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"daybook/audit"
)

const (
	// maxImportLine bounds a line, in bytes. The largest event there can be has
	// half of that.
	maxImportLine = 2 << 20
	// shownOfLongLine is how much of a longer one is kept to recognise it by.
	shownOfLongLine = 1 << 10
	byteOrderMark   = "\uFEFF"
	keyName         = "idempotencyKey"
)

// importLine is one line on its way.
type importLine struct {
	number   int    // from 1
	size     int    // in bytes, with the line ending
	text     []byte // as read, without it; of a line that is too long only the beginning
	cut      bool   // text is not the whole line
	event    []byte // as sent: with an idempotency key
	status   string // a name of [audit.RecordStatus]; "" as long as nothing is known
	problems []rejectedProblem
}

// refuse ends a line as INVALID, or adds a reason for that.
func (l *importLine) refuse(problem rejectedProblem) {
	l.status = audit.RecordInvalid.String()
	l.problems = append(l.problems, problem)
}

// lineReader reads the lines of a file that may be larger than the memory.
type lineReader struct {
	input  *bufio.Reader
	number int // of the line read last
}

// newLineReader reads over the byte order mark that some programs put first.
func newLineReader(input io.Reader) *lineReader {
	r := &lineReader{input: bufio.NewReaderSize(input, 1<<16)}
	if mark, _ := r.input.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
		_, _ = r.input.Discard(len(byteOrderMark))
	}
	return r
}

// next reads a line of any length. It fails with io.EOF after the last.
func (r *lineReader) next() (*importLine, error) {
	line := &importLine{number: r.number + 1}
	for {
		part, err := r.input.ReadSlice('\n')
		line.size += len(part)
		line.text = append(line.text, part[:min(len(part), maxImportLine+2-len(line.text))]...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("read line %d: %w", line.number, err)
		case line.size == 0:
			return nil, io.EOF
		}
		r.number++
		line.trim()
		return line, nil
	}
}

// trim takes the line ending off, or all but the beginning of what is too long.
func (l *importLine) trim() {
	l.text = bytes.TrimSuffix(bytes.TrimSuffix(l.text, []byte("\n")), []byte("\r"))
	if l.cut = len(l.text) > maxImportLine; l.cut {
		l.text = bytes.Clone(l.text[:shownOfLongLine])
	}
}

// blank says whether there is nothing on the line.
func (l *importLine) blank() bool { return !l.cut && len(trimJSON(l.text)) == 0 }

// trimJSON takes off what JSON calls white space.
func trimJSON(text []byte) []byte { return bytes.Trim(text, " \t\r\n") }

// prepare makes of the line the event to send, or refuses it.
func (l *importLine) prepare(keys *lineKeys) {
	text := trimJSON(l.text)
	switch {
	case l.cut:
		l.refuse(rejectedProblem{
			Code:    audit.ProblemTooLong.String(),
			Message: fmt.Sprintf("has %d bytes; a line may have at most %d", l.size, maxImportLine),
		})
	case !json.Valid(text):
		err := json.Unmarshal(text, new(any))
		l.refuse(rejectedProblem{Code: audit.ProblemBadFormat.String(), Message: fmt.Sprintf("is not JSON: %v", err)})
	case text[0] != '{':
		l.refuse(rejectedProblem{Code: audit.ProblemBadFormat.String(), Message: "is not a JSON object"})
	default:
		l.event = keys.complete(text)
	}
}

// lineKeys gives events without an idempotency key one that follows from their
// text and from how often that text came before, so that importing a file again
// makes no event twice.
type lineKeys struct {
	// seen is all that grows with the file: by some 25 bytes for each different
	// line without a key. The first bytes of a hash are enough here: two texts
	// that share them still get keys of their own.
	seen map[uint64]uint32
}

// complete gives the event, which is a valid JSON object, with a key.
func (k *lineKeys) complete(event []byte) []byte {
	start, end := keyValue(event)
	switch {
	case end == 0:
		at := bytes.IndexByte(event, '{') + 1
		member := `"` + keyName + `":"` + k.next(event) + `"`
		if trimJSON(event[at:])[0] != '}' {
			member += ","
		}
		return bytes.Join([][]byte{event[:at], event[at:]}, []byte(member))
	case string(event[start:end]) == "null":
		return bytes.Join([][]byte{event[:start], event[end:]}, []byte(`"`+k.next(event)+`"`))
	default:
		return event
	}
}

// next derives a key from a text.
func (k *lineKeys) next(text []byte) string {
	sum := sha256.Sum256(text)
	short := binary.BigEndian.Uint64(sum[:])
	if k.seen == nil {
		k.seen = map[uint64]uint32{}
	}
	k.seen[short]++
	return "import:" + hex.EncodeToString(sum[:]) + ":" + strconv.FormatUint(uint64(k.seen[short]), 10)
}

// keyValue finds the value of the first idempotency key of a valid JSON object;
// end is 0 when it has none.
func keyValue(object []byte) (start, end int) {
	decoder := json.NewDecoder(bytes.NewReader(object))
	_, _ = decoder.Token() // the brace
	var value json.RawMessage
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil || decoder.Decode(&value) != nil {
			return 0, 0 // cannot be: it is valid
		}
		if name == keyName {
			end = int(decoder.InputOffset())
			return end - len(value), end
		}
	}
	return 0, 0
}
