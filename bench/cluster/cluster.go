// Package cluster runs a private Postgres server to measure with. It is as
// durable as one in production.
package cluster

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/lib/pq"

	"daybook/bench/process"
)

// superuser owns the cluster and its databases.
const superuser = "daybook_bench"

// settings are what a server of this size would have in production. What
// durability rests on (fsync, synchronous_commit, full_page_writes) stays as it
// is: on.
var settings = Settings{
	"listen_addresses":        "127.0.0.1",
	"unix_socket_directories": "",
	"max_connections":         "400",
	"shared_buffers":          "1GB",
	"max_wal_size":            "8GB",
	"checkpoint_timeout":      "15min",
}

// shown are the settings that a reader of the numbers wants to know.
var shown = []string{
	"fsync", "synchronous_commit", "full_page_writes", "wal_sync_method",
	"shared_buffers", "max_wal_size", "checkpoint_timeout", "max_connections",
}

// ErrMissing says that Postgres is not installed.
var ErrMissing = errors.New("the programs of Postgres are missing: install it, or put the folder of initdb on PATH")

// Settings are settings of the server, by name.
type Settings map[string]string

// Cluster is a running Postgres server.
type Cluster struct {
	Server   *process.Process
	Port     int
	programs string // folder of the server's programs
	data     string
	db       *sql.DB // the database "postgres"
	output   process.Output
}

// Start runs the cluster of a folder, and makes it if there is none, with some
// settings of its own. Stop it after use. It fails with ErrMissing without Postgres.
func Start(ctx context.Context, folder string, own Settings) (*Cluster, error) {
	programs, err := findPrograms()
	if err != nil {
		return nil, err
	}
	c := &Cluster{programs: programs, data: filepath.Join(folder, "postgres")}
	if c.Port, err = FreePort(ctx); err != nil {
		return nil, err
	}
	if c.db, err = sql.Open("postgres", c.URL("postgres")); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(c.data, "PG_VERSION")); err != nil {
		if err := c.create(); err != nil {
			return nil, err
		}
	}
	args := []string{"-D", c.data, "-p", strconv.Itoa(c.Port)}
	for _, each := range []Settings{settings, own} { // the last counts
		for name, value := range each {
			args = append(args, "-c", name+"="+value)
		}
	}
	c.Server, err = process.Start(process.Program{
		Path: c.Program("postgres"), Args: args, Env: environment(), Output: &c.output, User: serverUser(),
	})
	if err != nil {
		return nil, err
	}
	if err := c.wait(ctx); err != nil {
		c.Stop()
		return nil, err
	}
	return c, nil
}

// create makes the data of the cluster, as the user who will run it.
func (c *Cluster) create() error {
	if err := os.Mkdir(c.data, 0o700); err != nil {
		return err
	}
	if user := serverUser(); user != nil {
		if err := os.Chown(c.data, int(user.Uid), int(user.Gid)); err != nil {
			return err
		}
	}
	var output process.Output
	initdb := process.Program{
		Path: c.Program("initdb"), Env: environment(), Output: &output, User: serverUser(),
		Args: []string{"--pgdata", c.data, "--username", superuser, "--auth", "trust", "--encoding", "UTF8", "--locale", "C"},
	}
	if err := initdb.Command().Run(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, output.String())
	}
	return nil
}

// environment keeps variables like PGPORT from the server.
func environment() []string { return []string{"LC_ALL=C", "TZ=UTC"} }

// wait returns when the server answers.
func (c *Cluster) wait(ctx context.Context) error {
	for {
		err := c.db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-c.Server.Done():
			return fmt.Errorf("postgres has ended: %s", c.output.String())
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Stop ends the server. Sessions are broken off.
func (c *Cluster) Stop() {
	_ = c.db.Close() // nothing is under way
	c.Server.Stop(syscall.SIGINT)
}

// Log is what the server has logged so far.
func (c *Cluster) Log() string { return c.output.String() }

// WriteLog writes a line into the server's log.
func (c *Cluster) WriteLog(ctx context.Context, line string) error {
	_, err := c.db.ExecContext(ctx, "DO $$ BEGIN RAISE LOG '%', "+pq.QuoteLiteral(line)+"; END $$")
	return err
}

// Program is the path of a program that belongs to this version of Postgres.
func (c *Cluster) Program(name string) string { return filepath.Join(c.programs, name) }

// NewDatabase makes an empty database and gives its URL.
func (c *Cluster) NewDatabase(ctx context.Context, name string) (string, error) {
	if _, err := c.db.ExecContext(ctx, "CREATE DATABASE "+pq.QuoteIdentifier(name)); err != nil {
		return "", fmt.Errorf("create database: %w", err)
	}
	return c.URL(name), nil
}

// DropDatabase removes a database if it is there, and whoever uses it from it.
func (c *Cluster) DropDatabase(ctx context.Context, name string) error {
	_, err := c.db.ExecContext(ctx, "DROP DATABASE IF EXISTS "+pq.QuoteIdentifier(name)+" WITH (FORCE)")
	return err
}

// URL is the address of a database.
func (c *Cluster) URL(database string) string { return URL(database, c.Port) }

// URL is the address of a database of a cluster that is reached through a port
// of this machine.
func URL(database string, port int) string {
	address := url.URL{
		Scheme: "postgres", User: url.User(superuser), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		Path: "/" + database, RawQuery: "sslmode=disable",
	}
	return address.String()
}

// Settings are the settings that matter, as the server says: "fsync=on".
func (c *Cluster) Settings(ctx context.Context) ([]string, error) {
	list := make([]string, len(shown))
	for i, name := range shown {
		var value string
		if err := c.db.QueryRowContext(ctx, "SELECT current_setting($1)", name).Scan(&value); err != nil {
			return nil, err
		}
		list[i] = name + "=" + value
	}
	return list, nil
}

// Version is the version of Postgres: "15.18".
func (c *Cluster) Version(ctx context.Context) (string, error) {
	var version string
	err := c.db.QueryRowContext(ctx, "SHOW server_version").Scan(&version)
	version, _, _ = strings.Cut(version, " ")
	return version, err
}

// FreePort is a port of this machine that nobody listens on.
func FreePort(ctx context.Context) (int, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}

// findPrograms looks for initdb on PATH, then where Debian keeps versions side
// by side, the newest first.
func findPrograms() (string, error) {
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if resolved, err := filepath.EvalSymlinks(initdb); err == nil {
			initdb = resolved
		}
		return filepath.Dir(initdb), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", ErrMissing
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
}

// version is the number in /usr/lib/postgresql/VERSION/bin/initdb.
func version(initdb string) int {
	number, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	if err != nil {
		return 0
	}
	return number
}
