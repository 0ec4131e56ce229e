//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSecondSignalEndsTheServerAtOnce holds up the shutdown with a request that
// never comes to its end.
func TestSecondSignalEndsTheServerAtOnce(t *testing.T) {
	database := "sqlite:" + filepath.Join(t.TempDir(), "daybook.db")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "--addr", "127.0.0.1:0", "--database", database, "--shutdown-timeout", "10m")
	cmd.Env = append(os.Environ(), asProgram+"=1", "DAYBOOK_BOOTSTRAP_KEY="+testKey)
	output, stdout := io.Pipe()
	log, stderr := io.Pipe()
	cmd.Stdout, cmd.Stderr = stdout, stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stopping := make(chan struct{})
	go func() {
		for lines := bufio.NewScanner(log); lines.Scan(); {
			if strings.Contains(lines.Text(), "stopping") {
				close(stopping)
			}
		}
	}()
	holdUp(t, strings.TrimPrefix(readBase(t, output), "http://"))

	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	<-stopping
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var err error
	stuck := time.After(30 * time.Second)
	for again := time.NewTicker(10 * time.Millisecond); err == nil; {
		select {
		case <-again.C:
			_ = cmd.Process.Signal(os.Interrupt)
		case err = <-ended:
		case <-stuck:
			t.Fatal("the server goes on waiting")
		}
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGINT {
		t.Errorf("the server ended with %v", err)
	}
}

// holdUp sends half a request and waits until the server is reading it.
func holdUp(t *testing.T, address string) {
	t.Helper()
	connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	_, err = fmt.Fprintf(connection, "POST /graphql HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n", address, testKey)
	if err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(connection).ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%v: %q", err, line)
	}
}
