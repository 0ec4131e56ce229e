package postgrestest

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// process is a running server.
type process struct {
	command *exec.Cmd
	done    chan struct{} // closed when it has ended
}

// command prepares a program to run as the server's user with an environment of
// its own: variables like PGPORT must not reach it.
func command(path string, args ...string) *exec.Cmd {
	c := exec.Command(path, args...)
	c.Dir = "/"
	c.Env = []string{"LC_ALL=C", "TZ=UTC", "PATH=" + os.Getenv("PATH")}
	c.SysProcAttr = serverUser()
	return c
}

// startProcess runs a program, with its output added to a file.
func startProcess(log, path string, args ...string) (*process, error) {
	output, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer output.Close()
	p := &process{command: command(path, args...), done: make(chan struct{})}
	p.command.Stdout, p.command.Stderr = output, output
	endWithParent(p.command.SysProcAttr)
	started := make(chan error)
	go func() {
		// The kernel takes the end of the thread that started a process for the
		// end of its parent, so this one stays until the server has ended.
		runtime.LockOSThread()
		err := p.command.Start()
		started <- err
		if err == nil {
			_ = p.command.Wait() // how it ends is of no interest
		}
		close(p.done)
	}()
	return p, <-started
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// end asks the process to end and waits for it.
func (p *process) end(signal os.Signal) error {
	if p.ended() {
		return nil
	}
	if err := p.command.Process.Signal(signal); err != nil {
		return err
	}
	select {
	case <-p.done:
		return nil
	case <-time.After(time.Minute):
		return fmt.Errorf("process %d goes on after %s", p.command.Process.Pid, signal)
	}
}

// kill ends the process and those it started.
func (p *process) kill() error {
	if p.ended() {
		return nil
	}
	sessions := children(p.command.Process.Pid)
	if err := p.end(os.Kill); err != nil {
		return err
	}
	for _, session := range sessions {
		_ = session.Kill() // it may have noticed by itself
	}
	// The next server refuses to start while a session is attached to the memory
	// of this one.
	for deadline := time.Now().Add(time.Second); alive(sessions) && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	return nil
}

func alive(processes []*os.Process) bool {
	return slices.ContainsFunc(processes, func(p *os.Process) bool { return p.Signal(syscall.Signal(0)) == nil })
}
