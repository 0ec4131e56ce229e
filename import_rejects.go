package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"unicode/utf8"
)

// rejectsFile takes refused lines. After an import it holds those of that
// import and no other: it comes into its place at the end, and one of an earlier
// import goes away when nothing was refused.
type rejectsFile struct {
	path   string
	file   *os.File // made when the first line comes
	device bool     // path is no regular file (/dev/null, a pipe): it is written as it is
	stale  bool     // an earlier import's is there
}

// newRejectsFile refuses to replace the file that is read, and any other that is
// not an earlier import's rejects.
func newRejectsFile(path string, input io.Reader) (*rejectsFile, error) {
	r := &rejectsFile{path: path}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return r, nil
	case err != nil:
		return nil, fmt.Errorf("the rejects file: %w", err)
	case !info.Mode().IsRegular() && !info.IsDir():
		r.device = true
		return r, nil
	}
	if file, ok := input.(*os.File); ok {
		if read, err := file.Stat(); err == nil && os.SameFile(info, read) {
			return nil, fmt.Errorf("the rejects would replace %s, which is the file to import: choose another --rejects", path)
		}
	}
	if r.stale = holdsRejects(path); !r.stale {
		return nil, fmt.Errorf("%s is there already and not the rejects of an import: choose another --rejects", path)
	}
	return r, nil
}

// rejectedLine is one line of a rejects file. The line's text stands in one of
// two fields: JSON can hold what is UTF-8 only.
type rejectedLine struct {
	Line       int               `json:"line"`
	Status     string            `json:"status"`
	Problems   []rejectedProblem `json:"problems"`
	Text       *string           `json:"text,omitempty"`
	TextBase64 []byte            `json:"textBase64,omitempty"`
	// Size is that of the whole line in bytes, where the text is its beginning only.
	Size int `json:"size,omitempty"`
}

// rejectedProblem is one reason for which a line was refused.
type rejectedProblem struct {
	Path    string `json:"path"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// holdsRejects says whether a file is empty or begins as a rejects file does.
func holdsRejects(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	var first rejectedLine
	err = json.NewDecoder(file).Decode(&first)
	return errors.Is(err, io.EOF) || err == nil && first.Line > 0 && len(first.Problems) > 0
}

// write adds a line.
func (r *rejectsFile) write(line *importLine) error {
	if r.file == nil {
		if err := r.open(); err != nil {
			return fmt.Errorf("open the rejects file: %w", err)
		}
	}
	rejected := rejectedLine{Line: line.number, Status: line.status, Problems: line.problems}
	if text := string(line.text); utf8.ValidString(text) {
		rejected.Text = &text
	} else {
		rejected.TextBase64 = line.text
	}
	if line.cut {
		rejected.Size = line.size
	}
	encoder := json.NewEncoder(r.file)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(rejected); err != nil {
		return fmt.Errorf("write the rejects file: %w", err)
	}
	return nil
}

func (r *rejectsFile) open() (err error) {
	if r.device {
		r.file, err = os.OpenFile(r.path, os.O_WRONLY, 0)
		return err
	}
	r.file, err = os.CreateTemp(filepath.Dir(r.path), filepath.Base(r.path)+".*.part")
	return err
}

// close puts the file into its place.
func (r *rejectsFile) close() error {
	switch {
	case r.file == nil && r.stale:
		return os.Remove(r.path)
	case r.file == nil:
		return nil
	}
	if err := r.file.Close(); err != nil || r.device {
		return err
	}
	return os.Rename(r.file.Name(), r.path)
}
