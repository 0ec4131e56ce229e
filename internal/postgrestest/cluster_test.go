package postgrestest

import (
	"database/sql"
	"testing"
)

func TestMain(m *testing.M) { Main(m) }

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestDatabasesAreEmptyAndApart(t *testing.T) {
	first, second := NewDatabase(t), NewDatabase(t)
	if first == second {
		t.Fatalf("both are %s", first)
	}
	if _, err := open(t, first).Exec(`CREATE TABLE things ()`); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, second).Exec(`CREATE TABLE things ()`); err != nil {
		t.Fatal(err)
	}
}

func TestCommitsSurviveAKill(t *testing.T) {
	for name, options := range map[string]Options{
		"socket": {},
		"TCP":    {TCP: true, Settings: map[string]string{"work_mem": "5MB"}},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := Start(t, options)
			url := cluster.NewDatabase(t)
			db := open(t, url)
			if _, err := db.Exec(`CREATE TABLE things AS SELECT 7 AS n`); err != nil {
				t.Fatal(err)
			}
			cluster.Kill(t)
			if err := db.Ping(); err == nil {
				t.Fatal("the server answers after it was killed")
			}
			cluster.Restart(t)
			var n, fsync string
			if err := open(t, url).QueryRow(`SELECT n, current_setting('fsync') FROM things`).Scan(&n, &fsync); err != nil {
				t.Fatal(err)
			}
			if n != "7" || fsync != "on" {
				t.Errorf("n is %s, fsync is %s", n, fsync)
			}
		})
	}
}
