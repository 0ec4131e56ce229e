//go:build !linux

package process

import (
	"syscall"
	"time"
)

// Elsewhere programs are run and timed, but what they use is not known.

func attributes(user *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: user}
}

// CPU is not known here.
func (p *Process) CPU() time.Duration { return 0 }

// PeakMemory is not known here.
func (p *Process) PeakMemory() int64 { return 0 }

// ResetPeak does nothing here.
func (p *Process) ResetPeak() {}

// OwnCPU is not known here.
func OwnCPU() time.Duration { return 0 }
