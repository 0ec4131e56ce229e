// Package postgrestest runs private Postgres servers for tests.
//
// A server is one process with its data in a temporary folder, reached through
// a unix socket there; it keeps its durability settings, so that tests of crash
// safety mean something. It ends with the test process, however that ends.
//
// Without Postgres tests are skipped, except where CI is set: there they fail.
package postgrestest

import (
	"database/sql"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/lib/pq" // the driver "postgres"
)

// superuser owns every cluster and its databases.
const superuser = "daybook_test"

// Options are what a test may want to be different about its cluster.
type Options struct {
	// Settings are added to postgresql.conf.
	Settings map[string]string
	// Folder takes the folder of the cluster; that for temporary files when empty.
	Folder string
	// TCP also listens on a free port of 127.0.0.1, and URLs use it.
	TCP bool
}

// Cluster is one running Postgres server.
type Cluster struct {
	folder    string // of everything it has
	programs  string // folder of the server's programs
	port      int
	tcp       bool
	server    *process
	databases atomic.Int64
}

// Start runs a cluster that ends with the test. Most tests want [NewDatabase]
// instead, which shares one.
func Start(tb testing.TB, options Options) *Cluster {
	tb.Helper()
	programs := requirePrograms(tb)
	c, err := start(programs, options)
	if err != nil {
		tb.Fatalf("start Postgres: %v", err)
	}
	tb.Cleanup(c.remove)
	return c
}

func start(programs string, options Options) (*Cluster, error) {
	folder, err := os.MkdirTemp(options.Folder, "daybook-postgres-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{folder: folder, programs: programs, port: 5432, tcp: options.TCP}
	if err := c.create(options); err != nil {
		c.remove()
		return nil, err
	}
	return c, nil
}

func (c *Cluster) create(options Options) error {
	if err := giveToServer(c.folder); err != nil {
		return err
	}
	// What initdb wrote is synced by the first checkpoint.
	initdb := command(filepath.Join(c.programs, "initdb"), "--pgdata", c.data(), "--username", superuser,
		"--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync")
	if output, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, output)
	}
	if err := c.configure(options); err != nil {
		return err
	}
	return c.run()
}

func (c *Cluster) configure(options Options) error {
	settings := map[string]string{
		"unix_socket_directories": c.folder,
		"listen_addresses":        "",
		"max_connections":         "200",
	}
	if options.TCP {
		port, err := freePort()
		if err != nil {
			return err
		}
		c.port = port
		settings["listen_addresses"] = "127.0.0.1"
	}
	settings["port"] = strconv.Itoa(c.port)
	for name, value := range options.Settings {
		settings[name] = value
	}
	file, err := os.OpenFile(filepath.Join(c.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	for name, value := range settings {
		fmt.Fprintf(file, "%s = '%s'\n", name, strings.ReplaceAll(value, "'", "''"))
	}
	return file.Close()
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

func (c *Cluster) data() string { return filepath.Join(c.folder, "data") }
func (c *Cluster) log() string  { return filepath.Join(c.folder, "log") }

// NewDatabase makes an empty database in the cluster and gives its URL.
func (c *Cluster) NewDatabase(tb testing.TB) string {
	tb.Helper()
	name := "test_" + strconv.FormatInt(c.databases.Add(1), 10)
	db, err := sql.Open("postgres", c.URL("postgres"))
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	// A collation that is not that of bytes, as most installations have, finds
	// what relies on the order of bytes. Postgres 14 has none to choose here.
	_, err = db.Exec(`CREATE DATABASE ` + name + ` TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'`)
	if err != nil {
		_, err = db.Exec(`CREATE DATABASE ` + name)
	}
	if err != nil {
		tb.Fatalf("create database: %v", err)
	}
	return c.URL(name)
}

// URL is the address of a database of the cluster, for its superuser.
func (c *Cluster) URL(database string) string {
	address := url.URL{Scheme: "postgres", Path: "/" + database, User: url.User(superuser)}
	query := url.Values{"sslmode": {"disable"}}
	if c.tcp {
		address.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port))
	} else {
		query.Set("host", c.folder)
		query.Set("port", strconv.Itoa(c.port))
	}
	address.RawQuery = query.Encode()
	return address.String()
}

// Kill ends the server and its sessions at once, as a crash would. Data that
// was not committed is lost.
func (c *Cluster) Kill(tb testing.TB) {
	tb.Helper()
	if err := c.server.kill(); err != nil {
		tb.Fatalf("kill Postgres: %v", err)
	}
}

// Stop ends the server in good order, breaking off its sessions.
func (c *Cluster) Stop(tb testing.TB) {
	tb.Helper()
	if err := c.server.end(os.Interrupt); err != nil {
		tb.Fatalf("stop Postgres: %v", err)
	}
}

// Restart runs the server again after Kill or Stop, at the same address.
func (c *Cluster) Restart(tb testing.TB) {
	tb.Helper()
	if err := c.run(); err != nil {
		tb.Fatalf("restart Postgres: %v", err)
	}
}

// run starts the server and waits until it answers.
func (c *Cluster) run() error {
	server, err := startProcess(c.log(), filepath.Join(c.programs, "postgres"), "-D", c.data())
	if err != nil {
		return err
	}
	c.server = server
	db, err := sql.Open("postgres", c.URL("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	deadline := time.Now().Add(time.Minute)
	for {
		err := db.Ping()
		if err == nil {
			return nil
		}
		if server.ended() || time.Now().After(deadline) {
			log, _ := os.ReadFile(c.log())
			return fmt.Errorf("the server does not answer: %w\n%s", err, log)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// remove ends the server and deletes its data.
func (c *Cluster) remove() {
	if c.server != nil {
		_ = c.server.kill() // nothing of it is wanted any more
	}
	_ = os.RemoveAll(c.folder)
}

// Recover runs the server again if it has given up by itself.
func (c *Cluster) Recover(tb testing.TB) {
	tb.Helper()
	if c.server.ended() {
		c.Restart(tb)
	}
}
