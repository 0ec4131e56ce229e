package audit

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestEqualValuesHaveEqualDigests(t *testing.T) {
	for _, equal := range [][]string{
		{`1`, `1.0`, `10e-1`, ` 1 `, `0.1E+1`},
		{`0`, `-0`, `0.000`, `0e99`},
		{`{"a":1,"b":[true,null]}`, `{ "b" : [ true , null ] , "a" : 1.0 }`},
		{`"A"`, `"\u0041"`},
		{`"😀"`, `"\ud83d\ude00"`},
		{`9007199254740993`, `9007199254740993.0`},
		{`1e400`, `10e399`},
	} {
		first, err := ValueDigest(JSON(equal[0]))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range equal[1:] {
			if got, err := ValueDigest(JSON(text)); err != nil || got != first {
				t.Errorf("%s and %s differ (%v)", equal[0], text, err)
			}
		}
	}
}

func TestDifferentValuesHaveDifferentDigests(t *testing.T) {
	seen := map[int64]string{}
	for _, text := range []string{
		`1`, `10`, `-1`, `"1"`, `true`, `null`, `[]`, `{}`, `[1]`, `[[1]]`, `{"a":1}`, `{"a":[1]}`, `["a",1]`, `9007199254740993`,
		`9007199254740992`, `""`, `"a"`, `[1,2]`, `[2,1]`, `0`, `false`,
	} {
		sum, err := ValueDigest(JSON(text))
		if err != nil {
			t.Fatal(err)
		}
		if other, taken := seen[sum]; taken {
			t.Errorf("%s and %s have one digest", text, other)
		}
		seen[sum] = text
	}
}

func TestTextThatCannotBeKeptIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		`"\u0000"`:           "NUL",
		`{"\u0000":1}`:       "NUL",
		`"\ud800"`:           "surrogate",
		`"\udc00\ud800"`:     "surrogate",
		`"\ud800\u0041"`:     "surrogate",
		"\"\xff\"":           "UTF-8",
		`{"a":1,"a":2}`:      "twice",
		`{"a":1,"\u0061":2}`: "twice",
		`[1`:                 "JSON",
		`1 2`:                "JSON",
		`"\u00zz"`:           "JSON",
		``:                   "JSON",
		strings.Repeat("[", 70) + strings.Repeat("]", 70): "deeper",
	} {
		if _, err := ValueDigest(JSON(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %s", text, err, want)
		}
	}
	for _, text := range []string{`"\\u0000"`, `"\\\\ud800"`, `"\ud83d\ude00"`, "\"\u2028\"", `"\/"`} {
		if _, err := ValueDigest(JSON(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Whatever is accepted is JSON to everybody else too, and its canonical form
// means the same.
func FuzzCanonicalJSON(f *testing.F) {
	for _, seed := range []string{`{"b":[1,2.50,"x\n"],"a":null}`, `-0.0e+5`, `"\ud83d\ude00"`, `[[],{}]`, `1E400`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		value, err := parseJSON(text)
		if valid := json.Valid(text); valid != (err == nil) && !(valid && refusedThoughValid(err)) {
			t.Fatalf("%q: %v, while encoding/json says valid is %v", text, err, valid)
		}
		if err != nil {
			return
		}
		canonical := value.canonical(nil)
		again, err := parseJSON(canonical)
		if err != nil {
			t.Fatalf("%q became %q: %v", text, canonical, err)
		}
		if second := again.canonical(nil); string(second) != string(canonical) {
			t.Fatalf("%q is canonical once as %q, then as %q", text, canonical, second)
		}
		var compact, original any
		if json.Unmarshal(value.compact(nil), &compact) == nil && json.Unmarshal(text, &original) == nil && !reflect.DeepEqual(compact, original) {
			t.Fatalf("%q became %q", text, value.compact(nil))
		}
	})
}

// refusedThoughValid knows the reasons for which valid JSON is refused.
func refusedThoughValid(err error) bool {
	var bad badTextError
	return errors.As(err, &bad) || errors.Is(err, errDeepJSON) || strings.Contains(err.Error(), "twice")
}
