package main

import (
	"encoding/json"
	"testing"
)

func TestStoredChangesAreReadAsTheyAreWritten(t *testing.T) {
	for stored, want := range map[string]string{
		`["status",3,"open","closed"]`:    "status: \"open\" -> \"closed\"\n",
		`["status",2,"closed"]`:           "status:  -> \"closed\"\n",
		`["status",1,["a",{"b":1}]]`:      "status: [\"a\",{\"b\":1}] -> \n",
		`["status",0]`:                    "status:  -> \n",
		`["status",15,1,2,"one","two"]`:   "status: 1 -> 2\n",
		`["status",99,"closed","closed"]`: "status: \"closed\" -> \"closed\"\n",
	} {
		var change storedChange
		if err := json.Unmarshal([]byte(stored), &change); err != nil {
			t.Fatal(err)
		}
		if got := changesText(storedChanges([]storedChange{change})); got != want {
			t.Errorf("%s is %q, want %q", stored, got, want)
		}
	}
	var change storedChange
	if err := json.Unmarshal([]byte(`["status"]`), &change); err == nil {
		t.Error("a change without content was read")
	}
}
