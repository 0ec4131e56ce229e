package history

import (
	"strings"
	"testing"

	"daybook/audit"
)

// shownChanges are the changes of a comparison as "property: before > after".
func shownChanges(c *Comparison) string {
	lines := make([]string, len(c.Changes))
	for i := range c.Changes {
		one := &c.Changes[i]
		lines[i] = one.Operation.String() + " " + one.Property + ": " + shownValue(one.Before, one.BeforeText()) + " > " + shownValue(one.After, one.AfterText())
		if one.Redacted {
			lines[i] += " redacted"
		}
	}
	return strings.Join(lines, "; ")
}

func shownValue(value audit.JSON, text *string) string {
	if value == nil && text != nil {
		return "'" + *text + "'"
	}
	return string(value)
}

func TestCompare(t *testing.T) {
	story := []audit.ObjectEvent{
		created(10, change(`status: > "Open"`), change(`priority: > 3`), change(`tags: > ["a","b"]`)),
		updated(20, change(`status:"Open" > "Done"`), change(`note: > "x"`)),
		updated(30, change(`status:"Done" > "Open"`), change(`priority:3 >`)),
		updated(40, change(`priority: > 3.0`), change(`note:"x" >`), change(`tags:["a","b"] > ["b","c"]`)),
	}
	unborn := []audit.ObjectEvent{
		updated(20, change(`status:"Open" > "Done"`)), updated(30, change(`queue: > "EMEA"`), change(`owner:"ann" > "bo"`)),
	}
	secrets := []audit.ObjectEvent{
		updated(10, secret(`token: > "[redacted]"`)), updated(20, secret(`token:"[redacted]" > "[redacted]"`)), updated(30, secret(`token:"[redacted]" >`)),
	}
	for _, c := range []struct {
		name     string
		events   []audit.ObjectEvent
		from, to int
		complete bool
		want     string
	}{
		{"the same instant", story, 20, 20, true, ""},
		{"nothing between", story, 20, 29, true, ""},
		{"since before the creation", story, 5, 10, true, `ADDED priority:  > 3; ADDED status:  > "Open"; ADDED tags:  > ["a","b"]`},
		{"one event", story, 10, 20, true, `ADDED note:  > "x"; CHANGED status: "Open" > "Done"`},
		{"there and back", story, 10, 30, true, `ADDED note:  > "x"; REMOVED priority: 3 > `},
		{"the same as JSON, after it was gone", story, 10, 40, true, `CHANGED tags: ["a","b"] > ["b","c"]`},
		{"what came and went", story, 5, 40, true, `ADDED priority:  > 3.0; ADDED status:  > "Open"; ADDED tags:  > ["b","c"]`},
		{
			"without a creation, from before what is known", unborn, 10, 30, false,
			`CHANGED owner: "ann" > "bo"; ADDED queue:  > "EMEA"; CHANGED status: "Open" > "Done"`,
		},
		{"without a creation, both before", unborn, 5, 10, false, ""},
		{"a secret that came", secrets, 5, 10, false, `ADDED token:  > "[redacted]" redacted`},
		{"a secret that did not change", secrets, 10, 19, false, ""},
		{"a secret that may have changed", secrets, 10, 20, false, `CHANGED token: "[redacted]" > "[redacted]" redacted`},
		{"a secret that went", secrets, 20, 30, false, `REMOVED token: "[redacted]" >  redacted`},
		{"texts", []audit.ObjectEvent{updated(20, texts("owner", "Ann", "Bo"))}, 10, 20, false, "CHANGED owner: 'Ann' > 'Bo'"},
		{
			"a second life",
			[]audit.ObjectEvent{created(10, change(`a: > 1`), change(`b: > 2`)), deleted(20), created(30, change(`a: > 1`))},
			10, 30, true,
			"REMOVED b: 2 > ",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Compare(stateAt(minute(c.from), c.events), stateAt(minute(c.to), c.events))
			if shownChanges(got) != c.want || got.Complete != c.complete {
				t.Errorf("got  %s, complete %v\nwant %s, complete %v", shownChanges(got), got.Complete, c.want, c.complete)
			}
			if got.From != minute(c.from) || got.To != minute(c.to) {
				t.Errorf("it is from %s to %s", got.From, got.To)
			}
		})
	}
}

func TestCompareSaysWhetherTheObjectWasThere(t *testing.T) {
	events := []audit.ObjectEvent{created(10), deleted(20)}
	for _, c := range []struct {
		from, to int
		want     string
	}{{5, 15, "gone exists"}, {15, 25, "exists gone"}, {10, 15, "exists exists"}} {
		got := Compare(stateAt(minute(c.from), events), stateAt(minute(c.to), events))
		if text := existence(got.ExistsFrom) + " " + existence(got.ExistsTo); text != c.want {
			t.Errorf("from %d to %d it says %s, want %s", c.from, c.to, text, c.want)
		}
	}
}

// A criterion that changed inside a rule is one difference.
func TestCompareElementByElement(t *testing.T) {
	events := []audit.ObjectEvent{
		created(10, change(`criteria: > {"all":[{"field":"tier","value":["gold"]},{"field":"status","value":"Open"}]}`)),
		updated(20, change(`criteria:{"all":[]} > {"all":[{"field":"tier","value":["gold","silver"]},{"field":"status","value":"Open"}]}`)),
	}
	changes := Compare(stateAt(minute(10), events), stateAt(minute(20), events)).Changes
	if len(changes) != 1 {
		t.Fatalf("%d changes", len(changes))
	}
	differences := changes[0].Differences()
	if len(differences) != 1 || differences[0].Path != "/all/0/value/1" || string(differences[0].After) != `"silver"` {
		t.Errorf("the differences are %+v", differences)
	}
}

// A cache may keep a change under its id: the same id has the same values, and no
// change of an event has it.
func TestChangesBetweenInstantsHaveIDsOfTheirOwn(t *testing.T) {
	events := []audit.ObjectEvent{
		created(10, change(`a: > 1`), change(`b: > 1`)), updated(20, change(`a:1 > 2`), change(`b:1 > 2`)), updated(30, change(`a:2 > 3`)),
	}
	content := map[string]string{}
	for from := 5; from < 40; from += 5 {
		for to := from; to < 40; to += 5 {
			changes := Compare(stateAt(minute(from), events), stateAt(minute(to), events)).Changes
			for i := range changes {
				id, text := changes[i].ID().String(), shownChanges(&Comparison{Changes: changes[i : i+1]})
				if known, again := content[id]; again && known != text {
					t.Errorf("%s is %s and %s", id, known, text)
				}
				if content[id] = text; !strings.HasPrefix(id, "cmp_") {
					t.Errorf("the id %s could be that of a recorded change", id)
				}
			}
		}
	}
	if want := 9; len(content) != want { // a: none>1 none>2 none>3 1>2 1>3 2>3; b: none>1 none>2 1>2
		t.Errorf("%d ids, want %d: %v", len(content), want, content)
	}
}
