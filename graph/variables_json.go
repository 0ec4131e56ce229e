package graph

import "fmt"

// maxJSONNesting is how deep objects and arrays of a request may nest.
const maxJSONNesting = 1000

// jsonReader reads one JSON text (RFC 8259) front to back and gives strings,
// numbers and whole values as the bytes that were sent. encoding/json cannot be
// used here: it replaces text that is not valid, forgets repeated keys and
// rounds numbers, all of it silently.
type jsonReader struct {
	text  []byte
	at    int
	depth int
}

// jsonError says where a text stops being JSON.
type jsonError struct {
	at   int
	what string
}

func (e *jsonError) Error() string { return fmt.Sprintf("%s at byte %d", e.what, e.at) }

// fail makes the error for the place the reader stands at.
func (r *jsonReader) fail() error {
	if r.at >= len(r.text) {
		return &jsonError{at: len(r.text), what: "it ends too early,"}
	}
	return &jsonError{at: r.at, what: "it is not valid"}
}

// next skips white space and gives the byte there without reading it, 0 at the end.
func (r *jsonReader) next() byte {
	for r.at < len(r.text) {
		switch c := r.text[r.at]; c {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return c
		}
	}
	return 0
}

// end makes sure that nothing but white space is left.
func (r *jsonReader) end() error {
	if r.next(); r.at < len(r.text) {
		return &jsonError{at: r.at, what: "something follows its end"}
	}
	return nil
}

// open reads the bracket of an object or array.
func (r *jsonReader) open() error {
	if r.depth++; r.depth > maxJSONNesting {
		return &jsonError{at: r.at, what: fmt.Sprintf("it nests deeper than %d levels", maxJSONNesting)}
	}
	r.at++
	return nil
}

// more says whether another element stands before the closing bracket, after
// count of them, and reads the comma or the bracket.
func (r *jsonReader) more(closing byte, count int) (bool, error) {
	c := r.next()
	switch {
	case c == closing:
		r.at++
		r.depth--
		return false, nil
	case count == 0:
		return true, nil
	case c == ',':
		r.at++
		if r.next() == closing {
			return false, r.fail()
		}
		return true, nil
	}
	return false, r.fail()
}

// key reads an object's next key and the colon after it.
func (r *jsonReader) key() (jsonString, error) {
	key, err := r.string()
	if err != nil {
		return key, err
	}
	if r.next() != ':' {
		return key, r.fail()
	}
	r.at++
	return key, nil
}

// skip reads one value of any kind and gives its bytes.
func (r *jsonReader) skip() ([]byte, error) {
	var err error
	c := r.next()
	start := r.at
	switch {
	case c == '"':
		_, err = r.string()
	case c == '{':
		err = r.skipObject()
	case c == '[':
		err = r.skipArray()
	case c == '-' || isDigit(c):
		_, err = r.number()
	default:
		err = r.word()
	}
	return r.text[start:r.at:r.at], err
}

func (r *jsonReader) skipObject() error {
	if err := r.open(); err != nil {
		return err
	}
	for n := 0; ; n++ {
		if more, err := r.more('}', n); !more {
			return err
		}
		if _, err := r.key(); err != nil {
			return err
		}
		if _, err := r.skip(); err != nil {
			return err
		}
	}
}

func (r *jsonReader) skipArray() error {
	if err := r.open(); err != nil {
		return err
	}
	for n := 0; ; n++ {
		if more, err := r.more(']', n); !more {
			return err
		}
		if _, err := r.skip(); err != nil {
			return err
		}
	}
}

// word reads true, false or null.
func (r *jsonReader) word() error {
	var word string
	switch r.next() {
	case 't':
		word = "true"
	case 'f':
		word = "false"
	case 'n':
		word = "null"
	default:
		return r.fail()
	}
	if len(r.text)-r.at < len(word) || string(r.text[r.at:r.at+len(word)]) != word {
		return r.fail()
	}
	r.at += len(word)
	return nil
}

// number reads a number and gives it as written.
func (r *jsonReader) number() ([]byte, error) {
	start := r.at
	r.accept('-')
	if !r.accept('0') && !r.digits() {
		return nil, r.fail()
	}
	if r.accept('.') && !r.digits() {
		return nil, r.fail()
	}
	if r.accept('e') || r.accept('E') {
		if !r.accept('+') {
			r.accept('-')
		}
		if !r.digits() {
			return nil, r.fail()
		}
	}
	return r.text[start:r.at], nil
}

func (r *jsonReader) accept(c byte) bool {
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

func (r *jsonReader) digits() bool {
	start := r.at
	for r.at < len(r.text) && isDigit(r.text[r.at]) {
		r.at++
	}
	return r.at > start
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// string reads a string.
func (r *jsonReader) string() (jsonString, error) {
	if r.next() != '"' {
		return jsonString{}, r.fail()
	}
	text, start, escaped := r.text, r.at+1, false
	for i := start; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			r.at = i + 1
			return jsonString{raw: text[start:i], escaped: escaped}, nil
		case c == '\\':
			escaped, r.at = true, i
			if err := r.escape(); err != nil {
				return jsonString{}, err
			}
			i = r.at - 1
		case c < 0x20:
			r.at = i
			return jsonString{}, r.fail()
		}
	}
	r.at = len(text)
	return jsonString{}, r.fail()
}

// escape reads one escape sequence of a string.
func (r *jsonReader) escape() error {
	if r.at+1 >= len(r.text) {
		r.at = len(r.text)
		return r.fail()
	}
	switch r.text[r.at+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		r.at += 2
		return nil
	case 'u':
		if _, ok := hexUnit(r.text[r.at:]); ok {
			r.at += 6
			return nil
		}
	}
	return r.fail()
}
