package main

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"
)

// A read goes on when the use of its key cannot be noted, because another
// program holds the file.
func TestReadingWhileNothingCanBeWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "daybook.db")
	s := serve(t, "sqlite:"+path)
	_, fresh := newKey(t, s, "READ_AUDIT_LOG") // its use was never noted
	other, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	holder, err := other.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	if _, err := holder.ExecContext(t.Context(), `BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	var read page
	s.queryAs(fresh, auditLogQuery("id"), nil, &read)
}

// TestUsesOfKeysOutliveTheServer: they are written beside the requests, and what is
// not written yet when the server stops, then.
func TestUsesOfKeysOutliveTheServer(t *testing.T) {
	database := "sqlite:" + filepath.Join(t.TempDir(), "daybook.db")
	var viewer any
	t.Run("a server", func(t *testing.T) { serve(t, database).query("{ viewer { name } }", nil, &viewer) })

	var answer struct {
		APIKeys []struct{ LastUsedAt *string }
	}
	serve(t, database).query("{ apiKeys { lastUsedAt } }", nil, &answer)
	if len(answer.APIKeys) != 1 || answer.APIKeys[0].LastUsedAt == nil {
		t.Errorf("the keys are %+v, want one that was used", answer.APIKeys)
	}
}
