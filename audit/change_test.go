package audit

import (
	"fmt"
	"strings"
	"testing"
)

// differencesText shows differences one a line: operation path before -> after.
func differencesText(list []Difference) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%s %s %s -> %s\n", d.Operation, d.Path, d.Before, d.After)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func TestDifferences(t *testing.T) {
	for _, test := range []struct{ name, before, after, want string }{
		{"equal", `{"a":1}`, `{ "a": 1.0 }`, ``},
		{"plain value", `"Open"`, `"Done"`, `CHANGED  "Open" -> "Done"`},
		{"added whole", ``, `[1]`, `ADDED   -> [1]`},
		{"removed whole", `{"a":1}`, `null`, `REMOVED  {"a":1} -> `},
		{"other kind", `1`, `[1]`, `CHANGED  1 -> [1]`},
		{"keys", `{"a":1,"b":2}`, `{"b":3,"c":4}`, "REMOVED /a 1 -> \nCHANGED /b 2 -> 3\nADDED /c  -> 4"},
		{"escaped key", `{"a/b~c":1}`, `{"a/b~c":2}`, `CHANGED /a~1b~0c 1 -> 2`},
		{"null inside", `{"a":null}`, `{"a":1}`, `CHANGED /a null -> 1`},
		{"tags", `["vip","new"]`, `["new","urgent"]`, "REMOVED /0 \"vip\" -> \nADDED /1  -> \"urgent\""},
		{"reordered", `["a","b"]`, `["b","a"]`, "REMOVED /0 \"a\" -> \nADDED /1  -> \"a\""},
		{
			"a criterion that changed inside is one line",
			`{"all":[{"field":"priority","op":"is","value":"high"},{"field":"wait","op":">","value":5}]}`,
			`{"all":[{"field":"priority","op":"is","value":"high"},{"field":"wait","op":">","value":10}]}`,
			`CHANGED /all/1/value 5 -> 10`,
		},
		{
			"a criterion inserted before others",
			`[{"field":"a","v":1},{"field":"b","v":1}]`, `[{"field":"x","v":1},{"field":"a","v":1},{"field":"b","v":2}]`,
			"ADDED /0  -> {\"field\":\"x\",\"v\":1}\nCHANGED /2/v 1 -> 2",
		},
		{
			"an action moved and changed is known by its id",
			`[{"id":1,"do":"tag"},{"id":2,"do":"mail"}]`, `[{"id":2,"do":"call"}]`,
			"REMOVED /0 {\"id\":1,\"do\":\"tag\"} -> \nCHANGED /0/do \"mail\" -> \"call\"",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			change := &Change{}
			if test.before != "" {
				change.Before = JSON(test.before)
			}
			if test.after != "" {
				change.After = JSON(test.after)
			}
			if got := differencesText(change.Differences()); got != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
			}
		})
	}
}

func TestDisplayTexts(t *testing.T) {
	long := `["` + strings.Repeat("x", 300) + `"]`
	for value, want := range map[string]string{
		`"Open"`: "Open", `12.50`: "12.50", `true`: "true", `["vip",2]`: "vip, 2", `[]`: "", `{"a": [1, 2]}`: `{"a":[1,2]}`,
		`[{"a":1}]`: `[{"a":1}]`, long: strings.Repeat("x", 199) + "…",
	} {
		change := Change{After: JSON(value)}
		if got := change.AfterText(); got == nil || *got != want {
			t.Errorf("%s is shown as %v, want %s", value, got, want)
		}
	}
	given := "as sent"
	change := Change{Before: JSON(`1`), GivenTexts: ChangeTexts{Before: &given}}
	if got := change.BeforeText(); *got != given || change.AfterText() != nil {
		t.Errorf("given text: %v, %v", *got, change.AfterText())
	}
}

func TestDisplayName(t *testing.T) {
	for key, want := range map[string]string{
		"assigned_users": "Assigned Users", "assignedUsers": "Assigned Users", "assigned-users": "Assigned Users", "status": "Status",
		"IPAddress": "IPAddress", "a.b": "A B", "__": "__", "": "", "überSicht": "Über Sicht",
	} {
		if got := DisplayName(key); got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
}
