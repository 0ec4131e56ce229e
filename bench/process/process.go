// Package process runs the programs that are measured, and says what they use
// of the machine.
package process

import (
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Program is what to run.
type Program struct {
	Path string
	Args []string
	// Env replaces the environment, unless it is nil.
	Env []string
	// Dir is where it runs, "/" when empty.
	Dir string
	// Output takes what it prints.
	Output io.Writer
	// User runs it as somebody else, unless it is nil.
	User *syscall.Credential
}

// Command prepares the program. It ends with the process that started it.
func (p Program) Command() *exec.Cmd {
	c := exec.Command(p.Path, p.Args...) //nolint:noctx // whoever starts it stops it, and in its own way
	c.Env, c.Dir = p.Env, p.Dir
	if c.Dir == "" {
		c.Dir = "/"
	}
	c.Stdout, c.Stderr = p.Output, p.Output
	c.SysProcAttr = attributes(p.User)
	return c
}

// Process is a running program.
type Process struct {
	command *exec.Cmd
	done    chan struct{} // closed when it has ended
	stopped sync.Once
}

// Start runs a program. Stop it after use.
func Start(program Program) (*Process, error) {
	p := &Process{command: program.Command(), done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel takes the end of the thread that started a process for the
		// end of its parent, so this one stays until the process has ended.
		runtime.LockOSThread()
		err := p.command.Start()
		started <- err
		if err == nil {
			_ = p.command.Wait() // whether it ended well is for its output to say
		}
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", program.Path, err)
	}
	return p, nil
}

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Stop asks the process to end, insists after ten seconds, and returns when it
// has ended.
func (p *Process) Stop(signal syscall.Signal) {
	p.stopped.Do(func() {
		_ = p.command.Process.Signal(signal) // it may have ended
		select {
		case <-p.done:
		case <-time.After(10 * time.Second):
			_ = p.command.Process.Kill()
			<-p.done
		}
	})
}

// Output keeps what a program prints. It is safe for concurrent use.
type Output struct {
	mutex sync.Mutex
	text  strings.Builder
}

// Write implements [io.Writer].
func (o *Output) Write(text []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.text.Write(text)
}

// String is what was printed so far.
func (o *Output) String() string {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.text.String()
}
