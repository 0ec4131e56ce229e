package postgrestest

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// StartStandby runs a second server that follows a cluster with TCP, and from
// then on makes each commit there wait until the standby has it too. It ends with
// the test.
func (c *Cluster) StartStandby(tb testing.TB) *Cluster {
	tb.Helper()
	folder, err := os.MkdirTemp(filepath.Dir(c.folder), "daybook-standby-")
	if err != nil {
		tb.Fatal(err)
	}
	standby := &Cluster{folder: folder, programs: c.programs, tcp: true}
	tb.Cleanup(standby.remove)
	if err := standby.follow(c); err != nil {
		tb.Fatalf("start a standby: %v", err)
	}
	if err := c.waitForStandby(); err != nil {
		tb.Fatalf("wait for the standby: %v", err)
	}
	return standby
}

// follow copies another cluster and runs the copy as its standby.
func (c *Cluster) follow(primary *Cluster) error {
	if err := giveToServer(c.folder); err != nil {
		return err
	}
	backup := command(filepath.Join(c.programs, "pg_basebackup"), "--dbname", primary.URL("postgres"), "--pgdata", c.data(),
		"--write-recovery-conf", "--checkpoint", "fast", "--no-sync")
	if output, err := backup.CombinedOutput(); err != nil {
		return fmt.Errorf("pg_basebackup: %w\n%s", err, output)
	}
	if err := c.configure(Options{TCP: true}); err != nil {
		return err
	}
	return c.run()
}

// waitForStandby makes commits synchronous, and returns when they are.
func (c *Cluster) waitForStandby() error {
	db, err := sql.Open("postgres", c.URL("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	for _, statement := range []string{`ALTER SYSTEM SET synchronous_standby_names = '*'`, `SELECT pg_reload_conf()`} {
		if _, err := db.Exec(statement); err != nil {
			return err
		}
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		var synchronous bool
		err := db.QueryRow(`SELECT count(*) > 0 FROM pg_stat_replication WHERE sync_state = 'sync'`).Scan(&synchronous)
		if err != nil || synchronous {
			return err
		}
	}
	return fmt.Errorf("no standby is synchronous")
}

// Promote makes a standby take the place of the server it follows.
func (c *Cluster) Promote(tb testing.TB) {
	tb.Helper()
	db, err := sql.Open("postgres", c.URL("postgres"))
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	var promoted bool
	if err := db.QueryRow(`SELECT pg_promote()`).Scan(&promoted); err != nil || !promoted {
		tb.Fatalf("promote the standby: %t, %v", promoted, err)
	}
}

// PrimaryURL is the address of a database on whichever of the clusters is no
// standby.
func PrimaryURL(database string, clusters ...*Cluster) string {
	query := url.Values{"sslmode": {"disable"}, "target_session_attrs": {"primary"}, "user": {superuser}}
	var hosts, ports string
	for i, c := range clusters {
		if i > 0 {
			hosts, ports = hosts+",", ports+","
		}
		hosts, ports = hosts+"127.0.0.1", ports+strconv.Itoa(c.port)
	}
	query.Set("host", hosts)
	query.Set("port", ports)
	address := url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: query.Encode()}
	return address.String()
}
