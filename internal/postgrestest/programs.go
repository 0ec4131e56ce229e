package postgrestest

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// requirePrograms finds the folder of initdb and postgres, or skips the test.
func requirePrograms(tb testing.TB) string {
	tb.Helper()
	if folder := findPrograms(); folder != "" {
		return folder
	}
	if os.Getenv("CI") != "" {
		tb.Fatal("Postgres is missing: initdb is neither on PATH nor in /usr/lib/postgresql")
	}
	tb.Skip("skipped without Postgres: install it, or put the folder of initdb on PATH")
	return ""
}

// findPrograms looks on PATH, then where Debian keeps versions side by side,
// the newest first. It is empty when there is none.
func findPrograms() string {
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if resolved, err := filepath.EvalSymlinks(initdb); err == nil {
			initdb = resolved
		}
		return filepath.Dir(initdb)
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return ""
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(newest)
}

// version is the number in /usr/lib/postgresql/VERSION/bin/initdb.
func version(initdb string) int {
	number, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	if err != nil {
		return 0
	}
	return number
}
