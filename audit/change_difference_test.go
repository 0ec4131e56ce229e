package audit

import (
	"fmt"
	"hash/maphash"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// numbersFrom is a JSON list of n numbers, each once.
func numbersFrom(first, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = strconv.Itoa(first + i)
	}
	return "[" + strings.Join(list, ",") + "]"
}

func differencesOf(before, after string) []Difference {
	return (&Change{Before: JSON(before), After: JSON(after)}).Differences()
}

// TestTooManyDifferencesAreOne: the innermost list or object with too many is
// told as a whole, and its neighbours in detail.
func TestTooManyDifferencesAreOne(t *testing.T) {
	long := strings.Repeat("k", 40_000)
	for name, c := range map[string]struct{ before, after, want string }{
		"a list of 200":       {numbersFrom(0, 100), numbersFrom(100, 100), ""},
		"a list of 202":       {numbersFrom(0, 101), numbersFrom(200, 101), "CHANGED "},
		"beside others":       {`{"a":1,"b":` + numbersFrom(0, 101) + `,"c":1}`, `{"a":2,"b":` + numbersFrom(200, 101) + `}`, "CHANGED /a|CHANGED /b|REMOVED /c"},
		"in a list of a list": {`[[` + numbersFrom(0, 101) + `,1]]`, `[[` + numbersFrom(200, 101) + `,1]]`, "CHANGED /0/0"},
		"two times 150":       {`{"a":` + numbersFrom(0, 75) + `,"b":` + numbersFrom(0, 75) + `}`, `{"a":` + numbersFrom(200, 75) + `,"b":` + numbersFrom(200, 75) + `}`, ""},
		"long paths":          {`{"` + long + `":{"a":1,"b":1}}`, `{"` + long + `":{"a":2,"b":2}}`, "CHANGED /" + long},
		"longer paths":        {`{"` + long + `":{"` + long + `":1}}`, `{"` + long + `":{"` + long + `":2}}`, "CHANGED /" + long},
	} {
		var got []string
		list := differencesOf(c.before, c.after)
		for _, d := range list {
			got = append(got, d.Operation.String()+" "+d.Path)
		}
		if text := strings.Join(got, "|"); len(list) > maxDifferences || c.want != "" && text != c.want {
			t.Errorf("%s: %d differences: %.200s, want %.200s", name, len(list), text, c.want)
		}
	}
	if got := len(differencesOf(numbersFrom(0, 100), numbersFrom(100, 100))); got != 200 {
		t.Errorf("200 differences are told as %d", got)
	}
}

// TestAlignmentHasABudget: however many lists a change has, no more pairs of
// elements are looked at than for one; the lists still tell what changed.
func TestAlignmentHasABudget(t *testing.T) {
	var before, after []string
	for i := range 55 {
		before = append(before, "[0,"+numbersFrom(i*10_000, 1000)[1:])
		after = append(after, strings.Replace(numbersFrom(i*10_000, 1000), "]", ",1]", 1))
	}
	d := &differ{seed: maphash.MakeSeed(), hashes: map[*jsonValue]uint64{}, alignable: maxAligned}
	d.compare(places{}, parsedOrNil(JSON("["+strings.Join(before, ",")+"]")), parsedOrNil(JSON("["+strings.Join(after, ",")+"]")))
	if d.alignable < 0 {
		t.Errorf("%d pairs were looked at, more than %d", maxAligned-d.alignable, maxAligned)
	}
	for i, found := range d.found {
		if got := found.difference(); got.Operation != OperationChanged || got.Path != fmt.Sprint("/", i) {
			t.Errorf("difference %d: %s %s", i, got.Operation, got.Path)
		}
	}
	if len(d.found) != 55 {
		t.Errorf("%d differences, want one for each list", len(d.found))
	}
}

// TestLongListsWithFewChangesAreAligned: what lists begin and end with takes
// nothing of the budget.
func TestLongListsWithFewChangesAreAligned(t *testing.T) {
	before := numbersFrom(0, 20_000)
	after := strings.Replace(before, ",10000,10001,", `,10000,"new",10001,`, 1)
	if got := differencesText(differencesOf(before, after)); got != `ADDED /10001  -> "new"` {
		t.Errorf("got %.200s", got)
	}
}

// TestPathsPointIntoTheValueTheySpeakOf: what was removed inside an element that
// moved stands where the element was.
func TestPathsPointIntoTheValueTheySpeakOf(t *testing.T) {
	got := differencesText(differencesOf(`[[],{},[1]]`, `[{},[2]]`))
	if want := "REMOVED /0 [] -> \nREMOVED /2/0 1 -> \nADDED /1/0  -> 2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestDifferencesAreTrue: what is told stands where its path says, and nothing is
// told of equal values alone.
func TestDifferencesAreTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := anyJSON(3).Draw(t, "before"), anyJSON(3).Draw(t, "after")
		was, is := parsedOrNil(JSON(before)), parsedOrNil(JSON(after))
		list := differencesOf(before, after)
		equal := was == nil && is == nil || was != nil && is != nil && was.digest() == is.digest()
		if equal != (len(list) == 0) || len(list) > maxDifferences {
			t.Fatalf("%d differences", len(list))
		}
		for _, d := range list {
			root, want := is, d.After
			if d.Operation == OperationRemoved {
				root, want = was, d.Before
			}
			if at := atPointer(root, d.Path); at == nil || string(at.compact(nil)) != string(want) {
				t.Fatalf("%s %s is not %s", d.Operation, d.Path, want)
			}
		}
	})
}

// anyJSON draws values that have something in common.
func anyJSON(depth int) *rapid.Generator[string] {
	scalar := rapid.SampledFrom([]string{"null", "1", "1.0", "2", `"a"`, `"b"`, "true"})
	if depth == 0 {
		return scalar
	}
	inner := anyJSON(depth - 1)
	list := rapid.Map(rapid.SliceOfN(inner, 0, 6), func(elems []string) string { return "[" + strings.Join(elems, ",") + "]" })
	keys := []string{"id", "a/b", "~", "c", "d"}
	object := rapid.Map(rapid.MapOfN(rapid.SampledFrom(keys), inner, 0, 4), func(fields map[string]string) string {
		var list []string
		for _, key := range keys {
			if value, drawn := fields[key]; drawn {
				list = append(list, strconv.Quote(key)+":"+value)
			}
		}
		return "{" + strings.Join(list, ",") + "}"
	})
	many := rapid.Map(rapid.IntRange(0, 150), func(n int) string { return numbersFrom(n, n) })
	return rapid.OneOf(scalar, list, list, object, object, many)
}

// atPointer finds what a JSON Pointer points at.
func atPointer(value *jsonValue, pointer string) *jsonValue {
	if pointer == "" {
		return value
	}
	for _, step := range strings.Split(pointer[1:], "/") {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		if value.kind == jsonObject {
			value = value.field(step)
			continue
		}
		i, err := strconv.Atoi(step)
		if err != nil || i >= len(value.elems) {
			return nil
		}
		value = value.elems[i]
	}
	return value
}
