package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const secretLine = `{"idempotencyKey":"k1","action":"UPDATE","section":"loyalty","performedBy":{"user":{"externalId":"u1"}},` +
	`"changes":[{"property":"shoe_size","before":"SIZEBEFORE","after":{"left":"SIZEAFTER"}},{"property":"member","after":"MEMBERAFTER"}],` +
	`"metadata":{"card":{"shoeSize":"SIZEDEEP"},"member":"MEMBERDEEP"},"details":{"settings":{"area":"OTHER"}}}` + "\n" +
	`{"idempotencyKey":"k2","action":"UPDATE","section":"club","performedBy":{"user":{"externalId":"u1"}},` +
	`"changes":[{"property":"member","after":"KEPT"}],"details":{"settings":{"area":"OTHER"}}}` + "\n"

// A name given to --redact counts everywhere, one with a section only there; what
// is under it never reaches the database.
func TestRedactedNamesAreNotStored(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "daybook.db")
	file := writeFile(t, folder, "events.ndjson", secretLine)
	if _, err := runProgram(t, "import", "--database", "sqlite:"+path, "--redact", " shoe size, loyalty:member", file); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "sqlite:"+path)
	var read page
	s.query(auditLogQuery("section { key } changes { property before after redacted }"),
		map[string]any{"order": map[string]string{"field": "RECORDED_AT", "direction": "ASC"}}, &read)
	for i, want := range []string{"SIZE", "MEMBER", "KEPT"} {
		edge := read.AuditLog.Edges[i/2].Node
		change := edge.Changes[i%2]
		switch {
		case want == "KEPT" && (change.Redacted || string(change.After) != `"KEPT"`):
			t.Errorf("the name counts in another section too: %+v", change)
		case want != "KEPT" && (!change.Redacted || string(change.After) != `"[redacted]"`):
			t.Errorf("%s is not redacted: %s to %s", change.Property, change.Before, change.After)
		}
	}
	for _, name := range []string{path, path + "-wal"} {
		stored, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, secret := range []string{"SIZEBEFORE", "SIZEAFTER", "SIZEDEEP", "MEMBERAFTER", "MEMBERDEEP"} {
			if bytes.Contains(stored, []byte(secret)) {
				t.Errorf("%s is in %s", secret, filepath.Base(name))
			}
		}
	}
}

// Settings that cannot mean what somebody meant by them are refused by name.
func TestSettingsThatCannotWorkAreRefused(t *testing.T) {
	for _, test := range []struct{ flag, value string }{
		{"--redact", "a,,b"},
		{"--redact", "iban,"},
		{"--redact", " "},
		{"--redact", "-"},
		{"--redact", "billing:"},
		{"--redact", ":iban"},
		{"--queue-events", "499"},
		{"--query-timeout", "0s"},
		{"--query-timeout", "-1s"},
		{"--query-timeout", "1us"},
		{"--shutdown-timeout", "0s"},
		{"--shutdown-timeout", "-20s"},
		{"--writers", "0"},
		{"--exports", "0"},
		{"--log-format", "xml"},
	} {
		_, err := parseConfig([]string{test.flag, test.value}, noVariables, io.Discard)
		if err == nil || !strings.Contains(err.Error(), test.flag) {
			t.Errorf("%s %q: %v", test.flag, test.value, err)
		}
		name := "DAYBOOK_" + strings.ToUpper(strings.ReplaceAll(strings.TrimPrefix(test.flag, "--"), "-", "_"))
		fromVariable := func(asked string) string { return map[string]string{name: test.value}[asked] }
		if _, err := parseConfig(nil, fromVariable, io.Discard); err == nil {
			t.Errorf("%s=%q is taken", name, test.value)
		}
	}
	if _, err := parseConfig([]string{"--queue-events", "500", "--redact", ""}, noVariables, io.Discard); err != nil {
		t.Error(err)
	}
}

func noVariables(string) string { return "" }

func writeFile(t *testing.T, folder, name, content string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
