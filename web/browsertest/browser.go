// Package browsertest opens pages in a real Chromium for tests: it starts the browser,
// runs scripts in a page and keeps what went wrong there. It speaks the Chrome DevTools
// Protocol over a pipe and needs nothing but the browser.
package browsertest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// patience bounds every single step. A step that works takes a fraction of it; it only
// decides how long a broken one may keep the test waiting.
const patience = 30 * time.Second

// flags make Chromium headless, silent towards the outside, and able to run as root.
var flags = []string{
	"--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
}

// Browser is a running Chromium with an empty profile.
type Browser struct {
	t     testing.TB
	send  *os.File
	ended chan struct{} // closed when the browser says no more

	mu      sync.Mutex
	last    int
	waiting map[int]chan message
	pages   map[string]*Page // by session
}

// message is a command, its answer, or an event.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// Start runs Chromium until the test ends. Without Chromium the test is skipped, or fails
// when the environment variable CI is set.
func Start(t testing.TB) *Browser {
	t.Helper()
	program := find(t)
	receive, browserWrites, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	browserReads, send, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, append(flags, "--user-data-dir="+t.TempDir(), "about:blank")...)
	command.ExtraFiles = []*os.File{browserReads, browserWrites} // file descriptors 3 and 4
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	_ = browserReads.Close()
	_ = browserWrites.Close()

	b := &Browser{t: t, send: send, ended: make(chan struct{}), waiting: map[int]chan message{}, pages: map[string]*Page{}}
	go b.listen(receive)
	t.Cleanup(func() { b.stop(command) })
	return b
}

// find returns the path of Chromium or Chrome.
func find(t testing.TB) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	for _, name := range names {
		if program, err := exec.LookPath(name); err == nil {
			return program
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("none of %v is installed, and CI is set", names)
	}
	t.Skipf("needs a browser: none of %v is installed", names)
	return ""
}

// stop asks the browser to close and waits for it, so that its profile can be removed.
func (b *Browser) stop(command *exec.Cmd) {
	_, _ = b.command("", "Browser.close", nil)
	end := time.AfterFunc(patience, func() { _ = command.Process.Kill() })
	defer end.Stop()
	_ = command.Wait()
	_ = b.send.Close()
	<-b.ended
}

// call sends a command and fails the test when it fails.
func (b *Browser) call(session, method string, params, into any) {
	b.t.Helper()
	result, err := b.command(session, method, params)
	if err == nil && into != nil {
		err = json.Unmarshal(result, into)
	}
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
}

// command sends a command and waits for its answer.
func (b *Browser) command(session, method string, params any) (json.RawMessage, error) {
	given, err := json.Marshal(params)
	if err != nil {
		return nil, err
	}
	id, answer := b.expect()
	text, err := json.Marshal(message{ID: id, Session: session, Method: method, Params: given})
	if err != nil {
		return nil, err
	}
	if _, err := b.send.Write(append(text, 0)); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	select {
	case got := <-answer:
		if got.Error != nil {
			return nil, errors.New(got.Error.Message)
		}
		return got.Result, nil
	case <-b.ended:
		return nil, errors.New("the browser has ended")
	case <-ctx.Done():
		return nil, fmt.Errorf("no answer in %v", patience)
	}
}

// expect numbers a command and returns where its answer will arrive.
func (b *Browser) expect() (int, chan message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	answer := make(chan message, 1)
	b.waiting[b.last] = answer
	return b.last, answer
}

// listen takes what the browser says, until it ends.
func (b *Browser) listen(from io.ReadCloser) {
	defer close(b.ended)
	defer from.Close()
	reader := bufio.NewReader(from)
	for {
		text, err := reader.ReadBytes(0)
		if err != nil {
			return
		}
		var said message
		if json.Unmarshal(text[:len(text)-1], &said) == nil {
			b.deliver(said)
		}
	}
}

func (b *Browser) deliver(said message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if answer, ok := b.waiting[said.ID]; ok {
		delete(b.waiting, said.ID)
		answer <- said
	} else if page, ok := b.pages[said.Session]; ok {
		page.observe(said)
	}
}
