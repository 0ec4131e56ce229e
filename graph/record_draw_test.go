package graph

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"daybook/audit"
)

// inputDraw draws the JSON texts of inputs out of the schema, with some faults.
type inputDraw struct {
	*rapid.T
	schema *ast.Schema
	faults int // that may still be put in
}

// fault is true once in n times, if there is a fault left.
func (d *inputDraw) fault(what string, n int) bool {
	if d.faults == 0 || rapid.IntRange(0, n-1).Draw(d.T, what) > 0 {
		return false
	}
	d.faults--
	return true
}

// value draws a value of a named type. Between its signs is white space.
func (d *inputDraw) value(typeName string, nonNull bool) string {
	space := rapid.SampledFrom([]string{"", "", "", " ", "\n\t"}).Draw(d.T, "space")
	switch {
	case !nonNull && rapid.IntRange(0, 5).Draw(d.T, "null") == 0:
		return space + "null"
	case d.fault("another value", 60):
		return space + rapid.SampledFrom([]string{
			"null", "7", "-1.5e3", "99999999999", "1e999", `"text"`, "{}", "[]", `[{"a":1}]`, "true", `"\ud800"`, "\"\xff\"", `""`, "nul", "01", `"`, "", "]",
		}).Draw(d.T, "other")
	}
	definition := d.schema.Types[typeName]
	switch definition.Kind {
	case ast.InputObject:
		return space + d.object(definition)
	case ast.Enum:
		return space + strconv.Quote(rapid.SampledFrom(definition.EnumValues).Draw(d.T, typeName).Name)
	default:
		return space + d.scalar(typeName)
	}
}

func (d *inputDraw) object(definition *ast.Definition) string {
	var texts []string
	for _, field := range rapid.Permutation(definition.Fields).Draw(d.T, "order") {
		isRequired := field.Type.NonNull && field.DefaultValue == nil
		if d.fault("lacking", 80) || !isRequired && rapid.IntRange(0, 2).Draw(d.T, "left out") == 0 {
			continue
		}
		texts = append(texts, d.key(field.Name)+":"+d.typed(field.Type))
		if d.fault("twice", 80) {
			texts = append(texts, d.key(field.Name)+":"+d.typed(field.Type))
		}
	}
	if d.fault("unknown field", 40) {
		texts = append(texts, rapid.SampledFrom([]string{`"":1`, `"a/b~":[{}]`, `"\u0061ctio":null`, `"x":`, `"x"`, `,`}).Draw(d.T, "unknown"))
	}
	return "{" + strings.Join(texts, " , ") + "}"
}

// key is a field's name, sometimes with an escape.
func (d *inputDraw) key(name string) string {
	if rapid.IntRange(0, 9).Draw(d.T, "escaped") > 0 {
		return `"` + name + `"`
	}
	return `"\u00` + strconv.FormatInt(int64(name[0]), 16) + name[1:] + `"`
}

func (d *inputDraw) typed(t *ast.Type) string {
	switch {
	case t.Elem == nil:
		return d.value(t.NamedType, t.NonNull)
	case !t.NonNull && rapid.IntRange(0, 9).Draw(d.T, "null list") == 0:
		return "null"
	case rapid.IntRange(0, 9).Draw(d.T, "single") == 0:
		return d.typed(t.Elem)
	}
	var texts []string
	for range rapid.IntRange(0, 3).Draw(d.T, "length") {
		texts = append(texts, d.typed(t.Elem))
	}
	return "[" + strings.Join(texts, ",") + "]"
}

func (d *inputDraw) scalar(typeName string) string {
	switch typeName {
	case "Int":
		return strconv.Itoa(int(rapid.Int32().Draw(d.T, "int")))
	case "Float":
		return strconv.FormatFloat(rapid.Float64().Draw(d.T, "float"), 'g', -1, 64)
	case "Boolean":
		return strconv.FormatBool(rapid.Bool().Draw(d.T, "boolean"))
	case "DateTime":
		if d.fault("instant", 2) {
			return `"2026-02-29T00:00:00Z"`
		}
		return rapid.SampledFrom([]string{`"2026-03-11T18:02:09.1234567+02:00"`, `"1969-12-31T23:59:59z"`}).Draw(d.T, "instant")
	case "JSON":
		return rapid.SampledFrom([]string{`{"a": [1, 2.50]}`, `"x\ud800"`, `0`, `[]`, `true`, `null`, "\"\xff\""}).Draw(d.T, "json")
	case "ID":
		if d.fault("id", 2) {
			return "1.5"
		}
		return rapid.SampledFrom([]string{`"x"`, "17", "-4", `""`, `"\u0000é"`}).Draw(d.T, "id")
	}
	text, err := json.Marshal(rapid.StringN(0, 8, -1).Draw(d.T, "string"))
	if err != nil {
		d.Fatal(err)
	}
	return rapid.SampledFrom([]string{string(text), `"\ud800"`, `"a\n\"\/"`, "\"\xc3\""}).Draw(d.T, "text")
}

// drawResults draws what became of n events.
func drawResults(t *rapid.T, n int) []audit.RecordResult {
	results := make([]audit.RecordResult, n)
	for i := range results {
		r := &results[i]
		r.Index, r.Status = i, audit.RecordStatus(rapid.IntRange(1, 5).Draw(t, "status"))
		if rapid.Bool().Draw(t, "id") {
			r.EventID = &audit.EventID{1, byte(i), 254}
		}
		for range rapid.IntRange(0, 2).Draw(t, "problems") {
			text := rapid.SampledFrom([]string{"/a/0", "", "\"quoted\" \\ <&>", "\x00\x1f\u2028", "é\xff😀"})
			r.Problems = append(r.Problems, audit.Problem{
				Path: text.Draw(t, "path"), Message: text.Draw(t, "message"), Code: audit.ProblemCode(rapid.IntRange(1, 9).Draw(t, "code")),
			})
		}
	}
	return results
}

// selectionDraw draws what is selected of a payload.
type selectionDraw struct{ *rapid.T }

func (d *selectionDraw) payload(typeName, results string) string {
	fields := []string{results + " " + d.result(), results + " " + d.result(), "__typename"}
	if results == "results" {
		fields = append(fields, "created", "duplicates", "conflicts", "n: invalid", "skipped")
	}
	return d.some(typeName, fields)
}

func (d *selectionDraw) result() string {
	problems := "problems " + d.some("InputProblem", []string{"path", "code", "message", "m: message", "t: __typename"})
	fields := []string{"index", "status", "eventId", "i: eventId", "__typename", problems, problems}
	if rapid.IntRange(0, 9).Draw(d.T, "event") == 0 {
		fields = append(fields, "event { id }")
	}
	return d.some("RecordResult", fields)
}

// some draws a few of the fields, one at least, now and then within a fragment or
// with a condition.
func (d *selectionDraw) some(typeName string, fields []string) string {
	var text strings.Builder
	for i, field := range rapid.Permutation(fields).Draw(d.T, "fields") {
		if i > 0 && rapid.Bool().Draw(d.T, "left out") {
			continue
		}
		switch rapid.IntRange(0, 30).Draw(d.T, "within") {
		case 0:
			field = "... on " + typeName + " { " + field + " }"
		case 1:
			field = "... @include(if: true) { " + field + " }"
		case 2:
			field = "... @skip(if: $yes) { " + field + " }"
		case 3:
			field = "... @include(if: false) { " + field + " }"
		}
		text.WriteString(" " + field)
	}
	return "{" + text.String() + " __typename }"
}
