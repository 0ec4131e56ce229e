package main

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"daybook/internal/postgrestest"
)

// TestFullDisk fills the disk under load: callers are told to come back later,
// and once there is room recording goes on by itself.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		disk := mountDisk(t, 4<<20)
		database := "sqlite:" + filepath.Join(disk.folder, "daybook.db")
		l := newLoad(t)
		l.padding = strings.Repeat("x", 2000)
		l.on(serve(t, database), "load", 8)
		for round := range faultRounds(t, 1) {
			l.untilOverloaded(4)
			disk.grow(t, (round+2)*(4<<20))
			l.more(100)
		}
		l.verify(database)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		disk := mountDisk(t, 256<<20)
		cluster := postgrestest.Start(t, postgrestest.Options{Folder: disk.folder})
		database := cluster.NewDatabase(t)
		l := newLoad(t)
		l.padding = strings.Repeat("x", 2000)
		l.on(serve(t, database), "load", 8)
		for range faultRounds(t, 1) {
			l.more(30)
			ballast := disk.fill(t)
			l.untilOverloaded(4)
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
			cluster.Recover(t)
			l.more(100)
		}
		l.verify(database)
	})
}

// disk is a small file system in memory.
type disk struct{ folder string }

// mountDisk mounts one until the test ends; only root may.
func mountDisk(t *testing.T, size int) *disk {
	t.Helper()
	folder, err := os.MkdirTemp("", "daybook-disk-")
	if err != nil {
		t.Fatal(err)
	}
	d := &disk{folder}
	t.Cleanup(func() { _ = os.Remove(folder) })
	if err := d.mount(size, 0); err != nil {
		t.Skipf("a small disk cannot be mounted here (%v): a full one is not tested", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *disk) mount(size int, flags uintptr) error {
	return syscall.Mount("tmpfs", d.folder, "tmpfs", flags, "mode=1777,size="+strconv.Itoa(size))
}

func (d *disk) grow(t *testing.T, size int) {
	t.Helper()
	if err := d.mount(size, syscall.MS_REMOUNT); err != nil {
		t.Fatal(err)
	}
}

// fill leaves no room and gives the file that takes it.
func (d *disk) fill(t *testing.T) string {
	t.Helper()
	ballast := filepath.Join(d.folder, "ballast")
	file, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for size := 1 << 20; size >= 4096; {
		if _, err := file.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			t.Fatal(err)
		}
	}
	return ballast
}
