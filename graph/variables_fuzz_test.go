package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"pgregory.net/rapid"

	"daybook/audit"
)

// The reader takes exactly what encoding/json takes, apart from the depth, and
// reads valid text alike.
func FuzzJSONReader(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-0.5e+10,true,false,null,"\u00e9\ud83d\ude00\n"]}`, `"\ud800\ud83d\ude00"`, `[[],{},[{}]]`, ` 1 `, `01`, `1.`, `-`, `"\x"`, "\"\x01\"", `{"a":1,}`, "nul",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		reader := jsonReader{text: text}
		value, err := reader.skip()
		if err == nil {
			err = reader.end()
		}
		if syntax := (*jsonError)(nil); errors.As(err, &syntax) && strings.Contains(syntax.what, "nests deeper") {
			return
		}
		if valid := json.Valid(text); valid != (err == nil) {
			t.Fatalf("%q: valid is %v, got %v", text, valid, err)
		}
		if err == nil && !bytes.Equal(value, bytes.Trim(text, " \t\r\n")) {
			t.Fatalf("%q: got %q", text, value)
		}
		if err != nil || value[0] != '"' {
			return
		}
		reader = jsonReader{text: text}
		sent, _ := reader.string()
		decoded, valid := sent.decode()
		var want string
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		if valid != validText(value) || valid && decoded != want || !valid && strings.ToValidUTF8(decoded, "\uFFFD") == decoded {
			t.Fatalf("%q: got %q, valid %v, encoding/json has %q", text, decoded, valid, want)
		}
	})
}

// Whatever is sent, the decoder does not panic; and what it takes, encoding/json
// and gqlparser together take as well and read alike.
func FuzzDecodeVariables(f *testing.F) {
	for _, seed := range []string{
		`{"v":{"needed":1,"float":1.5,"string":"a","boolean":true,"id":"x","json":{"a":[1]},"color":"RED","ints":[1,2],"grid":[[1],2,null]}}`,
		`{"v":{"needed":1,"box":{"needed":2,"ref":{"id":3}}}}`, `{"v":{"needed":"1"}}`, `{"v":null,"w":1}`, `{"v":[{"needed":1}]}`,
	} {
		f.Add([]byte(seed))
	}
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: inputsSDL})
	definition := &ast.VariableDefinition{Variable: "v", Type: ast.NamedType("Box", nil), Definition: schema.Types["Box"]}
	operation := &ast.OperationDefinition{VariableDefinitions: ast.VariableDefinitionList{definition}}
	variables := newInputTypes(schema).variables(operation)
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, problems := decodeVariables(variables, raw)
		for _, problem := range problems {
			if !strings.HasPrefix(problem.Path, "variables") || len(problem.Message) > 2000 {
				t.Errorf("%q: %+v", raw, problem)
			}
		}
		if len(problems) > 0 || len(bytes.TrimSpace(raw)) == 0 {
			return
		}
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		var plain map[string]any
		if err := decoder.Decode(&plain); err != nil {
			t.Fatalf("%q is taken, but %v", raw, err)
		}
		want, err := validator.VariableValues(schema, operation, plain)
		if err != nil {
			t.Fatalf("%q is taken, but %v", raw, err)
		}
		if _, given := want["v"]; given && !alike(variables[0].shape, got["v"], want["v"]) {
			t.Fatalf("%q: got %#v, gqlparser has %#v", raw, got, want)
		}
	})
}

// alike compares a value as we decode it with what gqlparser makes of it.
func alike(shape inputShape, ours, theirs any) bool {
	if ours == nil || theirs == nil {
		return ours == nil && theirs == nil
	}
	if shape.item != nil {
		return alikeLists(*shape.item, ours.([]any), reflect.ValueOf(theirs))
	}
	switch shape.named.kind {
	case inputObject:
		fields, same := ours.(map[string]any), theirs.(map[string]any)
		for name, value := range fields {
			if !alike(shape.named.fields[name].shape, value, same[name]) {
				return false
			}
		}
		return len(fields) == len(same)
	case inputJSON:
		decoder := json.NewDecoder(bytes.NewReader(ours.(audit.JSON)))
		decoder.UseNumber()
		var plain any
		return decoder.Decode(&plain) == nil && reflect.DeepEqual(plain, theirs)
	case inputFloat:
		f, err := strconv.ParseFloat(fmt.Sprint(theirs), 64)
		return err == nil && f == ours
	}
	return fmt.Sprint(ours) == fmt.Sprint(theirs)
}

func alikeLists(item inputShape, ours []any, theirs reflect.Value) bool {
	if theirs.Kind() != reflect.Slice { // a single value, which gqlgen makes a list of
		return len(ours) == 1 && alike(item, ours[0], theirs.Interface())
	}
	for i := range min(len(ours), theirs.Len()) {
		if !alike(item, ours[i], theirs.Index(i).Interface()) {
			return false
		}
	}
	return len(ours) == theirs.Len()
}

// Every valid value is taken, however it is written, and comes out as what it is.
func TestEveryValidValueIsDecoded(t *testing.T) {
	variables := declared(t, "$v: [Box!]!")
	rapid.Check(t, func(t *rapid.T) {
		text, want := drawValue(t, variables[0].shape, 3)
		got, problems := decodeVariables(variables, json.RawMessage(`{"v":`+text+`}`))
		if len(problems) > 0 || !reflect.DeepEqual(got["v"], want) {
			t.Fatalf("%s: got %#v %v, want %#v", text, got["v"], problems, want)
		}
	})
}

// drawValue draws the text of a valid value and what it stands for.
func drawValue(t *rapid.T, shape inputShape, depth int) (text string, value any) {
	space := rapid.SampledFrom([]string{"", "", " ", "\n\t"}).Draw(t, "space")
	switch {
	case !shape.nonNull && (depth == 0 || rapid.IntRange(0, 3).Draw(t, "null") == 0):
		return space + "null", nil
	case shape.item != nil:
		texts, list := []string{}, []any{}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			text, value := drawValue(t, *shape.item, max(depth-1, 1))
			texts, list = append(texts, text), append(list, value)
		}
		return space + "[" + strings.Join(texts, ",") + "]", list
	case shape.named.kind == inputObject:
		return drawObject(t, shape.named, depth)
	}
	text, value = drawScalar(t, shape.named)
	return space + text, value
}

func drawObject(t *rapid.T, object *inputType, depth int) (text string, value any) {
	texts, values := []string{}, map[string]any{}
	for name, field := range object.fields {
		isNeeded := name == "needed" || object.oneOf && name == "id"
		if !isNeeded && (object.oneOf || rapid.Bool().Draw(t, "left out")) {
			continue
		}
		shape := field.shape
		shape.nonNull = shape.nonNull || object.oneOf
		text, value := drawValue(t, shape, depth-1)
		texts = append(texts, fmt.Sprintf("%q:%s", name, text))
		values[name] = value
	}
	return "{" + strings.Join(texts, " , ") + "}", values
}

func drawScalar(t *rapid.T, scalar *inputType) (text string, value any) {
	switch scalar.kind {
	case inputInt:
		n := int64(rapid.Int32().Draw(t, "int"))
		return strconv.FormatInt(n, 10), n
	case inputFloat:
		f := rapid.Float64().Draw(t, "float")
		return strconv.FormatFloat(f, 'e', -1, 64), f
	case inputBoolean:
		b := rapid.Bool().Draw(t, "boolean")
		return strconv.FormatBool(b), b
	case inputEnum:
		name := rapid.SampledFrom([]string{"RED", "GREEN"}).Draw(t, "enum")
		return `"` + name + `"`, name
	case inputJSON:
		text := rapid.SampledFrom([]string{`{"a": [1, 2.50]}`, `"x"`, `0`, `[]`, `true`}).Draw(t, "json")
		return text, audit.JSON(text)
	case inputDateTime:
		at := time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "instant")).UTC()
		return `"` + at.Format(time.RFC3339Nano) + `"`, at
	}
	s := rapid.String().Draw(t, "string")
	encoded, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded), s
}
