package store

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"daybook/audit"
)

func TestSQLiteTakesAnyPath(t *testing.T) {
	for _, name := range []string{"plain.db", "a b.db", "100%.db", "what?.db", "#1.db", "%20.db", "a&_fk=0;.db", "ü.db"} {
		path := filepath.Join(t.TempDir(), name)
		openStore(t, "sqlite:"+path)
		if matches, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.db")); err != nil || len(matches) != 1 || matches[0] != path {
			t.Errorf("%q made the files %q (%v)", path, matches, err)
		}
	}
}

func TestSQLiteSettings(t *testing.T) {
	s := openSQLiteStore(t)
	for pragma, want := range map[string]int{
		"synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "wal_autocheckpoint": 20000, "busy_timeout": 10000,
	} {
		var got int
		if err := s.writer.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %d, want %d (%v)", pragma, got, want, err)
		}
	}
	var mode string
	if err := s.writer.QueryRow("PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
		t.Errorf("journal_mode is %q (%v)", mode, err)
	}
}

func TestSQLiteReadersCannotWrite(t *testing.T) {
	s := openSQLiteStore(t)
	if _, err := s.reader.Exec(`DELETE FROM organizations`); err == nil {
		t.Error("a reader was allowed to write")
	}
}

func TestOpenRefusesOtherAddresses(t *testing.T) {
	for _, url := range []string{"", "daybook.db", "mysql://x", "sqlite:", "sqlite::memory:"} {
		if s, err := Open(t.Context(), url, Options{}); err == nil {
			s.Close()
			t.Errorf("%q was accepted", url)
		}
	}
}

// TestGuardsAgainstReplaceSearchByKeys holds that an insert does not cost more the
// more there is.
func TestGuardsAgainstReplaceSearchByKeys(t *testing.T) {
	s := openSQLiteStore(t)
	newValue := regexp.MustCompile(`NEW\.\w+`)
	for _, table := range guardedTables {
		var trigger string
		if err := s.reader.QueryRow(`SELECT sql FROM sqlite_master WHERE name = ?`, table+"_no_replace").Scan(&trigger); err != nil {
			t.Fatal(err)
		}
		_, guard, _ := strings.Cut(trigger, "WHEN ")
		guard, _, _ = strings.Cut(guard, "BEGIN ")
		rows, err := s.reader.Query("EXPLAIN QUERY PLAN SELECT " + newValue.ReplaceAllString(guard, "abs(1)"))
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		searches := 0
		for rows.Next() {
			var step struct {
				id, parent, unused int
				detail             string
			}
			if err := rows.Scan(&step.id, &step.parent, &step.unused, &step.detail); err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(step.detail, "SEARCH") {
				searches++
			}
			if strings.Contains(step.detail, "SCAN "+table) || strings.Contains(step.detail, "(organization=?)") {
				t.Errorf("%s: %s", table, step.detail)
			}
		}
		if err := rows.Err(); err != nil || searches == 0 {
			t.Errorf("%s: %d searches, %v", table, searches, err)
		}
	}
}

// TestAStatementTakesManyRows in one call, up to one that is refused.
func TestAStatementTakesManyRows(t *testing.T) {
	s := openSQLiteStore(t)
	exec(t, s, `CREATE TABLE pairs (id integer NOT NULL PRIMARY KEY, event blob)`)
	statement, err := s.writer.Prepare(`INSERT INTO pairs (id, event) VALUES (?, ?)`)
	if err != nil {
		t.Fatal(err)
	}
	defer statement.Close()
	event := audit.EventID{15: 1}
	result, err := statement.Exec(sqliteRows{{int64(1), event}, {int64(2), &event}, {int64(3), (*audit.EventID)(nil)}})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 3 {
		t.Errorf("%d rows were written (%v)", n, err)
	}
	if _, err := statement.Exec(int64(4), nil); err != nil {
		t.Errorf("plain arguments are refused: %v", err)
	}
	if _, err := statement.Exec(sqliteRows{{int64(5), nil}, {int64(1), nil}, {int64(6), nil}}); !rejected(err) {
		t.Errorf("a row that is there already gave %v", err)
	}
	var found []string
	rows, err := s.reader.Query(`SELECT id || ' ' || hex(event) FROM pairs ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var row string
		if err := rows.Scan(&row); err != nil {
			t.Fatal(err)
		}
		found = append(found, row)
	}
	id := strings.Repeat("0", 31) + "1"
	if want := []string{"1 " + id, "2 " + id, "3 ", "4 ", "5 "}; rows.Err() != nil || !slices.Equal(found, want) {
		t.Errorf("found %q, want %q (%v)", found, want, rows.Err())
	}
}
