//go:build !linux

package postgrestest

import (
	"os"
	"syscall"
)

// Elsewhere the server runs as the user of the tests and is left running when
// they are killed; it then ends with its deleted folder.

func serverUser() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }

func endWithParent(*syscall.SysProcAttr) {}

func giveToServer(string) error { return nil }

func children(int) []*os.Process { return nil }
