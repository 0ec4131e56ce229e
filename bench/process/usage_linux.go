package process

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// tick is the unit of processor time in /proc: the same on every Linux.
const tick = 10 * time.Millisecond

func attributes(user *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: user, Pdeathsig: syscall.SIGKILL}
}

// usage is what /proc/PID/stat says of one process.
type usage struct {
	parent int
	time   time.Duration // its own, and that of its children that have ended
}

// CPU is the processor time that the process and its descendants have used.
func (p *Process) CPU() time.Duration {
	all := map[int]usage{}
	files, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	for _, file := range files {
		if pid, u, ok := readUsage(file); ok {
			all[pid] = u
		}
	}
	var sum time.Duration
	for pid, u := range all {
		if descends(all, pid, p.command.Process.Pid) {
			sum += u.time
		}
	}
	return sum
}

// readUsage reads one stat file; false if the process has ended.
func readUsage(file string) (pid int, u usage, ok bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, u, false
	}
	// The fields after the command, which stands in parentheses, begin with the
	// third; parent is the 4th, the times are the 14th to 17th.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if _, err := fmt.Sscan(string(text), &pid); err != nil || len(fields) < 15 {
		return 0, u, false
	}
	u.parent, _ = strconv.Atoi(string(fields[1]))
	for _, field := range fields[11:15] {
		ticks, _ := strconv.Atoi(string(field))
		u.time += time.Duration(ticks) * tick
	}
	return pid, u, true
}

func descends(all map[int]usage, pid, from int) bool {
	for pid != from {
		u, ok := all[pid]
		if !ok {
			return false
		}
		pid = u.parent
	}
	return true
}

// PeakMemory is the largest resident memory of the process itself, in bytes,
// since it began or since ResetPeak.
func (p *Process) PeakMemory() int64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid)) // empty when it has ended
	_, rest, _ := bytes.Cut(text, []byte("VmHWM:"))
	var kilobytes int64
	_, _ = fmt.Sscan(string(rest), &kilobytes)
	return kilobytes << 10
}

// ResetPeak forgets the largest memory until now.
func (p *Process) ResetPeak() {
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.command.Process.Pid), []byte("5"), 0)
}

// OwnCPU is the processor time that this process has used, without children.
func OwnCPU() time.Duration {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r) // cannot fail
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
