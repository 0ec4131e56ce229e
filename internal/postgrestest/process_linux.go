package postgrestest

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// serverUser runs a program as somebody else when the tests run as root, which
// Postgres refuses.
func serverUser() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{}
	if uid, gid, ok := unprivileged(); ok {
		attributes.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return attributes
}

// endWithParent makes the kernel end the server with the test process, even
// when that is killed.
func endWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGQUIT }

// giveToServer hands a folder to the server's user.
func giveToServer(folder string) error {
	if uid, gid, ok := unprivileged(); ok {
		return os.Chown(folder, uid, gid)
	}
	return nil
}

// unprivileged is the user for the server when this process is root's.
func unprivileged() (uid, gid int, ok bool) {
	if os.Geteuid() != 0 {
		return 0, 0, false
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.Atoi(account.Uid)
		gid, gidErr := strconv.Atoi(account.Gid)
		if uidErr == nil && gidErr == nil {
			return uid, gid, true
		}
	}
	return 0, 0, false
}

// children lists the processes that a process started.
func children(parent int) []*os.Process {
	var list []*os.Process
	files, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// The fields after the command, which stands in parentheses, are state
		// and parent.
		rest := string(text[strings.LastIndexByte(string(text), ')')+1:])
		var state string
		var of, pid int
		if _, err := fmt.Sscan(rest, &state, &of); err != nil || of != parent {
			continue
		}
		if _, err := fmt.Sscan(string(text), &pid); err != nil {
			continue
		}
		if child, err := os.FindProcess(pid); err == nil {
			list = append(list, child)
		}
	}
	return list
}
