package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"daybook/internal/postgrestest"
	"daybook/internal/proxytest"
)

// TestSlowDatabaseUnderOverload offers far more than a slow database takes: the
// server's memory stays bounded, callers are told to come back later and nothing
// else, and everything acknowledged is there afterwards.
func TestSlowDatabaseUnderOverload(t *testing.T) {
	t.Parallel()
	database := postgrestest.NewDatabase(t)
	proxy := proxytest.Start(t, database)
	s := serveProcess(t, proxy.URL(), "--queue-events", "500")
	l := newLoad(t)
	l.padding = strings.Repeat("x", 20_000)
	l.on(s, "load", 4)
	l.more(100)
	proxy.Delay(40 * time.Millisecond)
	l.on(s, "more", 150)
	l.untilOverloaded(500)
	usual := memoryOf(t, s)
	for range faultRounds(t, 1) {
		l.untilOverloaded(3000)
	}
	most := memoryOf(t, s)
	t.Logf("the server has used %d MiB, and %d MiB before most of the overload", most>>20, usual>>20)
	if most > usual+256<<20 {
		t.Error("its memory grows with what it refuses")
	}
	proxy.Delay(0)
	l.more(100)
	l.verify(database)
	if l.unanswered > 0 {
		t.Errorf("%d calls got no answer", l.unanswered)
	}
}

// memoryOf is the most memory that the server's process has ever had, in bytes.
func memoryOf(t *testing.T, s *server) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process))
	if err != nil {
		t.Skipf("the memory of a process cannot be read here: %v", err)
	}
	_, after, _ := bytes.Cut(text, []byte("VmHWM:"))
	var kilobytes int
	if _, err := fmt.Sscan(string(after), &kilobytes); err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}
