// Package machine says what numbers were measured on.
package machine

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

	"daybook/bench/cluster"
	"daybook/bench/load"
)

// Machine is what the numbers were measured on.
type Machine struct {
	processor string
	cores     int
	memory    string
	write     time.Duration // a small synced write
	load      string        // average of the minute before
	system    string
	versions  string
	settings  []string // of Postgres
}

// Load is the machine's average of the last minute.
func Load() string { return fact("/proc/loadavg", `^(\S+)`) }

// Describe describes this machine, without its name. folder is on the disk that
// is measured, average what [Load] was before anything began.
func Describe(ctx context.Context, postgres *cluster.Cluster, folder, average string) (Machine, error) {
	m := Machine{
		processor: fact("/proc/cpuinfo", `model name\s*: (.*)`), cores: runtime.NumCPU(),
		memory: "unknown memory", system: runtime.GOOS + "/" + runtime.GOARCH, load: average,
	}
	if kilobytes, err := strconv.Atoi(fact("/proc/meminfo", `MemTotal:\s*(\d+) kB`)); err == nil {
		m.memory = fmt.Sprintf("%d GiB of memory", (kilobytes+1<<19)>>20)
	}
	var err error
	if m.write, err = syncedWrite(folder); err != nil {
		return m, err
	}
	version, err := postgres.Version(ctx)
	if err != nil {
		return m, err
	}
	m.versions = "Postgres " + version + ", " + strings.Replace(runtime.Version(), "go", "Go ", 1)
	m.settings, err = postgres.Settings(ctx)
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
	return load.Median(took), nil
}

// String describes the machine in a few lines of Markdown.
func (m Machine) String() string {
	return fmt.Sprintf("%s, %d cores, %s, %s. A synced write of 8 KiB takes %s ms. %s.\nPostgres has %s.\nThe load average was %s when the run began.",
		m.processor, m.cores, m.memory, m.system, load.Milliseconds(m.write), m.versions, strings.Join(m.settings, ", "), m.load)
}
