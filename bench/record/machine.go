package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// machine is what the numbers were measured on.
type machine struct {
	processor string
	cores     int
	memory    string
	write     time.Duration // a small synced write
	load      string        // average of the minute before
	system    string
	versions  string
	settings  []string // of Postgres
}

// machine describes this machine, without its name.
func (s *stage) machine(ctx context.Context) (machine, error) {
	m := machine{
		processor: fact("/proc/cpuinfo", `model name\s*: (.*)`), cores: runtime.NumCPU(),
		memory: "unknown memory", system: runtime.GOOS + "/" + runtime.GOARCH, load: s.load,
	}
	if kilobytes, err := strconv.Atoi(fact("/proc/meminfo", `MemTotal:\s*(\d+) kB`)); err == nil {
		m.memory = fmt.Sprintf("%d GiB of memory", (kilobytes+1<<19)>>20)
	}
	var err error
	if m.write, err = syncedWrite(s.folder); err != nil {
		return m, err
	}
	version, err := s.postgres.Version(ctx)
	if err != nil {
		return m, err
	}
	m.versions = "Postgres " + version + ", " + strings.Replace(runtime.Version(), "go", "Go ", 1)
	m.settings, err = s.postgres.Settings(ctx)
	return m, err
}

// fact is what a pattern finds in a file of /proc, "unknown" where there is none.
func fact(file, pattern string) string {
	text, _ := os.ReadFile(file) // empty where there is none
	if found := regexp.MustCompile(pattern).FindSubmatch(text); found != nil {
		return string(found[1])
	}
	return "unknown"
}

// syncedWrite is the median time of a write of 8 KiB that is made durable.
func syncedWrite(folder string) (time.Duration, error) {
	file, err := os.Create(filepath.Join(folder, "synced"))
	if err != nil {
		return 0, err
	}
	defer file.Close() //nolint:errcheck // nothing of it is kept
	var took []time.Duration
	page := make([]byte, 8<<10)
	for range 200 {
		begun := time.Now()
		if _, err := file.WriteAt(page, 0); err != nil {
			return 0, err
		}
		if err := file.Sync(); err != nil {
			return 0, err
		}
		took = append(took, time.Since(begun))
	}
	return median(took), nil
}

// String describes the machine in a few lines of Markdown.
func (m machine) String() string {
	return fmt.Sprintf("%s, %d cores, %s, %s. A synced write of 8 KiB takes %s ms. %s.\nPostgres has %s.\nThe load average was %s when the run began.",
		m.processor, m.cores, m.memory, m.system, milliseconds(m.write), m.versions, strings.Join(m.settings, ", "), m.load)
}
